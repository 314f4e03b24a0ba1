"""What was given to whom in the last day, before it is given (W10, W13, W15, W18).

One ledger serves all pumps: a plant may be fed by two. The disk is somebody else's; here is what
its lines mean.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import replace

from ..model.watering import Anchor, Booking, Damage, Line, Moment, Settlement, Source
from .clock import BudgetClock

DAY_S = 86_400.0
# A pulse runs a little later than it was booked: so much longer it counts.
WINDOW_S = DAY_S + 900.0
# The ids of demands stay known for longer, so that a schedule runs once (W11).
KEPT_S = 2 * WINDOW_S


class Ledger:
    """Bookings in the order in which they were made; each counts whole until it is settled."""

    def __init__(self, anchor: Anchor | None, now: Moment) -> None:
        """An empty ledger whose time goes on from `anchor`; see `restored` for one with lines."""
        self._clock = BudgetClock(anchor, now)
        self._bookings: list[Booking] = []
        self._damage: Damage | None = None

    @classmethod
    def restored(cls, lines: Iterable[Line], now: Moment) -> Ledger:
        """The ledger that these lines tell of, in their order; no lines: a new one."""
        lines = list(lines)
        timed = [line for line in lines if not isinstance(line, Settlement)]
        newest = max(timed, key=lambda line: line.budget_at, default=None)
        anchor = Anchor(at=newest.at, budget_at=newest.budget_at) if newest else None
        ledger = cls(anchor, now)
        for line in lines:
            if isinstance(line, Booking):
                ledger.book(line)
            elif isinstance(line, Settlement):
                ledger.settle(line)
            elif isinstance(line, Damage):
                ledger._damage = line
        return ledger

    # --- its time -------------------------------------------------------------------------------

    def time(self, now: Moment) -> float:
        """The budget's own time (W15)."""
        return self._clock.advance(now)

    def anchor(self, now: Moment) -> Anchor:
        """What to go on from after a start of the machine: written every hour, and at the end."""
        self._clock.advance(now)
        return self._clock.anchor

    def damage(self, now: Moment) -> Damage:
        """What was on the disk is lost: all is spent for a day; to be written down (W18)."""
        self._damage = Damage(at=now, budget_at=self.time(now))
        return self._damage

    def lines(self, now: Moment) -> list[Line]:
        """All that is still worth keeping, to replace what is on the disk."""
        self._forget(now)
        damage: list[Line] = [self._damage] if self._damage else []
        return [*damage, *self._bookings, self.anchor(now)]

    def _forget(self, now: Moment) -> None:
        time = self.time(now)
        self._bookings = [one for one in self._bookings if time - _end(one) < KEPT_S]
        if self._damage and time - self._damage.budget_at >= KEPT_S:
            self._damage = None

    # --- what is written into it ----------------------------------------------------------------

    def book(self, booking: Booking) -> None:
        """Count this from now on, whether it is on the disk yet or not.

        So nobody else can spend the same rest of a budget while it is being written.
        """
        self._bookings.append(booking)

    def release(self, booking_id: str) -> None:
        """A booking that was never sent, and could not be written down, does not count."""
        self._bookings = [one for one in self._bookings if one.booking_id != booking_id]

    def settle(self, settlement: Settlement) -> None:
        """Count less for a booking; never more, and nothing that is no number."""
        for place, one in enumerate(self._bookings):
            if one.booking_id == settlement.booking_id and (
                0 <= settlement.ml <= one.counts_ml and 0 <= settlement.ms <= one.counts_ms
            ):
                settled = replace(one, settled_ml=settlement.ml, settled_ms=settlement.ms)
                self._bookings[place] = settled

    # --- what it knows --------------------------------------------------------------------------

    def knows(self, demand_id: str) -> bool:
        """Whether something was booked for this demand, ever since a restart or before."""
        return any(one.demand_id == demand_id for one in self._bookings)

    def open_of(self, pump_id: str) -> list[Booking]:
        """Bookings of a pump of which nobody has told how they ended."""
        mine = [one for one in self._bookings if one.pump_id == pump_id]
        return [one for one in mine if one.settled_ms is None]

    def spent_until(self, now: Moment) -> float | None:
        """Until when (Unix time) a damaged ledger counts as all spent; None if it does not."""
        if self._damage is None:
            return None
        wait = self._damage.budget_at + WINDOW_S - self.time(now)
        return now.wall + wait if wait > 0 else None

    def used_ml(
        self, plant_ids: Iterable[str], pump_id: str, now: Moment, source: Source | None = None
    ) -> float:
        """How many ml of the last day count: the most that any of the plants, or the pump, has had.

        Counted by both, a plant that gets another pump or a pump that gets another plant gains
        nothing. With `source`, only what that one asked for.
        """
        counted = [one for one in self._counted(now) if source in {None, one.source}]
        return max(
            sum(one.counts_ml for one in counted if mine(one)) for mine in _keys(plant_ids, pump_id)
        )

    def used_ms(self, pump_id: str, now: Moment) -> int:
        """How many ms of the last day the pump ran, or may have."""
        return sum(one.counts_ms for one in self._counted(now) if one.pump_id == pump_id)

    def free_at(self, plant_ids: Iterable[str], pump_id: str, now: Moment, room: float) -> float:
        """The Unix time at which no more than `room` ml of the last day will count any more."""
        time, latest = self.time(now), now.wall
        for mine in _keys(plant_ids, pump_id):
            counted = [one for one in self._counted(now) if mine(one)]
            excess = sum(one.counts_ml for one in counted) - room
            for one in sorted(counted, key=_end):
                if excess <= 0:
                    break
                excess -= one.counts_ml
                latest = max(latest, now.wall + _end(one) + WINDOW_S - time)
        return latest

    def since_water(self, plant_ids: Iterable[str], pump_id: str, now: Moment) -> float:
        """Seconds since the last water for any of the plants, or by the pump; inf for none."""
        keys = _keys(plant_ids, pump_id)
        ends = [
            _end(one) for one in self._bookings if one.counts_ms and any(mine(one) for mine in keys)
        ]
        return self.time(now) - max(ends) if ends else math.inf

    def _counted(self, now: Moment) -> list[Booking]:
        time = self.time(now)
        return [one for one in self._bookings if time - _end(one) < WINDOW_S]


def _end(booking: Booking) -> float:
    return booking.budget_at + booking.ms / 1000


def _keys(plant_ids: Iterable[str], pump_id: str) -> list[Callable[[Booking], bool]]:
    """Which bookings belong to each of the plants, and to the pump."""

    def of(plant_id: str) -> Callable[[Booking], bool]:
        return lambda one: plant_id in one.plant_ids

    return [*map(of, plant_ids), lambda one: one.pump_id == pump_id]
