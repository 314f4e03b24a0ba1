"""What one input of a plant was over the last weeks, thinned so that it stays small.

Means of a minute for half a day, in which a watering can be told from a probe that was moved; of
five minutes for two days, of an hour for three weeks: enough for a daily light integral and for how
a pot dries. About 1,600 numbers at most.
"""

from array import array
from collections.abc import Iterable, Sequence
from typing import TypedDict

import numpy as np

from ..analysis.light import LONGEST_GAP_S
from ..analysis.series import DAY_S, HOUR_S, MINUTE_S, Floats, Series, series
from ..analysis.trend import DAYS

SLOT_S = MINUTE_S
# From this age on, in seconds, one mean is kept for each so many seconds.
COARSER = ((DAY_S / 2, 5 * MINUTE_S), (2 * DAY_S, HOUR_S))
KEPT_S = 21 * DAY_S
# As long as this nothing is heard of a sensor only if it has nothing new to say, or is away.
SILENCE_S = LONGEST_GAP_S


class StoredTrack(TypedDict):
    """Unix seconds and values in the input's unit, of the same length."""

    times: list[int]
    values: list[float]


class Track:
    """Grows at its end only; `times` are those of the newest reading in each mean."""

    def __init__(self, times: Sequence[float] = (), values: Sequence[float] = ()) -> None:
        """Go on from what is known."""
        known = series(times, values)
        # Grows like a list, and is copied like an array: hundreds of times a minute.
        self._times = array("d", known.times.tolist())
        self._values = array("d", known.values.tolist())
        self._in_last = 1

    def __len__(self) -> int:
        return len(self._times)

    def add(self, at: float, value: float) -> None:
        """Take in a reading; one that is older than the newest is not wanted any more."""
        if not self._times or at // SLOT_S > self._times[-1] // SLOT_S:
            self._times.append(at)
            self._values.append(value)
            self._in_last = 1
        elif at >= self._times[-1]:
            self._in_last += 1
            self._values[-1] += (value - self._values[-1]) / self._in_last
            self._times[-1] = at

    def thin(self, now: float) -> None:
        """Forget what is too old, and keep only means of what is old."""
        times, values = np.array(self._times), np.array(self._values)
        # What a clock that was ahead has left would keep everything else out.
        kept = (times > now - KEPT_S) & (times <= now + HOUR_S)
        times, values = times[kept], values[kept]
        for age, step in COARSER:
            old = times <= (now - age) // step * step
            coarse = _means(times[old], values[old], step, alone=_alone(times)[old])
            times = np.concatenate((coarse[0], times[~old]))
            values = np.concatenate((coarse[1], values[~old]))
        self._times, self._values = array("d", times.tolist()), array("d", values.tolist())

    @property
    def series(self) -> Series:
        """All of it, as analysis takes it; a copy."""
        return Series(times=np.array(self._times), values=np.array(self._values))

    def as_stored(self) -> StoredTrack:
        """As it is written to disk: whole seconds, three decimals."""
        return {
            # Ten times as fast as rounding one by one, and this happens in the event loop.
            "times": np.rint(self._times).astype(np.int64).tolist(),
            "values": np.round(self._values, 3).tolist(),
        }


class Days:
    """The mean of each day (UTC) of the last six weeks."""

    def __init__(self, days: Iterable[Sequence[float]] = ()) -> None:
        """Go on from what was stored."""
        self._days = {int(day): (float(mean), int(count)) for day, mean, count in days}

    def add(self, at: float, value: float) -> None:
        """Count `value` into its day."""
        day = int(at // DAY_S)
        mean, count = self._days.get(day, (0.0, 0))
        self._days[day] = (mean + (value - mean) / (count + 1), count + 1)
        self._days = {one: known for one, known in self._days.items() if one > day - DAYS}

    @property
    def series(self) -> Series:
        """One value for each day that is known, at its noon."""
        return series(
            [(day + 0.5) * DAY_S for day in self._days], [mean for mean, _ in self._days.values()]
        )

    def as_stored(self) -> list[list[float]]:
        """As it is written to disk."""
        return [[day, round(mean, 2), count] for day, (mean, count) in self._days.items()]


def _alone(times: Floats) -> np.ndarray:
    """(n,) what was said last before a long silence, and first after it.

    The last word held for all of the silence, and the mean of a dusk is not dark, nor that of a
    dawn: they stay for themselves.
    """
    silent = np.diff(times) > SILENCE_S
    ends = np.zeros(len(times), np.bool_)
    ends[:-1] |= silent
    ends[1:] |= silent
    return ends


def _means(
    times: Floats, values: Floats, step: float, *, alone: np.ndarray
) -> tuple[Floats, Floats]:
    """One mean for each cell of `step` seconds that holds anything, at its newest time."""
    if not len(times):
        return times, values
    new = np.append(True, (np.diff(times // step) > 0) | alone[1:] | alone[:-1])
    first = np.flatnonzero(new)
    size = np.diff(np.append(first, len(times)))
    return times[first + size - 1], np.add.reduceat(values, first) / size
