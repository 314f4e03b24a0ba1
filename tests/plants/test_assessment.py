"""One judgement from everything that is known."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from custom_components.plant_vita.analysis.series import Series, series
from custom_components.plant_vita.model.plant import AnomalyKind, Silence
from custom_components.plant_vita.model.species import Measure, Season
from custom_components.plant_vita.plants.assessment import Assessment, Facts, assess
from custom_components.plant_vita.plants.definition import Input, PlantDefinition
from custom_components.plant_vita.plants.profile import limits
from custom_components.plant_vita.plants.sources import InputState
from custom_components.plant_vita.plants.state import Care
from tests.analysis.pots import pot, taught

DAY = 86_400.0
MIDNIGHT = 20_614 * DAY
NOW = MIDNIGHT + DAY / 2
SUMMER = limits(PlantDefinition(plant_id="p", name="P"), None, Season.SUMMER)


def known(value: float | None, *, stale: bool = False) -> InputState:
    fresh = 0 if stale or value is None else 1
    return InputState(value=value, measured_at=NOW, stale=stale, fresh=fresh, sources=1)


def judged(
    inputs: Mapping[Input, InputState] | None = None,
    tracks: Mapping[Input, Series] | None = None,
    now: float = NOW,
    **more: Any,
) -> Assessment:
    return assess(
        Facts(
            now=now,
            thresholds=SUMMER,
            inputs=inputs or {},
            tracks=tracks or {},
            midnights=tuple(MIDNIGHT + day * DAY for day in range(-3, 2)),
            **more,
        )
    )


def lit(ppfd: float, start: float, end: float) -> Series:
    times = np.arange(start, end, 300.0)
    return series(times, np.full(len(times), ppfd))


def test_nothing_bound_and_never_watered_cannot_be_told() -> None:
    state = judged().state
    assert (state.problem, state.score, state.reasons, state.health) == (None, None, (), None)


def test_a_plant_without_sensors_goes_by_the_calendar() -> None:
    watered = {Care.WATERED: NOW - 3 * DAY, Care.FED: NOW - 10 * DAY}
    state = judged(last=watered).state
    assert state.next_watering == NOW + 4 * DAY
    assert state.next_feeding == NOW + 18 * DAY
    assert state.problem is False


@pytest.mark.parametrize(("days", "problem"), [(7.9, False), (8.1, True)])
def test_a_day_late_is_a_problem(days: float, *, problem: bool) -> None:
    state = judged(last={Care.WATERED: NOW - days * DAY}).state
    assert state.problem is problem
    assert state.reasons == (("water_overdue",) if problem else ())


def test_where_the_soil_is_measured_the_calendar_is_not_asked() -> None:
    state = judged({Input.MOISTURE: known(40)}, last={Care.WATERED: NOW - 30 * DAY}).state
    assert (state.next_watering, state.problem, state.score) == (None, False, 100)


def test_what_is_stale_never_looks_healthy() -> None:
    state = judged({Input.MOISTURE: known(40, stale=True), Input.TEMPERATURE: known(21)}).state
    assert (state.problem, state.reasons, state.score) == (True, ("moisture_stale",), None)


def test_what_is_bad_is_told_beside_what_is_stale() -> None:
    state = judged({Input.MOISTURE: known(40, stale=True), Input.TEMPERATURE: known(-20)}).state
    assert state.reasons == ("temperature_too_low", "moisture_stale")
    assert state.score is not None
    assert state.score < 20


def test_what_was_never_heard_is_not_called_fine() -> None:
    state = judged({Input.MOISTURE: known(None)}).state
    assert (state.problem, state.score) == (None, None)


def test_the_light_of_the_last_whole_day_and_of_today() -> None:
    # 200 μmol/(m² s) all day are 17.28 mol; half as much for the half of today.
    track = lit(200, MIDNIGHT - DAY, MIDNIGHT)
    today = lit(100, MIDNIGHT, NOW)
    both = series(
        np.concatenate((track.times, today.times)), np.concatenate((track.values, today.values))
    )
    state = judged({Input.LIGHT: known(100)}, {Input.LIGHT: both}).state
    assert state.dli == pytest.approx(17.28, rel=0.01)
    assert state.dli_today == pytest.approx(4.32, rel=0.01)
    assert state.health is not None
    assert [factor.measure for factor in state.health.factors] == [Measure.DLI]


def test_a_new_plant_is_not_blamed_for_a_day_nobody_saw() -> None:
    state = judged(
        {Input.LIGHT: known(100), Input.MOISTURE: known(40)},
        {Input.LIGHT: lit(100, NOW - 600, NOW)},
    ).state
    assert (state.dli, state.problem, state.score) == (None, False, 100)


def test_vapour_pressure_deficit() -> None:
    air = {Input.TEMPERATURE: known(25), Input.HUMIDITY: known(50)}
    vpd = judged(air).state.vpd
    assert vpd == pytest.approx(1.58, abs=0.01)
    assert judged({**air, Input.HUMIDITY: known(50, stale=True)}).state.vpd is None
    assert judged({Input.TEMPERATURE: known(25)}).state.vpd is None


def test_a_watering_is_found_once() -> None:
    times = np.arange(NOW - 8 * 3600, NOW + 1, 300.0)
    since = times - (NOW - 4 * 3600)
    # Water that is poured soaks in for a while; a level that jumps is a probe that was moved.
    wet = np.where(since > 0, 55.0 - 25.0 * np.exp(-np.maximum(since, 0.0) / 1200), 30.0)
    inputs, tracks = {Input.MOISTURE: known(55)}, {Input.MOISTURE: series(times, wet)}
    first = judged(inputs, tracks, last={Care.WATERED: NOW - 9 * DAY})
    assert len(first.waterings) == 1
    at = first.waterings[0].at
    assert at == pytest.approx(NOW - 4 * 3600, abs=900)
    assert first.state.last[Care.WATERED] == at
    assert judged(inputs, tracks, seen_until=at).waterings == ()


@pytest.mark.parametrize(
    ("told", "days", "due"),
    [
        # The clocks went forward on 29 March and back on 25 October.
        ("2026-03-27T23:30", 7, "2026-04-03T23:30"),
        ("2026-10-22T00:30", 7, "2026-10-29T00:30"),
    ],
)
def test_days_are_those_of_the_house(told: str, days: int, due: str) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    at = datetime.fromisoformat(told).replace(tzinfo=berlin).timestamp()
    state = judged(last={Care.WATERED: at}, now=at + 60, zone=berlin).state
    assert state.next_watering is not None
    assert datetime.fromtimestamp(state.next_watering, berlin).isoformat()[:16] == due
    assert SUMMER.water_days == days
    overdue = state.next_watering + DAY
    for late, problem in ((-60, False), (60, True)):
        state = judged(last={Care.WATERED: at}, now=overdue + late, zone=berlin).state
        assert state.problem is problem


def test_nothing_was_seen_today_yet_and_that_is_known() -> None:
    night = lit(0.0, MIDNIGHT - DAY, MIDNIGHT - 3600)
    quiet = judged({Input.LIGHT: known(0.0)}, {Input.LIGHT: night}, now=MIDNIGHT + 60).state
    assert quiet.dli_today == 0
    silent = {Input.LIGHT: known(100.0, stale=True)}
    evening = lit(100.0, MIDNIGHT - DAY, MIDNIGHT - 5 * 3600)
    assert judged(silent, {Input.LIGHT: evening}, now=MIDNIGHT + 60).state.dli_today is None
    assert judged({Input.LIGHT: known(None)}, now=MIDNIGHT + 60).state.dli_today is None


def test_a_probe_in_the_air_says_nothing_of_the_soil() -> None:
    times = np.arange(NOW - 5 * 3600, NOW + 1, 60.0)
    pulled = series(times, np.where(times > NOW - 600, 0.5, 40.0))
    state = judged({Input.MOISTURE: known(0.5)}, {Input.MOISTURE: pulled}).state
    assert state.reasons == ("probe_out_of_soil",)
    assert (state.problem, state.score, state.next_watering) == (True, None, None)
    assert state.drying is not None
    assert state.drying.silence is Silence.FAULTY
    assert [one.kind for one in state.suspected] == [AnomalyKind.PROBE_OUT]


def test_a_sensor_that_never_moves_does_not_look_healthy() -> None:
    hours = NOW - 3600 * np.arange(24 * 3)
    stuck = series(hours, np.full(len(hours), 21.3))
    state = judged({Input.TEMPERATURE: known(21.3)}, {Input.TEMPERATURE: stuck}).state
    assert (state.problem, state.score, state.reasons) == (True, None, ("temperature_faulty",))
    air = {Input.TEMPERATURE: known(21.3), Input.HUMIDITY: known(50)}
    assert judged(air, {Input.TEMPERATURE: stuck}).state.vpd is None


def test_a_leak_is_a_problem() -> None:
    model = taught(pot(60))
    times = np.arange(NOW - 3 * DAY, NOW + 1, 300.0)
    level = 12 + 40 * np.exp(-0.12 * (times - times[0]) / DAY)
    level[-120:] -= np.linspace(0, 18, 120)
    found = judged({Input.MOISTURE: known(30)}, {Input.MOISTURE: series(times, level)}, model=model)
    assert found.state.reasons == ("leak",)
    assert found.state.problem is True
    later = judged(
        {Input.MOISTURE: known(30)}, now=NOW + 3600, model=model, suspicions=found.suspicions
    )
    assert later.state.reasons == ("leak",)


def test_chores_count_from_when_the_plant_was_first_seen_or_from_the_last_time() -> None:
    chores = {Care.ROTATED: 30, Care.CLEANED: 60}
    state = judged(since=NOW - 10 * DAY, chores=chores).state
    assert state.next_chores == {Care.ROTATED: NOW + 20 * DAY, Care.CLEANED: NOW + 50 * DAY}
    done = {Care.ROTATED: NOW - DAY}
    assert judged(since=NOW - 10 * DAY, chores=chores, last=done).state.next_chores == {
        Care.ROTATED: NOW + 29 * DAY,
        Care.CLEANED: NOW + 50 * DAY,
    }
    # What can wait is no problem.
    assert judged(since=NOW - 90 * DAY, chores=chores).state.reasons == ()


def course(end: float) -> Series:
    """Ten days in which a pot dries from 60 to 40 %."""
    times = np.arange(end - 10 * DAY, end + 1, 600.0)
    return series(times, 60.0 - 20.0 * (times - times[0]) / (10 * DAY))


@pytest.mark.parametrize(
    ("later", "inputs", "whole"),
    [
        (60.0, {Input.MOISTURE: known(40.5)}, False),
        (599.0, {Input.MOISTURE: known(38.1)}, False),
        (600.0, {Input.MOISTURE: known(40)}, True),
        (-600.0, {Input.MOISTURE: known(40)}, True),
        (60.0, {Input.MOISTURE: known(42)}, True),
        (60.0, {Input.MOISTURE: known(38)}, True),
        (60.0, {Input.MOISTURE: known(None)}, True),
        (60.0, {Input.MOISTURE: known(40, stale=True)}, True),
        (60.0, {Input.MOISTURE: known(40), Input.TEMPERATURE: known(20)}, True),
        (60.0, {}, True),
    ],
)
def test_the_past_is_looked_at_again_when_something_has_moved(
    later: float, inputs: Mapping[Input, InputState], *, whole: bool
) -> None:
    tracks = {Input.MOISTURE: course(NOW)}
    first = judged({Input.MOISTURE: known(40)}, tracks)
    again = judged(inputs, tracks, now=NOW + later, studied=first.studied)
    assert (again.studied is not first.studied) is whole
    drying = again.state.drying
    assert (drying is not None and drying.at == NOW + later) is (whole and bool(inputs))


def test_what_is_about_to_be_told_is_looked_into() -> None:
    tracks = {Input.MOISTURE: course(NOW)}
    first = judged({Input.MOISTURE: known(13)}, tracks)
    assert first.remembered.coming == {}
    warm = {Input.MOISTURE: known(13.5), Input.TEMPERATURE: known(20)}
    second = judged(warm, tracks, now=NOW, studied=first.studied, remembered=first.remembered)
    third = judged(
        {**warm, Input.TEMPERATURE: known(-20)},
        tracks,
        now=NOW + 60,
        studied=second.studied,
        remembered=second.remembered,
    )
    assert third.studied is second.studied
    assert third.remembered.coming
    fourth = judged(
        {**warm, Input.TEMPERATURE: known(-20)},
        tracks,
        now=NOW + 120,
        studied=third.studied,
        remembered=third.remembered,
    )
    assert fourth.studied is not third.studied


def test_health_and_reasons_are_of_now_whatever_was_studied_before() -> None:
    inputs = {Input.MOISTURE: known(40), Input.TEMPERATURE: known(20)}
    first = judged(inputs)
    later = judged(
        {**inputs, Input.TEMPERATURE: known(-20)},
        now=NOW + 300,
        studied=first.studied,
        remembered=first.remembered,
    )
    assert later.studied is first.studied
    told = judged(
        {**inputs, Input.TEMPERATURE: known(-20)},
        now=NOW + 560,
        studied=later.studied,
        remembered=later.remembered,
    )
    assert told.state.reasons == ("temperature_too_low",)


def test_a_night_in_which_nobody_listened_does_not_end_the_forecast() -> None:
    times = np.arange(NOW - 17 * DAY, NOW - 8 * 3600, 1800.0)
    weeks = (times - times[0]) / DAY % 7
    tracks = {Input.MOISTURE: series(times, 15 + 50 * np.exp(-weeks / 4))}
    at = float(times[-1])
    heard = InputState(value=45.0, measured_at=at, stale=False, fresh=1, sources=1)
    before = judged({Input.MOISTURE: heard}, tracks, now=at).state.days_to_dry
    state = judged({Input.MOISTURE: heard}, tracks).state
    assert before is not None
    assert before.low is not None
    assert state.days_to_dry is not None
    assert state.days_to_dry.low == pytest.approx(before.low - (NOW - at) / DAY, abs=0.2)
    assert state.watering_between is not None
    assert state.watering_between[0] is not None
    silent = InputState(value=37.0, measured_at=at, stale=True, sources=1)
    assert judged({Input.MOISTURE: silent}, tracks).state.days_to_dry is None
