"""The triggers as automations of a Home Assistant that has a garden."""

import re
from typing import Any

import yaml
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.condition import async_validate_condition_config
from homeassistant.helpers.config_validation import TRIGGER_SCHEMA as ANY_TRIGGERS
from homeassistant.helpers.trigger import async_get_all_descriptions, async_validate_trigger_config
from homeassistant.setup import async_setup_component

from custom_components.plant_vita.plants.entry import device_of
from custom_components.plant_vita.plants.state import Care
from custom_components.plant_vita.trigger import TRIGGERS
from tests.house.python_files import PRODUCT, ROOT
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


async def automated(hass: HomeAssistant, trigger: dict[str, Any]) -> list[dict[str, Any]]:
    """What an automation with this trigger tells."""
    heard: list[dict[str, Any]] = []

    @callback
    def told(event: Event[dict[str, Any]]) -> None:
        heard.append(event.data)

    hass.bus.async_listen("told", told)
    said = {"plant": "{{ trigger.plant }}", "why": "{{ trigger.why }}"}
    actions = [{"event": "told", "event_data_template": said}]
    config = {"alias": "x", "triggers": [trigger], "actions": actions}
    assert await async_setup_component(hass, "automation", {"automation": config})
    await hass.async_block_till_done()
    return heard


async def test_a_plant_that_gets_dry_is_told_once_and_not_after_a_reload(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})
    device = device_of(growing.hass, growing.entry, plant_id)
    assert device is not None
    dr.async_get(growing.hass).async_update_device(device.id, labels={"kitchen"})
    trigger = {"trigger": "plant_vita.needs_water", "target": {"label_id": "kitchen"}}
    heard = await automated(growing.hass, trigger)
    for minute in range(12):
        growing.say("sensor.soil", 8 + minute / 100)
        await growing.pass_time(minutes=5)
    assert heard == [{"plant": "Basil", "why": "Soil too dry"}]
    await growing.stop()
    await growing.start()
    growing.say("sensor.soil", 8.5)
    await growing.settle()
    assert len(heard) == 1


async def test_watered_is_told_of_the_plant_that_is_meant_only(growing: Growing) -> None:
    first = await growing.grow({"title": "Fern"}, {"title": "Ivy"})
    second = next(one for one in growing.garden.plants if one != first)
    device = device_of(growing.hass, growing.entry, first)
    assert device is not None
    trigger = {"trigger": "plant_vita.watered", "target": {"device_id": device.id}}
    heard = await automated(growing.hass, trigger)
    for plant_id in (second, first):
        plant = growing.plant(plant_id)
        await plant.async_cared(Care.WATERED, plant.data.at)
        await growing.hass.async_block_till_done()
    assert [one["plant"] for one in heard] == ["Fern"]


async def test_every_trigger_is_described_and_the_page_is_right(growing: Growing) -> None:
    await growing.grow({})
    names = set(TRIGGERS)
    said = yaml.safe_load((PRODUCT / "triggers.yaml").read_text())
    assert {one for one in said if not one.startswith(".")} == names
    page = (ROOT / "docs" / "automations.md").read_text()
    assert [one for one in names if f"| `plant_vita.{one}` |" not in page] == []
    found = await async_get_all_descriptions(growing.hass)
    assert [one for one in names if not found.get(f"plant_vita.{one}")] == []
    first, second = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (trigger,) = yaml.safe_load(first)["triggers"]
    assert await async_validate_trigger_config(growing.hass, ANY_TRIGGERS([trigger])) != []
    (condition,) = yaml.safe_load(second)["conditions"]
    assert await async_validate_condition_config(growing.hass, condition) is not None
