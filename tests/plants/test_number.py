"""Limits as numbers: the season's, until a person sets one."""

from typing import Any

import pytest
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er

from custom_components.plant_vita.plants.number import NUMBERS
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()
MOIST = {"moisture": ["sensor.soil"]}
EDGES = ("minimum", "low", "high", "maximum")


async def put(growing: Growing, plant_id: str, key: str, value: float) -> None:
    await growing.hass.services.async_call(
        "number",
        "set_value",
        {"entity_id": growing.entity_id(plant_id, "number", key), "value": value},
        blocking=True,
    )
    await growing.hass.async_block_till_done()


def shown(growing: Growing, plant_id: str, *keys: str) -> list[float]:
    return [float(growing.shown(plant_id, key, "number")) for key in keys]


@pytest.mark.parametrize(
    ("plant", "measures"),
    [({}, set()), (MOIST, {"moisture"}), ({"light": ["sensor.lux"]}, {"dli"})],
)
async def test_only_what_is_measured_has_limits(
    growing: Growing, plant: dict[str, Any], measures: set[str]
) -> None:
    plant_id = await growing.grow(plant)
    found = {one.key for one in NUMBERS if growing.entity_id(plant_id, "number", one.key)}
    expected = {f"{measure}_{edge}" for measure in measures for edge in EDGES}
    seldom = {"rotate_days", "clean_days", "repot_months"}
    assert found == expected | {"water_days", "feed_days"} | seldom
    registry = er.async_get(growing.hass)
    for key in seldom:
        entry = registry.async_get(growing.entity_id(plant_id, "number", key) or "")
        assert entry is not None
        assert entry.disabled


async def test_they_follow_the_species_and_the_season(growing: Growing) -> None:
    plant_id = await growing.grow({"species": "monstera_deliciosa", "temperature": ["sensor.t"]})
    keys = [f"temperature_{edge}" for edge in EDGES]
    assert shown(growing, plant_id, *keys) == [10, 18, 28, 35]
    growing.freezer.move_to("2027-01-10 12:00:00+00:00")
    await growing.pass_time(minutes=11)
    winter = shown(growing, plant_id, *keys)
    assert winter < [10, 18, 28, 35]


async def test_what_a_person_sets_holds_at_once_and_after_a_restart(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(MOIST)
    before = growing.plant(plant_id)
    await put(growing, plant_id, "moisture_minimum", 45)
    assert growing.plant(plant_id) is before
    # The target gives way: nobody has set it.
    assert shown(growing, plant_id, "moisture_minimum", "moisture_low") == [45, 45]
    state = growing.state(plant_id, "number", "moisture_minimum")
    assert state.attributes["overridden"] is True
    assert not growing.state(plant_id, "number", "moisture_low").attributes["overridden"]
    assert growing.entry.subentries[plant_id].data["limits"] == {"moisture_minimum": 45}
    await growing.stop()
    await growing.start()
    assert shown(growing, plant_id, "moisture_minimum") == [45]
    await growing.pass_time(minutes=16)
    await growing.pass_time(minutes=11)
    assert growing.reasons(plant_id) == ["moisture_too_low"]


async def test_limits_that_cross_are_refused(growing: Growing) -> None:
    plant_id = await growing.grow(MOIST)
    await put(growing, plant_id, "moisture_high", 50)
    with pytest.raises(ServiceValidationError) as refused:
        await put(growing, plant_id, "moisture_low", 60)
    assert refused.value.translation_key == "threshold_invalid"
    assert growing.entry.subentries[plant_id].data["limits"] == {"moisture_high": 50}


async def test_days_between_waterings(growing: Growing) -> None:
    plant_id = await growing.grow({})
    assert shown(growing, plant_id, "water_days", "feed_days") == [7, 28]
    await put(growing, plant_id, "water_days", 3)
    assert shown(growing, plant_id, "water_days") == [3]
