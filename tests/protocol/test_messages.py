"""Bytes of a node to messages and commands to bytes: golden ones, and one by one."""

import json
from dataclasses import replace
from typing import Any

import pytest

from custom_components.plant_vita.model.errors import ProtocolError
from custom_components.plant_vita.model.node import Channel, Fault, NodeInfo
from custom_components.plant_vita.protocol import messages
from custom_components.plant_vita.protocol.messages import (
    AckError,
    Acknowledgement,
    Command,
    NodeLog,
    Op,
    OutputReport,
    ReadingSet,
    Telemetry,
    Why,
    decode,
)
from tests.protocol.golden import VECTORS

HELLO: dict[str, Any] = {
    "t": "hello",
    "v": 1,
    "id": "a4cf12000001",
    "model": "esp32dev",
    "fw": "0.1.0",
    "boot": "0badf00d",
    "up": 1200,
    "every": 60,
    "sleep": 0,
    "ch": [[0, "m", "Basil"], [63, "pump"]],
}
TELE: dict[str, Any] = {"t": "tele", "n": 1, "age": 0, "r": {"0": 41.5}}
PAST: dict[str, Any] = {"t": "past", "b": "0badf00d", "n": 7, "p": [[1000, 0, 41.5], [0]]}
STATE: dict[str, Any] = {"t": "state", "a": {"4": 5000}, "why": "cmd"}
ACK: dict[str, Any] = {"t": "ack", "c": "1", "err": "soak"}
LOG: dict[str, Any] = {"t": "log", "lv": "w", "msg": "probe 0 open"}


def read(message: dict[str, Any], **changed: Any) -> messages.Message | None:
    """Decode a message with some fields changed; `...` takes one out."""
    fields = {name: value for name, value in {**message, **changed}.items() if value is not ...}
    return decode(json.dumps(fields, separators=(",", ":")).encode())


@pytest.mark.parametrize("case", VECTORS["from_node"], ids=lambda case: case["text"][:60])
def test_golden_messages_of_a_node(case: dict[str, Any]) -> None:
    if case["ok"]:
        assert decode(case["text"].encode()) is not None
    else:
        with pytest.raises(ProtocolError):
            decode(case["text"].encode())


def test_hello() -> None:
    assert read(HELLO) == NodeInfo(
        hardware_id="a4cf12000001",
        model="esp32dev",
        firmware="0.1.0",
        boot="0badf00d",
        uptime_ms=1200,
        every=60,
        sleeps=False,
        name=None,
        channels=(Channel(index=0, kind="m", label="Basil"), Channel(index=63, kind="pump")),
    )


def test_hello_of_one_that_sleeps_and_has_a_name() -> None:
    info = read(HELLO, sleep=1, name=" Window\tsill ", ch=[], up=3_153_600_000_000)
    assert isinstance(info, NodeInfo)
    assert (info.sleeps, info.name, info.channels) == (True, "Window sill", ())


def test_hello_of_a_board_that_is_wired_from_here() -> None:
    info = read(HELLO, ch=[[0, "m", None, "A0"], [1, "pump", "Fern", "!D7"]], slots=8)
    assert isinstance(info, NodeInfo)
    assert info.channels == (
        Channel(index=0, kind="m", label=None, place="A0"),
        Channel(index=1, kind="pump", label="Fern", place="!D7"),
    )
    assert (info.slots, info.joins) == (8, False)


def test_hello_of_a_network_node_on_its_cable() -> None:
    info = read(HELLO, net=1)
    assert isinstance(info, NodeInfo)
    assert (info.slots, info.joins) == (0, True)


def test_hello_of_a_node_with_a_radio() -> None:
    info = read(HELLO, bt="a4cf12000003", salt="0011223344556677")
    assert isinstance(info, NodeInfo)
    assert info.radio is not None
    assert info.radio.address.hex() == "a4cf12000003"
    with pytest.raises(ProtocolError, match="hex"):
        read(HELLO, bt="a4cf12000003")


