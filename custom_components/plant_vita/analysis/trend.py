"""Where something is going over weeks: health, or growth.

The median of the slopes between all pairs of days (Theil and Sen), which a third of bad values
does not move, with the interval that Sen (1968) gives from Kendall's test. Where there are several
courses that cannot be compared with one another, the slopes of all are taken together, and the
variances of their tests added (Hirsch, Slack and Smith 1982).
"""

import math
from collections.abc import Sequence

import numpy as np

from ..model.plant import Direction, Trend
from .series import DAY_S, Floats, Series, regular

DAYS = 42
LEAST_DAYS = 7
LEAST_POINTS = 5
WEEK = 7.0
_Z90 = 1.645


UNKNOWN = Trend()


def trend(
    values: Series, *, now: float, matters: float, before: Direction = Direction.UNKNOWN
) -> Trend:
    """The trend of the last six weeks of `values` (any rhythm; the median of each day counts).

    Rising or falling needs a change of at least `matters` a week and an interval without zero;
    once there it stays until the change is below half of that (`before` is the last direction).
    Unknown with fewer than five days, or days that span less than a week.
    """
    start = now - DAYS * DAY_S
    grid = regular(values.between(start, now), start=start, step=DAY_S, count=DAYS)
    known = np.flatnonzero(np.isfinite(grid.values))
    if len(known) < LEAST_POINTS or known[-1] - known[0] < LEAST_DAYS:
        return UNKNOWN
    weekly, low, high = slope([(known.astype(np.float64), grid.values[known])])
    return Trend(
        direction=direction(weekly, low, high, matters, before), weekly=weekly, low=low, high=high
    )


def slope(courses: Sequence[tuple[Floats, Floats]]) -> tuple[float, float, float]:
    """The change a week that all `courses` have in common, and its 90 % interval.

    Each is (n,) days, rising, and (n,) values, two at least.
    """
    slopes, variance = [], 0.0
    for days, values in courses:
        points = len(days)
        first, second = np.triu_indices(points, 1)
        slopes.append((values[second] - values[first]) / (days[second] - days[first]) * WEEK)
        variance += points * (points - 1) * (2 * points + 5) / 18
    found = np.sort(np.concatenate(slopes))
    rank = math.floor((len(found) - _Z90 * math.sqrt(variance)) / 2)
    lower, upper = max(rank, 0), min(len(found) - 1 - rank, len(found) - 1)
    return float(np.median(found)), float(found[lower]), float(found[upper])


def direction(
    weekly: float, low: float, high: float, matters: float, before: Direction
) -> Direction:
    """Where a change a week goes, if one of `matters` does and `before` was what it did last."""
    up = matters / 2 if before is Direction.RISING else matters
    down = matters / 2 if before is Direction.FALLING else matters
    if weekly >= up and (low > 0 or before is Direction.RISING):
        return Direction.RISING
    if weekly <= -down and (high < 0 or before is Direction.FALLING):
        return Direction.FALLING
    return Direction.STEADY
