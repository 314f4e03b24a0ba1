from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from hypothesis import given as over, strategies as st

from custom_components.plant_vita.care.automatic import (
    Decision,
    Facts,
    Holiday,
    Mode,
    decide,
    targets,
)
from custom_components.plant_vita.care.dose import Given
from custom_components.plant_vita.care.quiet import Hours
from custom_components.plant_vita.care.weather import Weather
from custom_components.plant_vita.model.species import Band
from custom_components.plant_vita.model.watering import Soil, Source, Why

DAY = 86_400.0
# A Saturday, at noon.
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()
SEVEN = datetime(2026, 11, 21, 7, tzinfo=UTC).timestamp()
BAND = Band(minimum=15, low=30, high=60, maximum=75)


def soil(moisture: float, *, now: float = NOON, **other) -> Soil:
    return Soil(plant_id="fern", moisture=moisture, at=now - 60, every_s=600, **other)


def fern(moisture: float | None = 25.0, **other) -> Facts:
    """A plant in a litre of soil, with a probe."""
    facts = Facts(
        plant_id="fern",
        zone=UTC,
        mode=Mode.ON,
        sensed=True,
        soil=None if moisture is None else soil(moisture),
        band=BAND,
        pot_ml=1000.0,
        drying=5.0,
    )
    return replace(facts, **other)


def ivy(days_ago: float | None, **other) -> Facts:
    """A plant without a probe, watered so many days ago, every fourth day."""
    facts = Facts(
        plant_id="ivy",
        zone=UTC,
        mode=Mode.ON,
        pot_ml=1000.0,
        water_days=4,
        watered_at=None if days_ago is None else SEVEN - days_ago * DAY,
    )
    return replace(facts, **other)


def test_dry_soil_gets_a_first_part_of_its_dose() -> None:
    # As much as from dry to the middle of what is good, 15 points of 6 ml.
    assert decide(fern(25.0), NOON) == Decision(source=Source.AUTOMATIC, ml=90.0)


def test_never_more_at_once_than_a_tenth_of_the_pot_nor_less_than_a_pump_can_give() -> None:
    wide = Band(minimum=15, low=30, high=80, maximum=90)
    assert decide(fern(29.0, band=wide), NOON).ml == 100.0
    assert decide(fern(29.0, pot_ml=50.0), NOON).ml == 10.0


def test_soil_that_gets_drier_in_spite_of_water_gets_no_larger_doses() -> None:
    assert decide(fern(16.0), NOON).ml == decide(fern(29.0), NOON).ml


@pytest.mark.parametrize("moisture", [30.0, 45.0, 80.0])
def test_soil_that_is_not_dry_gets_none(moisture) -> None:
    assert decide(fern(moisture), NOON).why is Why.TOO_WET


def test_the_second_part_follows_after_the_soak_only_if_the_soil_did_not_rise_enough() -> None:
    part = Given(at=NOON - 600, ml=100)
    soaking = decide(fern(34.0, given=(part,)), NOON)
    assert (soaking.why, soaking.until) == (Why.SOAKING, NOON + 3000)
    later = replace(part, at=NOON - 3600)
    assert decide(fern(34.0, given=(later,)), NOON).ml == pytest.approx(11 * 6.0)
    assert decide(fern(40.0, given=(later,)), NOON).ml == pytest.approx(5 * 6.0)
    assert decide(fern(40.1, given=(later,)), NOON).why is Why.TOO_WET


def test_a_dose_that_was_not_completed_for_six_hours_is_over() -> None:
    old = Given(at=NOON - 6 * 3600, ml=100)
    assert decide(fern(34.0, given=(old,)), NOON).why is Why.TOO_WET


def test_a_narrow_band_gets_enough_to_see_the_soil_answer() -> None:
    narrow = Band(minimum=15, low=30, high=32, maximum=75)
    assert decide(fern(29.0, band=narrow), NOON).ml == pytest.approx(5 * 6.0)


