"""Water from the real Arduino program: what its pins do, in the chip's own cycles."""

import sys
from statistics import median

import pytest

from tests.firmware.arduino_rig import (
    FULL,
    LEAK_PIN,
    NOW_MS,
    PUMP,
    PUMP_PIN,
    SECOND,
    SECOND_PIN,
    TANK_PIN,
    Node,
    image,
)  # fmt: skip

PIN_LOW_MS = 100  # W1
WATCHDOG_MS = 8500  # W3, with the chip's own slack
BOOKED_MS = 70  # so soon after its start a watering stands in the EEPROM
TO_THE_PIN_MS = 9  # from the last byte of a command
HANGS = (True, False) if FULL else (True,)


@pytest.fixture
def node():
    with Node(image()) as made:
        made.greet()
        made.run(100)
        yield made


@pytest.fixture
def two():
    with Node(image(two_pumps=True)) as made:
        made.greet()
        made.run(100)
        yield made


@pytest.mark.parametrize("ms", [50, 1234, 5000])
def test_a_pulse_lasts_what_was_asked_for_and_is_told(node, ms):
    assert node.command("c1", "on", ch=PUMP, ms=ms) == {"t": "ack", "c": "c1", "ok": 1}
    ended = node.wait("state", lambda m: m["why"] == "timer", ms + 2000)
    assert ended["a"][str(PUMP)] == 0
    assert ended["c"] == "c1"
    if ms > BOOKED_MS:  # a shorter one is over before the node speaks again
        started = node.wait("state", lambda m: m["why"] == "cmd")
        assert 0 < started["a"][str(PUMP)] <= ms
    [(rose, fell)] = node.pulses()
    assert abs(fell - rose - ms) <= 5


def test_a_tag_is_written_before_the_pump_starts_and_all_else_at_once(node):
    before = len(node.board.eeprom.writes)
    node.command("c1", "on", ch=PUMP, ms=1000)
    node.run(100)
    [(rose, _)] = node.pulses()
    chip = node.board.chip
    cycle = chip.cycles(rose / 1000)
    writes = node.board.eeprom.writes[before:]
    early = [write for write in writes if write.cycle < cycle]
    tag = [write.address for write in early]
    assert len(tag) == 2
    assert tag[1] == tag[0] + 1
    assert all(write.old == 0xFF for write in early)  # erased beforehand
    assert all(write.end - write.cycle == chip.cycles(0.0018) for write in early)
    assert early[-1].end <= cycle  # through, and read back
    late = writes[2:]
    assert 12 <= len(late) <= 20  # a booking, an id, the tag erased, and the next one's cells
    assert [(write.address, write.new) for write in late[-4:-2]] == [(at, 0xFF) for at in tag]
    assert late[-1].end - cycle < chip.cycles(BOOKED_MS / 1000)


def test_how_long_it_takes_from_the_command_to_the_pin(node):
    took = []
    for turn in range(5):
        node.send({"t": "cmd", "c": f"{turn:016x}", "op": "on", "ch": PUMP, "ms": 500})
        while node.board.uart.waiting:
            node.run(0.1)
        heard = node.board.ms
        node.run(TO_THE_PIN_MS)
        took.append(node.pulses()[turn][0] - heard)
        node.run(600)
        node.skip(61)
    told = f"{len(took)} times: median {median(took):.1f} ms, worst {max(took):.1f} ms"
    sys.stdout.write(f"last byte of the command → pin, {told}\n")
    assert max(took) <= TO_THE_PIN_MS


