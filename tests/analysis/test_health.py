import json
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, strategies as st

from custom_components.plant_vita.analysis.health import (
    Observed,
    Remembered,
    as_stored,
    from_stored,
    judge,
    next_turn,
    score,
)
from custom_components.plant_vita.analysis.series import noise, series
from custom_components.plant_vita.model.plant import Health, Status
from custom_components.plant_vita.model.species import Band, Measure

MOIST = Band(minimum=15, low=25, high=60, maximum=75)
WARM = Band(minimum=10, low=18, high=28, maximum=35)
BANDS = {Measure.MOISTURE: MOIST, Measure.TEMPERATURE: WARM}
GOOD = {Measure.MOISTURE: Observed(value=40.0), Measure.TEMPERATURE: Observed(value=22.0)}


def once(**values: float | None) -> Health:
    seen = {Measure(name): Observed(value=value) for name, value in values.items()}
    return judge(BANDS, GOOD | seen, Remembered(), now=0.0)[0]


def test_all_is_well() -> None:
    found = once()
    assert (found.score, found.limiting, found.problem, found.complete) == (100, None, False, True)
    assert {factor.status for factor in found.factors} == {Status.GOOD}


@pytest.mark.parametrize(
    ("value", "status", "points", "whole", "problem"),
    [
        (40, Status.GOOD, 100, 100, False),
        (24, Status.LOW, 95, 96, False),
        (16, Status.LOW, 55, 62, False),
        (14, Status.TOO_LOW, 45.8, 54, True),
        (5, Status.TOO_LOW, 8.3, 22, True),
        (2, Status.TOO_LOW, 0, 15, True),
        (65, Status.HIGH, 83.3, 86, False),
        (80, Status.TOO_HIGH, 33.3, 43, True),
    ],
)
def test_how_moist(value: float, status: Status, points: float, whole: int, problem: bool) -> None:
    found = once(moisture=value)
    (factor,) = [f for f in found.factors if f.measure is Measure.MOISTURE]
    assert factor.status is status
    assert factor.score == pytest.approx(points, abs=0.1)
    assert found.score == whole
    assert found.problem is problem
    assert found.limiting is (None if status is Status.GOOD else Measure.MOISTURE)


def test_the_worst_limits() -> None:
    assert once(moisture=20, temperature=36).limiting is Measure.TEMPERATURE
    assert once(moisture=8, temperature=17).limiting is Measure.MOISTURE


def test_stale_is_not_healthy() -> None:
    seen = GOOD | {Measure.MOISTURE: Observed(value=40.0, stale=True)}
    found, _ = judge(BANDS, seen, Remembered(), now=0.0)
    assert [f.status for f in found.factors] == [Status.STALE, Status.GOOD]
    assert found.factors[0].score is None
    assert found.problem is None
    assert not found.complete


def test_nothing_known_is_no_health() -> None:
    found, _ = judge(BANDS, {}, Remembered(), now=0.0)
    assert (found.score, found.problem, found.complete) == (None, None, False)
    assert judge({}, GOOD, Remembered(), now=0.0)[0].score is None
    stale = {measure: Observed(value=40.0, stale=True) for measure in BANDS}
    assert judge(BANDS, stale, Remembered(), now=0.0)[0].score is None


def test_what_is_known_to_be_bad_is_a_problem_whatever_else_is_unknown() -> None:
    assert once(moisture=5, temperature=None).problem is True


def run(values: list[tuple[float, float]]) -> list[Status]:
    """The status of the moisture as (minute, value) come in."""
    before, shown = Remembered(), []
    for minute, value in values:
        seen = GOOD | {Measure.MOISTURE: Observed(value=value)}
        health, before = judge(BANDS, seen, before, now=60.0 * minute)
        before = from_stored(json.loads(json.dumps(as_stored(before))))  # a restart each time
        shown.append(health.factors[0].status)
    return shown


