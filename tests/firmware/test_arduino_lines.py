"""The cable of the real Arduino program: what it answers, and what it takes no notice of."""

import json
import random

import pytest

from custom_components.plant_vita.transport.lines import framed
from tests.firmware.arduino_rig import FULL, NOW_MS, PUMP, Node, image
from tests.firmware.rig import ROOT

VECTORS = json.loads((ROOT / "firmware" / "vectors" / "pv1.json").read_text())["from_home"]
LINES = json.loads((ROOT / "firmware" / "vectors" / "lines.json").read_text())
TO_NODE = 256
PING = {"t": "cmd", "op": "ping"}


@pytest.fixture(scope="module")
def session():
    """One board for everything that must leave it as it is."""
    with Node(image()) as made:
        made.greet()
        made.run(300)
        yield made


@pytest.fixture
def node(session):
    yield session
    assert session.board.chip.resets == []
    assert session.garbled == 0


def test_it_says_hello_and_nothing_else_before_it_is_greeted():
    with Node(image()) as node:
        hello = node.until(lambda: node.of("hello"), 2000)[0]
        assert hello["v"] == 1
        assert hello["slots"] == 8
        assert {(entry[0], entry[1], entry[3]) for entry in hello["ch"]} == {
            (0, "m", "A0"), (1, "t", "D2"), (2, "h", "D2"), (3, "lx", "i2c"),
            (4, "pump", "D7"), (5, "light", "D9"), (6, "tank", "D3"), (7, "leak", "D4"),
        }  # fmt: skip
        node.stride(70)
        assert {message["t"] for message in node.heard} == {"hello"}
        again = node.hello()
        assert (again["id"], again["boot"]) == (hello["id"], hello["boot"])
        assert again["up"] > hello["up"]
        node.send({"t": "hi", "now": NOW_MS})
        state = node.wait("state")
        assert state["why"] == "boot"
        assert node.wait("tele", ms=8000)["n"] == 1
        assert node.garbled == 0


def test_every_boot_has_its_own_name_and_the_board_keeps_its_id():
    with Node(image()) as node:
        first = node.greet()
        node.again()
        second = node.greet()
        assert first["id"] == second["id"]
        assert first["boot"] != second["boot"]


def test_heartbeats(node):
    before, heard = node.beats, len(node.heard)
    for turn in range(1, 6):
        node.raw_send(b"\r\n" if turn % 2 else b"\n")
        node.run(20)
        assert node.beats == before + turn
    assert all(message["t"] == "tele" for message in node.heard[heard:])


def works(node):
    """A command after all that is answered, once."""
    name = f"p{node.board.chip.cycle}"[-16:]
    node.raw_send(b"\n")
    assert node.command(name, "ping")["ok"] == 1


def commands(node, heard):
    return [message for message in node.heard[heard:] if message["t"] not in {"tele", "log"}]


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\x01\x02\xff\xfe" * 10 + b"\n",
        b"}{" * 60 + b"\n",
        b"*29B1\n*\n*****\n",
        b'{"t":"cmd","c":"g1","op":"on","ch":4,"ms":1000}\n',
        b'{"t":"cmd","c":"g1","op":"on","ch":4,"ms":1000}*0000\n',
        framed(b'{"t":"cmd","c":"g1","op":"on","ch":4,"ms":1000}').lower(),
        framed(b'{"t":"cmd","c":"g1","op":"on","ch":4,"ms":1000')[:-1] + b"}\n",
        framed(b'[{"t":"cmd","c":"g1","op":"on","ch":4,"ms":1000}]'),
        framed(b'{"t":"cmd","c":"g1","op":"on","ch":4,"ms":1000,"x":[[[[[]]]]]}'),
        framed(b'{"t":"cmd","c":"g1","op":"on","ch":4,"ms":1000}' + b" " * 220),
        framed(b"\xff\xfe"),
    ],
    ids=range(11),
)
def test_garbage_does_nothing(node, garbage):
    heard = len(node.heard)
    node.raw_send(garbage)
    node.run(len(garbage) / 10 + 100)
    assert commands(node, heard) == []
    assert node.pulses() == []
    works(node)


def test_a_long_time_without_an_end(node):
    heard = len(node.heard)
    left = 1_000_000 if FULL else 20_000
    dice = random.Random(5)
    beats = node.beats
    while left:
        part = min(left, 10_000)
        node.raw_send(bytes(dice.choice(range(0x20, 0x7F)) for _ in range(part)))
        node.run(part / 10 + 5)
        left -= part
    assert node.board.uart.waiting == 0
    assert commands(node, heard) == []
    assert node.beats == beats
    works(node)


def test_half_a_line_is_none(node):
    line = framed(b'{"t":"cmd","c":"h1","op":"on","ch":4,"ms":1000}')
    heard = len(node.heard)
    for cut in range(1, len(line) - 1, 7):
        node.raw_send(line[:cut] + b"\n" + line[cut:])
        node.run(30)
    node.run(200)
    assert commands(node, heard) == []
    assert node.pulses() == []
    works(node)


