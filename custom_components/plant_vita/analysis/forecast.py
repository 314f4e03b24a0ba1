"""When a plant will be dry, with 10, 50 and 90 % quantiles, or why that cannot be said."""

import numpy as np

from ..model.plant import FARTHEST_DAYS, DryForecast, Quantiles, Silence
from .drydown import HORIZONS, DryDown, State, course, doubt, ranged, spread, states
from .history import Drivers, History, history
from .pace import FLOOR
from .series import DAY_S, HOUR_S, Floats, Series, interval

LEVELS_H = (24, 72, 168)
STALE_S = 6 * HOUR_S
_LEAST_S = DAY_S
_LOOKED_AT_DAYS = 10.0


def forecast(
    model: DryDown,
    moisture: Series,
    drivers: Drivers,
    *,
    now: float,
    dry_below: float | None,
    patience: float = STALE_S,
) -> DryForecast:
    """Days until the moisture falls below `dry_below` (%), if nobody waters.

    `moisture` holds at least the last two days where there are any, `model` is what was learnt up
    to now. Readings older than `patience` seconds, or than three of their usual intervals, are
    stale; what has passed since the newest is taken off the days.
    """

    def silent(reason: Silence) -> DryForecast:
        return DryForecast(
            at=now, days=None, silence=reason, levels={}, learnt_days=round(float(model.days[0]), 1)
        )

    moisture = moisture.between(now - 10 * DAY_S, now)
    if not len(moisture):
        return silent(Silence.NO_READINGS)
    usual = interval(moisture)
    if now - moisture.times[-1] > max(patience, 3 * usual if usual > 0 else 0.0):
        return silent(Silence.STALE)
    if moisture.times[-1] - moisture.times[0] < _LEAST_S and not model.days.any():
        return silent(Silence.TOO_SHORT)
    past = history(moisture, drivers, end=now, days=_LOOKED_AT_DAYS, aligned=False)
    if not np.isfinite(past.moisture[-1]):
        # Readings slower than a cell: the newest stands where it was taken.
        past = history(
            moisture, drivers, end=float(moisture.times[-1]), days=_LOOKED_AT_DAYS, aligned=False
        )
    return _told(model if np.isfinite(model.low) else ranged(model, past), past, now, dry_below)


def _told(model: DryDown, past: History, now: float, dry_below: float | None) -> DryForecast:
    path = quantile_paths(model, states(model, past, np.array([len(past) - 1])), FARTHEST_DAYS)
    # The path begins where the newest reading is, which may be some hours ago.
    late = max(0.0, (now - past.end) / DAY_S)
    hours = 24.0 * (np.arange(FARTHEST_DAYS + 1) - late)
    levels = {
        ahead: Quantiles(
            **{
                name: float(np.interp(ahead, hours, path[:, column]))
                for column, name in enumerate(("low", "median", "high"))
            }
        )
        for ahead in LEVELS_H
    }
    days, silence = _days(path, dry_below, late)
    return DryForecast(
        at=now,
        days=days,
        silence=silence,
        levels=levels,
        learnt_days=round(float(model.days[0]), 1),
    )


def quantile_paths(model: DryDown, state: State, days: int) -> Floats:
    """(days + 1, 3) moisture in % at whole days from one state (m = 1): 10, 50 and 90 %."""
    path = course(model, state, days)
    unit = doubt(path)[:, 0]
    ahead = np.arange(1.0, days + 1)
    wide = spread(model)
    reach = np.stack([np.interp(ahead, HORIZONS, wide[:, side]) for side in (0, 1)], axis=1)
    shares = np.repeat(path, 3, axis=1)
    # No pot dries far below the driest that it was ever seen.
    shares[1:, 0] = np.maximum(shares[1:, 0] + unit * reach[:, 0], np.minimum(path[1:, 0], FLOOR))
    shares[1:, 2] += unit * reach[:, 1]
    return np.clip(model.low + model.span * shares, 0.0, 100.0)


def _days(
    path: Floats, dry_below: float | None, late: float
) -> tuple[Quantiles | None, Silence | None]:
    if dry_below is None:
        return None, Silence.NO_THRESHOLD
    if path[0, 1] <= dry_below:
        return Quantiles(low=0.0, median=0.0, high=0.0), Silence.ALREADY_DRY
    low, median, high = (_crossing(path[:, column], dry_below, late) for column in range(3))
    if low is None:
        return None, Silence.NOT_DRYING
    return Quantiles(low=low, median=median, high=high), None


def _crossing(path: Floats, level: float, late: float) -> float | None:
    """In how many days `path` (whole days, begun `late` days ago) first reaches `level`."""
    under = np.flatnonzero(path <= level)
    if not len(under):
        return None
    day = int(under[0])
    if day == 0:
        return 0.0
    above = path[day - 1]
    return max(0.0, day - 1 + float((above - level) / max(above - path[day], 1e-9)) - late)
