"""What the real Arduino program keeps: over resets, over power cuts at any cycle, for years."""

import random
from functools import cache

import pytest

from tests.firmware.arduino_rig import (
    FULL,
    LIGHT,
    NOW_MS,
    PUMP,
    SOIL,
    TANK,
    WIRED,
    Node,
    image,
)  # fmt: skip

CUTS = 1000 if FULL else 40
CHUNK = 40
SETS = 8


@pytest.fixture
def node():
    with Node(image()) as made:
        made.greet()
        made.run(100)
        yield made


def test_a_new_board_has_nothing_and_can_be_wired():
    with Node() as node:
        hello = node.greet()
        places = {channel[3] for channel in hello["ch"]}
        assert places <= {"A0", "D2", "D3", "D7"}  # what most people connect first
        for channel, *_ in hello["ch"]:
            assert node.command(f"u{channel}", "wire", ch=channel, set={})["ok"] == 1
        node.hello()
        assert node.of("hello")[-1]["ch"] == []
        answer = node.command("w1", "wire", ch=3, set={"k": "pump", "at": "!D8", "lb": "Tomaten ü"})
        assert answer["ok"] == 1
        again = node.hello()
        assert again["ch"] == [[3, "pump", "Tomaten ü", "!D8"]]
        node.until(lambda: node.board.pins.level("D8") is not None)
        assert node.board.pins.level("D8") == 1  # a relay board: off is high
        node.send({"t": "hi", "now": NOW_MS}, ms=100)
        assert node.command("c1", "on", ch=3, ms=500)["ok"] == 1
        node.run(100)
        assert node.board.pins.level("D8") == 0
        node.run(1000)
        assert node.board.pins.level("D8") == 1
        node.again()
        assert node.greet()["ch"] == [[3, "pump", "Tomaten ü", "!D8"]]
        assert node.command("w2", "wire", ch=3, set={})["ok"] == 1
        node.again()
        assert node.greet()["ch"] == []
        assert node.command("c2", "on", ch=3, ms=500)["err"] == "unknown"


@pytest.mark.parametrize(
    ("channel", "wire"),
    [
        (0, {"k": "m", "at": "D7"}),
        (0, {"k": "m", "at": "A9"}),
        (0, {"k": "pump", "at": "A99"}),
        (0, {"k": "pump", "at": "D0"}),
        (0, {"k": "pump", "at": "i2c"}),
        (0, {"k": "dragon", "at": "A0"}),
        (0, {"k": "m"}),
        (0, {"at": "A0"}),
        (SOIL, {"k": "pump", "at": "D7"}),
        (SOIL, {"k": "t", "at": "D7"}),
        (SOIL, {"k": "m", "at": "A0", "lb": "much too long a label"}),
        (63, {"k": "m", "at": "A0"}),
        (-1, {"k": "m", "at": "A0"}),
    ],
)
def test_a_wrong_wire_changes_nothing(node, channel, wire):
    before = node.board.eeprom.image()
    assert node.command("w1", "wire", ch=channel, set=wire)["err"] in {"bad", "unknown"}
    assert {(c[0], c[1], c[3]) for c in node.hello()["ch"]} == {
        (number, kind, place) for number, (kind, place) in WIRED.items()
    }
    changed = [i for i, byte in enumerate(node.board.eeprom.image()) if byte != before[i]]
    assert len(changed) <= 12  # the id of the command at most


def test_nothing_is_rewired_while_something_runs(node):
    node.command("c1", "on", ch=LIGHT, ms=3000, lv=50)
    assert node.command("w1", "wire", ch=SOIL, set={})["err"] == "busy"
    node.run(4000)
    assert node.command("w2", "wire", ch=SOIL, set={})["ok"] == 1


def test_settings_are_kept(node):
    assert node.command("c1", "config", set={"every": 17, "sample": 3})["ok"] == 1
    assert node.command("c2", "config", ch=SOIL, set={"med": 3, "db": 0.5, "hb": 60})["ok"] == 1
    for name, fields in {
        "c3": {"ch": SOIL, "set": {"med": 4}},
        "c4": {"ch": 63, "set": {"med": 3}},
        "c5": {"set": {"every": 1}},
        "c6": {"set": {"every": 86_401}},
        "c7": {"ch": SOIL, "set": {"db": -1}},
        "c8": {"ch": SOIL},
    }.items():
        assert node.command(name, "config", **fields)["err"] in {"bad", "unknown"}, name
    node.again()
    assert node.greet()["every"] == 17


