"""The watching house is watched: each fault planted in a copy of the decisions must be seen by it.

A fault is a text that stands in a file once, and what is put in its place. It has to be caught on
five of five seeds within so many lives; a fault whose text is not there any more fails. Every
second fault is tried by default, all with PLANT_VITA_FULL=1.
"""

import os
from dataclasses import dataclass

import pytest

from tests.care.campaign import ACTS, live
from tests.care.core import PRODUCT, Core, planted, product

SEEDS = 5
LIVES = 60
STEP = 1 if os.environ.get("PLANT_VITA_FULL") == "1" else 2

pytestmark = pytest.mark.timeout(300)


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """What is broken, and where."""

    name: str
    file: str
    before: str
    after: str


def _mutant(name: str, file: str, before: str, after: str) -> Mutant:
    return Mutant(name=name, file=f"care/{file}.py", before=before, after=after)


MUTANTS = (
    _mutant(
        "W9: who comes later takes the pump from whoever waits for the next pulse",
        "arbiter",
        "while self._watering is None and self._pulse is None and",
        "while self._pulse is None and",
    ),
    _mutant(
        "W9: a demand is heard again",
        "arbiter",
        "if not self._waiting.is_new(demand):",
        "if False:",
    ),
    _mutant(
        "W11: a demand runs again after a start",
        "arbiter",
        "if self._ledger.knows(demand.demand_id):",
        "if False:",
    ),
    _mutant(
        "W10: sent before it is on the disk",
        "pulses",
        "        self._actions.append(events.Book(booking=booking))\n",
        "        self._actions.append(events.Book(booking=booking))\n"
        "        self._actions.append(events.Send(booking_id=name, ms=ms))\n",
    ),
    _mutant(
        "W10: sent although the disk failed",
        "pulses",
        "        events.BookFailed: _book_failed,\n",
        "        events.BookFailed: _booked,\n",
    ),
    _mutant(
        "W10: a second word from the disk sends again",
        "pulses",
        "pulse := self._in_flight(event.booking_id, Phase.BOOKING):\n            self._calm",
        "pulse := self._in_flight(event.booking_id):\n            self._calm",
    ),
    _mutant(
        "W10: what was not acknowledged does not count",
        "pulses",
        "        pulse = self._let_go(Phase.UNKNOWN)\n",
        "        pulse = self._let_go(Phase.UNKNOWN)\n"
        "        self._actions.append(self._meter.settled(pulse.booking, 0))\n",
    ),
    _mutant(
        "W10: a switch that stays on is not booked on",
        "meter",
        "        if not late or not self.may_run or",
        "        if True or",
    ),
    _mutant(
        "W7: a stop while it is written down stops nothing",
        "pulses",
        "        if self._phase is Phase.BOOKING:\n            pulse = self._let_go(Phase.IDLE)\n",
        "        if False:\n            pulse = self._let_go(Phase.IDLE)\n",
    ),
    _mutant(
        "W7: a stop leaves those who wait",
        "arbiter",
        "        self._halt(Why.STOPPED)\n        self._send_away(Why.STOPPED)\n",
        "        self._halt(Why.STOPPED)\n",
    ),
    _mutant(
        "W11: nothing has to be read back after a start",
        "pulses",
        "        self._reachable = self._read_back = False\n        self._pulse",
        "        self._reachable = self._read_back = True\n        self._pulse",
    ),
    _mutant(
        "W11: a schedule runs a day late",
        "rules",
        "-60.0 <= late < LATE_S",
        "-60.0 <= late < 24 * LATE_S",
    ),
    _mutant("W12: a stale sensor will do", "senses", "< patience", "< 100 * patience"),
    _mutant("W12: a flat sensor will do", "senses", ">= FLAT_S", ">= 100 * FLAT_S"),
    _mutant(
        "W12: any number is a moisture",
        "senses",
        "RANGE = (2.0, 98.0)",
        "RANGE = (-1.0, 101.0)",
    ),
    _mutant(
        "W13: each pump has a budget of its own for the same plant",
        "ledger",
        "return [*map(of, plant_ids), lambda one",
        "return [lambda one",
    ),
    _mutant("W13: a day has twelve hours", "ledger", "DAY_S + 900.0", "DAY_S / 2"),
    _mutant(
        "W13: the soil gets no time",
        "rules",
        "wait = case.facts.soak_s - since",
        "wait = -since",
    ),
    _mutant("W13: a model may have it all", "rules", "AI_SHARE = 0.2", "AI_SHARE = 1.0"),
    _mutant(
        "W14: never locked",
        "response",
        "if misses >= MISSES and",
        "if misses >= 99 and",
    ),
    _mutant(
        "W15: the budget goes by the wall clock",
        "clock",
        "min(now.steady - last.steady, now.wall - last.wall)",
        "now.wall - last.wall",
    ),
    _mutant(
        "W15: what a clock says after a start of the machine is believed",
        "clock",
        "        steady = now.steady\n",
        "        steady = now.steady\n"
        "        if now.boot_id != last.boot_id:\n"
        "            self._budget += max(0.0, now.wall - last.wall)\n",
    ),
    _mutant(
        "W16: an interlock lets run what runs",
        "arbiter",
        "        self._halt(rules.INTERLOCKS[kind])\n",
        "",
    ),
    _mutant(
        "W16: one dry contact is enough",
        "arbiter",
        "            self._locks.discard((event.kind, event.sensor))\n",
        "            self._locks.clear()\n",
    ),
    _mutant(
        "W17: on as soon as it is sent",
        "arbiter",
        "on=(acked is not None or None) if runs else",
        "on=True if pulse else",
    ),
    _mutant(
        "W17: off when nobody knows",
        "arbiter",
        "else (False if self._read_back else None)",
        "else False",
    ),
    _mutant(
        "W10: a pulse that the node has run before counts for nothing",
        "pulses",
        "if pulse and why is Why.NODE_REPEAT:",
        "if False:",
    ),
    _mutant(
        "W9: a foreign switch is left on at the end of its pulse",
        "pulses",
        "elif not bounded and now >= deadline and",
        "elif False and",
    ),
    _mutant(
        "W11: a lost link ends no dose",
        "arbiter",
        "            self._halt(Why.NODE_GONE)\n        self._reachable",
        "            pass\n        self._reachable",
    ),
    _mutant(
        "W13: a start forgets what was given",
        "ledger",
        "isinstance(line, Booking):\n                ledger.book(line)\n",
        "isinstance(line, Booking):\n                pass\n",
    ),
    _mutant(
        "W14: a start forgets the lock",
        "arbiter",
        "self._memory = memory or Memory()",
        "self._memory = Memory()",
    ),
    _mutant("W18: a lost ledger is an empty one", "ledger", "if self._damage is None:", "if True:"),
)


def lives_until_caught(core: Core, seed: int) -> int | None:
    """In which life the first violation was seen, None if in none of them."""
    for life in range(LIVES):
        try:
            live(core, 1_000_000 * (seed + 1) + life)
        except AssertionError:
            return life
    return None


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    return tmp_path_factory.mktemp("workshop")


def test_every_fault_can_still_be_planted():
    for mutant in MUTANTS:
        text = (PRODUCT / mutant.file).read_text()
        assert text.count(mutant.before) == 1, f"{mutant.name}: say anew what is broken"
    assert len(MUTANTS) >= 12


@pytest.mark.parametrize("number", range(0, len(MUTANTS), STEP), ids=lambda n: MUTANTS[n].name)
def test_a_planted_fault_is_caught_on_every_seed(workshop, number):
    mutant = MUTANTS[number]
    core = planted(workshop, f"faulty{number}", ((mutant.file, mutant.before, mutant.after),))
    for seed in range(SEEDS):
        caught = lives_until_caught(core, seed)
        assert caught is not None, f"seed {seed}: not seen in {LIVES * ACTS} acts"


def test_without_a_fault_the_same_lives_are_quiet():
    core = product()
    assert [lives_until_caught(core, seed) for seed in range(2)] == [None, None]
