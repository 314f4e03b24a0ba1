"""Photos and sensors weighed together, with cases whose answer is known."""

import numpy as np
import pytest

from custom_components.plant_vita.analysis.diagnosis import (
    Course,
    Evidence,
    Heard,
    Seen,
    Source,
    confirmed,
    course,
    course_of_days,
    fused,
    signs,
)
from custom_components.plant_vita.analysis.series import DAY_S, HOUR_S, series
from custom_components.plant_vita.model.finding import Cause, Severity, Trouble
from custom_components.plant_vita.model.species import Band, Measure

NOW = 1_795_262_400.0
SOIL = Band(minimum=15, low=25, high=60, maximum=80)
AIR = Band(minimum=20, low=35, high=75, maximum=90)
WARMTH = Band(minimum=8, low=15, high=29, maximum=36)
SALT = Band(minimum=100, low=300, high=1500, maximum=2500)
LIGHT = Band(minimum=2, low=5, high=20, maximum=35)


def hourly(*values: float) -> Course | None:
    """Two weeks in which these values follow each other, each for the same time."""
    hours = np.repeat(values, 336 // len(values))
    times = NOW - HOUR_S * np.arange(len(hours), 0, -1)
    return course(series(times, hours), SOIL, now=NOW)


def seen(band: Band, *values: float, measure: Measure = Measure.MOISTURE) -> Seen:
    hours = np.repeat(values, 336 // len(values))
    times = NOW - HOUR_S * np.arange(len(hours), 0, -1)
    one = course(series(times, hours), band, now=NOW)
    assert one is not None
    return Seen(courses={measure: one})


def said(cause: Cause, confidence: float, name: str = "It", *, general: bool = False) -> Heard:
    trouble = Trouble(name=name, confidence=confidence, cause=cause)
    return Heard(
        seat="gemini" if general else "plant_id",
        weight=0.3 if general else 1.0,
        general=general,
        troubles=(trouble,),
    )


def found(known: Seen, *heard: Heard) -> dict[Cause, float]:
    ailments = fused(heard, signs(known), known.courses)
    return {one.cause: one.confidence for one in ailments}


def test_a_course_counts_the_time_outside() -> None:
    one = hourly(10, 20, 40, 70)
    assert one is not None
    assert (one.low, one.too_low, one.high, one.too_high) == (0.5, 0.25, 0.25, 0.0)
    assert (one.mean, one.days, one.hours) == (35.0, 14.0, 84.0)


def test_too_little_is_no_course() -> None:
    short = series(NOW - HOUR_S * np.arange(20, 0, -1), np.full(20, 40.0))
    assert course(short, SOIL, now=NOW) is None
    assert course(series((), ()), SOIL, now=NOW) is None
    assert course_of_days([3.0], LIGHT) is None


def test_what_is_older_than_two_weeks_does_not_count() -> None:
    old = series(NOW - 20 * DAY_S - HOUR_S * np.arange(100, 0, -1), np.full(100, 5.0))
    assert course(old, SOIL, now=NOW) is None


CASES = {
    Cause.OVER_WATERED: seen(SOIL, 85),
    Cause.UNDER_WATERED: seen(SOIL, 12),
    Cause.TOO_COLD: seen(WARMTH, 20, 20, 20, 20, 20, 20, 5, measure=Measure.TEMPERATURE),
    Cause.TOO_HOT: seen(WARMTH, 20, 20, 20, 40, measure=Measure.TEMPERATURE),
    Cause.DRY_AIR: seen(AIR, 22, measure=Measure.HUMIDITY),
    Cause.SALTY: seen(SALT, 3000, measure=Measure.CONDUCTIVITY),
    Cause.HUNGRY: seen(SALT, 50, measure=Measure.CONDUCTIVITY),
}


@pytest.mark.parametrize(("cause", "known"), CASES.items())
def test_sensors_alone_tell_it(cause: Cause, known: Seen) -> None:
    (first, *_) = fused((), signs(known), known.courses)
    assert first.cause is cause
    assert first.confidence >= 0.7
    assert first.trouble is None
    assert [one.source for one in first.evidence] == [Source.SENSOR]
    assert first.evidence[0].days == 14.0


def test_dark_days_are_told() -> None:
    one = course_of_days([1.0, 1.5, 1.2, 1.0], LIGHT)
    assert one is not None
    known = Seen(courses={Measure.DLI: one})
    assert found(known)[Cause.TOO_DARK] > 0.9


def test_all_is_well_and_nothing_is_found() -> None:
    known = Seen(courses=seen(SOIL, 40).courses | seen(AIR, 50, measure=Measure.HUMIDITY).courses)
    assert found(known) == {}
    assert found(Seen()) == {}


def test_a_short_dry_spell_before_watering_is_none() -> None:
    assert found(seen(SOIL, 40, 35, 30, 28, 45, 40, 22, 40, 40, 40, 40, 40, 40, 40)) == {}


def test_what_photo_and_soil_agree_on_is_nearly_certain() -> None:
    photo = said(Cause.OVER_WATERED, 0.72)
    alone = found(Seen(), photo)[Cause.OVER_WATERED]
    both = found(seen(SOIL, 70, 70, 70, 40), photo)[Cause.OVER_WATERED]
    sensors = found(seen(SOIL, 70, 70, 70, 40))[Cause.OVER_WATERED]
    assert 0.5 < alone < 0.7
    assert 0.5 < sensors < 0.8
    assert both > 0.95


def test_dry_soil_speaks_against_drowned_roots() -> None:
    known = seen(SOIL, 12)
    result = fused([said(Cause.OVER_WATERED, 0.72)], signs(known), known.courses)
    assert [one.cause for one in result] == [Cause.UNDER_WATERED, Cause.OVER_WATERED]
    assert result[0].confidence > 0.9
    drowned = result[1]
    assert drowned.confidence < 0.1
    assert {one.sign for one in drowned.evidence if one.weight < 0} == {"moisture_low"}
    assert {one.sign for one in drowned.evidence if one.weight > 0} == {"named"}


def test_one_cold_night_is_enough_and_one_cold_hour_is_none() -> None:
    hours = np.full(336, 20.0)
    times = NOW - HOUR_S * np.arange(336, 0, -1)
    hours[100:104] = 3.0
    night = course(series(times, hours), WARMTH, now=NOW)
    hours[101:104] = 20.0
    hour = course(series(times, hours), WARMTH, now=NOW)
    assert night is not None
    assert hour is not None
    assert found(Seen(courses={Measure.TEMPERATURE: night}))[Cause.TOO_COLD] > 0.7
    assert Cause.TOO_COLD not in found(Seen(courses={Measure.TEMPERATURE: hour}))


def test_sensors_see_no_pest_but_make_one_likelier() -> None:
    dry = seen(AIR, 22, measure=Measure.HUMIDITY)
    assert Cause.PEST not in found(dry)
    mites = said(Cause.PEST, 0.4, "Tetranychus urticae")
    assert found(dry, mites)[Cause.PEST] > found(Seen(), mites)[Cause.PEST] + 0.1


def test_two_pests_are_two() -> None:
    heard = Heard(
        seat="plant_id",
        weight=1.0,
        general=False,
        troubles=(
            Trouble(name="Aphis", confidence=0.6, cause=Cause.PEST),
            Trouble(name="Thrips", confidence=0.5, cause=Cause.PEST),
        ),
    )
    result = fused([heard], {}, {})
    assert [one.trouble.name for one in result if one.trouble] == ["Aphis", "Thrips"]


def test_two_services_agree_and_the_weightier_words_are_kept() -> None:
    one, two = said(Cause.TOO_DARK, 0.5, "lack of light"), said(Cause.TOO_DARK, 0.5, general=True)
    (both,) = fused([two, one], {}, {})
    (single,) = fused([one], {}, {})
    assert both.confidence > single.confidence
    assert both.seats == ("plant_id", "gemini")
    assert both.trouble is not None
    assert both.trouble.name == "lack of light"


def test_a_calendar_and_yellow_leaves_count_a_little() -> None:
    assert Cause.UNDER_WATERED in found(Seen(overdue=True))
    assert found(Seen(yellowing=40.0)) == {}
    assert found(Seen(overdue=True, yellowing=40.0))[Cause.UNDER_WATERED] > 0.4
    assert found(Seen(blocked=True))[Cause.OVER_WATERED] > 0.3
    assert Cause.UNDER_WATERED not in signs(Seen(yellowing=5.0))


def test_severity_is_how_far_it_went() -> None:
    def worst(known: Seen, *heard: Heard) -> Severity:
        return fused(heard, signs(known), known.courses)[0].severity

    assert worst(seen(SOIL, 85)) is Severity.SEVERE
    assert worst(seen(SOIL, 70)) is Severity.MODERATE
    assert worst(Seen(), said(Cause.PEST, 0.9)) is Severity.MODERATE
    assert worst(Seen(), said(Cause.PEST, 0.3)) is Severity.SLIGHT
    told = Trouble(name="Mould", confidence=0.3, cause=Cause.FUNGUS, severity=Severity.SEVERE)
    heard = Heard(seat="g", weight=0.3, general=True, troubles=(told,))
    assert worst(Seen(), heard) is Severity.SEVERE


def test_an_answer_turns_the_order() -> None:
    heard = Heard(
        seat="plant_id",
        weight=1.0,
        general=False,
        troubles=(
            Trouble(name="overwatering", confidence=0.5, cause=Cause.OVER_WATERED),
            Trouble(name="Fungi", confidence=0.4, cause=Cause.FUNGUS),
        ),
    )
    before = fused([heard], {}, {})
    after = confirmed(before, "Fungi", "overwatering")
    assert [one.cause for one in before] == [Cause.OVER_WATERED, Cause.FUNGUS]
    assert [one.cause for one in after] == [Cause.FUNGUS, Cause.OVER_WATERED]
    assert after[0].evidence[-1] == Evidence(source=Source.ANSWER, sign="confirmed", weight=2.0)
    assert confirmed(before, "something", "else") == before