def test_a_watering_that_was_cut_off_before_it_was_booked_counts_in_full(node):
    """Its tag alone stands there: it counts as the longest there is, and its id runs no more."""
    for turn in range(4):
        before = len(node.pulses())
        node.send({"t": "cmd", "c": f"c{turn}", "op": "on", "ch": PUMP, "ms": 1000})
        node.until(lambda so_far=before: len(node.pulses()) > so_far, 100, step=0.02)
        node.again()
        node.greet()
        assert node.command(f"c{turn}", "on", ch=PUMP, ms=1000)["err"] == "repeat"
        soak = node.command(f"d{turn}", "on", ch=PUMP, ms=1000)
        assert soak["err"] == "soak"
        assert 89_000 < soak["ms"] <= 92_000  # 30 s, and the minute behind them
        node.skip(93)
        assert node.command(f"c{turn}", "on", ch=PUMP, ms=1000)["err"] == "repeat"
    refused = node.command("c9", "on", ch=PUMP, ms=1)
    assert refused["err"] == "budget"
    assert 86_000_000 < refused["ms"] <= 86_400_000


def test_stop_acts_at_once_while_another_line_is_coming(node):
    waits = []
    for turn in range(3):
        node.board.pins.edges.clear()
        node.command(f"c{turn}", "on", ch=PUMP, ms=20_000)
        node.run(150 + 7 * turn)
        assert node.pump()
        began = node.board.ms
        node.raw_send(b'{"t":"cmd","c":"x","op":"pi')
        node.raw_send(b"\n")
        answer = node.command(f"s{turn}", "stop")
        assert answer["ok"] == 1
        assert not node.pump()
        waits.append(node.pulses()[-1][1] - began)
        node.skip(61)
    assert max(waits) < 250
    state = node.wait("state", lambda m: m["why"] == "stop")
    assert state["a"][str(PUMP)] == 0


def test_a_stop_gives_back_what_did_not_run(node):
    for turn in range(20):
        assert node.command(f"c{turn}", "on", ch=PUMP, ms=30_000).get("ok") == 1, turn
        node.run(200)
        node.command(f"s{turn}", "off", ch=PUMP)
        node.skip(61)
    assert len(node.pulses()) == 20


@pytest.mark.parametrize("interrupts", HANGS)
def test_a_hung_loop_ends(node, interrupts):
    """The timer ends the pulse, the watchdog the hang."""
    node.command("c1", "on", ch=PUMP, ms=2000)
    node.run(100)
    assert node.pump()
    began = node.board.ms
    node.board.chip.hang(interrupts=interrupts)
    node.greet(WATCHDOG_MS)
    assert node.board.ms - began < WATCHDOG_MS
    assert [cause for _, cause in node.board.chip.resets] == ([] if interrupts else ["watchdog"])
    [(rose, fell)] = node.pulses()
    if interrupts:
        assert abs(fell - rose - 2000) <= 5
    assert fell - began < WATCHDOG_MS
    assert not node.pump()
    assert node.wait("log", ms=3000)["lv"] in {"w", "e"}
    assert node.command("c2", "on", ch=PUMP, ms=1000)["err"] == "soak"


@pytest.mark.parametrize("cause", ["external", "power", "watchdog"])
def test_a_reset_during_a_pulse_ends_it_for_good(node, cause):
    node.command("c1", "on", ch=PUMP, ms=20_000)
    node.run(500)
    began = node.board.ms
    if cause == "power":
        node.again()
        began = 0
    elif cause == "external":
        node.board.reset()
    else:
        node.board.chip.hang(interrupts=False)
        node.until(lambda: node.board.chip.resets, WATCHDOG_MS, step=50)
        began = node.board.chip.resets[0][0] / 16_000
    node.run(PIN_LOW_MS)
    driven = [(at - began, level) for at, level in node.board.edges(PUMP_PIN) if at >= began]
    assert driven[-1][1] == 0  # driven low, and not only let go
    assert driven[-1][0] < PIN_LOW_MS
    assert all(level != 1 for _, level in driven)
    node.hello()
    node.send({"t": "hi", "now": NOW_MS})
    state = node.wait("state", lambda m: m["why"] == "boot")
    assert state["a"][str(PUMP)] == 0
    assert node.command("c1", "on", ch=PUMP, ms=20_000)["err"] == "repeat"
    soak = node.command("c2", "on", ch=PUMP, ms=1000)
    assert soak["err"] == "soak"
    assert 0 < soak["ms"] <= 81_000
    node.run(300)
    assert not node.pump()


