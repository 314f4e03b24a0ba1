"""The Arduino's firmware, broken on purpose: each fault must be caught by the tests there are.

Two faults by default, all with PLANT_VITA_FULL=1. A fault is a text that stands in the sources
once, and what is put in its place; the Makefile builds a copy.
"""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.firmware import (
    test_arduino_lines as lines,
    test_arduino_memory as memory,
    test_arduino_water as water,
)
from tests.firmware.arduino_rig import FULL, LEAK_PIN, PUMP, SOURCES, Node, image


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A fault, and the test that must not survive it; `two` boards have two pumps."""

    name: str
    changes: tuple[tuple[str, str, str], ...]
    caught: Callable[[Node], None]
    two: bool = False


WRITTEN = "  started_.write(mark_of(m.id.text, m.id.size));\n"
QUICK = WRITTEN.replace("  ", "  const bool quick = ", 1)
TAG = "  if (quick) outputs_.run_pump(slot, ms, m.id);\n"
BOOK = "  const bool booked = outputs_.book(slot, ms);\n"
SETTLED = "  started_.settled();\n"

MUTANTS = (
    Mutant(
        name="the timer's interrupt ends no pulse",
        changes=(("avr/time.cpp", "if (left && --left == 0) drive(false);", "if (left) --left;"),),
        caught=lambda node: water.test_a_hung_loop_ends(node, interrupts=True),
    ),
    Mutant(
        name="the pump starts before its tag is written",
        changes=(("commands.cpp", QUICK + TAG, "  const bool quick = true;\n" + TAG + WRITTEN),),
        caught=water.test_a_tag_is_written_before_the_pump_starts_and_all_else_at_once,
    ),
    Mutant(
        name="a watering is taken for settled before it starts, and the power fails",
        changes=(("commands.cpp", TAG, SETTLED + TAG),),
        # Until the booking's first byte is written, a thirtieth of the time in which it is cut.
        caught=lambda node: [memory.cut_everywhere(chunk, node.elf) for chunk in range(10)],
    ),
    Mutant(
        name="a watering is taken for settled before it starts",
        changes=(("commands.cpp", TAG, SETTLED + TAG),),
        caught=water.test_a_watering_that_was_cut_off_before_it_was_booked_counts_in_full,
    ),
    Mutant(
        name="a tag that is found at boot blocks no id",
        changes=(
            (
                "started.cpp",
                "if (ids->known(mark) == Ids::kNew && !ids->note(mark)) return false;",
                "",
            ),
        ),
        caught=water.test_a_watering_that_was_cut_off_before_it_was_booked_counts_in_full,
    ),
    Mutant(
        name="a tag is kept and not compared",
        changes=(("ids.cpp", "if (kept >= kTagOnly) kept ^= (kept ^ mark) & kTagOnly;", ""),),
        caught=water.test_a_watering_that_was_cut_off_before_it_was_booked_counts_in_full,
    ),
    Mutant(
        name="a tag that is found at boot counts for nothing",
        changes=(
            ("started.cpp", "if (!ledger->book(Ledger::kNoChannel, kPumpMsMax)) return false;", ""),
        ),
        caught=water.test_a_watering_that_was_cut_off_before_it_was_booked_counts_in_full,
    ),
    Mutant(
        name="the next tag's cells are not erased beforehand",
        changes=(("started.cpp", "  erase();\n  ++slot_;\n  erase();", "  ++slot_;"),),
        caught=water.test_a_tag_is_written_before_the_pump_starts_and_all_else_at_once,
    ),
    Mutant(
        name="nothing is booked",
        changes=(("commands.cpp", BOOK, "  const bool booked = true;\n"),),
        caught=water.test_what_a_reset_interrupted_counts_in_full,
    ),
    Mutant(
        name="ids are not kept",
        changes=(
            (
                "commands.cpp",
                "return ids_.note(mark_of(m.id.text, m.id.size));",
                "return m.id.size;",
            ),
        ),
        caught=lambda node: water.test_a_reset_during_a_pulse_ends_it_for_good(node, "external"),
    ),
    Mutant(
        name="the soil gets no minute",
        changes=(("outputs.cpp", "if (*wait) return Error::kSoak;", ""),),
        caught=lambda node: water.test_a_reset_during_a_pulse_ends_it_for_good(node, "external"),
    ),
    Mutant(
        name="any length will do",
        changes=(("outputs.cpp", "if (ms.value > kPumpMsMax) return Error::kTooLong;", ""),),
        caught=lambda node: water.test_what_is_refused_moves_nothing(
            node, {"ch": PUMP, "ms": 30_001}
        ),
    ),
    Mutant(
        name="a leak stops nothing that runs",
        changes=(("outputs.cpp", "} else if (lock != Interlock::kFree) {", "} else if (false) {"),),
        caught=lambda node: water.test_contacts_stop_and_lock(node, LEAK_PIN, 0, "leak"),
    ),
    Mutant(
        name="stop says yes and does nothing",
        changes=(("commands.cpp", "case Op::kStop:\n      stop(m);", "case Op::kStop:"),),
        caught=water.test_stop_acts_at_once_while_another_line_is_coming,
    ),
    Mutant(
        name="no watchdog",
        changes=(("avr/start.cpp", "WDTCSR = _BV(WDIE) | _BV(WDE) | WDTO_2S;", "WDTCSR = 0;"),),
        caught=lambda node: water.test_a_hung_loop_ends(node, interrupts=True),
    ),
    Mutant(
        name="two pumps at a time",
        changes=(("outputs.cpp", "if (pump_ != kNone) return Error::kBusy;", ""),),
        caught=water.test_one_pump_at_a_time,
        two=True,
    ),
    Mutant(
        name="a confirmation counts whatever boot it names",
        changes=(
            (
                "node.cpp",
                "if (m.boot.text[i] != static_cast",
                "if (false && m.boot.text[i] != static_cast",
            ),
        ),
        caught=memory.test_the_clock_of_a_confirmation_of_another_boot_forgets_nothing,
    ),
    Mutant(
        name="a stop books nothing back",
        changes=(("outputs.cpp", "if (left > 1) ledger_->settle(", "if (false) ledger_->settle("),),
        caught=water.test_a_stop_gives_back_what_did_not_run,
    ),
    Mutant(
        name="a heartbeat is not answered",
        changes=(("node.cpp", "if (heartbeats_ != 0xFF) ++heartbeats_;", ""),),
        caught=lines.test_heartbeats,
    ),
)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    """A copy of the sources, and the same once more, unspoilt."""
    folder = tmp_path_factory.mktemp("workshop")
    shutil.copytree(SOURCES, folder / "arduino")
    return folder


def built(folder, mutant: Mutant | None):
    """The program of the copy, with a fault or without."""
    spoilt = {}
    for name, before, after in mutant.changes if mutant else ():
        file = folder / "arduino" / "plant_node" / "src" / name
        text = spoilt.setdefault(file, file.read_text())
        now = file.read_text()
        assert now.count(before) == 1, f"{name} has no {before!r}: say anew what is broken here"
        file.write_text(now.replace(before, after))
        assert text != file.read_text()
    try:
        words = ["make", "-s", "-C", folder / "arduino", "BOARD=uno", f"BUILD={folder / 'build'}",
                 "OWN_CXX=-w"]  # fmt: skip
        subprocess.run(words, check=True, timeout=300, stdout=subprocess.DEVNULL)
    finally:
        for file, text in spoilt.items():
            file.write_text(text)
    return folder / "build" / "plant_node.elf"


def tried(elf, mutant: Mutant) -> None:
    """Let the test look at a board that runs this program."""
    with Node(image(mutant.two), elf=elf) as node:
        node.greet()
        node.run(100)
        mutant.caught(node)


def test_every_fault_can_still_be_planted():
    texts = {}
    for mutant in MUTANTS:
        for name, before, _ in mutant.changes:
            text = texts.setdefault(name, (SOURCES / "plant_node" / "src" / name).read_text())
            assert text.count(before) == 1, f"{mutant.name}: {name} has no {before!r}"


@pytest.mark.full
@pytest.mark.parametrize("mutant", MUTANTS if FULL else MUTANTS[:2], ids=lambda mutant: mutant.name)
def test_a_planted_fault_is_caught(workshop, mutant):
    elf = built(workshop, mutant)
    with pytest.raises((AssertionError, KeyError, StopIteration, TimeoutError, ValueError)):
        tried(elf, mutant)


@pytest.mark.full
@pytest.mark.parametrize("mutant", MUTANTS if FULL else MUTANTS[:2], ids=lambda mutant: mutant.name)
def test_without_the_fault_the_same_test_passes(workshop, mutant):
    tried(built(workshop, None), mutant)