def test_ids_run_once_over_resets(node):
    for number in range(16):
        assert node.command(f"id{number}", "config", set={"every": 60 + number})["ok"] == 1
    assert node.command("id3", "config", set={"every": 99}).get("ok") == 1  # as before
    assert node.hello()["every"] == 75
    node.again()
    node.greet()
    for number in range(16):
        node.stride(1)
        again = node.command(f"id{number}", "config", set={"every": 99})
        assert again["err"] == "repeat", number
    assert node.hello()["every"] == 75
    assert node.command("id99", "config", set={"every": 80})["ok"] == 1


def test_restart_happens_once(node):
    assert node.command("r1", "restart")["ok"] == 1
    first = node.of("hello")[-1]["boot"]
    assert node.greet()["boot"] != first
    assert node.command("r1", "restart")["err"] == "repeat"
    before = len(node.of("hello"))
    node.run(3000)
    assert len(node.of("hello")) == before


def test_unconfirmed_sets_wait_and_grow_older(node):
    node.command("q", "config", set={"every": 5, "sample": 1})
    node.command("q0", "config", ch=SOIL, set={"med": 1, "db": 0, "hb": 5})
    node.run(1000)
    node.confirm()
    node.run(200)
    began = len(node.of("tele"))
    node.until(lambda: len(node.of("tele")) >= began + 3, 40_000)
    first = node.of("tele")[began:][:3]
    assert [m["n"] for m in first] == list(range(first[0]["n"], first[0]["n"] + 3))
    before = len(node.heard)
    node.hello()  # Home Assistant has started anew
    node.send({"t": "hi", "now": NOW_MS})
    node.until(lambda: len([m for m in node.heard[before:] if m["t"] == "tele"]) >= 3, 8000)
    again = [m for m in node.heard[before:] if m["t"] == "tele"]
    for old, new in zip(first, again, strict=False):
        assert (old["n"], old["r"]) == (new["n"], new["r"])
        assert new["age"] > old["age"]
    assert again[0]["age"] > first[0]["age"] + 3000
    node.confirm()
    node.run(300)
    before = len(node.heard)
    node.hello()
    node.send({"t": "hi", "now": NOW_MS}, ms=3000)
    numbers = {m["n"] for m in node.heard[before:] if m["t"] == "tele"}
    assert not numbers & {m["n"] for m in first}


def test_the_last_sets_are_kept_while_nobody_confirms(node):
    node.command("q", "config", set={"every": 5, "sample": 1})
    node.command("q0", "config", ch=SOIL, set={"med": 1, "db": 0, "hb": 5})
    for _ in range(14):
        node.stride(6)
    numbers = [m["n"] for m in node.of("tele")]
    before = len(node.heard)
    node.hello()
    node.send({"t": "hi", "now": NOW_MS})
    node.stride(20)
    again = [m["n"] for m in node.heard[before:] if m["t"] == "tele"]
    assert set(numbers[-SETS + 1 :]) <= set(again)
    assert again == sorted(again)


def test_the_clock_of_a_confirmation_of_another_boot_forgets_nothing(node):
    node.stride(8)
    waiting = node.of("tele")[-1]
    node.send({"t": "got", "b": "00000000", "n": 2_000_000}, ms=100)
    before = len(node.heard)
    node.hello()
    node.send({"t": "hi", "now": NOW_MS})
    node.stride(12)
    assert waiting["n"] in [m["n"] for m in node.heard[before:] if m["t"] == "tele"]


@cache
def nearly_spent():
    """A board that has used 90 of its 120 s, each pulse cut short by a reset and so in full."""
    with Node(image()) as node:
        node.greet()
        for turn in range(3):
            assert node.command(f"n{turn}", "on", ch=PUMP, ms=30_000)["ok"] == 1
            node.run(60)
            node.board.reset()
            node.greet()
            node.skip(91)
        node.run(100)
        return node.board.eeprom.image()


