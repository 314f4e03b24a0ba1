"""What a person has set is kept with the plant, and what makes no sense is not."""

from datetime import date, time
from typing import Any

import pytest
from homeassistant.helpers import entity_registry as er

from custom_components.plant_vita.care.automatic import Mode
from custom_components.plant_vita.care.quiet import Hours
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
        ({"harvest": "2026-09-20"}, Wishes(harvest=date(2026, 9, 20))),
        ({"harvest": "soon"}, Wishes()),
        ({"harvest": 20}, Wishes()),
    ],
)
def test_what_is_no_number_is_the_usual(stored: dict[str, Any], expected: Wishes) -> None:
    assert wishes_of({"water": stored}) == expected


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
    assert wishes.leak_sensors(hose.hass, None) is None
    assert wishes.leak_sensors(hose.hass, hose.entry) is None
    registry = er.async_get(hose.hass)
    cellar = registry.async_get_or_create("binary_sensor", "test", "cellar")
    await set_options(hose, leak_sensors=[cellar.id, "binary_sensor.bath"])
    both = frozenset({cellar.entity_id, "binary_sensor.bath"})
    assert wishes.leak_sensors(hose.hass, hose.entry) == both
    await set_options(hose, leak_sensors=[cellar.id])
    registry.async_update_entity(cellar.entity_id, new_entity_id="binary_sensor.basement")
    assert wishes.leak_sensors(hose.hass, hose.entry) == {"binary_sensor.basement"}
    # Where the last of them is gone, all that are left have to do.
    registry.async_remove("binary_sensor.basement")
    assert wishes.leak_sensors(hose.hass, hose.entry) is None
    await set_options(hose, leak_sensors=[])
    assert wishes.leak_sensors(hose.hass, hose.entry) is None


async def set_options(hose: Hose, **options: Any) -> None:
    hose.hass.config_entries.async_update_entry(hose.entry, options=options)
    await hose.hass.async_block_till_done()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, None),
        ({"quiet_from": "22:00:00"}, None),
        ({"quiet_from": "22:00:00", "quiet_to": 7}, None),
        ({"quiet_from": "22:00:00", "quiet_to": "late"}, None),
        (
            {"quiet_from": "22:00:00", "quiet_to": "07:30:00"},
            Hours(start=time(22), end=time(7, 30)),
        ),
    ],
)
async def test_quiet_hours_have_two_ends(
    hose: Hose, options: dict[str, Any], expected: Hours | None
) -> None:
    await hose.grow(BASIL)
    await set_options(hose, **options)
    assert wishes.quiet_of(hose.entry) == expected


async def test_a_holiday_is_days_of_the_house_and_its_last_one_counts(hose: Hose) -> None:
    await hose.grow(BASIL)
    await hose.hass.config.async_set_time_zone("Europe/Berlin")
    assert wishes.holiday_of(hose.entry) is None
    # On the last Sunday of March the day has 23 hours.
    await set_options(hose, holiday_from="2026-03-28", holiday_until="2026-03-29")
    holiday = wishes.holiday_of(hose.entry)
    assert holiday is not None
    assert (holiday.start, holiday.end - holiday.start) == (1774652400.0, 47 * 3600)
    await set_options(hose, holiday_until="2026-03-29")
    holiday = wishes.holiday_of(hose.entry)
    assert holiday is not None
    assert (holiday.start, holiday.end) == (0.0, 1774821600.0)
    await set_options(hose, holiday_from="2026-03-28", holiday_until="never")
    assert wishes.holiday_of(hose.entry) is None


async def test_a_weather_service_keeps_its_id_when_it_is_renamed(hose: Hose) -> None:
    await hose.grow(BASIL)
    assert wishes.weather_of(hose.hass, hose.entry) is None
    registry = er.async_get(hose.hass)
    home = registry.async_get_or_create("weather", "test", "home")
    assert wishes.reference(hose.hass, home.entity_id) == home.id
    assert wishes.reference(hose.hass, "weather.yaml") == "weather.yaml"
    await set_options(hose, weather=home.id)
    registry.async_update_entity(home.entity_id, new_entity_id="weather.house")
    assert wishes.weather_of(hose.hass, hose.entry) == "weather.house"
