"""Waterings, noticed from the soil alone.

A watering lifts the moisture within minutes to hours and the level stays. Drift is too slow, a
spike does not stay, and a probe that was moved shows itself: it read air for a moment, or its
level jumped from one reading to the next and then neither soaked in nor drained.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..model.plant import Watering
from .series import HOUR_S, MINUTE_S, Floats, Series, interval, noise, regular, series

LOOK_BACK_S = 12 * HOUR_S
"""How much of the past a call needs to be given, beyond the newest event already known."""
_STEP_S = 5 * MINUTE_S
_LEAST_POINTS = 2.5
_LEAST_NOISE = 5.0
_LEAST_RISE = 5.0
_LEAST_CELLS = 6
_AIR, _AIR_DROP = 3.0, 8.0
_SHARP_S = 6 * MINUTE_S
_COARSE_S = 15 * MINUTE_S
_CLEAR, _STILL, _LEAST_STILL, _STILL_NOISES = 5.0, 0.02, 0.3, 0.6
_SOAKED, _JUMP, _BACK = 0.08, 0.8, 0.7


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
)


def waterings(moisture: Series, *, after: float, now: float) -> tuple[Watering, ...]:
    """The waterings that began after `after`, oldest first, as far as they can be told by `now`.

    `moisture` in %, from at least `LOOK_BACK_S` before `now` or from `after` on. One is told
    when the hour after it has been seen, and only once as long as `after` is moved to its time.
    """
    moisture = moisture.between(max(after - 3 * HOUR_S, now - 14 * 24 * HOUR_S), now)
    if len(moisture) < 4:
        return ()
    step = max(_STEP_S, 1.2 * interval(moisture))
    start = float(moisture.times[0])
    count = int((now - start) // step)
    cells = regular(moisture, start=start, step=step, count=count, hold=2 * step).values
    least = max(_LEAST_POINTS, _LEAST_NOISE * _cell_noise(moisture, cells, step))
    found: list[Watering] = []
    for scale in _SCALES:
        for index, before, level in _rises(cells, step, scale, least):
            event = _event(moisture, cells, (start, step), scale, (index, before, level))
            if event and all(abs(event.at - other.at) > 2 * scale.before for other in found):
                found.append(event)
    return tuple(sorted((f for f in found if f.at > after), key=lambda f: f.at))


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
    # What the medians do by themselves: wild readings are not in the noise, but they are here.
    usual = 1.4826 * float(np.nanmedian(np.abs(rise))) if np.isfinite(rise).any() else 0.0
    enough = rise >= max(least * scale.times, _LEAST_RISE * usual)
    enough &= low - first >= 0.4 * rise
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


def _event(
    moisture: Series,
    cells: Floats,
    grid: tuple[float, float],
    scale: _Scale,
    rise: tuple[int, float, float],
) -> Watering | None:
    start, step = grid
    index, before, level = rise
    reach = max(2, round((scale.gap + scale.after) / step))
    first = max(0, index - _LEAST_CELLS)
    onset = _onset(cells[first : index + reach], before + 0.3 * (level - before))
    at = start + step * (first + onset)
    if (
        _was_out(moisture, at, step, before)
        or _returned(moisture, at, before, level)
        or _jumped(moisture, at, step, before, level)
        or _stepped(moisture, at, step, before, level)
    ):
        return None
    size = level - before
    sure = size / (size + 1.5 * max(_LEAST_POINTS, 0.5 * step / MINUTE_S))
    return Watering(
        at=at, before=round(before, 2), after=round(level, 2), confidence=round(sure, 2)
    )


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


def _was_out(moisture: Series, at: float, step: float, before: float) -> bool:
    """Whether the probe read air shortly before the rise, having read soil before that."""
    near = moisture.between(at - 45 * MINUTE_S - step, at + 2 * step)
    # The readings of a probe in the air waver, too.
    dry = near.values <= _AIR + min(2.0 * noise(moisture), _AIR)
    earlier = moisture.between(at - 4 * HOUR_S, at - step).values
    soil = earlier[earlier > _AIR]
    if not dry.any() or not len(soil) or np.median(soil) < _AIR + _AIR_DROP:
        return False
    usual = interval(near)
    # One wild reading is not a probe in the air, unless there are few readings anyway.
    in_a_row = dry & np.append(dry[1:], False) if usual < 3 * MINUTE_S else dry
    return bool(in_a_row.any()) or before <= _AIR


def _jumped(moisture: Series, at: float, step: float, before: float, level: float) -> bool:
    """Whether the level went up from one reading to the next and then did not move at all."""
    usual = interval(moisture)
    if not usual <= _SHARP_S:
        return False
    size = level - before
    around = moisture.between(at - 2 * step, at + 3 * step)
    if len(around) < 6:
        return False
    smooth = _medians(around.values, 3)
    low = np.flatnonzero(smooth < before + (1 - _JUMP) * size)
    high = np.flatnonzero(smooth > before + _JUMP * size)
    if not len(low) or not len(high):
        return False
    quick = (around.times[high[0] + 1] - around.times[min(low[-1], high[0]) + 1]) <= 2.5 * usual
    early = moisture.between(at + step, at + step + 10 * MINUTE_S).values
    late = moisture.between(at + 40 * MINUTE_S, at + 60 * MINUTE_S).values
    if not len(early) or not len(late):
        return False
    moved = abs(float(np.median(late) - np.median(early)))
    blur = 2.5 * noise(around) / np.sqrt(min(len(early), len(late)))
    return bool(quick) and moved <= max(_SOAKED * size, min(blur, 0.25 * size))


def _stepped(moisture: Series, at: float, step: float, before: float, level: float) -> bool:
    """The same of readings that come every ten minutes or so.

    Most of the water needs longer than that to soak in; what is all there with the first reading
    and stands still for the next hour was not poured.
    """
    usual = interval(moisture)
    if not _SHARP_S < usual <= _COARSE_S:
        return False
    size, wavers = level - before, noise(moisture)
    if size < _CLEAR * wavers:
        return False
    around = moisture.between(at - 2 * step, at + 2 * step)
    over = np.flatnonzero(around.values > before + 0.3 * size)
    steady = [i for i in over if i + 1 < len(around) and i + 1 in over]
    if not steady or not steady[0]:
        return False
    first = steady[0]
    at_once = around.values[first] >= level - 0.1 * size - wavers
    was_low = around.values[first - 1] <= before + 0.1 * size + wavers
    since = float(around.times[first])
    early = moisture.between(since, since + 1.5 * usual).values
    late = moisture.between(since + 2.5 * usual, since + 8.5 * usual).values
    if not len(late):
        return False
    moved = abs(float(np.median(late)) - float(np.mean(early)))
    still = max(_STILL * size, _LEAST_STILL, _STILL_NOISES * wavers)
    return bool(at_once and was_low and moved <= still)