def test_every_single_flipped_bit_is_noticed(node):
    line = framed(b'{"t":"cmd","c":"f1","op":"on","ch":4,"ms":1000}')
    heard = len(node.heard)
    step = 1 if FULL else 9
    for bit in range(0, 8 * (len(line) - 1), step):
        spoilt = bytearray(line)
        spoilt[bit // 8] ^= 1 << bit % 8
        node.raw_send(bytes(spoilt) + b"\n")
        node.run(len(line) / 10 + 5)
    node.run(100)
    assert commands(node, heard) == []
    works(node)


def test_lines_that_come_without_a_pause(node):
    """As fast as the wire can: no byte is lost. What can't be answered is not done."""
    node.stride(4)
    lost = node.board.uart.lost
    names = [f"b{number}" for number in range(12)]
    lines = (framed(json.dumps({"t": "cmd", "c": c, "op": "ping"}).encode()) for c in names)
    node.raw_send(b"".join(lines))
    node.run(6000)
    told = [m["c"] for m in node.of("ack") if m["c"] in names]
    assert told == names[: len(told)]
    assert len(told) >= 4
    assert node.board.uart.lost == lost


@pytest.mark.parametrize("vector", VECTORS, ids=[str(n) for n in range(len(VECTORS))])
def test_golden_vectors(vector):
    """Channels 4, 5 and 0 are wired as the vectors take them to be: pump, light, probe."""
    with Node(image()) as node:
        node.greet()
        message = json.loads(vector["text"])
        node.send(vector["text"].encode(), ms=300)
        answers = [m for m in node.of("ack") if m["c"] == message.get("c")]
        if "c" not in message:
            assert answers == []
            assert vector["err"] == ""
        else:
            # A cable carries no keys (§9).
            due = "unknown" if message["t"] == "key" else vector["err"]
            assert [answer.get("err", "") for answer in answers] == [due]
        works(node)


@pytest.mark.parametrize(
    "vector",
    [v for v in LINES if v["longest"] == TO_NODE or len(v["bytes"]) < 2 * TO_NODE],
    ids=lambda vector: vector["name"].replace(" ", "-"),
)
def test_line_vectors(node, vector):
    """Each message of a vector is a ping (answered by hello) or one that gets no answer."""
    heard, beats = len(node.heard), node.beats
    data = bytes.fromhex(vector["bytes"])
    node.raw_send(data)
    node.run(len(data) / 10 + 50)
    node.stride(2)
    asked = sum(json.loads(text) == PING for text in vector["messages"] if text.startswith("{"))
    hellos = [m for m in node.heard[heard:] if m["t"] == "hello"]
    assert min(len(hellos), 1) == min(asked, 1)
    empty = sum(line in {b"", b"\r"} for line in data.split(b"\n")[:-1])
    assert node.beats == beats + empty
    works(node)


def test_unknown_messages_are_answered_where_they_can_be(node):
    heard = len(node.heard)
    node.send({"t": "dance", "c": "z1"}, ms=50)
    node.send({"t": "dance"}, ms=50)
    node.send({"t": "join", "c": "z2", "ssid": "x", "pw": "y"}, ms=50)
    assert node.wait("ack", lambda m: m["c"] == "z1")["err"] == "unknown"
    assert node.wait("ack", lambda m: m["c"] == "z2")["err"] == "unknown"
    assert len(commands(node, heard)) == 2
    assert node.command("z3", "on", ch=PUMP, ms=0)["err"] == "bad"


def test_it_never_talks_more_than_it_may():
    """Two messages a second, bursts of ten; at the worst of times."""
    with Node(image()) as node:
        node.greet()
        node.command("q", "config", set={"every": 5, "sample": 1})
        for channel in range(4):
            node.command(f"q{channel}", "config", ch=channel, set={"med": 1, "db": 0, "hb": 1})
        node.stride(6)
        before, began = len(node.heard), node.board.ms
        for turn in range(60):
            node.board.millivolts["A0"] = 1200 + 13 * turn
            node.contact("D3", turn % 2)
            node.contact("D4", turn // 2 % 2)
            node.run(200)
        seconds = (node.board.ms - began) / 1000
        assert len(node.heard) - before <= 2 * seconds + 10


def test_a_mega_has_more_of_everything():
    with Node(board="mega") as node:
        hello = node.greet(30_000)
        assert (hello["model"], hello["slots"]) == ("mega", 16)
        pump = next(channel[0] for channel in hello["ch"] if channel[1] == "pump")
        node.contact("D3", 0)
        node.stride(20)
        assert node.command("c1", "on", ch=pump, ms=500)["ok"] == 1
        node.run(800)
        [(rose, fell)] = node.pulses("D7")
        assert abs(fell - rose - 500) <= 5
        assert node.garbled == 0
