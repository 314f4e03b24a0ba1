"""A plant as plain data."""

import json

import pytest
from homeassistant.core import HomeAssistant

from custom_components.plant_vita.plants.report import local_iso, of_plant
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


async def test_everything_an_assistant_may_want_to_know(growing: Growing) -> None:
    growing.say("sensor.soil", 40.004)
    plant_id = await growing.grow({"title": "Basil", "moisture": ["sensor.soil"]})
    found = json.loads(json.dumps(of_plant(growing.plant(plant_id))))
    assert found.pop("limits")["moisture"] == {
        "minimum": 12,
        "low": 25,
        "high": 65,
        "maximum": 85,
    }
    assert found == {
        "plant_id": plant_id,
        "name": "Basil",
        "species": None,
        "health": 100,
        "problem": False,
        "reasons": [],
        "limiting": None,
        "measured": {
            "moisture": {"value": 40.0, "at": "2026-06-10T12:00:00+00:00", "stale": False}
        },
        "dli": None,
        "dli_today": None,
        "vpd": None,
        "last": {},
        "next_watering": None,
        "days_to_dry": None,
        "next_feeding": None,
        "growth": None,
    }


@pytest.mark.parametrize(
    ("timespec", "expected"),
    [("auto", "2026-06-10T14:00:00.250000+02:00"), ("seconds", "2026-06-10T14:00:00+02:00")],
)
async def test_a_moment_is_told_by_the_clock_of_the_house(
    hass: HomeAssistant, timespec: str, expected: str
) -> None:
    await hass.config.async_set_time_zone("Europe/Berlin")
    assert local_iso(1_781_092_800.25, timespec) == expected
