"""How fast a plant grows, by the green area of photos of the same view."""

import numpy as np
import pytest

from custom_components.plant_vita.analysis.growth import growth
from custom_components.plant_vita.analysis.series import DAY_S, Series, series
from custom_components.plant_vita.analysis.trend import UNKNOWN
from custom_components.plant_vita.model.plant import Direction
from tests.analysis.readings import NOW


def photos(
    *days_ago: float, green: float = 10.0, weekly: float = 5.0, noise: float = 0.0
) -> Series:
    """The area of a plant that grows by `weekly` %, with noise in % of it; `green` is today's."""
    days = np.array(days_ago)
    dice = np.random.default_rng(4).normal(0, noise / 100, len(days))
    area = green * (1 + weekly / 100) ** (-days / 7) * (1 + dice)
    return series(NOW - days * DAY_S, area)


def test_growth_in_percent_a_week() -> None:
    found = growth([photos(0, 7, 14, 21, 28)], now=NOW)
    assert found.weekly == pytest.approx(5.0)
    assert (found.low, found.high) == (pytest.approx(5.0), pytest.approx(5.0))
    assert found.direction is Direction.RISING


def test_a_plant_that_withers() -> None:
    found = growth([photos(*range(30), weekly=-8.0, noise=3.0)], now=NOW)
    assert found.direction is Direction.FALLING
    assert found.weekly == pytest.approx(-8.0, abs=0.7)
    assert found.low < -8.0 < found.high < 0


def test_two_views_are_not_compared_with_one_another() -> None:
    """From nearby the same leaves are five times as large."""
    far, near = photos(*range(20, 40, 4), green=5.0), photos(*range(0, 20, 4), green=25.0)
    found = growth([far, near], now=NOW)
    assert found.weekly == pytest.approx(5.0)
    mixed = series(np.append(far.times, near.times), np.append(far.values, near.values))
    assert growth([mixed], now=NOW).weekly > 20


def test_light_that_changes_widens_what_can_be_said() -> None:
    steady = growth([photos(*range(40), weekly=0.0, noise=15.0)], now=NOW)
    assert steady.direction is Direction.STEADY
    assert steady.low < 0 < steady.high
    few = growth([photos(0, 8, 16, 24, 32, weekly=0.0, noise=15.0)], now=NOW)
    assert few.high - few.low > 2 * (steady.high - steady.low)


def test_a_few_bad_photos_change_little() -> None:
    good = photos(*range(30))
    area = good.values.copy()
    area[::5] = 60.0
    assert growth([series(good.times, area)], now=NOW).weekly == pytest.approx(5.0, abs=1.5)


@pytest.mark.parametrize(
    "views",
    [
        [],
        [photos(0, 7, 14, 21)],  # four days
        [photos(0, 0.1, 0.2, 0.3, 20)],  # two days
        [photos(0, 3, 6, 9, 12)],  # not two weeks
        [photos(61, 70, 80, 90, 100)],  # long ago
        [photos(0, 7, 14), photos(21, 28, 35)],  # moved in between
        [photos(0, 7, 14, 21, 28, green=0.0)],  # nothing green
    ],
)
def test_too_little_to_tell(views: list[Series]) -> None:
    assert growth(views, now=NOW) == UNKNOWN


def test_a_direction_does_not_flap() -> None:
    """Below 1 % a week nothing grows; what grew still does above half of that."""
    slow = [photos(*range(40), weekly=0.7)]
    assert growth(slow, now=NOW).direction is Direction.STEADY
    assert growth(slow, now=NOW, before=Direction.RISING).direction is Direction.RISING
