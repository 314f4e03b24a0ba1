"""The conditions in a Home Assistant that has a garden."""

from typing import Any

import pytest
import yaml
from homeassistant.helpers import condition
from homeassistant.helpers.condition import async_get_all_descriptions

from custom_components.plant_vita.plants.entry import device_of
from custom_components.plant_vita.plants.state import Care
from tests.house.python_files import PRODUCT
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()
NAMES = ["needs_water", "has_problem", "health_is_below", "dry_within", "watered_within"]


async def held(growing: Growing, name: str, plant_id: str, **options: Any) -> bool | None:
    """Whether a condition holds for one plant."""
    device = device_of(growing.hass, growing.entry, plant_id)
    assert device is not None
    said = {
        "condition": f"plant_vita.{name}",
        "target": {"device_id": device.id},
        "options": options,
    }
    config = await condition.async_validate_condition_config(growing.hass, said)
    checker = await condition.async_from_config(growing.hass, config)
    return checker.async_check()


async def test_a_plant_that_gets_dry(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})
    assert await held(growing, "needs_water", plant_id) is False
    assert await held(growing, "health_is_below", plant_id, below=50) is False
    for minute in range(12):
        growing.say("sensor.soil", 8 + minute / 100)
        await growing.pass_time(minutes=5)
    assert await held(growing, "needs_water", plant_id, behavior="all") is True
    assert await held(growing, "has_problem", plant_id) is False
    assert await held(growing, "health_is_below", plant_id, below=50) is True
    assert await held(growing, "dry_within", plant_id, hours=1) is True
    assert await held(growing, "watered_within", plant_id, hours=1) is False
    plant = growing.plant(plant_id)
    await plant.async_cared(Care.WATERED, plant.data.at)
    assert await held(growing, "watered_within", plant_id, hours=1) is True


async def test_of_nothing_that_is_known_nothing_is_true(growing: Growing) -> None:
    plant_id = await growing.grow({})
    assert await held(growing, "health_is_below", plant_id, below=50, behavior="all") is False
    with pytest.raises(Exception, match="value must be"):
        await held(growing, "health_is_below", plant_id, below=500)


async def test_every_condition_is_described(growing: Growing) -> None:
    await growing.grow({})
    found = await async_get_all_descriptions(growing.hass)
    assert [one for one in NAMES if not found.get(f"plant_vita.{one}")] == []
    said = yaml.safe_load((PRODUCT / "conditions.yaml").read_text())
    assert sorted(one for one in said if not one.startswith(".")) == sorted(NAMES)
