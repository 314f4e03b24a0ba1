import numpy as np
import pytest

from benchmarks.watering_events import (
    PER_DAY,
    RULES,
    TROUBLES,
    counts,
    fifteen_points,
    matched,
    pot,
)
from custom_components.plant_vita.analysis.series import series


def test_the_same_for_everybody() -> None:
    one, again, other = pot("all", 3), pot("all", 3), pot("all", 4)
    assert one.moisture.tolist() == again.moisture.tolist()
    assert one.watered == again.watered
    assert one.moisture.tolist() != other.moisture.tolist()


@pytest.mark.parametrize("trouble", TROUBLES)
def test_every_pot_is_watered_and_within_range(trouble: str) -> None:
    one = pot(trouble, 1)
    assert 2 <= len(one.watered) <= 5
    assert one.moisture.min() >= 0
    assert one.moisture.max() <= 100
    assert len(one.moisture) == 10 * PER_DAY


def test_water_shows_in_a_pot_without_trouble() -> None:
    one = pot("none", 2)
    for moment in one.watered:
        assert one.moisture[moment + 60] > one.moisture[moment - 1] + 2


def test_each_event_matches_once() -> None:
    assert matched([100.0, 200.0], [150.0]) == [True]
    assert matched([150.0], [100.0, 200.0]) == [True, False]
    assert matched([0.0], [2800.0]) == [False]
    assert matched([3000.0], [0.0]) == [False]
    assert matched([2600.0], [0.0]) == [True]
    assert matched([], [1.0]) == [False]


def test_the_fifteen_point_rule() -> None:
    times = 60.0 * np.arange(300)
    up = np.where(times >= 6000, 46.0, 30.0)
    assert fifteen_points(series(times, up)) == [6000.0]
    assert fifteen_points(series(times, np.where(times >= 6000, 44.0, 30.0))) == []


def test_ours_is_at_least_as_good_as_the_rule_on_one_pot() -> None:
    assert set(RULES) == {"15 points", "15 points, filtered", "Plant Vita"}
    tally = counts("Plant Vita", "drift", 5, range(1))
    assert tally.hits == tally.told == tally.there


def test_how_clear_a_watering_is_goes_with_it() -> None:
    one = pot("noise", 1)
    assert 0.3 <= one.noise <= 2.0
    tally = counts("15 points", "noise", 10, range(1, 2))
    assert tally.clear == [rise / one.noise for rise in one.rises]
    assert len(tally.seen) == len(one.watered)
    assert sum(tally.seen) == tally.hits


def test_waterings_in_slow_and_troubled_readings_are_found_and_nothing_else_is() -> None:
    tally = counts("Plant Vita", "all", 10, range(3000, 3003))
    assert tally.there == 11
    assert tally.hits >= 10
    assert tally.told - tally.hits <= 1
