"""Readings at any moments, and the regular grids that are made of them. Gaps stay NaN."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

type Floats = NDArray[np.float64]

MINUTE_S, HOUR_S, DAY_S = 60.0, 3600.0, 86_400.0
# More cells than anybody looks at: a wrong clock must not ask for a terabyte.
MOST_CELLS = 1_000_000
_GAP_TIMES = 3.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Series:
    """`times` (n,) in Unix seconds, strictly rising; `values` (n,), all finite."""

    times: Floats
    values: Floats

    def __len__(self) -> int:
        return len(self.times)

    def between(self, start: float, end: float) -> Series:
        """What was measured from `start` to `end`, both included."""
        first = int(np.searchsorted(self.times, start, side="left"))
        last = int(np.searchsorted(self.times, end, side="right"))
        return Series(times=self.times[first:last], values=self.values[first:last])


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Grid:
    """`values` (n,): cell i holds what was measured from `start` + i × `step`, before the next."""

    start: float
    step: float
    values: Floats

    @property
    def ends(self) -> Floats:
        """(n,) where each cell ends, Unix seconds."""
        return self.start + self.step * np.arange(1, len(self.values) + 1, dtype=np.float64)


def series(times: ArrayLike, values: ArrayLike) -> Series:
    """Bring readings into order; of several at one moment the last one given counts.

    `times` (n,) Unix seconds, `values` (n,). Pairs that hold NaN or infinity are left out. Raises
    `ValueError` if the two differ in length.
    """
    moments = np.asarray(times, dtype=np.float64).reshape(-1)
    numbers = np.asarray(values, dtype=np.float64).reshape(-1)
    if len(moments) != len(numbers):
        raise ValueError(f"{len(moments)} times for {len(numbers)} values")
    good = np.isfinite(moments) & np.isfinite(numbers)
    moments, numbers = moments[good], numbers[good]
    order = np.argsort(moments, kind="stable")
    moments, numbers = moments[order], numbers[order]
    last = np.append(moments[1:] != moments[:-1], True)[: len(moments)]
    return Series(times=moments[last], values=numbers[last])


NOTHING = series((), ())


def middle(values: Floats) -> float:
    """The median of finite `values` (n,), at least one, in a quarter of the time of numpy's own.

    What that spends on kinds of arrays that are never given here is most of a judgement.
    """
    half = len(values) // 2
    if len(values) % 2:
        return float(np.partition(values, half)[half])
    two = np.partition(values, (half - 1, half))
    return float((two[half - 1] + two[half]) / 2)


def interval(readings: Series) -> float:
    """The usual distance between two readings in seconds (median); NaN of fewer than two."""
    if len(readings) < 2:
        return float("nan")
    return middle(np.diff(readings.times))


def noise(readings: Series) -> float:
    """How far a reading is from a smooth course, as a standard deviation in the readings' unit.

    From the median of the second differences, which neither a trend nor a few wild readings move;
    0.0 of fewer than four readings. What changed in a gap is no noise.
    """
    if len(readings) < 4:
        return 0.0
    apart = np.diff(readings.times)
    near = apart <= _GAP_TIMES * middle(apart)
    bends = np.diff(readings.values, n=2)[near[1:] & near[:-1]]
    if len(bends) < 2:
        return 0.0
    # The second difference of white noise has √6 times its deviation; 1.4826 turns the median of
    # absolute values into a standard deviation of a normal distribution.
    return 1.4826 * middle(np.abs(bends)) / math.sqrt(6.0)


def regular(
    readings: Series, *, start: float, step: float, count: int, hold: float = 0.0, fill: float = 0.0
) -> Grid:
    """The median of the readings in each of `count` cells of `step` seconds from `start`.

    An empty cell whose end is at most `hold` seconds after the last reading takes that reading
    (for sources that only report changes). Gaps of at most `fill` seconds between two cells are
    then bridged by a straight line; longer ones, and those at the ends, stay NaN. Raises
    `ValueError` for a step that is not positive, a start that is not finite or too many cells.
    """
    if not (step > 0 and np.isfinite(step) and np.isfinite(start)):
        raise ValueError(f"no grid from {start} in steps of {step}")
    if not 0 <= count <= MOST_CELLS:
        raise ValueError(f"{count} cells")
    values = np.full(count, np.nan)
    if len(readings) and count:
        _medians(readings, start, step, values)
        if hold > 0:
            _held(readings, start, step, hold, values)
        if fill > 0:
            _bridge(values, int(fill // step))
    return Grid(start=start, step=step, values=values)


def _medians(readings: Series, start: float, step: float, values: Floats) -> None:
    inside = readings.between(start, np.nextafter(start + step * len(values), -np.inf))
    if not len(inside):
        return
    cells = np.minimum(((inside.times - start) // step).astype(np.int64), len(values) - 1)
    ordered = inside.values[np.lexsort((inside.values, cells))]
    filled, first, size = np.unique(cells, return_index=True, return_counts=True)
    below, above = ordered[first + (size - 1) // 2], ordered[first + size // 2]
    values[filled] = below + (above - below) / 2


def _held(readings: Series, start: float, step: float, hold: float, values: Floats) -> None:
    empty = np.flatnonzero(np.isnan(values))
    ends = start + step * (empty + 1)
    before = np.searchsorted(readings.times, ends, side="left") - 1
    known = before >= 0
    known[known] = ends[known] - readings.times[before[known]] <= hold
    values[empty[known]] = readings.values[before[known]]


def _bridge(values: Floats, most: int) -> None:
    known = np.flatnonzero(np.isfinite(values))
    for left, right in pairwise(known):
        missing = right - left - 1
        if 0 < missing <= most:
            values[left : right + 1] = np.linspace(values[left], values[right], missing + 2)


def trailing_mean(values: Floats, width: int) -> Floats:
    """(n,) means over each cell and the `width` - 1 before it; NaN where under half are known."""
    known = np.isfinite(values)
    total = np.concatenate(([0.0], np.cumsum(np.where(known, values, 0.0))))
    number = np.concatenate(([0], np.cumsum(known)))
    last = np.arange(1, len(values) + 1)
    first = np.maximum(last - width, 0)
    found = number[last] - number[first]
    means = np.full(len(values), np.nan)
    enough = found * 2 >= width
    means[enough] = (total[last] - total[first])[enough] / found[enough]
    return means
