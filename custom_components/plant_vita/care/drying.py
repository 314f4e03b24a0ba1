"""How fast a soil dries at present, from its readings alone."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

DAY_S = 86_400.0
_DAYS = 7
_AROUND_S = 3 * 3600.0
# A rise above this is water, not noise: such a day says nothing of drying.
_RISE = 1.0
_LEAST_DAYS = 2


def points_a_day(readings: Sequence[tuple[float, float]], now: float) -> float | None:
    """Points of moisture that the soil lost in a day, the median of the last week's dry days.

    `readings` are (Unix seconds, %) in any order; compared are the same hours of two days, so that
    the swing of a day does not count. None where fewer than two such days are known.
    """
    levels = [_level(readings, now - back * DAY_S) for back in range(_DAYS + 1)]
    falls = [
        before - after
        for after, before in pairwise(levels)
        if before is not None and after is not None and after - before <= _RISE
    ]
    return max(0.0, median(falls)) if len(falls) >= _LEAST_DAYS else None


def _level(readings: Sequence[tuple[float, float]], at: float) -> float | None:
    near = [value for moment, value in readings if abs(moment - at) <= _AROUND_S]
    return median(near) if near else None
