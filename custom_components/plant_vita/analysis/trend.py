"""Where something is going: growth (green area, height) or health over weeks.

The median of the slopes between all pairs of days (Theil and Sen), which a third of bad photos
does not move, with the interval that Sen (1968) gives from Kendall's test.
"""

import math

import numpy as np

from ..model.plant import Direction, Trend
from .series import DAY_S, Series, regular

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
    level = grid.values[known]
    first, second = np.triu_indices(len(known), 1)
    slopes = np.sort((level[second] - level[first]) / (known[second] - known[first]) * WEEK)
    weekly = float(np.median(slopes))
    low, high = _interval(slopes, len(known))
    return Trend(
        direction=_direction(weekly, low, high, matters, before), weekly=weekly, low=low, high=high
    )


def _interval(slopes: np.ndarray, points: int) -> tuple[float, float]:
    spread = _Z90 * math.sqrt(points * (points - 1) * (2 * points + 5) / 18)
    rank = math.floor((len(slopes) - spread) / 2)
    lower, upper = max(rank, 0), min(len(slopes) - 1 - rank, len(slopes) - 1)
    return float(slopes[lower]), float(slopes[upper])


def _direction(
    weekly: float, low: float, high: float, matters: float, before: Direction
) -> Direction:
    up = matters / 2 if before is Direction.RISING else matters
    down = matters / 2 if before is Direction.FALLING else matters
    if weekly >= up and (low > 0 or before is Direction.RISING):
        return Direction.RISING
    if weekly <= -down and (high < 0 or before is Direction.FALLING):
        return Direction.FALLING
    return Direction.STEADY
