"""When an ESPHome node's pump may run: the very code of the node, with any clock and any flash."""

import ctypes
import subprocess
from collections.abc import Callable
from enum import IntEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

HERE = Path(__file__).parent
RULES = HERE.parents[1] / "firmware" / "esphome" / "components" / "plant_pump"

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
DAILY, PAUSE, LONGEST = 120 * SECOND, 60 * SECOND, 30 * SECOND
CHANNELS = 8


class Refusal(IntEnum):
    """As rules.h has them."""

    NONE = 0
    INTERLOCK = 1
    OFFLINE = 2
    BUSY = 3
    PAUSE = 4
    BUDGET = 5
    LEDGER_LOST = 6


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The rules, compiled as they are."""
    made = tmp_path_factory.mktemp("rules") / "rules.so"
    words = ["g++", "-std=gnu++20", "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC"]
    words += ["-I", str(RULES), "-o", str(made), str(HERE / "esphome_rules.cpp")]
    subprocess.run(words, check=True, timeout=120)
    library = ctypes.CDLL(str(made))
    library.rules_new.restype = library.interlock_new.restype = ctypes.c_void_p
    library.rules_begin_budget.restype = library.interlock_heard.restype = ctypes.c_bool
    return library


class Node:
    """A node with its pumps: real time goes on while it has no power, its own clock does not."""

    def __init__(self, library: Any, flash: bytes | None = None) -> None:
        self.library = library
        self.flash = flash
        self.real = 0
        self.runs: list[tuple[int, int]] = []  # by real time: from, to
        self.boot()

    def boot(self) -> None:
        self.uptime, self.running = 0, None
        found = ctypes.create_string_buffer(self.flash) if self.flash else None
        made = self.library.rules_new(DAILY, PAUSE, found, ctypes.c_int64(0))
        self.rules = ctypes.c_void_p(made)
        self.save()

    def save(self) -> None:
        kept = ctypes.create_string_buffer(self.library.ledger_size())
        self.library.rules_ledger(self.rules, ctypes.c_int64(self.uptime), kept)
        self.flash = kept.raw

    def wait(self, ms: int) -> None:
        """As the component does, the clock is written down each hour."""
        end = self.uptime + ms
        while (hour := (self.uptime // HOUR + 1) * HOUR) <= end:
            self.real += hour - self.uptime
            self.uptime = hour
            self.save()
        self.real += end - self.uptime
        self.uptime = end

    def without_power(self, ms: int) -> None:
        if self.running is not None:
            self.runs.append((self.running, self.real))
        self.library.rules_delete(self.rules)
        self.real += ms
        self.boot()

    def refusal(self, channel: int = 0, ms: int = LONGEST) -> Refusal:
        return Refusal(
            self.library.rules_refusal(self.rules, channel, ms, ctypes.c_int64(self.uptime))
        )

    def start(self, channel: int = 0, ms: int = LONGEST) -> Refusal:
        refusal = self.refusal(channel, ms)
        if refusal is Refusal.NONE:
            self.library.rules_book(self.rules, channel, ms, ctypes.c_int64(self.uptime))
            self.save()
            self.running = self.real
        return refusal

    def end(self) -> None:
        assert self.running is not None
        ran = self.real - self.running
        self.runs.append((self.running, self.real))
        self.running = None
        self.library.rules_settle(self.rules, ran, ctypes.c_int64(self.uptime))
        self.save()

    def run(self, ms: int = LONGEST, channel: int = 0, ran: int | None = None) -> Refusal:
        refusal = self.start(channel, ms)
        if refusal is Refusal.NONE:
            self.wait(ms if ran is None else ran)
            self.end()
        return refusal

    def begin_budget(self) -> bool:
        begun = bool(self.library.rules_begin_budget(self.rules, ctypes.c_int64(self.uptime)))
        self.save()
        return begun

    def most_in_a_day(self) -> int:
        """The most that ran within any 24 hours of real time."""
        days = [(end - DAY, end) for _, end in self.runs]
        return max(
            (sum(max(0, min(b, end) - max(a, begin)) for a, b in self.runs) for begin, end in days),
            default=0,
        )


@pytest.fixture
def new(library: Any) -> Node:
    """A node that somebody has said is new."""
    node = Node(library)
    assert node.begin_budget()
    return node


def test_a_node_without_a_ledger_has_used_up_its_day(library: Any) -> None:
    node = Node(library)
    assert node.refusal(ms=1) is Refusal.LEDGER_LOST
    node.wait(DAY - 1)
    assert node.refusal(ms=1) is Refusal.LEDGER_LOST
    node.wait(1)
    assert node.refusal() is Refusal.NONE


def test_time_without_power_is_no_time(library: Any) -> None:
    node = Node(library)
    for _ in range(3):
        node.without_power(DAY)
        node.wait(HOUR)
    assert node.refusal() is Refusal.LEDGER_LOST
    node.wait(20 * HOUR)
    assert node.refusal() is Refusal.LEDGER_LOST
    node.wait(HOUR)
    assert node.refusal() is Refusal.NONE


def test_only_once_a_person_can_say_that_it_is_new(new: Node) -> None:
    assert new.run() is Refusal.NONE
    assert not new.begin_budget()
    new.without_power(SECOND)
    assert not new.begin_budget()
    assert new.refusal() is Refusal.PAUSE


@pytest.mark.parametrize("at", [0, 8, 20, 100, 207])
def test_a_broken_ledger_is_a_lost_one(new: Node, at: int) -> None:
    assert new.run() is Refusal.NONE
    assert new.flash is not None
    spoilt = bytearray(new.flash)
    spoilt[at] ^= 0x40
    new.flash = bytes(spoilt)
    new.without_power(MINUTE)
    assert new.refusal(ms=1) is Refusal.LEDGER_LOST


def test_a_day_has_120_seconds(new: Node) -> None:
    for _ in range(4):
        assert new.run() is Refusal.NONE
        assert new.refusal(ms=1) is Refusal.PAUSE
        new.wait(PAUSE - 1)
        assert new.refusal(ms=1) is Refusal.PAUSE
        new.wait(1)
    assert new.refusal(ms=1) is Refusal.BUDGET
    # Of the first run as much is free again when a day has gone by since its end.
    new.wait(DAY - 4 * PAUSE - 3 * LONGEST - 1)
    assert new.refusal(ms=1) is Refusal.BUDGET
    new.wait(1)
    assert new.refusal() is Refusal.NONE
    assert new.refusal(ms=LONGEST + 1) is Refusal.BUDGET


def test_all_pumps_share_the_day_and_wait_each_for_itself(new: Node) -> None:
    assert new.start(channel=0) is Refusal.NONE
    assert new.refusal(channel=1) is Refusal.BUSY
    new.wait(LONGEST)
    new.end()
    assert new.refusal(channel=0) is Refusal.PAUSE
    for channel in (1, 2, 3):
        assert new.run(channel=channel) is Refusal.NONE
    assert new.refusal(channel=4, ms=1) is Refusal.BUDGET


def test_what_was_stopped_counts_as_long_as_it_ran(new: Node) -> None:
    for _ in range(9):
        assert new.run(ran=10 * SECOND) is Refusal.NONE
        new.wait(PAUSE)
    assert new.refusal(ms=30 * SECOND) is Refusal.NONE
    assert new.refusal(ms=30 * SECOND + 1) is Refusal.BUDGET


def test_a_run_that_was_cut_by_a_reset_counts_whole(new: Node) -> None:
    assert new.start() is Refusal.NONE
    new.wait(SECOND)
    new.without_power(SECOND)
    new.wait(LONGEST + PAUSE - 1)
    assert new.refusal() is Refusal.PAUSE
    new.wait(1)
    assert new.refusal(ms=90 * SECOND) is Refusal.NONE
    assert new.refusal(ms=90 * SECOND + 1) is Refusal.BUDGET


def test_a_contact_holds_for_a_while(library: Any) -> None:
    tank = ctypes.c_void_p(library.interlock_new(10 * SECOND))

    def heard(at: int, *, known: bool = True, active: bool = False) -> bool:
        return bool(library.interlock_heard(tank, known, active, ctypes.c_int64(at)))

    assert not heard(0)
    assert heard(100, active=True)
    assert heard(100 + 10 * SECOND - 1)
    assert not heard(100 + 10 * SECOND)
    assert heard(50 * SECOND, known=False)
    library.interlock_delete(tank)


# A day is played in steps: runs of any length on any channel, waits, cuts of power.
STEP = st.one_of(
    st.tuples(
        st.just("run"),
        st.integers(0, CHANNELS - 1),
        st.integers(1, LONGEST),
        st.floats(0, 1),
        st.booleans(),
    ),
    st.tuples(st.just("wait"), st.integers(1, 3 * MINUTE)),
    st.tuples(st.just("wait"), st.integers(HOUR, DAY + HOUR)),
    st.tuples(st.just("cut"), st.integers(0, 2 * DAY)),
)


def play(node: Node, steps: list[Any]) -> None:
    for kind, *how in steps:
        if kind == "wait":
            node.wait(how[0])
        elif kind == "cut":
            node.without_power(how[0])
        else:
            channel, ms, share, cut = how
            if node.start(channel, ms) is Refusal.NONE:
                node.wait(max(1, round(share * ms)))
                node.without_power(MINUTE) if cut else node.end()


@pytest.fixture(scope="module")
def promises(library: Any) -> Callable[[list[Any]], None]:
    def hold(steps: list[Any]) -> None:
        node = Node(library)
        node.begin_budget()
        play(node, steps)
        assert node.most_in_a_day() <= DAILY
        assert all(after >= before for (_, before), (after, _) in pairwise(node.runs))

    return hold


def test_no_day_has_more_whatever_happens(
    promises: Callable[[list[Any]], None], full_campaign: bool
) -> None:
    @settings(max_examples=3000 if full_campaign else 150)
    @given(st.lists(STEP, max_size=60))
    def any_life(steps: list[Any]) -> None:
        promises(steps)

    any_life()


def test_many_short_runs_do_not_wash_out_the_first(new: Node) -> None:
    # More of them than there are places in the ledger.
    assert new.run() is Refusal.NONE
    for number in range(1, 40):
        new.wait(10 * SECOND)
        assert new.run(ms=2 * SECOND, channel=number % CHANNELS) is Refusal.NONE
    assert new.most_in_a_day() == LONGEST + 39 * 2 * SECOND
    new.wait(MINUTE)
    assert new.refusal(ms=12 * SECOND) is Refusal.NONE
    assert new.refusal(ms=12 * SECOND + 1) is Refusal.BUDGET
