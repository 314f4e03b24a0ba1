"""How fast a plant grows, from the green area in photos of it.

A plant that grows adds a share of itself, so the slope is that of the logarithm. Two photos are
only compared where they show the same view: nearer to the camera everything is larger.
"""

import math
from collections.abc import Sequence

import numpy as np

from ..model.plant import Direction, Trend
from .series import DAY_S, Floats, Series
from .trend import LEAST_POINTS, UNKNOWN, direction, slope

DAYS = 60
LEAST_DAYS = 14
MATTERS = 1.0
"""Below so many % a week nobody sees a plant grow."""


def growth(views: Sequence[Series], *, now: float, before: Direction = Direction.UNKNOWN) -> Trend:
    """The change of the green area over the last 60 days, in % a week.

    `views` has the green area (in any unit, above zero) of the photos of each view; of several on
    one day (24 hours, counted back from `now`) the median counts. Unknown without a view of which
    there are photos of five days, the first and the last of them two weeks apart. `before` is the
    last direction.
    """
    courses = [course for view in views if (course := _course(view, now)) is not None]
    if not courses:
        return UNKNOWN
    found = [100 * math.expm1(weekly) for weekly in slope(courses)]
    weekly, low, high = found
    return Trend(
        direction=direction(weekly, low, high, MATTERS, before), weekly=weekly, low=low, high=high
    )


def _course(view: Series, now: float) -> tuple[Floats, Floats] | None:
    ages = (now - view.times) / DAY_S
    use = (ages >= 0) & (ages < DAYS) & (view.values > 0)
    ages, areas = ages[use], view.values[use]
    days = np.floor(ages)
    each = [days == day for day in np.unique(days)[::-1]]
    moments = np.array([-np.median(ages[day]) for day in each])
    if len(each) < LEAST_POINTS or moments[-1] - moments[0] < LEAST_DAYS:
        return None
    return moments, np.log([np.median(areas[day]) for day in each])