def last_pulse(node, dice):
    """Cut the power at a random cycle around a last pulse; its length, 0 if it did not begin."""
    node.dice = dice
    node.greet()
    node.skip(91)
    length = dice.randrange(1000, 30_001)
    node.send({"t": "cmd", "c": "k1", "op": "on", "ch": PUMP, "ms": length})
    node.run(dice.uniform(0, 160))
    assert not [m for m in node.of("ack") if "err" in m], "nothing is tried here"
    ran = length if node.pulses() else 0
    node.again()
    if dice.random() < 0.5:  # and once more while it picks up the pieces
        node.run(dice.uniform(0, 120))
        node.again()
    node.greet()
    assert not node.pulses()
    again = node.command("k1", "on", ch=PUMP, ms=length)
    assert not ran or again.get("err") == "repeat", again
    return ran


def cut_everywhere(chunk, elf=None):
    """Never more than 120 s, wherever the power fails; how often the pump had begun."""
    began = 0
    for turn in range(CHUNK):
        dice = random.Random(1000 * chunk + turn)
        with Node(nearly_spent(), elf=elf) as node:
            ran = last_pulse(node, dice)
            began += bool(ran)
            node.skip(91)
            answer = node.command("k2", "on", ch=PUMP, ms=30_001 - ran if ran else 30_000)
            if ran:
                assert answer.get("err") == "budget", (chunk, turn, ran, answer)
            else:  # a booking that was broken may count as the longest there is
                assert answer.get("err", "budget") == "budget", answer
    return began


@pytest.mark.full
@pytest.mark.parametrize("chunk", range(CUTS // CHUNK))
def test_no_power_cut_ever_gives_water_back(chunk):
    assert CHUNK // 5 < cut_everywhere(chunk) < CHUNK  # cuts before and after the pump's start


@pytest.mark.full
def test_cuts_while_it_is_wired_leave_the_old_or_the_new():
    for turn in range(CUTS // 4):
        dice = random.Random(turn)
        with Node(image()) as node:
            node.dice = dice
            node.greet()
            node.send({"t": "cmd", "c": "w1", "op": "wire", "ch": TANK,
                       "set": {} if turn % 2 else {"k": "tank", "at": "D5"}})  # fmt: skip
            node.run(dice.uniform(0, 150))
            node.again()
            channels = {c[0]: (c[1], c[3]) for c in node.greet()["ch"]}
            others = {number: wire for number, wire in WIRED.items() if number != TANK}
            assert {n: w for n, w in channels.items() if n != TANK} == others
            assert channels.get(TANK) in {None, ("tank", "D3"), ("tank", "D5")}


@pytest.mark.full
def test_a_chip_full_of_noise_gives_no_water():
    for seed in range(40 if FULL else 3):
        noise = random.Random(seed).randbytes(1024)
        with Node(noise) as node:
            hello = node.greet(15_000)
            pumps = [channel[0] for channel in hello["ch"] if channel[1] == "pump"]
            assert pumps == []
            node.command("w0", "wire", ch=PUMP, set={"k": "pump", "at": "D7"}, within=4000)
            node.run(500)
            node.send({"t": "hi", "now": NOW_MS}, ms=100)
            # Not before somebody has said what is connected to each channel, and then a day later.
            assert node.command("c0", "on", ch=PUMP, ms=1000)["err"] in {"interlock", "budget"}
            for channel in set(range(8)) - {PUMP}:
                node.stride(1)
                node.command(f"v{channel}", "wire", ch=channel, set={})
            node.skip(120)
            refused = node.command("c1", "on", ch=PUMP, ms=1000)
            assert refused["err"] == "budget"
            assert refused["ms"] > 80_000_000


def test_wear_is_spread(node):
    """Thirty waterings: no cell is written more often than it can bear."""
    before = len(node.board.eeprom.writes)
    for turn in range(30):
        assert node.command(f"c{turn}", "on", ch=PUMP, ms=200)["ok"] == 1
        node.run(300)
        node.skip(61)
    cells: dict[int, int] = {}
    for write in node.board.eeprom.writes[before:]:
        cells[write.address] = cells.get(write.address, 0) + 1
    assert max(cells.values()) <= 6
