from dataclasses import replace
from datetime import time

import pytest

from custom_components.plant_vita.care.automatic import Mode
from custom_components.plant_vita.care.plan import Entry, plan
from custom_components.plant_vita.care.quiet import Hours
from custom_components.plant_vita.care.weather import Weather
from custom_components.plant_vita.model.watering import Source, Why

from .test_automatic import DAY, NOON, SEVEN, fern, ivy, soil


def test_a_week_of_a_plant_with_a_sensor() -> None:
    told = plan(fern(34.0, drying=4.0), NOON)
    # Dry at 30 after a day; then 15 points more, and again when they have dried.
    assert [entry.ml for entry in told] == pytest.approx([90.0, 90.0], abs=1.0)
    assert told[0].at == pytest.approx(NOON + DAY, abs=1800)
    assert all(entry.source is Source.AUTOMATIC and entry.why is None for entry in told)
    assert NOON + 4 * DAY < told[-1].at < NOON + 7 * DAY


def test_wet_soil_needs_nothing_for_a_week() -> None:
    assert plan(fern(70.0, drying=2.0), NOON) == ()


def test_a_week_of_a_plant_without_one() -> None:
    assert plan(ivy(3), NOON) == (
        Entry(at=SEVEN + DAY, source=Source.SCHEDULE, ml=100.0),
        Entry(at=SEVEN + 5 * DAY, source=Source.SCHEDULE, ml=100.0),
    )


def test_what_is_put_off_is_told_once_with_its_reason() -> None:
    evening = NOON + 9 * 3600
    quiet = Hours(start=time(22), end=time(9))
    facts = fern(soil=soil(31.0, now=evening), drying=4.0, quiet=quiet)
    told = plan(facts, evening, days=1)
    assert told[0].why is Why.QUIET_HOURS
    assert told[0].at == pytest.approx(evening + 6 * 3600, abs=900)
    assert told[1].ml > 0
    assert told[1].at == NOON + 21 * 3600
    assert [entry.why for entry in told].count(Why.QUIET_HOURS) == 1


def test_rain_of_one_day_puts_water_off_to_the_next() -> None:
    facts = fern(31.0, drying=4.0, outdoors=True)
    told = plan(facts, NOON, days=2, weather=[Weather(expected_mm=9.0), Weather()])
    assert told[0].why is Why.RAIN
    assert told[1].ml > 0
    assert told[1].at == NOON + DAY


def test_the_budget_shows() -> None:
    told = plan(fern(20.0, drying=1.0, daily_ml=120.0, used_ml=60.0), NOON, days=2)
    assert [entry.ml for entry in told if entry.at < NOON + DAY] == [60.0, 0.0]
    assert told[1].why is Why.BUDGET_SPENT
    assert sum(entry.ml for entry in told) <= 60.0 + 120.0


def test_nothing_is_promised_by_a_sensor_that_is_not_sane() -> None:
    stale = fern(soil=soil(25.0, now=NOON - DAY))
    assert plan(stale, NOON) == (Entry(at=NOON, source=Source.AUTOMATIC, why=Why.SENSOR_STALE),)
    assert plan(fern(None), NOON) == (Entry(at=NOON, source=Source.AUTOMATIC, why=Why.NO_READING),)


def test_without_a_drying_rate_only_this_moment_is_known() -> None:
    told = plan(fern(25.0, drying=None), NOON)
    assert told == (Entry(at=NOON, source=Source.AUTOMATIC, ml=90.0),)


def test_off_and_advice() -> None:
    off = plan(replace(fern(25.0), mode=Mode.OFF), NOON)
    assert off == (Entry(at=NOON, source=Source.AUTOMATIC, why=Why.AUTOMATIC_OFF),)
    assert plan(fern(25.0, mode=Mode.ADVICE), NOON)[0].ml == 90.0