def test_hello_of_a_node_whose_firmware_comes_over_the_link() -> None:
    assert read(HELLO).image is None
    assert read(HELLO, img="esp32").image == "esp32"
    # Of no kind that we have, then.
    assert read(HELLO, img=7).image is None


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("slots", [-1, 33, 1.0, "8", True, None]),
        ("net", [-1, 2, True, "1", None]),
        ("ch", [[[0, "m", None, ""]], [[0, "m", None, 5]], [[0, "m", None, None]]]),
        ("ch", [[[0, "m", None, "A0", 1]]]),
        ("v", [0, 2, "1", True, 1.0, None, ...]),
        ("id", ["abc", "x" * 33, "a/b/c/d", "ä" * 6, 12345, ["abcd"], ...]),
        ("model", ["", " \n", 5, None, ...]),
        ("fw", ["", [], ...]),
        ("boot", ["0BADF00D", "0badf00", "0badf00d0", "0badf00g", 5, None, ...]),
        ("up", [-1, 1.5, "5", True, 3_153_600_000_001, ...]),
        ("every", [4, 86_401, 60.0, "60", None, ...]),
        ("sleep", [2, -1, True, None, ...]),
        ("ch", [None, {}, "m", [[0]], ["m"], [[64, "m"]], [[-1, "m"]], ...]),
        ("ch", [[["0", "m"]], [[0, ""]], [[0, 5]], [[True, "m"]], [[0, "m"], [0, "t"]]]),
        ("ch", [[[k, "m"] for k in range(33)]]),
    ],
)
def test_hello_refused(field: str, values: list[Any]) -> None:
    for value in values:
        with pytest.raises(ProtocolError):
            read(HELLO, **{field: value})


def test_thirty_two_channels_are_not_too_many() -> None:
    info = read(HELLO, ch=[[k, "m"] for k in range(32)])
    assert isinstance(info, NodeInfo)
    assert len(info.channels) == 32


def test_long_words_are_cut_and_a_label_that_is_none_is_none() -> None:
    info = read(HELLO, model="m" * 40, fw="f" * 20, name="n" * 40, ch=[[0, "k" * 9, 7]])
    assert isinstance(info, NodeInfo)
    assert (info.model, info.firmware, info.name) == ("m" * 32, "f" * 16, "n" * 32)
    assert info.channels == (Channel(index=0, kind="k" * 8, label=None),)


def test_telemetry() -> None:
    assert read(TELE, r={"0": 41.5, "63": -3, "1": "open"}) == Telemetry(
        boot=None,
        sets=(ReadingSet(number=1, age_ms=0, values={0: 41.5, 63: -3.0, 1: Fault.OPEN}),),
    )
    assert read(TELE, b="0badf00d", n=2**31, age=5_184_000_000, r={}) == Telemetry(
        boot="0badf00d", sets=(ReadingSet(number=2**31, age_ms=5_184_000_000, values={}),)
    )


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("n", [0, -1, 2**31 + 1, 1.0, True, None, "1", ...]),
        ("age", [-1, 5_184_000_001, 0.5, None, ...]),
        ("r", [None, [], "0", {"64": 1}, {"-1": 1}, {"x": 1}, {"": 1}, {"٣": 1}, {"100": 1}, ...]),
        ("r", [{"0": None}, {"0": True}, {"0": "fine"}, {"0": []}, {"0": {}}]),
        ("r", [{str(k): 1 for k in range(33)}]),
        ("b", ["", "xyz", 5, "0BADF00D"]),
    ],
)
def test_telemetry_refused(field: str, values: list[Any]) -> None:
    for value in values:
        with pytest.raises(ProtocolError):
            read(TELE, **{field: value})


@pytest.mark.parametrize(
    "number", [b"1e999", b"NaN", b"Infinity", b"-Infinity", b"1" * 400, b"0x1", b"1_0"]
)
def test_what_json_does_not_call_a_number(number: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(b'{"t":"tele","n":1,"age":0,"r":{"0":%b}}' % number)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), 10**400])
def test_another_json_reader_would_not_let_them_in_either(number: float) -> None:
    with pytest.raises(ProtocolError):
        messages._value(number)
    with pytest.raises(ProtocolError):
        messages._values({"0": number})


