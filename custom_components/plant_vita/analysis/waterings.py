"""Waterings, noticed from the soil alone.

A watering lifts the moisture within minutes to hours and the level stays. Running medians say where
it may have risen; whether that was water is weighed in `rise.py`.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..model.plant import Watering
from .rise import explained
from .series import HOUR_S, MINUTE_S, Floats, Series, interval, noise, regular, series

LOOK_BACK_S = 12 * HOUR_S
"""How much of the past a call needs to be given, beyond the newest event already known."""
_STEP_S = 5 * MINUTE_S
_LEAST_POINTS, _LEAST_NOISE, _LEAST_USUAL, _LEAST_STAYS = 1.8, 2.0, 2.5, 0.25
_LEAST_CELLS = 6
_TOGETHER_S, _APART_S = 30 * MINUTE_S, 80 * MINUTE_S
# What may be a probe that was pushed aside is looked at for longer, while it soaks in or drains.
_SOON_S, _SURE_SOON, _SURE = 3 * HOUR_S, 0.8, 0.5
_BACK = 0.7


@dataclass(frozen=True, kw_only=True, slots=True)
class _Scale:
    """How long before and after a rise is looked at, and how many times the least it must be."""

    before: float
    gap: float
    after: float
    times: float


_SCALES = (
    _Scale(before=40 * MINUTE_S, gap=10 * MINUTE_S, after=40 * MINUTE_S, times=1.0),
    _Scale(before=90 * MINUTE_S, gap=90 * MINUTE_S, after=90 * MINUTE_S, times=2.0),
    _Scale(before=150 * MINUTE_S, gap=30 * MINUTE_S, after=150 * MINUTE_S, times=0.6),
)


def waterings(moisture: Series, *, after: float, now: float) -> tuple[Watering, ...]:
    """The waterings that began after `after`, oldest first, as far as they can be told by `now`.

    `moisture` in %, from at least `LOOK_BACK_S` before `now` or from `after` on. One is told
    when the hour after it has been seen, or three if it may be something else, and only once as
    long as `after` is moved to its time.
    """
    moisture = moisture.between(max(after - 3 * HOUR_S, now - 14 * 24 * HOUR_S), now)
    if len(moisture) < 4:
        return ()
    found: list[Watering] = []
    for about in _candidates(moisture, now):
        event = _event(moisture, about, now)
        if event and event.at > after and all(abs(event.at - f.at) > _APART_S for f in found):
            found.append(event)
    return tuple(sorted(found, key=lambda event: event.at))


def _candidates(moisture: Series, now: float) -> list[float]:
    """About when the moisture may have risen and stayed; what it was is looked at afterwards."""
    step = max(_STEP_S, 1.2 * interval(moisture))
    start = float(moisture.times[0])
    count = int((now - start) // step)
    cells = regular(moisture, start=start, step=step, count=count, hold=2 * step).values
    least = max(_LEAST_POINTS, _LEAST_NOISE * _cell_noise(moisture, cells, step))
    found: list[float] = []
    for scale in _SCALES:
        reach = max(2, round((scale.gap + scale.after) / step))
        for index, before, level in _rises(cells, step, scale, least):
            first = max(0, index - _LEAST_CELLS)
            onset = _onset(cells[first : index + reach], before + 0.3 * (level - before))
            at = start + step * (first + onset)
            if all(abs(at - other) > _TOGETHER_S for other in found):
                found.append(at)
    return found


def _event(moisture: Series, about: float, now: float) -> Watering | None:
    rise = explained(moisture, about=about, now=now)
    if rise is None or rise.chance < (_SURE_SOON if now - rise.at < _SOON_S else _SURE):
        return None
    after = min(rise.before + rise.size, 100.0)
    if _returned(moisture, rise.at, rise.before, after):
        return None
    return Watering(
        at=rise.at,
        before=round(rise.before, 2),
        after=round(after, 2),
        confidence=round(rise.chance, 2),
    )


def _cell_noise(moisture: Series, cells: Floats, step: float) -> float:
    """What is left of the noise in a median over half an hour, in points."""
    known = cells[np.isfinite(cells)]
    slow = noise(series(np.arange(len(known)), known))
    inside = max(1.0, 30 * MINUTE_S / step)
    often = max(1.0, 30 * MINUTE_S / max(interval(moisture), 1.0))
    return max(slow / math.sqrt(inside), noise(moisture) / math.sqrt(often))


def _rises(
    cells: Floats, step: float, scale: _Scale, least: float
) -> list[tuple[int, float, float]]:
    """Index, level before and level after of each rise that stays and is the largest around."""
    before, gap, after = (
        max(least_cells, round(seconds / step))
        for seconds, least_cells in (
            (scale.before, _LEAST_CELLS),
            (scale.gap, 2),
            (scale.after, _LEAST_CELLS),
        )
    )
    if len(cells) < before + gap + after:
        return []
    first = _medians(cells, before)[: len(cells) - before - gap - after + 1]
    last = _medians(cells, after)[before + gap :]
    low = _quarter(cells, after)[before + gap :]
    rise = last - first
    if not np.isfinite(rise).any():
        return []
    # What the medians do by themselves: wild readings are not in the noise, but they are here.
    drying = float(np.nanmedian(rise))
    usual = 1.4826 * float(np.nanmedian(np.abs(rise - drying)))
    enough = rise - min(drying, 0.0) >= max(least * scale.times, _LEAST_USUAL * usual)
    enough &= low - first >= _LEAST_STAYS * rise
    out = []
    candidates = np.flatnonzero(enough)
    while len(candidates):
        best = int(candidates[np.argmax(rise[candidates])])
        out.append((best + before, float(first[best]), float(last[best])))
        candidates = candidates[np.abs(candidates - best) > before + gap + after]
    return out


def _medians(cells: Floats, width: int) -> Floats:
    """(n - width + 1,) medians of `width` cells; NaN where under half are known."""
    return _ranked(cells, width, 0.5)


def _quarter(cells: Floats, width: int) -> Floats:
    return _ranked(cells, width, 0.25)


def _ranked(cells: Floats, width: int, share: float) -> Floats:
    windows = np.sort(sliding_window_view(cells, width), axis=1)  # NaN sorts last
    known = np.isfinite(windows).sum(axis=1)
    rank = np.maximum(((known - 1) * share).astype(np.int64), 0)
    found: Floats = windows[np.arange(len(windows)), rank]
    return np.where(known * 2 >= width, found, np.nan)


def _onset(window: Floats, limit: float) -> int:
    """The cell from which on most are over `limit`, and before which most are under it.

    A wild reading before the water is not the water.
    """
    over = np.where(np.isfinite(window), np.where(window > limit, 1, -1), 0)
    # For each beginning, how many cells are on the side where they should be.
    fits = np.concatenate(([0], np.cumsum(-over))) + np.append(np.cumsum(over[::-1])[::-1], 0)
    return int(np.argmax(fits[:-1])) if len(window) else 0


def _returned(moisture: Series, at: float, before: float, level: float) -> bool:
    """Whether the soil was as wet for hours, but for a dip: what comes back is no water."""
    earlier = moisture.between(at - 4 * HOUR_S, at - HOUR_S).values
    if len(earlier) < _LEAST_CELLS:
        return False
    return bool(np.median(earlier) > before + _BACK * (level - before))
