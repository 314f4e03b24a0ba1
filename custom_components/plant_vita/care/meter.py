"""How long a pump may have run beyond what was booked, so that this is booked, too (W10)."""

import math

from ..model.watering import Booking, Demand, Moment, PumpFacts, Settlement, Source
from . import course, events
from .ledger import DAY_S, Ledger

GRACE_S = 2.0


class Meter:
    """Makes the bookings of one pump, and follows until when (steady) its running is booked.

    A node ends each pulse by itself, whatever happens here; of any other pump nobody knows that it
    is off before it says so, and until then its time goes on being booked.
    """

    def __init__(self, pump_id: str, ledger: Ledger) -> None:
        """Nothing is known to run before `resume`."""
        self.facts = PumpFacts()
        self.may_run = False
        self.over_by = float("-inf")  # when the last pulse is over, if the pump obeys
        self._pump_id = pump_id
        self._ledger = ledger
        self._covered = float("-inf")
        self._overrun_s = 0.0
        self._count = 0

    def resume(self, now: Moment) -> None:
        """After a start: what was running at the end may be running ever since."""
        left = self._ledger.open_of(self._pump_id)
        if not left or self.facts.bounded_by_hardware:
            return
        last = left[-1]
        passed = max(now.wall - last.at.wall, self._ledger.time(now) - last.budget_at)
        if now.boot_id and now.boot_id == last.at.boot_id:
            # Set back meanwhile, the clock on the wall would hide what has flowed (W15).
            passed = max(passed, now.steady - last.at.steady)
        else:
            passed = max(passed, self._a_day_s)  # nobody knows how long the machine was off (W15)
        self._covered = now.steady - min(max(0.0, passed - last.ms / 1000), DAY_S)
        self.may_run = True

    def booking(self, name: str, demand: Demand, ms: int, now: Moment) -> Booking:
        """Count `ms` from now on, for all plants of the pump: everybody gets wet."""
        booking = Booking(
            booking_id=name,
            demand_id=demand.demand_id,
            pump_id=self._pump_id,
            plant_ids=tuple(dict.fromkeys((*self.facts.plants, *demand.plant_ids))),
            source=demand.source,
            at=now,
            budget_at=self._ledger.time(now),
            ms=ms,
            ml=course.ml_of(ms, self.facts),
        )
        self._ledger.book(booking)
        return booking

    def sent(self, length_s: float, now: Moment) -> None:
        """A pulse goes out, and may begin at once."""
        self._covered = max(self._covered, now.steady + length_s)
        self.over_by = now.steady + length_s
        self.may_run = True

    def acked(self, length_s: float, now: Moment) -> None:
        """It has begun by now."""
        self.over_by = now.steady + length_s

    def off(self, now: Moment) -> list[events.Action]:
        """It is known to be off: what it ran beyond its bookings, and an end to those."""
        actions: list[events.Action] = []
        beyond = now.steady - self._covered
        if self.may_run and not self.facts.bounded_by_hardware and beyond > 0:
            actions.append(self._unasked(beyond, now))
        self.may_run = False
        self._covered = min(self._covered, now.steady)
        self._overrun_s = 0.0
        return actions

    def settled(self, booking: Booking, ms: int) -> events.Settle:
        """A booking gave so much and is over."""
        ml = booking.ml * ms / booking.ms if booking.ms else 0.0
        settlement = Settlement(booking_id=booking.booking_id, ms=ms, ml=ml)
        self._ledger.settle(settlement)
        return events.Settle(settlement=settlement)

    def overdue(self, now: Moment) -> list[events.Action]:
        """Book on for a pump that should be off and has not said that it is.

        Twice as much each time, so that the ledger does not fill up with it.
        """
        late = now.steady > max(self._covered, self.over_by + GRACE_S)
        if not late or not self.may_run or self.facts.bounded_by_hardware:
            return []
        more = now.steady - self._covered + max(self.facts.cap_ms / 1000, self._overrun_s)
        self._overrun_s += more
        self._covered += more
        return [self._unasked(more, now)]

    def unasked(
        self, now: Moment, *, found: bool = False, most_ms: float = math.inf
    ) -> events.Book | None:
        """It runs, and nobody here asked for that: a whole pulse; None if it is booked already.

        It is one of `most_ms` where the day has no more left, unless it has nothing left: such a
        pump has to go off at once, and may be slow; and a node ends by its own timer, which does
        not know what is left. One that was `found` running, nobody knows since when, has used up
        the day.
        """
        if now.steady < self._covered:
            return None
        seconds = self.facts.cap_ms / 1000
        if most_ms >= course.SHORTEST_MS and not self.facts.bounded_by_hardware:
            seconds = min(seconds, (most_ms - 1) / 1000)
        self.sent(seconds, now)
        if found and not self.facts.bounded_by_hardware:
            seconds = max(seconds, self._a_day_s)
        return self._unasked(seconds, now)

    @property
    def _a_day_s(self) -> float:
        """After how long a day's budget of each of its plants has certainly flowed.

        The least of them is not enough: another pump of a plant with more would give the rest.
        """
        most_ml = max(self.facts.daily_ml, self.facts.most_ml)
        return min(DAY_S, most_ml / course.rate(self.facts))

    def _unasked(self, seconds: float, now: Moment) -> events.Book:
        self._count += 1
        name, ms = f"unasked-{self._pump_id}-{now.wall:.3f}-{self._count}", int(seconds * 1000) + 1
        somebody = Demand(
            demand_id=name,
            pump_id=self._pump_id,
            plant_ids=(),
            source=Source.MANUAL,
            asked_at=now.wall,
            ms=ms,
        )
        booking = self.booking(name, somebody, ms, now)
        return events.Book(booking=booking, send=False)

    @property
    def next_due(self) -> float | None:
        """When to look again whether it is overdue."""
        if not self.may_run or self.facts.bounded_by_hardware:
            return None
        return max(self._covered, self.over_by + GRACE_S) + 0.01
