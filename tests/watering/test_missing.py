"""What a plant is watered with, and what guards the house, is missed aloud when it is gone."""

from typing import Any

from homeassistant.helpers import entity_registry as er, issue_registry as ir

from custom_components.plant_vita.const import DOMAIN
from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()


def told(hose: Hose, issue: str) -> Any:
    found = ir.async_get(hose.hass).async_get_issue(DOMAIN, issue)
    return found and (found.translation_key, found.translation_placeholders)


async def test_a_pump_and_a_contact_that_are_gone_are_told_until_they_are_back(hose: Hose) -> None:
    registry = er.async_get(hose.hass)
    pump = registry.async_get_or_create("switch", "relays", "pump")
    tank = registry.async_get_or_create("binary_sensor", "relays", "tank")
    plant = await hose.grow({**BASIL, "pump": pump.id, "tank": tank.id})
    assert hose.issues() == []
    registry.async_remove(tank.entity_id)
    await hose.hass.async_block_till_done()
    issue = f"watering_gone_{plant}"
    names = {"name": "Basil", "entities": "binary_sensor.relays_tank"}
    assert told(hose, issue) == ("watering_gone", names)
    registry.async_remove(pump.entity_id)
    await hose.hass.async_block_till_done()
    assert told(hose, issue)[1]["entities"] == "binary_sensor.relays_tank, switch.relays_pump"
    for one in (pump, tank):
        registry.async_get_or_create(one.domain, one.platform, one.unique_id)
    await hose.hass.async_block_till_done()
    assert hose.issues() == []
    assert hose.works.bound[plant].tank == "binary_sensor.relays_tank"


async def test_a_leak_sensor_that_was_chosen_is_not_let_go_in_silence(hose: Hose) -> None:
    registry = er.async_get(hose.hass)
    wet = registry.async_get_or_create("binary_sensor", "leaks", "kitchen")
    entry = hose.make(BASIL)
    chosen = [wet.id, "binary_sensor.cellar"]
    hose.hass.config_entries.async_update_entry(entry, options={"leak_sensors": chosen})
    await hose.start()
    assert hose.issues() == []
    registry.async_remove(wet.entity_id)
    await hose.hass.async_block_till_done()
    names = {"entities": "binary_sensor.leaks_kitchen"}
    assert told(hose, "leak_sensor_gone") == ("leak_sensor_gone", names)
    options = {"leak_sensors": ["binary_sensor.cellar"]}
    hose.hass.config_entries.async_update_entry(entry, options=options)
    await hose.hass.async_block_till_done()
    assert hose.issues() == []
