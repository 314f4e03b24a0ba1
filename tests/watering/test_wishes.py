"""What a person has set is kept with the plant, and what makes no sense is not."""

from typing import Any

import pytest

from custom_components.plant_vita.care.automatic import Mode
from custom_components.plant_vita.watering import wishes
from custom_components.plant_vita.watering.wishes import Wishes, wishes_of
from tests.watering.garden_hose import BASIL, PUMP, Hose, hose_fixture

hose = hose_fixture()


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ({}, Wishes(dose_ml=100, daily_ml=500, automatic=Mode.OFF)),
        ({"dose_ml": 50}, Wishes(dose_ml=50, chose=True)),
        ({"daily_ml": 1e9, "dose_ml": -5}, Wishes(daily_ml=5000, dose_ml=5, chose=True)),
        ({"automatic": "on"}, Wishes(automatic=Mode.ON)),
        ({"automatic": "always"}, Wishes()),
        ({"daily_ml": None}, Wishes()),
        ({"daily_ml": "much"}, Wishes()),
    ],
)
def test_what_is_no_number_is_the_usual(stored: dict[str, Any], expected: Wishes) -> None:
    assert wishes_of({"water": stored}) == expected


async def test_one_wish_leaves_the_others_and_the_plant_as_they_were(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    wishes.async_set(hose.hass, hose.entry, plant, daily_ml=300)
    wishes.async_set(hose.hass, hose.entry, plant, automatic=Mode.ADVICE)
    data = hose.entry.subentries[plant].data
    assert data["water"] == {"daily_ml": 300, "automatic": "advice"}
    assert data["pump"] == PUMP
    assert wishes_of(data).chose is False


async def test_what_a_pump_gives_stays_with_the_pump(hose: Hose) -> None:
    await hose.grow(BASIL)
    assert wishes.rate_of(hose.entry, PUMP) is None
    wishes.async_set_rate(hose.hass, hose.entry, PUMP, 12.5)
    wishes.async_set_rate(hose.hass, hose.entry, "other", 1.0)
    assert wishes.rate_of(hose.entry, PUMP) == 12.5
    for wrong in (0.0, 1e6, "fast", None):
        wishes.async_set_rate(hose.hass, hose.entry, PUMP, wrong)  # type: ignore[arg-type]
        assert wishes.rate_of(hose.entry, PUMP) is None


async def test_every_leak_sensor_counts_until_some_are_chosen(hose: Hose) -> None:
    await hose.grow(BASIL)
    assert wishes.leak_sensors(None) is None
    assert wishes.leak_sensors(hose.entry) is None
    hose.hass.config_entries.async_update_entry(hose.entry, options={"leak_sensors": []})
    assert wishes.leak_sensors(hose.entry) == frozenset()
