"""Hours of the day by the clock on the wall, such as those in which no pump may run."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

_DAY_S = 86_400.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """From `start` to `end` of every day, local time; over midnight if `end` is the earlier.

    The same time twice means no hours at all, not the whole day: a form left as it was must not
    keep a plant dry.
    """

    start: time
    end: time

    def hold(self, now: float, zone: tzinfo) -> bool:
        """Whether `now` (Unix seconds) is within them; `start` is, `end` is not any more."""
        return self.include(datetime.fromtimestamp(now, zone).time())

    def include(self, clock: time) -> bool:
        """Whether they are the hours of `clock`."""
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def end_after(self, now: float, zone: tzinfo) -> float:
        """The first moment after `now` at which the clock shows `end`, in Unix seconds."""
        return next_time(self.end, now, zone)


def next_time(wanted: time, now: float, zone: tzinfo) -> float:
    """The first moment after `now` at which the clock shows `wanted`.

    Where the clock is put forward over it, that is as much later as it is put forward; where it is
    shown twice, both count.
    """
    today = datetime.fromtimestamp(now, zone).date()
    for ahead in (0, 1):
        first = datetime.combine(today + timedelta(days=ahead), wanted, zone)
        again = first.replace(fold=1)
        # In a gap the second reading of a time lies before the first.
        for moment in (first.timestamp(), max(first.timestamp(), again.timestamp())):
            if moment > now:
                return moment
    return now + _DAY_S  # the clock was put back by a day: nowhere yet


def last_time(wanted: time, now: float, zone: tzinfo) -> float:
    """The newest moment up to `now` at which the clock showed `wanted` for the first time that day.

    What is to happen once a day at a time happens once where the clock shows it twice.
    """
    today = datetime.fromtimestamp(now, zone).date()
    moments = (
        datetime.combine(today - timedelta(days=back), wanted, zone).timestamp() for back in (0, 1)
    )
    return max(moment for moment in moments if moment <= now)