def test_what_its_owner_set_is_given_whatever_was_learnt() -> None:
    assert decide(fern(25.0, dose_ml=60.0), NOON).ml == 60.0


@pytest.mark.parametrize(
    ("reading", "why"),
    [
        (None, Why.NO_READING),
        (soil(25.0, now=NOON - 3600), Why.SENSOR_STALE),
        (soil(25.0, now=NOON + 180), Why.SENSOR_STALE),
        (soil(1.9), Why.SENSOR_RANGE),
        (soil(98.1), Why.SENSOR_RANGE),
        (soil(25.0, changed_at=NOON - DAY), Why.SENSOR_FLAT),
        (soil(25.0, flawed=True), Why.SENSOR_FLAWED),
        (soil(25.0, out_of_soil=True), Why.SENSOR_FLAWED),
    ],
)
def test_a_sensor_that_is_not_sane_gives_no_water(reading, why) -> None:
    decision = decide(fern(soil=reading), NOON)
    assert (decision.ml, decision.why) == (0.0, why)


def test_a_slow_sensor_is_given_three_of_its_intervals() -> None:
    slow = Soil(plant_id="fern", moisture=25.0, at=NOON - 5 * 3600, every_s=7200)
    assert decide(fern(soil=slow), NOON).ml == 90.0
    assert decide(fern(soil=replace(slow, at=NOON - 6 * 3600)), NOON).why is Why.SENSOR_STALE


def test_a_plant_with_a_sensor_is_never_watered_by_the_calendar_instead() -> None:
    assert decide(fern(None, water_days=1, watered_at=None), SEVEN).ml == 0.0


def test_soil_that_answers_twice_with_a_fraction_is_left_until_somebody_has_looked() -> None:
    good = tuple(Given(at=NOON - n * DAY, ml=90, before=29.0, after=44.0) for n in (9, 7))
    weak = tuple(Given(at=NOON - n * DAY, ml=90, before=29.0, after=32.5) for n in (3, 1))
    assert decide(fern(25.0, given=(*good, *weak)), NOON).why is Why.UNANSWERED
    assert decide(fern(25.0, given=(*good, weak[0])), NOON).ml == 90.0
    assert decide(fern(25.0, given=(good[0], *weak)), NOON).ml == 90.0
    assert decide(fern(25.0, given=(*good, *weak, good[-1])), NOON).ml == 90.0
    # After a week it is tried again.
    assert (
        decide(
            fern(25.0, given=(*good, *weak), soil=soil(25.0, now=NOON + 7 * DAY)), NOON + 7 * DAY
        ).ml
        > 0
    )


def test_one_wild_reading_gives_no_water_and_takes_none() -> None:
    wild = fern(soil=soil(12.0), recent=(50.0, 50.1, 12.0))
    assert decide(wild, NOON).why is Why.TOO_WET
    assert decide(fern(soil=soil(55.0), recent=(25.0, 25.1, 55.0)), NOON).ml == 90.0
    # Two are no more than one.
    assert decide(fern(soil=soil(12.0), recent=(50.0, 12.0)), NOON).ml == 90.0


def test_a_probe_in_the_air_that_says_something_sane_once_gives_no_water() -> None:
    decision = decide(fern(soil=soil(12.0), recent=(0.4, 0.6, 12.0)), NOON)
    assert (decision.ml, decision.why) == (0.0, Why.SENSOR_RANGE)


def test_off_and_advice() -> None:
    assert decide(fern(mode=Mode.OFF), NOON).why is Why.AUTOMATIC_OFF
    assert decide(fern(mode=Mode.OFF), NOON).ml == 0.0
    advice = decide(fern(mode=Mode.ADVICE), NOON)
    assert (advice.advice, advice.ml) == (True, 90.0)


def test_it_is_off_until_it_is_switched_on() -> None:
    assert Facts(plant_id="fern", zone=UTC).mode is Mode.OFF


