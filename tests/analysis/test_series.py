import numpy as np
import pytest
from hypothesis import given, strategies as st

from custom_components.plant_vita.analysis.series import (
    MOST_CELLS,
    NOTHING,
    interval,
    middle,
    noise,
    regular,
    series,
    trailing_mean,
)
from tests.analysis.readings import ANYTHING, MOMENTS, NOW, readings


def test_readings_are_brought_into_order() -> None:
    found = series([30, 10, 20, 10, 40, float("inf")], [3, 1, 2, 11, float("nan"), 5])
    assert found.times.tolist() == [10, 20, 30]
    assert found.values.tolist() == [11, 2, 3]


def test_times_and_values_go_together() -> None:
    with pytest.raises(ValueError, match="2 times for 1 values"):
        series([1, 2], [1])


def test_a_stretch_holds_both_its_ends() -> None:
    found = series([1, 2, 3, 4], [1, 2, 3, 4]).between(2, 3)
    assert found.times.tolist() == [2, 3]
    assert len(NOTHING.between(0, 1)) == 0


@pytest.mark.parametrize(
    ("hold", "fill", "expected"),
    [
        (0, 0, [2, None, 5, None, None, None]),
        (11, 0, [2, 9, 5, None, None, None]),
        (0, 10, [2, 3.5, 5, None, None, None]),
        (0, 9.9, [2, None, 5, None, None, None]),
        (25, 0, [2, 9, 5, 5, None, None]),
    ],
)
def test_the_median_of_each_cell(hold: float, fill: float, expected: list[float | None]) -> None:
    given_ = series([0, 4, 9.9, 20], [1, 2, 9, 5])
    grid = regular(given_, start=0, step=10, count=6, hold=hold, fill=fill)
    assert [None if np.isnan(v) else v for v in grid.values] == expected
    assert grid.ends.tolist() == [10, 20, 30, 40, 50, 60]


def test_the_median_of_an_even_number_lies_between() -> None:
    assert regular(series([0, 1], [1, 2]), start=0, step=10, count=1).values.tolist() == [1.5]


def test_what_lies_outside_the_grid_stays_outside() -> None:
    grid = regular(series([-1, 10], [7, 8]), start=0, step=10, count=1)
    assert np.isnan(grid.values).all()


@pytest.mark.parametrize(
    ("start", "step", "count"),
    [(0, 0, 1), (0, -1, 1), (0, 1, -1), (0, 1, MOST_CELLS + 1), (float("nan"), 1, 1)],
)
def test_no_grid_without_sense(start: float, step: float, count: int) -> None:
    with pytest.raises(ValueError, match=r"cells|grid"):
        regular(NOTHING, start=start, step=step, count=count)


def test_noise_is_neither_trend_nor_spike() -> None:
    times = np.arange(2000.0)
    dice = np.random.default_rng(1)
    assert noise(series(times, 3 * times)) == 0
    wild = dice.normal(0, 2, 2000) + times
    wild[::50] += 500
    assert noise(series(times, wild)) == pytest.approx(2, rel=0.1)
    assert noise(NOTHING) == 0


def test_the_usual_interval() -> None:
    assert interval(series([0, 10, 20, 900], [1, 1, 1, 1])) == 10
    assert np.isnan(interval(series([1], [1])))


def test_trailing_means_need_half_of_the_values() -> None:
    found = trailing_mean(np.array([1.0, np.nan, 3.0, np.nan, np.nan, np.nan]), 4)
    assert np.isnan(found[[0, 1, 5]]).all()
    assert found[[2, 3, 4]].tolist()[:2] == [2, 2]
    assert np.isnan(found[4])


@given(st.lists(st.tuples(MOMENTS, ANYTHING)))
def test_any_readings_come_out_rising_and_finite(pairs: list[tuple[float, float]]) -> None:
    found = series([t for t, _ in pairs], [v for _, v in pairs])
    assert (np.diff(found.times) > 0).all()
    assert np.isfinite(found.times).all()
    assert np.isfinite(found.values).all()


@given(readings(), st.floats(1, 1e6), st.integers(0, 50), st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_grid_lies_within_its_readings(
    given_: object, step: float, count: int, hold: float, fill: float
) -> None:
    grid = regular(given_, start=NOW - 20 * step, step=step, count=count, hold=hold, fill=fill)
    assert grid.values.shape == (count,)
    known = grid.values[np.isfinite(grid.values)]
    if len(known):
        assert known.min() >= given_.values.min() - 1e-6 * abs(given_.values.min())
        assert known.max() <= given_.values.max() + 1e-6 * abs(given_.values.max())


def test_what_changed_while_nobody_listened_is_no_noise() -> None:
    """A frost came in a night in which a house was off: what it says now is not uncertain."""
    minutes = np.array([0.0, 20, 40, 260, 280, 300])
    falling = series(60 * minutes, [4.3, 4.1, 3.9, 1.5, 1.0, 0.9])
    assert noise(falling) < 0.3
    assert noise(series(60 * minutes[:4], [4.3, 4.1, 3.9, 1.5])) == 0.0


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_the_middle_is_numpys_median(values: list[float]) -> None:
    assert middle(np.array(values)) == np.median(values)
