"""Looks on and compares with W9 to W18, by what truly flowed. Knows none of the code under test."""

import math
from typing import Any

DAY = 86_400.0
HEARD_S = 3.0  # so late may come what a switch says; what flows before that nobody can know
UNATTENDED = {"schedule", "automatic", "ai"}


class Watch:
    """All that was said and done; every check is an assertion that names its invariant."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.wet: dict[str, tuple[tuple[str, ...], float]] = {}
        self.bookings: dict[str, Any] = {}
        self.begun: dict[str, float] = {}  # when a booking was made
        self.on_disk: set[str] = set()
        self.failed: set[str] = set()
        self.sent: dict[str, float] = {}
        self.settled: dict[str, int] = {}
        self.demands: dict[str, Any] = {}
        self.asked_in: dict[str, tuple[int, float]] = {}
        self.over: set[str] = set()
        self.void: set[str] = set()
        self.owner: dict[str, str | None] = {}
        self.locks: set[tuple[str, str, str]] = set()
        self.damaged_at = float("-inf")
        self.read_back: dict[str, bool] = {}
        self.unsure: dict[str, bool] = {}
        self.on_word: dict[str, bool] = {}
        self.raised: dict[str, bool] = {}
        self.readings: dict[tuple[str, str], Any] = {}
        self.fresh: set[tuple[str, str]] = set()
        self.changed: dict[tuple[str, str], tuple[float, float]] = {}
        self.before_ml: dict[str, dict[str, float]] = {}
        self.waits: dict[tuple[str, str], tuple[float, float]] = {}
        self.misses: dict[tuple[str, str], int] = {}
        self.low: dict[tuple[str, str], float] = {}
        self.recent: dict[tuple[str, str], list[float]] = {}
        self.deadline: float | None = None
        self.noticed: dict[str, float] = {}  # which presses, and when the word of them came
        self.pressed: dict[str, str] = {}
        self.ticks: dict[str, list[float]] = {}
        self.figures = dict.fromkeys(("events", "sends", "finished", "refused", "locked"), 0)
        self.presses, self.mark = 0, 0.0

    # --- what is said to an arbiter -------------------------------------------------------------

    def started(self) -> None:
        """Nothing that was asked for before may run now (W11)."""
        for pump in self.world.pins:
            self.read_back[pump] = self.on_word[pump] = False
            self.unsure[pump] = True
            self.owner[pump] = None
            self.raised.setdefault(pump, False)  # a lock outlives a start (W14)
        self.void |= set(self.demands)
        # A hand was at the switch while the disk failed, or just before a power cut.
        kept = {getattr(one, "booking_id", None) for one in self.world.disk}
        for name in {name for id_, name in self.pressed.items() if id_ not in kept}:
            self.noticed.pop(name, None)
        for known in (self.locks, self.readings, self.fresh, self.changed, self.recent):
            known.clear()
        self.waits.clear()  # a machine that was off has not waited for an answer
        self.deadline = None
        self.before_ml.clear()

    def before(self, pump: str, event: Any) -> None:
        self.figures["events"] += 1
        look = getattr(self, "_" + type(event).__name__.lower(), None)
        if look:
            look(pump, event)

    def tick(self, pump: str) -> None:
        """An arbiter that wakes up all the time does not know what it waits for."""
        times = self.ticks.setdefault(pump, [])
        times.append(self.world.now)
        if len(times) > 30:
            assert times[-1] - times.pop(0) > 1, "woken thirty times within a second"

    def _asked(self, pump: str, event: Any) -> None:
        name = event.demand.demand_id
        if name not in self.demands or self.asked_in[name][0] != self.world.life:
            if name not in {self.bookings[sent].demand_id for sent in self.sent}:
                self.void.discard(name)
            self.over.discard(name)
            self.asked_in[name] = (self.world.life, self.world.now)
            self.demands[name] = event.demand

    def _nothing_more(self, pump: str) -> None:
        self.void |= {name for name, one in self.demands.items() if one.pump_id == pump}

    def _stopped(self, pump: str, event: Any) -> None:
        self._nothing_more(pump)

    def _interlock(self, pump: str, event: Any) -> None:
        lock = (pump, str(event.kind), event.sensor)
        if event.on:
            self.locks.add(lock)
            self._nothing_more(pump)
        else:
            self.locks.discard(lock)

    def _linkdown(self, pump: str, event: Any) -> None:
        self._nothing_more(pump)
        self.read_back[pump] = self.on_word[pump] = False
        self.unsure[pump] = True

    def _unanswered(self, pump: str, event: Any) -> None:
        name = event.booking_id
        waits = name in self.sent and self.bookings[name].demand_id not in self.over
        if waits and name == self._last(pump) and not self.on_word[pump]:
            self.read_back[pump] = False
            self.unsure[pump] = True
            self.void.add(self.bookings[name].demand_id)

    def _acked(self, pump: str, event: Any) -> None:
        if event.booking_id == self._last(pump):
            self.on_word[pump] = True
            self.unsure[pump] = False
            if pump == "east" and self.deadline is None:
                self.deadline = self.world.now + self.bookings[event.booking_id].ms / 1000

    def _ended(self, pump: str, event: Any) -> None:
        self._is_off(pump)

    def _is_off(self, pump: str) -> None:
        if pump == "east":
            self.deadline = None

    def _reported(self, pump: str, event: Any) -> None:
        if event.on is False:
            self._is_off(pump)
        self.on_word[pump] = bool(event.on)
        self.read_back[pump] = self.read_back[pump] or event.on is False
        self.unsure[pump] = self.unsure[pump] and event.on is None

    def _booked(self, pump: str, event: Any) -> None:
        self.on_disk.add(event.booking_id)

    def _bookfailed(self, pump: str, event: Any) -> None:
        self.failed.add(event.booking_id)

    def _cleared(self, pump: str, event: Any) -> None:
        self.raised[pump] = False
        self.misses = {key: count for key, count in self.misses.items() if key[0] != pump}
        self.waits = {key: wait for key, wait in self.waits.items() if key[0] != pump}

    def _measured(self, pump: str, event: Any) -> None:
        soil, now = event.soil, self.world.now
        key, age = (pump, soil.plant_id), now + self.world.ahead - soil.at
        known = self.readings.get(key)
        if -60 <= age < 900:
            self.fresh.add(key)
        if known is None or soil.at >= known[0].at or known[0].at > now + self.world.ahead:
            self.readings[key] = (soil, now)
        value = self.changed.get(key)
        if value is None or value[0] != soil.moisture:
            self.changed[key] = (soil.moisture, now)
        self._answer(key, soil, now, punctual=abs(age) < 1)

    def _answer(self, key: tuple[str, str], soil: Any, now: float, *, punctual: bool) -> None:
        """W14, only the plain cases: one watering of 100 ml, the reading half an hour later."""
        self.recent[key] = [*self.recent.get(key, [])[-2:], soil.moisture]
        if not 2 <= soil.moisture <= 98:
            self.waits.pop(key, None)
            return
        low = self.low.setdefault(key, soil.moisture)
        if not soil.moisture < low + 3:
            self.misses.pop(key, None)  # it may have been the answer to something smaller
            low = soil.moisture
        self.low[key] = min(low, soil.moisture)
        if key not in self.waits:
            return
        before, ended = self.waits[key]
        if not soil.moisture < before + 3:
            del self.waits[key]
            self.misses.pop(key, None)
        elif punctual and now >= ended + 1860:
            del self.waits[key]
            self.misses[key] = self.misses.get(key, 0) + 1

    # --- what the arbiter does about it ---------------------------------------------------------

    def handled(self, pump: str, event: Any, actions: list[Any], status: Any) -> None:
        kinds = [type(action).__name__ for action in actions]
        if type(event).__name__ == "Stopped" or getattr(event, "on", False) is True:
            is_stop = type(event).__name__ in {"Stopped", "Interlock"}
            assert not is_stop or "SendOff" in kinds, "W7, W16: told to stop, and no off"
        for action in actions:
            do = getattr(self, "_do_" + type(action).__name__.lower(), None)
            if do:
                do(pump, action)
        if status.on is True:
            assert self.on_word[pump], "W17: shows on, and nobody has said so"
        if self.unsure[pump]:
            assert status.on is None, f"W17: shows {status.on}, and nobody knows"
        if any(count >= 2 for (of, _), count in self.misses.items() if of == pump):
            assert self.raised[pump], "W14: not locked after two waterings without an answer"
        if self.deadline and pump == "east" and self.world.now > self.deadline + 1:
            raise AssertionError("nobody turned the switch off at the end of its pulse")

    def _do_sendoff(self, pump: str, action: Any) -> None:
        self._is_off(pump)

    def _do_raise(self, pump: str, action: Any) -> None:
        if str(action.trouble) == "no_response":
            self.raised[pump] = True
            self.figures["locked"] += 1

    def _do_book(self, pump: str, action: Any) -> None:
        name = action.booking.booking_id
        assert name not in self.sent, "W10: one booking made twice"
        self.failed.discard(name)
        self.on_disk.discard(name)
        self.bookings[name] = action.booking
        self.begun[name] = self.world.now
        if not action.send:
            self.on_word[pump] = self.on_word[pump] or self.world.pins[pump].since is not None
            name, facts = self.world.pins[pump].name, self.world.facts[pump]
            if name.startswith("press") and name not in self.noticed:
                self.wet[name] = (facts.plants, facts.ml_per_s or 30.0)
            self.noticed.setdefault(name, self.world.now)
            self.pressed[action.booking.booking_id] = name

    def _do_settle(self, pump: str, action: Any) -> None:
        name, ms = action.settlement.booking_id, action.settlement.ms
        self.settled[name] = ms
        assert ms <= self.bookings[name].ms, "W10: settled to more"

    def _do_tell(self, pump: str, action: Any) -> None:
        name, kind = action.demand_id, type(action.result).__name__
        assert name not in self.over, f"W9: told twice how it ended: {name}"
        if kind == "Started":
            return
        self.over.add(name)
        self.figures["finished" if kind == "Finished" else "refused"] += 1
        if self.owner[pump] == name:
            self.owner[pump] = None
        if kind == "Finished":
            self._wait_for_answer(pump, name, action.result)

    def _wait_for_answer(self, pump: str, name: str, result: Any) -> None:
        plants = self.before_ml.pop(name, {})
        for plant in self.world.facts[pump].plants:
            key = (pump, plant)
            plain = result.sure and result.ml >= 100 and plant in plants and key not in self.waits
            self.waits.pop(key, None)
            if plain:
                self.waits[key] = (plants[plant], self.world.now)

    def _do_send(self, pump: str, action: Any) -> None:
        name, ms, world = action.booking_id, action.ms, self.world
        self.figures["sends"] += 1
        booking = self.bookings.get(name)
        assert booking, "W10: sent without a booking"
        assert name in self.on_disk, "W10: sent before it was on the disk"
        assert name not in self.failed, "W10: sent although the disk failed"
        assert name not in self.sent, "W10: one booking sent twice"
        assert ms == booking.ms, "W10: sent more than booked"
        assert ms <= world.facts[pump].cap_ms, "W2: a pulse longer than the cap"
        assert name not in self.settled, "W10: sent after it was settled"
        assert world.now - self.begun[name] < 11, "W10: a booking that lay about was sent"
        first = self._check_owner(pump, booking.demand_id)
        self.sent[name] = world.now
        self.on_word[pump] = False
        wet, rate = world.facts[pump].plants, world.facts[pump].ml_per_s or 30.0
        self._check_caps(pump, booking, wet, ms * rate / 1000)
        self.wet[name] = (wet, rate)
        demand = self.demands[booking.demand_id]
        if first:
            self._check_soak(demand, wet, self.begun[name])
            self._check_unattended(pump, demand, booking)
            known = {p: self.readings.get((pump, p)) for p in wet}
            self.before_ml[booking.demand_id] = {
                plant: known[0].moisture
                for plant, known in known.items()
                if known and world.now - known[1] < 3000 and self._is_steady((pump, plant))
            }

    def _is_steady(self, key: tuple[str, str]) -> bool:
        """Whether anybody would call the last readings the same."""
        recent = self.recent.get(key, [])
        return self.world.hard == 0 and len(recent) == 3 and max(recent) - min(recent) < 2

    def _check_owner(self, pump: str, demand_id: str) -> bool:
        world = self.world
        assert demand_id in self.demands, "W9: nobody asked for this"
        assert demand_id not in self.void, "W11: something resumed"
        assert demand_id not in self.over, "W9: sent after it was told to be over"
        assert self.owner[pump] in {None, demand_id}, "W9: two at a time"
        assert not {lock for lock in self.locks if lock[0] == pump}, "W16: sent against a lock"
        assert not self.raised[pump], "W14: sent although locked"
        assert world.now - self.damaged_at >= DAY, "W18: sent with a damaged ledger"
        assert self.read_back[pump], "W11, W17: sent before its state was read back"
        demand, pin = self.demands[demand_id], world.pins[pump]
        if pump == "east" or str(demand.source) in UNATTENDED:
            ours = pin.since is not None and not pin.name.startswith("press")
            assert not ours, "W9: sent while the last pulse still ran"
        first = self.owner[pump] is None
        self.owner[pump] = demand_id
        return first

    def _check_caps(self, pump: str, booking: Any, wet: tuple[str, ...], ml: float) -> None:
        facts = self.world.facts[pump]
        for plant in wet:
            had = self.had(plant)
            assert had + ml <= facts.daily_ml + 1, f"W13, W15: {had:.0f} + {ml:.0f} ml for {plant}"
            if str(booking.source) == "ai":
                of = {name for name, one in self.bookings.items() if str(one.source) == "ai"}
                assert facts.ai_allowed, "W13: a model waters, and nobody allowed that"
                assert self.had(plant, of) + ml <= 0.2 * facts.daily_ml + 1, "W13: share of the AI"

    def had(self, plant: str, of: set[str] | None = None) -> float:
        """What a plant truly had in the last day, in ml; what still runs counts whole."""
        return sum(self._had_by(pin, plant, of) for pin in self.world.pins.values())

    def _had_by(self, pin: Any, plant: str, of: set[str] | None) -> float:
        total, now = 0.0, self.world.now
        for begin, end, name in reversed(pin.all_runs(math.inf)):
            if end < now - DAY - 3600:
                break
            plants, rate = self.wet.get(name, ((), 0.0))
            if plant in plants and not self.is_secret(name) and (of is None or name in of):
                heard = min(self.noticed.get(name, begin), begin + HEARD_S)
                since = heard if name.startswith("press") else begin
                # What a switch gives beyond its pulse is known once it is off.
                ours = name in self.bookings and end > now - 60
                most = begin + self.bookings[name].ms / 1000 if ours else now
                total += max(0.0, min(end, most) - max(since, now - DAY)) * rate
        return total

    def is_secret(self, name: str) -> bool:
        """Whether nobody could hear that somebody pressed the switch."""
        return name.startswith("press") and name not in self.noticed

    def _check_soak(self, demand: Any, wet: tuple[str, ...], begun: float) -> None:
        if str(demand.source) == "manual":
            return
        for pin in self.world.pins.values():
            for _, end, name in pin.runs[-3:]:
                if self.is_secret(name) or end > begun - 1:
                    continue
                if set(wet) & set(self.wet.get(name, ((), 0.0))[0]):
                    assert self.world.now - end >= 1799, "W13: the soil had no time"

    def _check_unattended(self, pump: str, demand: Any, booking: Any) -> None:
        world, source = self.world, str(demand.source)
        if source == "schedule":
            late = booking.at.wall - demand.due_at
            assert late < 3600, "W11: a schedule an hour late"
        if source not in UNATTENDED:
            return
        facts = world.facts[pump]
        assert source == "schedule" or facts.sensed & set(facts.plants), "W12: without a sensor"
        for plant in facts.sensed & set(facts.plants):
            key = (pump, plant)
            assert key in self.readings, "W12: never measured"
            soil, came = self.readings[key]
            assert key in self.fresh, "W11: no fresh reading since the start"
            assert world.now - came <= max(3 * soil.every_s, 3600.0) + 11, "W12: stale"
            assert 2 <= soil.moisture <= 98, "W12: not a moisture"
            assert not soil.flawed, "W12: flawed"
            assert world.now - self.changed[key][1] < DAY + 11, "W12: flat"

    # --- at any time ----------------------------------------------------------------------------

    def look(self) -> None:
        """What must hold whether or not anybody says anything: by what flowed (peaks included)."""
        world = self.world
        for pump in world.node.pins:
            for name, seconds in world.node.pins[pump].by_name(world.now).items():
                counts = self.settled.get(name, self.bookings[name].ms)
                assert seconds * 1000 <= counts + 2, f"W10: {name} gave more than is booked"

    def at_rest(self) -> None:
        """Nothing has run for minutes, everybody could say what they had to say."""
        counts = {n: self.settled.get(n, one.ms) for n, one in self.bookings.items()}
        mine = [name for name, one in self.bookings.items() if one.pump_id == "east"]
        booked = sum(counts[name] for name in mine if self.begun[name] >= self.mark)
        flowed = self.world.switch.pin.seconds(self.mark, self.world.now) * 1000
        assert flowed <= booked + 3300, f"W10: {flowed:.0f} ms flowed, {booked} are booked"
        self.set_mark()

    def finale(self) -> None:
        """Hours after the last demand: everybody was told what became of theirs."""
        world = self.world
        waiting = {name for name, (life, _) in self.asked_in.items() if life == world.life}
        untold = waiting - self.over
        assert not untold, f"W9: never told what became of {sorted(untold)[:3]}"
        if not world.switch.is_on:
            self.at_rest()

    def set_mark(self) -> None:
        """From here on, what the switch lets through is compared anew."""
        self.mark = self.world.now

    def _last(self, pump: str) -> str | None:
        return next((n for n in reversed(self.sent) if self.bookings[n].pump_id == pump), None)