def test_past() -> None:
    text = {**PAST, "p": [[3_600_000, 0, 41.5, 1, 20.25], [1000, 0, "silent"], [5]]}
    assert read(text) == Telemetry(
        boot="0badf00d",
        sets=(
            ReadingSet(number=7, age_ms=3_600_000, values={0: 41.5, 1: 20.25}),
            ReadingSet(number=8, age_ms=1000, values={0: Fault.SILENT}),
            ReadingSet(number=9, age_ms=5, values={}),
        ),
    )


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("b", [None, "xyz", ...]),
        ("n", [0, 2**31 - 1023, None, ...]),
        ("p", [None, {}, [], [[]], [5], [[1, 0]], [[1, 0, 2, 3]], [[-1]], [[1.5]], [["1"]], ...]),
        ("p", [[[0, 64, 1]], [[0, "x", 1]], [[0, 1.0, 1]], [[0, True, 1]], [[0, None, 1]]]),
        ("p", [[[0, 0, None]], [[0, *([0, 1] * 33)]]]),
    ],
)
def test_past_refused(field: str, values: list[Any]) -> None:
    for value in values:
        with pytest.raises(ProtocolError):
            read(PAST, **{field: value})


def test_more_sets_than_fit_are_too_many() -> None:
    with pytest.raises(ProtocolError, match="sets"):
        messages._past({**PAST, "p": [[0]] * 1025})


def test_as_many_sets_as_fit_into_a_message_are_read() -> None:
    report = read(PAST, n=2**31 - 1024, p=[[0]] * 1000)
    assert isinstance(report, Telemetry)
    assert (len(report.sets), report.sets[-1].number) == (1000, 2**31 - 1024 + 999)


def test_state() -> None:
    assert read(STATE, a={"4": 86_400_000, "5": 0}, lv={"5": 80}, c="0123456789abcdef") == (
        OutputReport(
            remaining_ms={4: 86_400_000, 5: 0},
            levels={5: 80},
            locks={},
            why="cmd",
            command_id="0123456789abcdef",
        )
    )
    assert read(STATE, lock={"4": "tank"}, why="interlock") == OutputReport(
        remaining_ms={4: 5000}, levels={}, locks={4: "tank"}, why="interlock", command_id=None
    )


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("a", [None, [], {"4": -1}, {"4": 86_400_001}, {"4": 0.5}, {"4": True}, {"64": 0}, ...]),
        ("lv", [None, [], {"4": 101}, {"4": -1}, {"4": "80"}]),
        ("lock", [None, [], {"4": 1}, {"4": ""}]),
        ("why", [None, "", 5, ...]),
        ("c", ["", 5, []]),
    ],
)
def test_state_refused(field: str, values: list[Any]) -> None:
    for value in values:
        with pytest.raises(ProtocolError):
            read(STATE, **{field: value})


def test_acknowledgements() -> None:
    yes = Acknowledgement(command_id="1", error=None, retry_ms=None)
    assert read(ACK, ok=1, err=...) == yes
    # A yes is a yes, whatever else is said.
    assert read(ACK, ok=1, ms=5) == yes
    assert read(ACK, ok=1, at=4096) == replace(yes, held=4096)
    assert read(ACK, ms=59_000) == Acknowledgement(
        command_id="1", error=AckError.SOAK, retry_ms=59_000
    )
    assert read(ACK, ms=172_800_000).retry_ms == 172_800_000
    for word in AckError:
        assert read(ACK, err=str(word)).error is word
    assert read(ACK, err="newer") == Acknowledgement(
        command_id="1", error=AckError.UNKNOWN, retry_ms=None
    )


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("c", [None, "", 5, ...]),
        ("err", [None, 5, [], {}, ...]),
        ("ms", [-1, 172_800_001, "5", 0.5]),
        ("ok", [0, "1", None]),
    ],
)
def test_acknowledgement_refused(field: str, values: list[Any]) -> None:
    for value in values:
        without = {"err": ...} if field == "ok" else {}
        with pytest.raises(ProtocolError):
            read(ACK, **{field: value}, **without)


