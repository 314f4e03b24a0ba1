import math

import pytest

from custom_components.plant_vita.care.senses import Senses
from custom_components.plant_vita.model.watering import Soil, Why

from .hand import moment

DAY = 86_400.0


def _soil(moisture=30.0, *, at=0.0, **more):
    return Soil(plant_id="fern", moisture=moisture, at=moment(at).wall, **more)


def _senses(*soils, now=0.0):
    senses = Senses()
    for soil in soils:
        senses.take(soil, moment(now))
    return senses


def test_nothing_is_known_at_first():
    senses = Senses()
    assert senses.flaw("fern", moment()) is Why.NO_READING
    assert senses.moisture("fern", moment()) is None
    assert not senses.has_been_fresh("fern")


@pytest.mark.parametrize(
    ("every", "age", "flaw"),
    [
        (0.0, 3599.0, None),
        (0.0, 3600.0, Why.SENSOR_STALE),
        (7200.0, 21_599.0, None),
        (7200.0, 21_600.0, Why.SENSOR_STALE),
        (math.nan, 3600.0, Why.SENSOR_STALE),
        (1e12, 3600.0, Why.SENSOR_STALE),
    ],
)
def test_younger_than_three_intervals_or_an_hour(every, age, flaw):
    assert _senses(_soil(every_s=every)).flaw("fern", moment(age)) is flaw


def test_a_clock_that_is_set_back_makes_no_reading_young():
    senses = _senses(_soil())
    assert senses.flaw("fern", moment(3601.0, ahead=-3600.0)) is Why.SENSOR_STALE
    # And one from the future is from a clock that was wrong.
    assert senses.flaw("fern", moment(10.0, ahead=-DAY)) is Why.SENSOR_STALE


@pytest.mark.parametrize("moisture", [1.9, 98.1, -5.0, math.nan, math.inf])
def test_what_is_no_moisture(moisture):
    assert _senses(_soil(moisture)).flaw("fern", moment(1.0)) is Why.SENSOR_RANGE


@pytest.mark.parametrize("more", [{"flawed": True}, {"out_of_soil": True}])
def test_whose_sensor_was_judged(more):
    assert _senses(_soil(**more)).flaw("fern", moment(1.0)) is Why.SENSOR_FLAWED


def test_the_same_for_a_day_is_stuck():
    senses = Senses()
    for hour in range(25):
        now = 3600.0 * hour
        assert senses.flaw("fern", moment(now)) is not Why.SENSOR_FLAT
        senses.take(_soil(at=now), moment(now))
    assert senses.flaw("fern", moment(DAY)) is Why.SENSOR_FLAT
    senses.take(_soil(30.1, at=DAY), moment(DAY))
    assert senses.flaw("fern", moment(DAY)) is None


def test_the_history_knows_for_how_long_it_is_the_same():
    soil = _soil(at=DAY, changed_at=moment().wall)
    assert _senses(soil, now=DAY).flaw("fern", moment(DAY)) is Why.SENSOR_FLAT


@pytest.mark.parametrize(("age", "fresh"), [(0.0, True), (899.0, True), (901.0, False)])
def test_fresh_is_of_the_last_quarter_of_an_hour(age, fresh):
    senses = _senses(_soil(), now=age)
    assert senses.has_been_fresh("fern") is fresh


def test_a_late_reading_replaces_no_newer_one():
    senses = _senses(_soil(30.0, at=1000.0), now=1000.0)
    assert not senses.take(_soil(90.0, at=500.0), moment(1001.0))
    assert senses.soil("fern").moisture == 30.0


def test_one_wild_reading_of_three_is_not_believed():
    senses = _senses(_soil(30.0), _soil(60.0, at=10.0), _soil(30.5, at=20.0), now=20.0)
    assert senses.moisture("fern", moment(21.0)) == 30.5
    settled = senses.settled(senses.soil("fern"), moment(21.0), 5.0)
    assert settled.moisture == 30.5
