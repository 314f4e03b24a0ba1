"""A house with two pumps on a node, one behind a foreign switch, and everything that goes wrong.

The arbiters under test are driven as a real driver would, over links that lose, double, delay and
re-order, on a disk that fails, through restarts, with clocks that jump. `Watch` looks on.
"""

import heapq
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.care.core import Core
from tests.care.things import Node, Soil, Switch
from tests.care.watch import HEARD_S, Watch

NODE_PUMPS = ("north", "south")
SWITCH = "east"
PUMPS = (*NODE_PUMPS, SWITCH)
PLANTS = ("fern", "ivy")
EVERY_S = 1200.0
DRIVER_TIMEOUT_S = 10.0


class World:
    """True time `now` starts at 0; `dice` throws every fault. `hard`: how often they happen."""

    def __init__(self, core: Core, seed: int, hard: float | None = None) -> None:
        self.core, self.dice = core, random.Random(seed)
        self.hard = self.dice.choice([0.0, 0.02, 0.1, 0.25]) if hard is None else hard
        self.now, self.ahead, self.born, self.boot = 0.0, 1.8e9, -5000.0, 0
        self.life, self.count, self.heap = 0, 0, []
        self.alive = True
        self.node = Node(NODE_PUMPS, self.node_ended)
        self.switch = Switch(self.switch_changed)
        self.pins = {**self.node.pins, SWITCH: self.switch.pin}
        self.soils = {plant: Soil() for plant in PLANTS}
        self.links = {"node": True, SWITCH: True}
        self.sessions = {"node": 0, SWITCH: 0}
        self.disk: list[Any] = []
        self.disk_free = 0.0
        self.disk_broken = False
        self.ledger_expected = False
        self.unwritten: list[Any] = []
        self.memory: dict[str, Any] = {}
        self.acked: set[str] = set()
        self.calling: str | None = None
        self.asked: list[Any] = []
        self.flowed = dict.fromkeys(PUMPS, 0)
        self.wakes = dict.fromkeys(PUMPS, 0)
        facts = core.model.PumpFacts
        self.facts = {
            "north": facts(plants=("fern",), sensed=frozenset({"fern"}), ml_per_s=8.0),
            "south": facts(plants=("ivy",), sensed=frozenset({"ivy"}), ai_allowed=True),
            SWITCH: facts(
                plants=("fern",),
                sensed=frozenset({"fern"}),
                ml_per_s=10.0,
                bounded_by_hardware=False,
                daily_ms=None,
            ),
        }
        self.budgets = dict.fromkeys(PLANTS, 500.0)
        self.watch = Watch(self)
        self.start([])
        self.after(EVERY_S, self.measure, life=False)
        self.after(3600.0, self.anchor, life=False)

    # --- time -------------------------------------------------------------------------------------

    def moment(self) -> Any:
        wall, steady = self.now + self.ahead, self.now - self.born
        return self.core.model.Moment(wall=wall, steady=steady, boot_id=f"boot{self.boot}")

    def after(self, delay: float, act: Callable[[], None], *, life: bool = True) -> None:
        """Do something later; with `life`, only if Home Assistant is not killed before."""
        self.count += 1
        heapq.heappush(self.heap, (self.now + delay, self.count, self.life if life else None, act))

    def pass_time(self, seconds: float) -> None:
        end = self.now + seconds
        while True:
            due = [self.heap[0][0]] if self.heap else []
            due += [self.node.next] if self.node.next is not None else []
            step = min([*due, end])
            self.flow(max(0.0, step - self.now))
            self.now = max(self.now, step)
            self.node.pass_to(self.now)
            if self.heap and self.heap[0][0] <= self.now:
                _, _, life, act = heapq.heappop(self.heap)
                if life is None or (self.alive and life == self.life):
                    act()
            elif self.now >= end:
                break
        self.flow(0.0)
        self.watch.look()

    def flow(self, seconds: float) -> None:
        for soil in self.soils.values():
            soil.dry(seconds)
        for pump, pin in self.pins.items():
            for begin, end, name in pin.runs[self.flowed[pump] :]:
                plants, rate = self.watch.wet.get(name, ((), 0.0))
                for plant in plants:
                    self.soils[plant].water((end - begin) * rate)
            self.flowed[pump] = len(pin.runs)

    def delay(self) -> float:
        """How long a message takes."""
        if self.dice.random() < self.hard:
            return self.dice.choice([1.0, 5.0, 15.0, 40.0]) * self.dice.random()
        return 0.02 + 0.1 * self.dice.random()

    def fault(self) -> bool:
        return self.dice.random() < self.hard

    def budgeted(self, pump: str) -> list[str]:
        """Which pumps are set up anew after a change: `pump`, and where a plant has another budget.

        A pump gives no more than the least of its plants' budgets.
        """
        changed = []
        for name, facts in self.facts.items():
            mine = [self.budgets[plant] for plant in facts.plants]
            self.facts[name] = replace(facts, daily_ml=min(mine), most_ml=max(mine))
            if name == pump or self.facts[name] != facts:
                changed.append(name)
        return changed

    # --- Home Assistant -------------------------------------------------------------------------

    def start(self, lines: list[Any]) -> None:
        """A process begins with what is on the disk."""
        self.life += 1
        self.alive = True
        self.calling = None
        self.disk_free = self.now
        self.ledger = self.core.Ledger.restored(lines, self.moment())
        self.unwritten = []
        if self.ledger_expected and not lines:
            # As the books do: what cannot be written now is owed to the next line that can be.
            self.unwritten = [self.ledger.damage(self.moment())]
            self.append()
        self.arbiters = {
            pump: self.core.Arbiter(pump, self.ledger, self.memory.get(pump)) for pump in PUMPS
        }
        self.watch.started()
        events = self.core.events
        for pump in PUMPS:
            self.hand(pump, events.Configured(facts=self.facts[pump]))
        for lock in self.node.locks:
            self.lock_word(lock, on=True)
        for device, up in self.links.items():
            if up:
                self.greet(device)

    def hand(self, pump: str, event: Any) -> None:
        """Give an event to an arbiter and do what it wants."""
        if not self.alive:
            return
        moment = self.moment()
        self.watch.before(pump, event)
        actions = self.arbiters[pump].handle(event, moment)
        self.watch.handled(pump, event, actions, self.arbiters[pump].status(moment))
        for action in actions:
            self.carry(pump, action, moment)

    def hand_later(self, pump: str, event: Any) -> None:
        """Over a link that may lose it or say it twice."""
        if self.fault():
            if self.dice.random() < 0.5:
                return
            self.after(self.delay(), lambda: self.hand(pump, event))
        self.after(self.delay(), lambda: self.hand(pump, event))

    def carry(self, pump: str, action: Any, moment: Any) -> None:
        events = self.core.events
        match action:
            case events.Book():
                self.write(pump, action)
            case events.Settle():
                self.after(self.disk_time(), lambda: self.append(action.settlement))
            case events.Send():
                self.send(pump, action.booking_id, action.ms)
            case events.SendOff():
                self.send_off(pump)
            case events.Remember():
                self.memory[pump] = action.memory
            case events.WakeAt():
                self.wakes[pump] += 1
                turn = self.wakes[pump]
                wait = max(0.0, action.steady - moment.steady) + 0.005
                self.after(wait, lambda: self.wake(pump, turn))

    def wake(self, pump: str, turn: int) -> None:
        if turn == self.wakes[pump]:
            self.watch.tick(pump)
            self.hand(pump, self.core.events.Tick())

    def anchor(self) -> None:
        if self.alive:
            self.append(self.ledger.anchor(self.moment()))
        self.after(3600.0, self.anchor, life=False)

    # --- its disk -------------------------------------------------------------------------------

    def disk_time(self) -> float:
        """When the disk is through with this one: one after the other."""
        slow = 25.0 * self.dice.random() if self.fault() else 0.02
        self.disk_free = max(self.disk_free, self.now) + slow
        return self.disk_free - self.now

    def append(self, *lines: Any) -> None:
        if not self.disk_broken:
            self.disk += [*self.unwritten, *lines]
            self.unwritten = []

    def write(self, pump: str, action: Any) -> None:
        events, name = self.core.events, action.booking.booking_id

        def done() -> None:
            if self.disk_broken:
                if self.dice.random() < 0.5:
                    self.disk += [*self.unwritten, action.booking]  # written, and the sync failed
                elif not action.send:
                    self.unwritten.append(action.booking)
                self.hand(pump, events.BookFailed(booking_id=name))
                return
            self.append(action.booking)
            if action.send:
                self.hand(pump, events.Booked(booking_id=name))
                if self.fault():
                    self.hand_later(pump, events.Booked(booking_id=name))

        self.after(self.disk_time(), done)

    # --- the links ------------------------------------------------------------------------------

    def device(self, pump: str) -> str:
        return SWITCH if pump == SWITCH else "node"

    def send(self, pump: str, name: str, ms: int) -> None:
        events, device = self.core.events, self.device(pump)
        if not self.links[device]:
            self.after(0.01, lambda: self.hand(pump, events.NotSent(booking_id=name)))
            return
        session = self.sessions[device]
        arrive = self.node_on if device == "node" else self.switch_on
        lost = self.fault() and self.dice.random() < 0.5
        if not lost:
            again = self.fault() and device == "node"  # the same command twice
            wait = self.delay()
            for _ in range(1 + again):
                self.after(wait, lambda: arrive(pump, name, ms, session), life=False)
        self.after(DRIVER_TIMEOUT_S, lambda: self.unanswered(pump, name))

    def unanswered(self, pump: str, name: str) -> None:
        if name not in self.acked:
            self.hand(pump, self.core.events.Unanswered(booking_id=name))

    def node_on(self, pump: str, name: str, ms: int, session: int) -> None:
        if not self.links["node"] or session != self.sessions["node"]:
            return
        events = self.core.events
        refused, retry = self.node.on(pump, name, ms, self.now)
        if refused:
            word = events.NodeRefused(booking_id=name, reason=refused, retry_ms=retry)
        else:
            word = events.Acked(booking_id=name)
            self.hand_later(pump, events.Reported(on=True))
        if not self.fault():
            self.after(self.delay(), lambda: self.answer(pump, name, word))

    def answer(self, pump: str, name: str, word: Any) -> None:
        self.acked.add(name)
        self.hand(pump, word)
        if self.fault():
            self.hand_later(pump, word)

    def node_ended(self, pump: str, name: str, ms: int, why: str) -> None:
        if not self.links["node"]:
            return
        events = self.core.events
        if name in self.acked:
            told = self.dice.choice([None, ms])
            self.hand_later(pump, events.Ended(booking_id=name, ms=told))
        self.hand_later(pump, events.Reported(on=False))

    def switch_on(self, pump: str, name: str, ms: int, session: int) -> None:
        if self.links[SWITCH] and session == self.sessions[SWITCH]:
            self.calling = name
            if self.switch.is_on:
                self.after(self.delay(), lambda: self.answer(pump, name, self.word_on(name)))
            self.switch.turn(on=True, now=self.now, name=name)

    def word_on(self, name: str) -> Any:
        return self.core.events.Acked(booking_id=name)

    def switch_changed(self, on: bool) -> None:
        if not self.links[SWITCH]:
            return
        events, name = self.core.events, self.calling
        if on and name:
            self.after(self.delay(), lambda: self.answer(SWITCH, name, self.word_on(name)))
        elif not on and name in self.acked:
            self.hand_later(SWITCH, events.Ended(booking_id=name, ms=None))
            self.calling = None
        self.after(min(self.delay(), HEARD_S), lambda: self.hand(SWITCH, events.Reported(on=on)))

    def send_off(self, pump: str) -> None:
        device, session = self.device(pump), self.sessions[self.device(pump)]

        def arrive() -> None:
            if not self.links[device] or session != self.sessions[device]:
                return
            if device == "node":
                self.node.off(self.now, "cmd", pump)
            else:
                self.switch.turn(on=False, now=self.now)
                self.after(self.delay(), lambda: self.tell_state(pump))

        if not self.fault():
            self.after(self.delay(), arrive, life=False)

    def greet(self, device: str) -> None:
        """A link begins: it is up, and the device says what it does."""
        events = self.core.events
        for pump in NODE_PUMPS if device == "node" else (SWITCH,):
            self.hand(pump, events.LinkUp())
            self.after(self.delay(), lambda pump=pump: self.tell_state(pump))

    def tell_state(self, pump: str) -> None:
        if self.links[self.device(pump)]:
            on = self.pins[pump].since is not None
            self.hand(pump, self.core.events.Reported(on=on))

    def cut(self, device: str) -> None:
        self.links[device] = False
        self.sessions[device] += 1
        if device == "node":
            session = self.sessions["node"]

            def notices() -> None:
                if session == self.sessions["node"]:
                    self.node.off(self.now, "link")

            self.after(15 * self.dice.random(), notices, life=False)
        for pump in NODE_PUMPS if device == "node" else (SWITCH,):
            self.hand(pump, self.core.events.LinkDown())

    def lock_word(self, kind: str, *, on: bool, sensor: str = "contact") -> None:
        word = self.core.model.InterlockKind(kind)
        for pump in PUMPS if kind == "leak" else NODE_PUMPS:
            self.hand(pump, self.core.events.Interlock(kind=word, sensor=sensor, on=on))

    # --- the soil -------------------------------------------------------------------------------

    def measure(self) -> None:
        for plant, soil in self.soils.items():
            if soil.silent:
                continue
            late = 1200.0 * self.dice.random() if self.fault() else 0.0
            word = self.core.model.Soil(
                plant_id=plant,
                moisture=soil.shows(),
                at=self.now + self.ahead,
                every_s=EVERY_S,
            )
            self.after(late, lambda word=word: self.tell_soil(word))
        self.after(EVERY_S, self.measure, life=False)

    def tell_soil(self, word: Any) -> None:
        for pump in PUMPS:
            if word.plant_id in self.facts[pump].sensed:
                self.hand(pump, self.core.events.Measured(soil=word))
