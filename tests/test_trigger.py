"""The triggers as automations of a Home Assistant that has a garden."""

import re
from typing import Any

import pytest
import yaml
from homeassistant.core import CoreState, Event, HomeAssistant, callback
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


async def automated(hass: HomeAssistant, *triggers: dict[str, Any]) -> list[dict[str, Any]]:
    """What an automation with these triggers tells."""
    heard: list[dict[str, Any]] = []

    @callback
    def told(event: Event[dict[str, Any]]) -> None:
        heard.append(event.data)

    hass.bus.async_listen("told", told)
    said = {one: f"{{{{ trigger.{one} }}}}" for one in ("platform", "plant", "why")}
    actions = [{"event": "told", "event_data_template": said}]
    config = {"alias": "x", "triggers": [*triggers], "actions": actions, "mode": "queued"}
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
    assert [(one["plant"], one["why"]) for one in heard] == [("Basil", "Soil too dry")]
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


ILL = {"moisture": ["sensor.soil"], "temperature": ["sensor.air"]}


def told(heard: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Which triggers have told what, in their order; what was told is told no more."""
    found = [(one["platform"].removeprefix("plant_vita."), one["why"]) for one in heard]
    heard.clear()
    return found


def all_of(growing: Growing, plant_id: str, last: str = "00:00:00") -> list[dict[str, Any]]:
    """Every trigger that looks at how a plant is; those that can have to last so long."""
    device = device_of(growing.hass, growing.entry, plant_id)
    assert device is not None
    options: dict[str, dict[str, Any]] = {
        "needs_water": {"for": last},
        "problem_appeared": {},
        "problem_cleared": {"for": last},
        "health_fell_below": {"below": 60, "for": last},
        "dry_within": {"hours": 24},
    }
    return [
        {
            "trigger": f"plant_vita.{name}",
            "target": {"device_id": device.id},
            "options": one,
        }
        for name, one in options.items()
    ]


async def weather(growing: Growing, celsius: float, hours: float, soil: float = 40) -> None:
    """So many hours of this temperature, of soil that keeps its water."""
    for _ in range(round(hours * 4)):
        growing.say("sensor.air", celsius, "°C")
        growing.say("sensor.soil", soil)
        await growing.pass_time(minutes=15)


async def test_a_cold_night_is_a_problem_that_appears_and_clears(growing: Growing) -> None:
    growing.say("sensor.air", 21, "°C")
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(ILL)
    heard = await automated(growing.hass, *all_of(growing, plant_id))
    await weather(growing, 21, 2)
    assert told(heard) == []
    await weather(growing, 1, 6)
    assert sorted(told(heard)) == [
        ("health_fell_below", "Too cold"),
        ("problem_appeared", "Too cold"),
    ]
    await weather(growing, 21, 6)
    assert told(heard) == [("problem_cleared", "")]


async def test_what_has_to_last_is_told_when_it_has(growing: Growing) -> None:
    growing.say("sensor.air", 21, "°C")
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(ILL)
    heard = await automated(growing.hass, *all_of(growing, plant_id, last="08:00:00"))
    await weather(growing, 1, 6)
    assert told(heard) == [("problem_appeared", "Too cold")]
    # It is warm again before the eight hours are over; only that lasts.
    await weather(growing, 21, 6)
    assert told(heard) == []
    await weather(growing, 21, 6)
    assert told(heard) == [("problem_cleared", "")]


@pytest.mark.parametrize("last", ["00:00:00", "06:00:00"])
async def test_nothing_is_told_of_what_comes_while_home_assistant_starts(
    growing: Growing, last: str
) -> None:
    growing.say("sensor.air", 21, "°C")
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(ILL)
    heard = await automated(growing.hass, *all_of(growing, plant_id, last))
    growing.hass.set_state(CoreState.starting)
    await weather(growing, 1, 6)
    assert growing.reasons(plant_id) == ["temperature_too_low"]
    growing.hass.set_state(CoreState.running)
    await weather(growing, 1, 5)
    assert told(heard) == []


async def test_nothing_is_told_of_what_was_so_before_a_restart(growing: Growing) -> None:
    growing.say("sensor.air", 21, "°C")
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(ILL)
    await weather(growing, 21, 2)
    await weather(growing, 1, 6, soil=9)
    assert growing.reasons(plant_id) == ["temperature_too_low", "moisture_too_low"]
    await growing.stop()
    for silent in ("sensor.air", "sensor.soil"):
        growing.hass.states.async_remove(silent)
    await growing.start()
    heard = await automated(growing.hass, *all_of(growing, plant_id))
    # The sensors come one after the other, as radios let them.
    growing.say("sensor.soil", 9)
    await growing.settle()
    growing.say("sensor.air", 1, "°C")
    await growing.settle()
    await weather(growing, 1, 3, soil=9)
    assert told(heard) == []
    await weather(growing, 21, 6, soil=9)
    assert told(heard) == [("problem_cleared", "Soil too dry")]


async def test_dry_within_is_told_once_as_the_calendar_comes_near(growing: Growing) -> None:
    plant_id = await growing.grow({"limits": {"water_days": 7}})
    plant = growing.plant(plant_id)
    await plant.async_cared(Care.WATERED, plant.data.at)
    heard = await automated(growing.hass, all_of(growing, plant_id)[-1])
    for hours, known in ((140, 0), (3, 0), (2, 1), (20, 1)):
        await growing.pass_time(hours=hours)
        await growing.pass_time(minutes=15)
        assert len(heard) == known, hours
    assert told(heard) == [("dry_within", "")]


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
