"""The statistics of one hour from readings at any moments, as the recorder makes them."""

from collections.abc import Iterable
from dataclasses import dataclass

HOUR_S = 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class HourStatistics:
    """One hour; `start` is its Unix time in seconds, the rest is in the unit of the samples."""

    start: float
    mean: float
    minimum: float
    maximum: float


type Sample = tuple[float, float | None]


def hour_of(moment: float) -> float:
    """The Unix time at which the hour of `moment` (UTC, in seconds) began."""
    return moment // HOUR_S * HOUR_S


def merged(recorded: Iterable[Sample], late: Iterable[tuple[float, float]]) -> list[Sample]:
    """Recorded states (value None where there was none) and late readings in order of time.

    A gap before a late reading was a gap in the link and not in the measurement: it is dropped.
    """
    late = sorted(late)
    last_late = late[-1][0] if late else float("-inf")
    kept = [
        (moment, value) for moment, value in recorded if value is not None or moment > last_late
    ]
    return sorted([*kept, *late], key=lambda sample: sample[0])


def hour_statistics(samples: Iterable[Sample], start: float) -> HourStatistics | None:
    """Time-weighted mean and extremes of the hour that begins at `start`.

    `samples` are ordered by time; the last one before the hour carries into it, and each holds
    until the next, None meaning that nothing is known. None if nothing is known of the whole
    hour.
    """
    end = start + HOUR_S
    total = known = 0.0
    lowest, highest = float("inf"), float("-inf")
    value: float | None = None
    since = start
    for moment, following in [*samples, (end, None)]:
        until = min(max(moment, start), end)
        if value is not None and until > since:
            total += value * (until - since)
            known += until - since
            lowest, highest = min(lowest, value), max(highest, value)
        if moment >= end:
            break
        value, since = following, until
    if not known:
        return None
    return HourStatistics(start=start, mean=total / known, minimum=lowest, maximum=highest)