def test_quiet_hours_put_water_off_until_they_end() -> None:
    quiet = Hours(start=time(11), end=time(15))
    decision = decide(fern(quiet=quiet), NOON)
    assert (decision.ml, decision.why, decision.until) == (0.0, Why.QUIET_HOURS, NOON + 3 * 3600)


def test_rain_and_frost_keep_a_plant_outdoors_dry_and_none_indoors() -> None:
    rain = Weather(expected_mm=6.0)
    assert decide(fern(28.0, weather=rain, outdoors=True), NOON).why is Why.RAIN
    assert decide(fern(28.0, weather=rain), NOON).ml > 0
    assert decide(fern(28.0, weather=Weather(lowest_c=-1), outdoors=True), NOON).why is Why.FROST


def test_soil_halfway_to_harm_does_not_wait_for_a_forecast() -> None:
    rain = Weather(expected_mm=6.0)
    assert decide(fern(22.5, weather=rain, outdoors=True), NOON).why is Why.RAIN
    assert decide(fern(22.4, weather=rain, outdoors=True), NOON).ml == 90.0
    falling = Weather(raining=True)
    assert decide(fern(16.0, weather=falling, outdoors=True), NOON).why is Why.RAIN


def test_the_budget_of_the_day() -> None:
    assert decide(fern(daily_ml=150.0, used_ml=90.0), NOON).ml == 60.0
    spent = decide(fern(daily_ml=150.0, used_ml=145.0), NOON)
    assert (spent.ml, spent.why) == (0.0, Why.BUDGET_SPENT)


def test_a_holiday_stretches_the_water_or_not() -> None:
    away = Holiday(start=NOON - DAY, end=NOON + DAY)
    assert targets(fern(holiday=away), NOON) == (22.5, 37.5)
    assert targets(fern(holiday=away), NOON + DAY) == (30.0, 45.0)
    assert decide(fern(25.0, holiday=away), NOON).why is Why.HOLIDAY
    assert decide(fern(22.0, holiday=away), NOON).ml == pytest.approx(15 * 6.0)
    usual = Holiday(start=NOON - DAY, end=NOON + DAY, stretch=False)
    assert decide(fern(25.0, holiday=usual), NOON).ml == 90.0


def test_an_annual_uses_up_its_soil_before_the_harvest() -> None:
    # At five points a day, 25 % last half a day until the soil is halfway from 30 to 15 %.
    assert decide(fern(25.0, harvest_at=NOON + 0.5 * DAY), NOON).why is Why.TOO_WET
    assert decide(fern(25.0, harvest_at=NOON + 1.4 * DAY), NOON).why is Why.TOO_WET
    assert decide(fern(25.0, harvest_at=NOON + 1.7 * DAY), NOON).ml == pytest.approx(
        34.63, abs=0.01
    )
    assert decide(fern(25.0, harvest_at=NOON + 60 * DAY), NOON).ml == 90.0


def test_what_ripens_drinks_less_and_less() -> None:
    # From 25 % it may end at 22.5. Half a point a day: the last 18 days take 7.3 points, not 9.
    def half_a_point(days: float) -> Decision:
        return decide(fern(25.0, drying=0.5, harvest_at=NOON + days * DAY), NOON)

    assert half_a_point(18.0).why is Why.TOO_WET
    assert half_a_point(20.0).ml == pytest.approx(5.5 * 6.0)
    assert half_a_point(30.0).ml == pytest.approx(8.75 * 6.0)
    # Before that it drinks as ever.
    assert half_a_point(34.0).ml == pytest.approx(10.75 * 6.0)


def test_an_annual_is_watered_before_it_gets_dry_and_no_other_plant_is() -> None:
    # At five points a day, 34 % will be less than 30 in a day.
    growing = {"harvest_at": NOON + 60 * DAY}
    assert decide(fern(34.0, **growing), NOON).ml == pytest.approx(11 * 6.0)
    assert decide(fern(35.1, **growing), NOON).why is Why.TOO_WET
    # However fast it dries: not beyond where a dose ends.
    assert decide(fern(40.1, drying=30.0, **growing), NOON).why is Why.TOO_WET
    assert decide(fern(34.0, drying=None, **growing), NOON).why is Why.TOO_WET
    assert decide(fern(34.0), NOON).why is Why.TOO_WET
    assert decide(fern(34.0, harvest_at=NOON), NOON).why is Why.TOO_WET


