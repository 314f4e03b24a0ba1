import numpy as np
import pytest
from hypothesis import given, strategies as st

from custom_components.plant_vita.analysis.series import DAY_S, Series, series
from custom_components.plant_vita.analysis.trend import UNKNOWN, trend
from custom_components.plant_vita.model.plant import Direction
from tests.analysis.readings import NOW, readings

DAYS = NOW - DAY_S * np.arange(40)[::-1] - 3600


def growing(weekly: float, noise: float = 0.0) -> Series:
    return series(
        DAYS, 20 + weekly * np.arange(40) / 7 + np.random.default_rng(5).normal(0, noise, 40)
    )


def test_growth_a_week() -> None:
    found = trend(growing(1.4), now=NOW, matters=0.5)
    assert found.direction is Direction.RISING
    assert found.weekly == pytest.approx(1.4)
    assert found.low == pytest.approx(1.4)


def test_decline() -> None:
    found = trend(growing(-1.4, noise=1.0), now=NOW, matters=0.5)
    assert found.direction is Direction.FALLING
    assert found.low < -1.4 < found.high < 0


def test_noise_alone_goes_nowhere() -> None:
    found = trend(growing(0, noise=3.0), now=NOW, matters=0.0)
    assert found.direction is Direction.STEADY
    assert found.low < 0 < found.high


def test_a_third_of_bad_photos_changes_nothing() -> None:
    values = growing(1.4)
    bad = values.values.copy()
    bad[::3] = 90.0
    assert trend(series(DAYS, bad), now=NOW, matters=0.5).weekly == pytest.approx(1.4, abs=0.5)


def test_many_values_of_one_day_count_once() -> None:
    crowd = series(
        np.concatenate([DAYS, NOW - 60 - np.arange(1000.0)]),
        np.concatenate([growing(1.4).values, np.zeros(1000)]),
    )
    assert trend(crowd, now=NOW, matters=0.5).weekly == pytest.approx(1.4, abs=0.2)


def test_the_direction_does_not_flap() -> None:
    slight = growing(0.4)
    assert trend(slight, now=NOW, matters=0.5).direction is Direction.STEADY
    assert (
        trend(slight, now=NOW, matters=0.5, before=Direction.RISING).direction is Direction.RISING
    )
    assert (
        trend(growing(0.2), now=NOW, matters=0.5, before=Direction.RISING).direction
        is Direction.STEADY
    )


@pytest.mark.parametrize("days", [0, 1, 4, 7])
def test_too_little_to_tell(days: int) -> None:
    assert trend(series(DAYS[:days], np.arange(days)), now=NOW, matters=0.1) == UNKNOWN


def test_what_is_old_is_over() -> None:
    assert trend(growing(5), now=NOW + 60 * DAY_S, matters=0.1) == UNKNOWN


@given(readings(), st.floats(0, 10), st.sampled_from(Direction))
def test_any_values(values: Series, matters: float, before: Direction) -> None:
    found = trend(values, now=NOW, matters=matters, before=before)
    if found.weekly is None:
        assert found == UNKNOWN
    else:
        assert found.low <= found.weekly <= found.high