def test_a_value_that_dances_on_the_limit_does_not_flap() -> None:
    dance = [(minute, 15.0 + (1.5 if minute % 2 else -1.5)) for minute in range(300)]
    shown = run([(-60, 30.0), *dance])
    assert len({*shown}) <= 3
    changes = sum(a is not b for a, b in pairwise(shown))
    assert changes <= 2


def test_a_change_has_to_last() -> None:
    shown = run([(0, 30), (1, 20), (10, 20), (15.9, 20), (16, 20), (17, 30), (20, 30), (32, 30)])
    good, low = Status.GOOD, Status.LOW
    assert shown == [good, good, good, good, low, low, low, good]


def test_a_moment_of_good_does_not_end_what_is_bad() -> None:
    shown = run([(0, 10), (5, 30), (10, 10), (15, 30), (29, 30), (30, 30)])
    assert shown[:5] == [Status.TOO_LOW] * 5
    assert shown[5] is Status.GOOD


def test_coming_back_needs_a_margin() -> None:
    # Five per cent of the width of 60: three points.
    assert run([(0, 10), (5, 17.5), (125, 17.5)])[-1] is Status.TOO_LOW
    assert run([(0, 10), (5, 18.5), (124, 18.5)])[-1] is Status.TOO_LOW
    assert run([(0, 10), (5, 18.5), (125, 18.5)])[-1] is Status.LOW


@pytest.mark.parametrize(
    ("measure", "value", "minutes"),
    [
        (Measure.MOISTURE, 14.0, 4),
        (Measure.TEMPERATURE, 9.0, 4),
        (Measure.TEMPERATURE, 36.0, 4),
        # Water that was poured drains first.
        (Measure.MOISTURE, 80.0, 60),
    ],
)
def test_an_alarm_is_told_within_minutes(measure: Measure, value: float, minutes: int) -> None:
    before = judge(BANDS, GOOD, Remembered(), now=0.0)[1]
    seen = GOOD | {measure: Observed(value=value)}
    health, before = judge(BANDS, seen, before, now=60.0)
    assert health.problem is False
    assert next_turn(seen, before) == 60.0 + 60.0 * minutes
    health, later = judge(BANDS, seen, before, now=59.0 + 60.0 * minutes)
    assert health.problem is False
    health, later = judge(BANDS, seen, later, now=60.0 + 60.0 * minutes)
    assert health.problem is True
    assert next_turn(seen, later) is None


def test_one_wild_report_is_no_alarm() -> None:
    shown = run([(0, 30), (1, 5), (2, 30), (3, 5), (4, 30), (5, 5), (6, 30)])
    assert shown == [Status.GOOD] * 7


def test_what_is_doubted_waits_for_the_next_report() -> None:
    before = judge(BANDS, GOOD, Remembered(), now=0.0)[1]
    seen = GOOD | {Measure.MOISTURE: Observed(value=5.0, doubted_s=900.0)}
    before = judge(BANDS, seen, before, now=60.0)[1]
    health, before = judge(BANDS, seen, before, now=959.0)
    assert health.problem is False
    assert judge(BANDS, seen, before, now=960.0)[0].problem is True


def test_noise_moves_an_alarm_but_by_no_more_than_the_margin() -> None:
    for wavers, value, bad in ((0.0, 14.9, True), (1.0, 14.0, False), (1.0, 12.9, True)):
        seen = GOOD | {Measure.MOISTURE: Observed(value=value, noise=wavers)}
        assert judge(BANDS, seen, Remembered(), now=0.0)[0].problem is bad
    wild = GOOD | {Measure.MOISTURE: Observed(value=11.9, noise=50.0)}
    assert judge(BANDS, wild, Remembered(), now=0.0)[0].problem is True