def test_a_harvest_that_is_past_or_cannot_be_reckoned_with_keeps_nothing_dry() -> None:
    assert decide(fern(25.0, harvest_at=NOON), NOON).ml == 90.0
    assert decide(fern(25.0, harvest_at=NOON + DAY, drying=None), NOON).ml == 90.0


def test_without_a_sensor_it_is_watered_when_its_days_have_passed() -> None:
    due = decide(ivy(4), SEVEN)
    assert due == Decision(source=Source.SCHEDULE, ml=100.0, due_at=SEVEN)
    assert decide(ivy(3), SEVEN).ml == 0.0
    assert decide(ivy(None), SEVEN).ml == 100.0


def test_one_that_was_watered_in_the_evening_is_due_on_the_morning_of_its_day() -> None:
    assert decide(ivy(3.6), SEVEN).ml == 100.0
    assert decide(ivy(3.4), SEVEN).ml == 0.0


def test_a_missed_schedule_waits_for_the_next_morning() -> None:
    assert decide(ivy(5), SEVEN + 3599).due_at == SEVEN
    late = decide(ivy(5), SEVEN + 3600)
    assert (late.ml, late.until) == (0.0, SEVEN + DAY)
    assert decide(ivy(5), SEVEN - 1).ml == 0.0


def test_a_schedule_runs_once() -> None:
    assert decide(ivy(5, water_days=1, watered_at=SEVEN + 60), SEVEN + 120).ml == 0.0


def test_a_schedule_within_quiet_hours_comes_when_they_end() -> None:
    quiet = Hours(start=time(6), end=time(8))
    assert decide(ivy(5, quiet=quiet), SEVEN).ml == 0.0
    assert decide(ivy(5, quiet=quiet), SEVEN + 3600).due_at == SEVEN + 3600


def test_a_holiday_stretches_the_days_between() -> None:
    away = Holiday(start=SEVEN - 9 * DAY, end=SEVEN + DAY)
    held = decide(ivy(5, holiday=away), SEVEN)
    assert (held.ml, held.why, held.until) == (0.0, Why.HOLIDAY, SEVEN + DAY)
    # On the other days it would not be watered either.
    assert decide(ivy(3, holiday=away), SEVEN).why is None
    assert decide(ivy(6, holiday=away), SEVEN).ml == 100.0
    assert decide(ivy(5, holiday=replace(away, stretch=False)), SEVEN).ml == 100.0


def test_a_plant_of_which_nothing_is_known_is_left_alone() -> None:
    assert decide(ivy(99, water_days=None), SEVEN).ml == 0.0
    assert decide(fern(band=None), NOON).ml == 0.0


numbers = st.floats(-1e6, 1e6)


@over(
    st.floats(0, 100),
    st.floats(0, 600),
    st.floats(0, 600),
    st.none() | st.floats(0, 1e5),
    st.tuples(st.none() | numbers, st.none() | st.floats(0, 2e5)),
)
def test_a_wish_is_never_more_than_the_rest_of_the_budget(
    moisture, daily, used, dose_ml, season
) -> None:
    drying, harvest = season
    facts = fern(
        moisture,
        daily_ml=daily,
        used_ml=used,
        dose_ml=dose_ml,
        drying=drying,
        harvest_at=None if harvest is None else NOON + harvest,
    )
    decision = decide(facts, NOON)
    assert 0.0 <= decision.ml <= max(0.0, daily - used)
    # What will be harvested is watered a day before it is dry.
    soon = 0.0 if harvest is None else max(0.0, drying or 0.0)
    assert decision.ml == 0.0 or moisture - soon < 30.0
