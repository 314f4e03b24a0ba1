"""Sensors that plants have lost."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.plants import issues
from custom_components.plant_vita.plants.definition import Input, PlantDefinition
from custom_components.plant_vita.plants.sources import Sources


async def test_it_names_the_plant_and_the_sensor_until_it_is_mended(hass: HomeAssistant) -> None:
    registry = er.async_get(hass)
    soil = registry.async_get_or_create("sensor", "test", "x", suggested_object_id="soil")
    plant = PlantDefinition(plant_id="p", name="Basil", inputs={Input.MOISTURE: (soil.id,)})
    sources = Sources()
    sources.async_bind(hass, plant, 0.0)
    issues.async_tell_gone(hass, plant, sources)
    assert ir.async_get(hass).issues == {}
    registry.async_remove("sensor.soil")
    for source in sources:
        source.async_resolve(hass)
    issues.async_tell_gone(hass, plant, sources)
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "source_gone_p")
    assert issue is not None
    assert issue.translation_placeholders == {"name": "Basil", "entities": "sensor.soil"}
    issues.async_clear_gone(hass, "p")
    assert ir.async_get(hass).issues == {}
