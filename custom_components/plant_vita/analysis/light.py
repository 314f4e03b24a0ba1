"""The daily light integral (DLI): photons of 400–700 nm on a square metre in a day, in mol.

How many photons there are to a lux is in `lamps.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from .lamps import PPFD_PER_LUX, Source
from .series import HOUR_S, Floats, Series

LONGEST_GAP_S = 2 * HOUR_S
"""A reading says nothing about what is further away than this."""
WHOLE = 0.9
"""The share of a day that must be known for its integral to stand for the day."""
NIGHT_S = 16 * HOUR_S
"""A sensor that only reports changes says nothing for a whole night."""
DARK, DAWN = 0.5, 15.0
"""μmol/(m² s): some 27 and 800 lx of daylight."""
_BRIGHTEST = 3000.0  # µmol/(m² s): above full sun with clouds that add to it


@dataclass(frozen=True, kw_only=True, slots=True)
class DayLight:
    """The light of one day.

    `dli` is what was seen, in mol/m²; `known` the share (0–1) of the day that has passed by
    `now` and was measured; `over` whether the day is over. `estimate` is `dli` spread over the
    unknown parts of a day that is over and mostly known, else None.
    """

    start: float
    end: float
    dli: float
    known: float
    over: bool

    @property
    def estimate(self) -> float | None:
        """The day's DLI in mol/m² where it can be stood for."""
        return self.dli / self.known if self.over and self.known >= WHOLE else None


def daily_light(
    readings: Series,
    boundaries: tuple[float, ...],
    *,
    now: float,
    source: Source | None = None,
    longest_gap: float = LONGEST_GAP_S,
) -> tuple[DayLight, ...]:
    """The light of each day between two neighbours of `boundaries`.

    `boundaries` are the Unix times of local midnights, rising: what a local day is, and that it
    has 23 or 25 hours at times, is the caller's to know. `readings` are lux if `source` says of
    what, else PPFD. Between two readings light changes along a straight line; over a gap longer
    than `longest_gap` nothing is known, and nothing is added; unless it was dark before, is hardly
    more after, and lasted no longer than a night: then it was a night. After the last reading it
    is taken to last for as long as readings usually come, or for a night if it is dark, no longer.
    Negative readings count as dark, and more than 3000 µmol/(m² s) is no light but a fault and is
    left out.
    """
    factor = 1.0 if source is None else PPFD_PER_LUX[source]
    times, ppfd = readings.times, np.maximum(readings.values * factor, 0.0)
    good = (ppfd <= _BRIGHTEST) & (times <= now)
    times, ppfd = times[good], ppfd[good]
    if len(times) >= 2:
        usual = min(float(np.median(np.diff(times))), longest_gap)
        held = times[-1] + min(NIGHT_S if ppfd[-1] <= DARK else usual, now - times[-1])
        times, ppfd = np.append(times, held), np.append(ppfd, ppfd[-1])
    days = []
    for start, end in pairwise(boundaries):
        total, known = _between(times, ppfd, start, min(end, now), longest_gap)
        passed = min(end, now) - start
        days.append(
            DayLight(
                start=start,
                end=end,
                dli=total / 1e6,
                known=min(1.0, known / passed) if passed > 0 else 0.0,
                over=now >= end,
            )
        )
    return tuple(days)


def expected(readings: Series, spans: Iterable[tuple[float, float]], *, now: float) -> float | None:
    """What a span of time like these will bring, in mol/m²: their median.

    `spans` are from and to in Unix seconds, all of them over, such as the same hours of the days
    before; `readings` are PPFD. None where no span is known well enough.
    """
    parts = [daily_light(readings, span, now=now)[0].estimate for span in spans]
    known = [part for part in parts if part is not None]
    return median(known) if known else None


def _between(
    times: Floats, ppfd: Floats, start: float, end: float, longest_gap: float
) -> tuple[float, float]:
    """µmol/m² and known seconds from `start` to `end`."""
    if len(times) < 2 or end <= start:
        return 0.0, 0.0
    left, right = np.clip(times[:-1], start, end), np.clip(times[1:], start, end)
    length = np.diff(times)
    night = (ppfd[:-1] <= DARK) & (ppfd[1:] <= DAWN) & (length > longest_gap) & (length <= NIGHT_S)
    use = (right > left) & ((length <= longest_gap) | night)
    left, right, length = left[use], right[use], length[use]
    # It was dark until just before the report that says it no longer is.
    slope = np.where(night[use], 0.0, (ppfd[1:] - ppfd[:-1])[use] / length)
    first = ppfd[:-1][use] + slope * (left - times[:-1][use])
    last = ppfd[:-1][use] + slope * (right - times[:-1][use])
    return float(np.sum((first + last) / 2 * (right - left))), float(np.sum(right - left))
