"""The way of one pulse, and there is no other to a running pump (W10, W17).

    BOOKING --Booked--> SENT --Acked--> RUNNING --Ended--> over

From each of these a stop, an interlock, a lost link or too long a silence leads out, and never back
in. What is not known counts as given. Who gets a pulse is decided elsewhere (arbiter.py).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from ..model.watering import Booking, Demand, Moment, Phase, PumpFacts, Trouble, Why
from . import events
from .course import Pulse
from .events import Action
from .ledger import Ledger
from .meter import GRACE_S, Meter

BOOKING_S = 10.0
ACK_S = 30.0
OFF_AGAIN_S = 5.0
STUCK_S = 15.0
_SENT = (Phase.SENT, Phase.RUNNING, Phase.STOPPING)

REFUSED = {
    "too_long": Why.NODE_TOO_LONG,
    "budget": Why.NODE_BUDGET,
    "soak": Why.NODE_SOAK,
    "interlock": Why.INTERLOCK,
    "busy": Why.NODE_BUSY,
    "repeat": Why.NODE_REPEAT,
}


class Pulses(ABC):
    """At most one pulse of one pump at a time; times are by the steady clock."""

    def __init__(self, pump_id: str, ledger: Ledger) -> None:
        """After a start nothing is known of the pump (W11)."""
        self.pump_id = pump_id
        self._ledger = ledger
        self._meter = Meter(pump_id, ledger)
        self._facts: PumpFacts | None = None
        self._phase = Phase.UNKNOWN
        self._reachable = self._read_back = False
        self._pulse: Pulse | None = None
        self._cancelled: dict[str, Booking] = {}
        self._rest_until = self._off_at = self._stopping_since = float("-inf")
        self._doubted_at = float("inf")  # since when it should be told again to be off
        self._raised: set[Trouble] = set()
        self._now = Moment(wall=0.0, steady=0.0)
        self._actions: list[Action] = []

    # --- what whoever decides about the dose makes of it ----------------------------------------

    @abstractmethod
    def _objection(self) -> Why | None:
        """Why it may not be sent after all, though it is on the disk now."""

    @abstractmethod
    def _pulse_sent(self) -> None:
        """It is on its way."""

    @abstractmethod
    def _pulse_runs(self) -> None:
        """It was acknowledged."""

    @abstractmethod
    def _pulse_over(self, booking: Booking, ms: int, why: Why | None, *, sure: bool) -> None:
        """It is over and gave `ms` at most; `why` is None for one that ended by its time.

        With `sure` False nobody knows what it gave.
        """

    @abstractmethod
    def _pulse_failed(self, booking: Booking, why: Why, retry_ms: int | None = None) -> None:
        """Not a drop came of it."""

    @abstractmethod
    def _somebody_else(self) -> None:
        """The pump runs, and nobody here asked for that."""

    # --- W10: written down, then sent; W17: on is what was acknowledged -------------------------

    def _book(self, name: str, demand: Demand, ms: int) -> None:
        """Begin: counted from now on, and given to the disk."""
        booking = self._meter.booking(name, demand, ms, self._now)
        self._pulse = Pulse(booking=booking, booked_at=self._now.steady)
        self._phase = Phase.BOOKING
        self._actions.append(events.Book(booking=booking))

    def _booked(self, event: events.Booked) -> None:
        if booking := self._cancelled.pop(event.booking_id, None):
            self._actions.append(self._meter.settled(booking, 0))
        elif pulse := self._in_flight(event.booking_id, Phase.BOOKING):
            self._calm(Trouble.DISK)
            if why := self._objection():
                self._not_given(why)
                return
            pulse.sent_at = self._now.steady
            self._meter.sent(pulse.length_s, self._now)
            self._phase = Phase.SENT
            self._pulse_sent()
            self._actions.append(events.Send(booking_id=event.booking_id, ms=pulse.booking.ms))

    def _book_failed(self, event: events.BookFailed) -> None:
        if self._cancelled.pop(event.booking_id, None):
            self._ledger.release(event.booking_id)
        elif pulse := self._in_flight(event.booking_id, Phase.BOOKING):
            self._ledger.release(event.booking_id)
            self._trouble(Trouble.DISK)
            self._let_go(Phase.IDLE)
            self._pulse_failed(pulse.booking, Why.DISK)

    def _acked(self, event: events.Acked) -> None:
        pulse = self._in_flight(event.booking_id, Phase.SENT, Phase.STOPPING)
        if pulse is None:
            if not self._in_flight(event.booking_id, Phase.RUNNING):
                self._off()  # whatever this was, nobody wants it any more
            return
        if pulse.acked_at is None:
            pulse.acked_at = self._now.steady
            self._meter.acked(pulse.length_s, self._now)
        if self._phase is Phase.STOPPING:
            self._off()  # it may have begun after it was stopped
            return
        self._phase = Phase.RUNNING
        self._reachable = self._read_back = True
        self._pulse_runs()

    def _node_refused(self, event: events.NodeRefused) -> None:
        why = REFUSED.get(event.reason, Why.NODE_REFUSED)
        pulse = self._unacked(event.booking_id)
        if pulse and why is Why.NODE_REPEAT:
            self._lost(why)  # it has run, nobody knows when
        elif pulse:
            self._not_given(why, event.retry_ms)

    def _not_sent(self, event: events.NotSent) -> None:
        if self._unacked(event.booking_id):
            self._not_given(Why.NODE_GONE)

    def _unanswered(self, event: events.Unanswered) -> None:
        if self._unacked(event.booking_id):
            self._lost(Why.NO_ANSWER)

    def _not_given(self, why: Why, retry_ms: int | None = None) -> None:
        """The only way in which a booking on the disk comes to count for nothing."""
        pulse = self._let_go(Phase.IDLE)
        self._actions += self._meter.off(self._now)
        self._actions.append(self._meter.settled(pulse.booking, 0))
        self._pulse_failed(pulse.booking, why, retry_ms)

    def _lost(self, why: Why) -> None:
        """The fate of a pulse is not known: it counts whole until somebody has told (W10, W17)."""
        self._off()
        pulse = self._let_go(Phase.UNKNOWN)
        self._read_back = False
        # It may have begun only now.
        late = self._now.steady if pulse.acked_at is None else pulse.acked_at
        self._rest_until = max(self._rest_until, late + pulse.length_s + self._pause_s)
        self._pulse_over(pulse.booking, pulse.booking.ms, why, sure=False)

    # --- what the pump says ---------------------------------------------------------------------

    def _ended(self, event: events.Ended) -> None:
        pulse = self._in_flight(event.booking_id, *_SENT)
        if pulse and pulse.acked_at is None:
            self._over(Why.STOPPED)  # nobody knows which of the two is older: it counts whole
        elif pulse:
            natural = pulse.is_natural_end(self._now.steady, event.ms)
            ms = pulse.gave_at_most_ms(self._now.steady, event.ms)
            self._over(None if natural else Why.STOPPED, ms)

    def _over(self, why: Why | None, ms: int | None = None) -> None:
        """The present pulse is over; without `ms` it counts whole."""
        pulse = self._let_go(Phase.IDLE)
        late = pulse.acked_at if ms is None and pulse.acked_at else self._now.steady
        if ms is None:
            late = max(self._now.steady, late + pulse.length_s)
        self._rest_until = max(self._rest_until, late + self._pause_s)
        if why is not None and not self._meter.facts.bounded_by_hardware:
            self._doubted_at = self._now.steady  # that word may be older than what it ended
        given = pulse.booking.ms if ms is None else ms
        # First what it ran beyond that: as long as its booking is open, a kill hides nothing.
        self._actions += self._meter.off(self._now)
        self._actions.append(self._meter.settled(pulse.booking, given))
        self._known_off()
        self._pulse_over(pulse.booking, given, why, sure=ms is not None or why is None)

    def _known_off(self) -> None:
        self._actions += self._meter.off(self._now)
        for one in self._ledger.open_of(self.pump_id):
            if one.booking_id not in self._cancelled and not self._in_flight(one.booking_id):
                self._actions.append(self._meter.settled(one, one.ms))
        self._calm(Trouble.STUCK_ON)

    def _shows_off(self) -> None:
        pulse = self._pulse
        if self._phase is Phase.SENT:
            return  # older than the command, or the command is yet to be heard of
        self._read_back = True
        if self._off_at >= self._doubted_at + OFF_AGAIN_S:
            self._doubted_at = float("inf")  # the answer to the off that was to make sure
        if self._phase is Phase.RUNNING and pulse:
            natural = pulse.is_natural_end(self._now.steady, None)
            if not natural:
                self._off()  # should this be older than the pulse, the pulse ends now
            self._over(None if natural else Why.STOPPED)
        elif self._phase is Phase.STOPPING and pulse and pulse.acked_at is not None:
            natural = pulse.is_natural_end(self._now.steady, None)
            self._over(None if natural else Why.STOPPED)
        elif self._phase is Phase.UNKNOWN:
            self._known_off()
            self._phase = Phase.IDLE

    def _shows_on(self) -> None:
        """It runs: as it should, still, or because somebody else wants it to."""
        if self._phase is Phase.RUNNING and self._pulse:
            self._pulse.seen_on = self._now.steady
        elif self._phase is Phase.STOPPING:
            self._off()
        elif self._phase is Phase.UNKNOWN:
            if booked := self._meter.unasked(self._now, found=True):
                self._actions.append(booked)
            self._off()  # nothing resumes (W11)
        elif self._phase is not Phase.SENT:
            self._somebody_else()

    def _let_run(self, most_ms: float) -> bool:
        """Somebody has pressed a button of the pump itself: it counts, and has an end."""
        booked = self._meter.unasked(self._now, most_ms=most_ms)
        if booked is None:
            self._off()  # a pulse of our own that should be over
            return False
        self._actions.append(booked)
        now = self._now.steady
        self._pulse = Pulse(booking=booked.booking, booked_at=now, sent_at=now, acked_at=now)
        self._phase, self._read_back = Phase.RUNNING, True
        return True

    # --- stops and time -------------------------------------------------------------------------

    def _stop_pulse(self) -> None:
        """Off, whatever it does; a booking on its way to the disk comes to nothing (W7)."""
        self._off()
        self._cancel()
        if self._phase in {Phase.SENT, Phase.RUNNING}:
            self._phase, self._stopping_since = Phase.STOPPING, self._now.steady

    def _cancel(self) -> None:
        """A booking on its way to the disk comes to nothing."""
        if self._phase is Phase.BOOKING:
            pulse = self._let_go(Phase.IDLE)
            self._cancelled[pulse.booking.booking_id] = pulse.booking

    def _pulse_time(self) -> None:
        """What time alone decides of a pulse: no wait is without an end."""
        now, pulse = self._now.steady, self._pulse
        self._actions += self._meter.overdue(self._now)
        if pulse is None:
            still_on = self._meter.may_run and now >= self._off_at + 6 * OFF_AGAIN_S
            if still_on or now >= self._make_sure_at:
                self._off()
        elif self._phase is Phase.BOOKING and now >= pulse.booked_at + BOOKING_S:
            self._stop_pulse()
            self._trouble(Trouble.DISK)
            self._pulse_failed(pulse.booking, Why.DISK)
        elif pulse.acked_at is not None:
            self._deadline(pulse, pulse.acked_at + pulse.length_s)
        elif pulse.sent_at is not None and now >= pulse.sent_at + ACK_S:
            self._lost(Why.NO_ANSWER)
        if self._phase is Phase.STOPPING and now >= self._off_at + OFF_AGAIN_S:
            self._off()
            if now >= self._stopping_since + STUCK_S:
                self._trouble(Trouble.STUCK_ON)

    def _deadline(self, pulse: Pulse, deadline: float) -> None:
        now, bounded = self._now.steady, self._meter.facts.bounded_by_hardware
        if bounded and now >= deadline + GRACE_S:
            # Its own timer has ended it, though nobody heard of that.
            self._over(None if self._phase is Phase.RUNNING else Why.STOPPED)
        elif not bounded and now >= deadline and self._phase is Phase.RUNNING:
            self._stop_pulse()

    def _pulse_wakes(self) -> list[float]:
        """When time alone will decide something next."""
        pulse, due = self._pulse, self._meter.next_due
        wakes = [] if due is None else [due]
        if pulse is None:
            wakes = [*wakes, self._off_at + 6 * OFF_AGAIN_S] if wakes else wakes
            return [*wakes, self._make_sure_at] if self._make_sure_at < float("inf") else wakes
        if self._phase is Phase.BOOKING:
            return [*wakes, pulse.booked_at + BOOKING_S]
        if self._phase is Phase.STOPPING:
            wakes.append(self._off_at + OFF_AGAIN_S)
        if pulse.acked_at is None:
            return [*wakes, (pulse.sent_at or pulse.booked_at) + ACK_S]
        deadline = pulse.acked_at + pulse.length_s
        if self._meter.facts.bounded_by_hardware:
            return [*wakes, deadline + GRACE_S]
        return [*wakes, deadline] if self._phase is Phase.RUNNING else wakes

    # --- small change ---------------------------------------------------------------------------

    @property
    def _make_sure_at(self) -> float:
        """When a switch that went off before its time is told so once more, until it answers."""
        is_known = self._phase is not Phase.UNKNOWN
        return max(self._doubted_at, self._off_at) + OFF_AGAIN_S if is_known else float("inf")

    @property
    def _pause_s(self) -> float:
        return self._meter.facts.pause_s

    def _in_flight(self, booking_id: str, *phases: Phase) -> Pulse | None:
        """The present pulse, if it is this one and in one of these phases (none given: any)."""
        pulse = self._pulse
        if pulse is None or pulse.booking.booking_id != booking_id:
            return None
        return pulse if not phases or self._phase in phases else None

    def _unacked(self, booking_id: str) -> Pulse | None:
        pulse = self._in_flight(booking_id, Phase.SENT, Phase.STOPPING)
        return pulse if pulse and pulse.acked_at is None else None

    def _let_go(self, phase: Phase) -> Pulse:
        pulse, self._pulse, self._phase = self._pulse, None, phase
        assert pulse is not None  # noqa: S101 - whoever calls has just looked at it
        return pulse

    def _off(self) -> None:
        self._off_at = self._now.steady
        if events.SendOff() not in self._actions:
            self._actions.append(events.SendOff())

    def _trouble(self, trouble: Trouble) -> None:
        if trouble not in self._raised:
            self._raised.add(trouble)
            self._actions.append(events.Raise(trouble=trouble))

    def _calm(self, trouble: Trouble) -> None:
        if trouble in self._raised:
            self._raised.discard(trouble)
            self._actions.append(events.Clear(trouble=trouble))

    OF_PULSES: ClassVar[dict[type, Callable[[Any, Any], None]]] = {
        events.Booked: _booked,
        events.BookFailed: _book_failed,
        events.Acked: _acked,
        events.NodeRefused: _node_refused,
        events.NotSent: _not_sent,
        events.Unanswered: _unanswered,
        events.Ended: _ended,
    }