@pytest.mark.parametrize("every", [1, 10])
@pytest.mark.parametrize("sigma", [0.5, 1.5, 3.0])
@pytest.mark.parametrize("away", [-3, 0, 1, 2, 3, 5])
def test_a_noisy_sensor_near_its_limit_changes_twice_a_day_at_most(
    away: float, sigma: float, every: int
) -> None:
    values = 15.0 + away + np.random.default_rng(3).normal(0, sigma, 5 * 1440 // every)
    wavers = noise(series(np.arange(len(values)), values))
    before, problems = Remembered(), []
    for index, value in enumerate(values):
        seen = {Measure.MOISTURE: Observed(value=float(value), noise=wavers)}
        for minute in {0, min(5, every - 1)}:
            now = 60.0 * (every * index + minute)
            health, before = judge({Measure.MOISTURE: MOIST}, seen, before, now=now)
            problems.append((int(now // 86_400), health.problem))
    changes = Counter(day for (_, was), (day, problem) in pairwise(problems) if was is not problem)
    assert max(changes.values(), default=0) <= 2


def test_a_sensor_at_fault_has_no_score() -> None:
    seen = GOOD | {Measure.MOISTURE: Observed(value=40.0, faulty=True)}
    found, _ = judge(BANDS, seen, Remembered(), now=0.0)
    assert [f.status for f in found.factors] == [Status.FAULTY, Status.GOOD]
    assert (found.factors[0].score, found.problem, found.complete) == (None, None, False)


def test_lost_and_found_at_once() -> None:
    seen, before = dict(GOOD), Remembered()
    shown = []
    for value in (40.0, None, 10.0):
        seen[Measure.MOISTURE] = Observed(value=value)
        health, before = judge(BANDS, seen, before, now=0.0)
        shown.append(health.factors[0].status)
    assert shown == [Status.GOOD, Status.UNKNOWN, Status.TOO_LOW]


def test_a_clock_set_back_does_not_hold_for_ever() -> None:
    assert run([(10_000, 30), (10_001, 20), (0, 20), (16, 20)])[-1] is Status.LOW


def test_scores_fall_without_steps() -> None:
    band = Band(minimum=10, low=20, high=20, maximum=40)
    points = [score(band, 20 + k / 100) for k in range(6000)]
    assert points[0] == 100
    assert points[2000] == 50
    assert points[-1] == 0
    assert max(a - b for a, b in pairwise(points)) < 0.1


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"version": 2},
        {"version": 1},
        {"version": 1, "status": {"x": "good"}, "coming": {}},
        {"version": 1, "status": [], "coming": {}},
        {"version": 1, "status": {}, "coming": {"moisture": ["low"]}},
    ],
)
def test_what_is_not_ours_starts_anew(stored: dict[str, object]) -> None:
    assert from_stored(stored) == Remembered()


@st.composite
def bands(draw: st.DrawFn) -> Band:
    return Band(
        **dict(
            zip(
                ("minimum", "low", "high", "maximum"),
                sorted(draw(st.lists(st.floats(-1e3, 1e5), min_size=4, max_size=4))),
                strict=True,
            )
        )
    )


@given(
    st.dictionaries(st.sampled_from(Measure), bands()),
    st.dictionaries(
        st.sampled_from(Measure),
        st.builds(Observed, value=st.none() | st.floats(), stale=st.booleans()),
    ),
    st.floats(0, 2e9),
)
def test_any_plant(limits: dict[Measure, Band], seen: dict[Measure, Observed], now: float) -> None:
    found, after = judge(limits, seen, Remembered(), now=now)
    assert len(found.factors) == len(limits)
    assert found.score is None or 0 <= found.score <= 100
    for factor in found.factors:
        observed = seen.get(factor.measure)
        if observed is None or observed.value is None or observed.stale:
            assert factor.score is None
            assert factor.status in {Status.STALE, Status.UNKNOWN}
    if found.problem is False:
        assert found.complete
    assert from_stored(json.loads(json.dumps(as_stored(after)))) == after