def test_what_a_reset_interrupted_counts_in_full(node):
    for turn in range(4):
        assert node.command(f"c{turn}", "on", ch=PUMP, ms=29_900).get("ok") == 1
        node.run(100)
        node.again()
        node.greet()
        node.skip(91)
    refused = node.command("c9", "on", ch=PUMP, ms=1000)
    assert refused["err"] == "budget"
    assert 86_000_000 < refused["ms"] <= 86_400_000


def test_a_day_later_there_is_water_again(node):
    for turn in range(4):
        assert node.command(f"c{turn}", "on", ch=PUMP, ms=30_000).get("ok") == 1
        node.run(60)
        node.board.reset()
        node.greet()
        node.skip(91)
    wait = node.command("c8", "on", ch=PUMP, ms=1000)["ms"]
    node.skip(wait / 1000 - 5)
    assert node.command("c9", "on", ch=PUMP, ms=1000)["err"] == "budget"
    node.skip(6)
    assert node.command("c10", "on", ch=PUMP, ms=1000).get("ok") == 1


def test_one_pump_at_a_time(two):
    assert two.command("c1", "on", ch=PUMP, ms=800)["ok"] == 1
    busy = two.command("c2", "on", ch=SECOND, ms=800)
    assert busy["err"] == "busy"
    assert 0 < busy["ms"] <= 800
    two.wait("state", lambda m: m["why"] == "timer")
    assert two.command("c3", "on", ch=SECOND, ms=800)["ok"] == 1
    two.run(1000)
    assert len(two.pulses(SECOND_PIN)) == 1
    assert two.pulses(SECOND_PIN)[0][0] >= two.pulses(PUMP_PIN)[0][1]


@pytest.mark.parametrize(("pin", "bad", "part"), [(TANK_PIN, 1, "tank"), (LEAK_PIN, 0, "leak")])
def test_contacts_stop_and_lock(node, pin, bad, part):
    node.command("c1", "on", ch=PUMP, ms=20_000)
    node.run(300)
    began = node.board.ms
    node.contact(pin, bad)
    node.run(1000)
    assert not node.pump()
    [(_, fell)] = node.pulses()
    assert fell - began < 1000  # W8
    state = node.wait("state", lambda m: m["why"] == "interlock")
    assert state["lock"] == {str(PUMP): part}
    node.skip(91)
    assert node.command("c2", "on", ch=PUMP, ms=1000)["err"] == "interlock"
    node.again()
    node.greet()
    assert node.command("c3", "on", ch=PUMP, ms=1000)["err"] == "interlock"
    assert not node.pump()


@pytest.mark.parametrize(
    "fields",
    [
        {"ch": PUMP, "ms": 30_001},
        {"ch": PUMP, "ms": 2**32 + 1000},
        {"ch": PUMP, "ms": -1},
        {"ch": PUMP, "ms": 1e3},
        {"ch": PUMP},
        {"ms": 1000},
        {"ch": 255, "ms": 1000},
        {"ch": 260, "ms": 1000},
        {"ch": -252, "ms": 1000},
    ],
)
def test_what_is_refused_moves_nothing(node, fields):
    answer = node.command("c1", "on", **fields)
    assert answer["err"] in {"too_long", "bad", "unknown"}
    node.run(200)
    assert not node.pulses()


def test_a_light_is_dimmed_and_goes_out(node):
    assert node.command("c1", "on", ch=5, ms=4000, lv=25)["ok"] == 1
    node.run(50)
    assert node.duty() == pytest.approx(0.25, abs=0.01)
    assert node.command("c2", "level", ch=5, lv=75)["ok"] == 1
    node.run(50)
    assert node.duty() == pytest.approx(0.75, abs=0.01)
    assert node.command("c3", "level", ch=5, lv=101)["err"] == "bad"
    assert node.command("c4", "on", ch=5, ms=86_400_001)["err"] == "too_long"
    state = node.wait("state", lambda m: m["why"] == "timer", 5000)
    assert state["a"]["5"] == 0
    node.run(50)
    assert node.duty() == 0
