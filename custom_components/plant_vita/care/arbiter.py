"""The one who decides about one pump, whoever asks (W9): events in, actions out.

Nothing else may switch it. A demand owns the pump from its first booking to its end, however many
pulses its dose takes, each of which goes the way of pulses.py; who asks meanwhile waits. A stop
and an interlock end whatever there is, and nothing resumes.
"""

from collections.abc import Callable
from typing import Any, ClassVar, override

from ..model.watering import (
    Booking,
    Cause,
    Demand,
    Finished,
    InterlockKind,
    Memory,
    Moment,
    Phase,
    PumpFacts,
    PumpStatus,
    Refusal,
    Result,
    Started,
    Trouble,
    Why,
)
from . import course, events, response, rules
from .course import Watering
from .events import Action, Event
from .ledger import Ledger
from .pulses import ACK_S, Pulses
from .senses import Senses
from .waiting import Waiting

RETRIES = 5
LONGEST_RETRY_S = 120.0
LONGEST_S = 7200.0
# The interlock that the pump itself reports.
OWN = "pump"
# Another pump of the same node runs, or this one did: two plants may be due at the same minute.
_WORTH_WAITING = frozenset({Why.NODE_SOAK, Why.NODE_BUSY})


class Arbiter(Pulses):
    """Decides about one pump; `handle` is all there is to it, and it never raises."""

    def __init__(self, pump_id: str, ledger: Ledger, memory: Memory | None = None) -> None:
        """After a start nothing resumes, and nothing is known of the pump (W11).

        The `ledger` is shared by all pumps; `memory` is what was last asked to be remembered.
        """
        super().__init__(pump_id, ledger)
        self._memory = memory or Memory()
        self._locks: set[tuple[InterlockKind, str]] = set()
        self._senses = Senses()
        self._waiting = Waiting()
        self._watering: Watering | None = None

    def handle(self, event: Event, now: Moment) -> list[Action]:
        """What is to be done about `event`, in this order."""
        self._now, self._actions = now, []
        # First what time alone has decided: an answer that comes too late is too late.
        self._time_passed()
        self._HANDLERS[type(event)](self, event)
        self._next()
        if (steady := self._wake_at()) is not None:
            self._actions.append(events.WakeAt(steady=steady))
        return self._actions

    # --- W9: one owner, the others wait ---------------------------------------------------------

    def _asked(self, event: events.Asked) -> None:
        demand = event.demand
        if not self._waiting.is_new(demand):
            return  # each is heard once
        if self._ledger.knows(demand.demand_id):
            self._tell(demand, Refusal(why=Why.TOO_LATE))  # also across a restart (W11)
        elif not self._waiting.put(demand, self._now.steady):
            self._tell(demand, Refusal(why=Why.QUEUE_FULL))

    def _next(self) -> None:
        """Whose turn it is, if it is anybody's."""
        while self._watering is None and self._pulse is None and (demand := self._waiting.take()):
            if self._facts is None:
                self._tell(demand, Refusal(why=Why.NO_PUMP))
                continue
            whole, now = course.dose_ms(demand, self._facts), self._now.steady
            self._watering = Watering(
                demand=demand, facts=self._facts, began=now, whole_ms=whole, left_ms=whole
            )
            self._go_on()

    def _go_on(self) -> None:
        """The next pulse of the dose, if nothing speaks against it and the pump has rested."""
        watering, facts = self._watering, self._facts
        if watering is None or facts is None:
            return
        first, ms = not watering.touched, watering.next_ms(facts.cap_ms)
        case = self._case(watering, watering.whole_ms if first else ms)
        if refusal := rules.refusal(case, rules.START if first else rules.PULSE):
            self._conclude(refusal.why, refusal.until)
            return
        self._phase = Phase.PAUSED
        if self._now.steady >= self._may_begin(watering):
            watering.pulses += 1
            watering.left_ms -= ms
            self._book(f"{watering.demand.demand_id}.{watering.pulses}", watering.demand, ms)

    def _may_begin(self, watering: Watering) -> float:
        """When the next pulse may be sent; a node keeps the pause itself, and says so at once."""
        return max(watering.not_before, float("-inf") if watering.beside else self._rest_until)

    @property
    def _idle(self) -> rules.Case:
        return self._case(course.nothing(self.pump_id, self._facts or PumpFacts()), 0)

    def _case(self, watering: Watering, ms: int) -> rules.Case:
        return rules.Case(
            demand=watering.demand,
            ms=ms,
            plant_ids=watering.plant_ids,
            facts=self._facts or PumpFacts(),
            ledger=self._ledger,
            senses=self._senses,
            memory=self._memory,
            locks=self._locks,
            reachable=self._reachable,
            read_back=self._read_back,
            now=self._now,
        )

    def _conclude(self, why: Why | None, until: float | None = None) -> None:
        """The end of a demand; `why` is None for a dose that was given whole."""
        watering, self._watering = self._watering, None
        if self._phase is Phase.PAUSED:
            self._phase = Phase.IDLE if self._read_back else Phase.UNKNOWN
        if watering is None:
            return
        why = watering.ending or why
        if not watering.touched:
            self._tell(watering.demand, Refusal(why=why or Why.STOPPED, until=until))
            return
        ms, ml, sure = watering.given_ms, watering.given_ml, watering.sure
        self._tell(watering.demand, Finished(ms=ms, ml=ml, why=why, sure=sure))
        self._await_answer(watering)

    # --- what becomes of its pulses -------------------------------------------------------------

    @override
    def _objection(self) -> Why | None:
        """While it was written down, another pump of its plants may have been turned on by hand."""
        watering = self._watering
        refusal = watering and rules.refusal(self._case(watering, 0), rules.PULSE)
        return refusal.why if refusal else None

    @override
    def _pulse_sent(self) -> None:
        watering = self._watering
        if watering and not watering.touched and self._facts:
            watering.first_at = self._ledger.time(self._now)
            for plant in self._facts.sensed:
                if (moisture := self._senses.moisture(plant, self._now)) is not None:
                    watering.before[plant] = moisture

    @override
    def _pulse_runs(self) -> None:
        watering = self._watering
        if watering and not watering.told_started:
            watering.told_started = True
            ml = course.ml_of(watering.whole_ms, watering.facts)
            self._tell(watering.demand, Started(ms=watering.whole_ms, ml=ml))

    @override
    def _pulse_over(self, booking: Booking, ms: int, why: Why | None, *, sure: bool) -> None:
        watering = self._watering
        if watering is None:
            return
        ml = booking.ml * ms / booking.ms
        watering.given_ms += ms
        watering.given_ml += ml
        watering.sure_ml += ml if sure else 0.0
        watering.sure = watering.sure and sure
        if why or watering.ending or watering.left_ms <= 0:
            self._conclude(why)
        else:
            self._go_on()

    @override
    def _pulse_failed(self, booking: Booking, why: Why, retry_ms: int | None = None) -> None:
        watering = self._watering
        if watering is None:
            return
        watering.retries += 1
        wait = why in _WORTH_WAITING and not watering.beside
        if watering.ending or not wait or watering.retries > RETRIES:
            until = None if retry_ms is None else self._now.wall + retry_ms / 1000
            self._conclude(why, until)
            return
        watering.left_ms += booking.ms
        seconds = min(max((retry_ms or 0) / 1000, 1.0), LONGEST_RETRY_S)
        watering.not_before = self._now.steady + seconds
        self._phase = Phase.PAUSED

    @override
    def _somebody_else(self) -> None:
        # What comes on just after it was told to be off is a command that was late, no hand (W7).
        is_late = self._now.steady < self._off_at + ACK_S
        self._cancel()  # a hand goes before what was planned
        self._conclude(Why.BUSY)
        if self._let_run(rules.left_ms(self._idle)) and (is_late or self._refused(rules.RUNNING)):
            self._stop_pulse()

    # --- W7, W8, W16: whatever runs, ends -------------------------------------------------------

    def _stopped(self, event: events.Stopped) -> None:
        self._halt(Why.STOPPED)
        self._send_away(Why.STOPPED)

    def _interlock(self, event: events.Interlock) -> None:
        if event.on:
            self._interlocked(event.kind, event.sensor)
        else:
            self._locks.discard((event.kind, event.sensor))

    def _interlocked(self, kind: InterlockKind, sensor: str) -> None:
        self._locks.add((kind, sensor))
        self._halt(rules.INTERLOCKS[kind])
        self._send_away(rules.INTERLOCKS[kind])

    def _halt(self, why: Why) -> None:
        """Off; of the dose nothing more is given."""
        self._stop_pulse()
        if self._watering and self._watering.ending is None:
            self._watering.ending = why
        if self._phase is not Phase.STOPPING:
            self._conclude(why)

    def _send_away(self, why: Why) -> None:
        for demand in self._waiting.clear():
            self._tell(demand, Refusal(why=why))

    # --- W11, W17: nothing is believed before the pump has said it -------------------------------

    def _reported(self, event: events.Reported) -> None:
        self._reachable = True
        self._locks -= {lock for lock in self._locks if lock[1] == OWN}
        if event.lock is not None:
            self._interlocked(event.lock, OWN)
        if event.on is None:
            self._shows_nothing()
        elif event.on:
            self._shows_on()
        else:
            self._shows_off()

    def _shows_nothing(self) -> None:
        if self._phase in {Phase.SENT, Phase.RUNNING, Phase.STOPPING}:
            return  # an answer to this pulse is due in any case
        self._halt(Why.NOT_READ_BACK)
        self._read_back = False
        self._phase = Phase.UNKNOWN

    def _link_down(self, event: events.LinkDown) -> None:
        if self._phase in {Phase.SENT, Phase.RUNNING, Phase.STOPPING}:
            self._lost(Why.NODE_GONE)
        else:
            self._halt(Why.NODE_GONE)
        self._reachable = self._read_back = False
        self._phase = Phase.UNKNOWN
        self._send_away(Why.NODE_GONE)

    def _link_up(self, event: events.LinkUp) -> None:
        self._reachable = True
        if self._meter.may_run and self._pulse is None:
            self._off()

    # --- W12, W14: the soil ---------------------------------------------------------------------

    def _measured(self, event: events.Measured) -> None:
        soil, now = event.soil, self._now
        if self._facts is None or soil.plant_id not in self._facts.sensed:
            return
        if not self._senses.take(soil, now):
            return
        measured = self._ledger.time(now) - max(0.0, now.wall - soil.at)
        if watch := self._memory.watches.get(soil.plant_id):
            soil = self._senses.settled(soil, now, self._ledger.time(now) - watch.ended)
        self._remember(response.measured(self._memory, soil, measured, self._facts))
        if self._memory.locked:
            self._lock(self._memory.locked)

    def _await_answer(self, watering: Watering) -> None:
        ended, memory = self._ledger.time(self._now), self._memory
        if watering.sure_ml <= 0:
            return
        for plant, before in watering.before.items():
            ml, began = watering.sure_ml, watering.first_at
            memory = response.poured(memory, plant, ml=ml, before=before, began=began, ended=ended)
        self._remember(memory)

    def _remember(self, memory: Memory) -> None:
        if memory != self._memory:
            self._memory = memory
            self._actions.append(events.Remember(memory=memory))

    def _lock(self, cause: Cause) -> None:
        if Trouble.NO_RESPONSE not in self._raised:
            self._raised.add(Trouble.NO_RESPONSE)
            self._actions.append(events.Raise(trouble=Trouble.NO_RESPONSE, cause=cause))
            self._halt(Why.LOCKED)
            self._send_away(Why.LOCKED)

    def _cleared(self, event: events.Cleared) -> None:
        self._remember(Memory(looked_at=self._ledger.time(self._now)))
        self._calm(Trouble.NO_RESPONSE)

    # --- how it is set up, and time -------------------------------------------------------------

    def _configured(self, event: events.Configured) -> None:
        before, facts = self._facts, event.facts and course.sound(event.facts)
        self._facts = facts
        if facts is None:
            self._halt(Why.NO_PUMP)
            self._send_away(Why.NO_PUMP)
            return
        self._meter.facts = facts
        if before is None:
            self._meter.resume(self._now)
            if self._memory.locked:
                self._lock(self._memory.locked)
        elif course.flow_elsewhere(before, facts) or (
            # What is being booked was judged by other limits.
            self._phase is Phase.BOOKING and before != facts
        ):
            self._halt(Why.CHANGED)
        self._remember(response.only(self._memory, facts.sensed))

    def _time_passed(self) -> None:
        now, watering = self._now.steady, self._watering
        self._ledger.time(self._now)
        self._pulse_time()
        for demand in self._waiting.expired(now):
            self._tell(demand, Refusal(why=Why.TOO_LATE))
        if watering and watering is self._watering and now >= watering.began + LONGEST_S:
            self._halt(Why.TOO_LATE)
        elif self._phase is Phase.PAUSED:
            self._go_on()

    def _ticked(self, event: events.Tick) -> None:
        """All that is due was done before the event."""

    def _wake_at(self) -> float | None:
        wakes = self._pulse_wakes()
        if (expiry := self._waiting.next_expiry) is not None:
            wakes.append(expiry)
        if self._phase is Phase.PAUSED and self._watering:
            wakes.append(self._may_begin(self._watering))
        # Never at once again: what could be done now was done.
        return max(min(wakes), self._now.steady + 0.01) if wakes else None

    def _tell(self, demand: Demand, result: Result) -> None:
        self._actions.append(events.Tell(demand_id=demand.demand_id, result=result))

    def status(self, now: Moment) -> PumpStatus:
        """What can be shown of the pump; changes nothing."""
        pulse, acked = self._pulse, self._pulse.acked_at if self._pulse else None
        runs = pulse is not None and self._phase in {Phase.RUNNING, Phase.STOPPING}
        ends = pulse and acked is not None and acked + pulse.length_s - now.steady
        return PumpStatus(
            phase=self._phase,
            on=(acked is not None or None) if runs else (False if self._read_back else None),
            until=now.wall + ends if runs and ends else None,
            demand=self._watering.demand if self._watering else None,
            queued=len(self._waiting),
            locked=self._memory.locked,
            blocked=self._blocked(),
        )

    def _blocked(self) -> Why | None:
        return Why.NO_PUMP if self._facts is None else self._refused(rules.STANDING)

    def _refused(self, standing: tuple[rules.Rule, ...]) -> Why | None:
        """What these rules say whatever is asked for."""
        refusal = rules.refusal(self._idle, standing)
        return refusal.why if refusal else None

    _HANDLERS: ClassVar[dict[type, Callable[[Any, Any], None]]] = {
        **Pulses.OF_PULSES,
        events.Asked: _asked,
        events.Stopped: _stopped,
        events.Reported: _reported,
        events.LinkDown: _link_down,
        events.LinkUp: _link_up,
        events.Interlock: _interlock,
        events.Measured: _measured,
        events.Cleared: _cleared,
        events.Configured: _configured,
        events.Tick: _ticked,
    }