def test_more_of_a_firmware_than_there_can_be_is_refused() -> None:
    for value in [-1, 1024 * 1024 + 1, "5", None]:
        with pytest.raises(ProtocolError):
            read(ACK, ok=1, at=value)


def test_log_lines() -> None:
    assert read(LOG) == NodeLog(level="w", text="probe 0 open")
    assert read(LOG, lv="i").level == "i"
    assert read(LOG, lv="e").level == "e"
    for unknown in ("x", 5, None, [], {}):
        assert read(LOG, lv=unknown).level == "i"
    assert read(LOG, msg="a\x00b\x1b[31m\u202ec" + "x" * 100).text == ("a b [31m c" + "x" * 70)
    for missing in ("", "\n", 5, None, ...):
        with pytest.raises(ProtocolError):
            read(LOG, msg=missing)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff", b'"hello"', b"[]", b"5", b"null", b"{}", b'{"t":5}', b'{"t":null}',
     b'{"t":["tele"]}', b"[" * 2000],
)  # fmt: skip
def test_not_a_message(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(data)


def test_unknown_types_are_ignored_and_unknown_fields_too() -> None:
    assert decode(b'{"t":"later","n":-1}') is None
    assert read(TELE, new={"deep": [[[1]]]}) == read(TELE)


def test_a_message_is_at_most_4096_bytes() -> None:
    def padded(length: int) -> bytes:
        start = json.dumps({**LOG, "x": ""}).encode()
        return start[:-2] + b"x" * (length - len(start)) + b'"}'

    assert len(padded(4096)) == 4096
    assert decode(padded(4096)) == NodeLog(level="w", text="probe 0 open")
    with pytest.raises(ProtocolError, match="too long"):
        decode(padded(4097))


def test_a_boot_that_is_null_is_the_present_one() -> None:
    assert read(TELE, b=None) == read(TELE)
    assert read(STATE, c=None) == read(STATE)


def test_golden_commands() -> None:
    sent = [
        messages.encode_greeting(1_780_000_000.5),
        messages.encode_confirmation("0badf00d", 17),
        messages.encode_key("k1", 1, bytes(range(32))),
        messages.encode_command(Command(command_id="c1", op=Op.ON, channel=4, ms=5000)),
        messages.encode_command(Command(command_id="c2", op=Op.ON, channel=5, ms=60_000, level=80)),
        messages.encode_command(Command(command_id="c3", op=Op.STOP)),
        messages.encode_command(
            Command(command_id="c4", op=Op.CONFIG, channel=0, settings={"med": 15, "db": 1.0})
        ),
    ]
    golden = [case["text"].encode() for case in VECTORS["from_home"] if not case["err"]]
    assert golden[: len(sent)] == sent


def test_channel_0_and_level_0_are_not_left_out() -> None:
    command = Command(command_id="c", op=Op.LEVEL, channel=0, level=0)
    assert messages.encode_command(command) == b'{"t":"cmd","c":"c","op":"level","ch":0,"lv":0}'


def test_the_greeting_is_in_milliseconds() -> None:
    assert messages.encode_greeting(1.2345) == b'{"t":"hi","now":1234}'


def test_the_words() -> None:
    assert [str(op) for op in Op] == [
        "on", "off", "level", "stop", "ping", "identify", "restart", "config", "cal", "wire",
    ]  # fmt: skip
    assert [str(why) for why in Why] == [
        "boot", "cmd", "timer", "stop", "button", "interlock", "link",
    ]  # fmt: skip
    assert [str(error) for error in AckError] == [
        "too_long", "budget", "soak", "interlock", "busy", "repeat", "unknown", "bad", "fault",
        "old", "full", "hash", "off",
    ]  # fmt: skip
