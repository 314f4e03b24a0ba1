"""The messages inside the frames: JSON bytes from a node to frozen data, commands to JSON bytes.

What a node says has been authenticated, yet its firmware may be old, broken or taken over: every
known field is checked here and nowhere else.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Any

import orjson

from ..model.errors import ProtocolError
from ..model.node import Channel, Fault, NodeInfo, Value
from .beacon import radio_of
from .handshake import HARDWARE_ID
from .limits import (
    AGE_MS_MAX,
    CHANNEL_INDEX_MAX,
    CHANNELS_MAX,
    COMMAND_ID_CHARS_MAX,
    COUNTER_MAX,
    EVERY_SECONDS,
    FIRMWARE_CHARS_MAX,
    IMAGE_BYTES_MAX,
    LABEL_CHARS_MAX,
    LOG_CHARS_MAX,
    PLACE_CHARS_MAX,
    SETS_MAX,
    SLOTS_MAX,
    VERSION,
)
from .photographing import PhotoOffer, read_offer
from .text import json_object, plain_text

_BOOT = re.compile(r"[0-9a-f]{8}")
_FAULTS = {str(fault): fault for fault in Fault}
_DAY_MS = 86_400_000
_UPTIME_MS_MAX = 100 * 365 * _DAY_MS
_LEVEL_MAX = 100
# Channel numbers as keys, in the one way they may be written.
_INDICES = {str(index): index for index in range(CHANNEL_INDEX_MAX + 1)}
_KIND_CHARS_MAX = 8


class Op(StrEnum):
    """What a command may ask for."""

    ON = "on"
    OFF = "off"
    LEVEL = "level"
    STOP = "stop"
    PING = "ping"
    IDENTIFY = "identify"
    RESTART = "restart"
    CONFIG = "config"
    CALIBRATE = "cal"
    WIRE = "wire"


class AckError(StrEnum):
    """Why a node refuses a command."""

    TOO_LONG = "too_long"
    BUDGET = "budget"
    SOAK = "soak"
    INTERLOCK = "interlock"
    BUSY = "busy"
    REPEAT = "repeat"
    UNKNOWN = "unknown"
    BAD = "bad"
    FAULT = "fault"
    OLD = "old"
    FULL = "full"
    HASH = "hash"
    NOT_WANTED = "off"


class Why(StrEnum):
    """What made an actuator change."""

    BOOT = "boot"
    COMMAND = "cmd"
    TIMER = "timer"
    STOP = "stop"
    BUTTON = "button"
    INTERLOCK = "interlock"
    LINK = "link"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingSet:
    """Values of some channels measured together, `age_ms` before the message was sent."""

    number: int
    age_ms: int
    values: dict[int, Value]


@dataclass(frozen=True, kw_only=True, slots=True)
class Telemetry:
    """One or more sets of one boot of the node; `boot` None means the present one."""

    boot: str | None
    sets: tuple[ReadingSet, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OutputReport:
    """What the actuators do now; `remaining_ms` is 0 for off."""

    remaining_ms: dict[int, int]
    levels: dict[int, int]
    locks: dict[int, str]
    why: str
    command_id: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Acknowledgement:
    """The node's answer to one command; `error` None means that it did it.

    `held` is how many bytes of a firmware it has by now.
    """

    command_id: str
    error: AckError | None
    retry_ms: int | None
    held: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeLog:
    """A line for a person; `level` is one of i, w, e."""

    level: str
    text: str


type Message = NodeInfo | Telemetry | OutputReport | Acknowledgement | NodeLog | PhotoOffer


def _integer(value: object, low: int, high: int, what: str) -> int:
    if type(value) is not int or not low <= value <= high:
        raise ProtocolError(what)
    return value


def _text(value: object, most: int, what: str) -> str:
    text = plain_text(value, most)
    if text is None:
        raise ProtocolError(what)
    return text


def _boot(value: object) -> str:
    if not isinstance(value, str) or not _BOOT.fullmatch(value):
        what = "boot"
        raise ProtocolError(what)
    return value


def _index(key: object) -> int:
    if isinstance(key, str):
        index = _INDICES.get(key)
        if index is None:
            what = "channel"
            raise ProtocolError(what)
        return index
    return _integer(key, 0, CHANNEL_INDEX_MAX, "channel")


def _value(value: object) -> Value:
    if type(value) is float or type(value) is int:
        try:
            number = float(value)
        except OverflowError as error:  # an integer of hundreds of digits
            what = "value"
            raise ProtocolError(what) from error
        if isfinite(number):
            return number
    elif isinstance(value, str) and value in _FAULTS:
        return _FAULTS[value]
    what = "value"
    raise ProtocolError(what)


def _by_channel[T](value: object, read: Callable[[object], T], what: str) -> dict[int, T]:
    if not isinstance(value, dict) or len(value) > CHANNELS_MAX:
        raise ProtocolError(what)
    return {_index(key): read(item) for key, item in value.items()}


def _channel(value: object) -> Channel:
    if not isinstance(value, list) or not 2 <= len(value) <= 4:
        what = "channel"
        raise ProtocolError(what)
    return Channel(
        index=_integer(value[0], 0, CHANNEL_INDEX_MAX, "channel"),
        kind=_text(value[1], _KIND_CHARS_MAX, "kind"),
        label=plain_text(value[2], LABEL_CHARS_MAX) if len(value) > 2 else None,
        place=_text(value[3], PLACE_CHARS_MAX, "place") if len(value) > 3 else None,
    )


def _hello(fields: dict[str, Any]) -> NodeInfo:
    _integer(fields.get("v"), VERSION, VERSION, "version")
    hardware_id = fields.get("id")
    if not isinstance(hardware_id, str) or not HARDWARE_ID.fullmatch(hardware_id):
        what = "id"
        raise ProtocolError(what)
    listed = fields.get("ch")
    if not isinstance(listed, list) or len(listed) > CHANNELS_MAX:
        what = "channels"
        raise ProtocolError(what)
    channels = tuple(_channel(item) for item in listed)
    if len({channel.index for channel in channels}) != len(channels):
        what = "channel twice"
        raise ProtocolError(what)
    return NodeInfo(
        hardware_id=hardware_id,
        model=_text(fields.get("model"), LABEL_CHARS_MAX, "model"),
        firmware=_text(fields.get("fw"), FIRMWARE_CHARS_MAX, "firmware"),
        boot=_boot(fields.get("boot")),
        uptime_ms=_integer(fields.get("up"), 0, _UPTIME_MS_MAX, "uptime"),
        every=_integer(fields.get("every"), *EVERY_SECONDS, "every"),
        sleeps=bool(_integer(fields.get("sleep"), 0, 1, "sleep")),
        name=plain_text(fields.get("name"), LABEL_CHARS_MAX),
        channels=channels,
        slots=_integer(fields.get("slots", 0), 0, SLOTS_MAX, "slots"),
        joins=bool(_integer(fields.get("net", 0), 0, 1, "net")),
        image=plain_text(fields.get("img"), _KIND_CHARS_MAX),
        radio=radio_of(fields),
    )


def _values(value: object) -> dict[int, Value]:
    """The readings of one set; written out, because it is where most of the time goes."""
    if not isinstance(value, dict) or len(value) > CHANNELS_MAX:
        what = "readings"
        raise ProtocolError(what)
    values: dict[int, Value] = {}
    for key, item in value.items():
        index = _INDICES.get(key)
        if index is None:
            what = "channel"
            raise ProtocolError(what)
        values[index] = item if type(item) is float and isfinite(item) else _value(item)
    return values


def _telemetry(fields: dict[str, Any]) -> Telemetry:
    boot = fields.get("b")
    return Telemetry(
        boot=None if boot is None else _boot(boot),
        sets=(
            ReadingSet(
                number=_integer(fields.get("n"), 1, COUNTER_MAX, "number"),
                age_ms=_integer(fields.get("age"), 0, AGE_MS_MAX, "age"),
                values=_values(fields.get("r")),
            ),
        ),
    )


def _past_set(item: object, number: int) -> ReadingSet:
    if not isinstance(item, list) or len(item) % 2 != 1 or len(item) > 1 + 2 * CHANNELS_MAX:
        what = "set"
        raise ProtocolError(what)
    return ReadingSet(
        number=number,
        age_ms=_integer(item[0], 0, AGE_MS_MAX, "age"),
        values={
            _index(channel): _value(value)
            for channel, value in zip(item[1::2], item[2::2], strict=True)
        },
    )


def _past(fields: dict[str, Any]) -> Telemetry:
    listed = fields.get("p")
    if not isinstance(listed, list) or not 1 <= len(listed) <= SETS_MAX:
        what = "sets"
        raise ProtocolError(what)
    first = _integer(fields.get("n"), 1, COUNTER_MAX - SETS_MAX, "number")
    return Telemetry(
        boot=_boot(fields.get("b")),
        sets=tuple(_past_set(item, first + k) for k, item in enumerate(listed)),
    )


def _outputs(fields: dict[str, Any]) -> OutputReport:
    command_id = fields.get("c")
    return OutputReport(
        remaining_ms=_by_channel(
            fields.get("a"), lambda value: _integer(value, 0, _DAY_MS, "remaining"), "outputs"
        ),
        levels=_by_channel(
            fields.get("lv", {}), lambda value: _integer(value, 0, _LEVEL_MAX, "level"), "levels"
        ),
        locks=_by_channel(
            fields.get("lock", {}), lambda value: _text(value, FIRMWARE_CHARS_MAX, "lock"), "locks"
        ),
        why=_text(fields.get("why"), FIRMWARE_CHARS_MAX, "why"),
        command_id=None if command_id is None else _text(command_id, COMMAND_ID_CHARS_MAX, "id"),
    )


def _acknowledgement(fields: dict[str, Any]) -> Acknowledgement:
    command_id = _text(fields.get("c"), COMMAND_ID_CHARS_MAX, "id")
    retry_ms = fields.get("ms")
    if retry_ms is not None:
        retry_ms = _integer(retry_ms, 0, 2 * _DAY_MS, "retry")
    if fields.get("ok") == 1:
        held = _integer(fields.get("at", 0), 0, IMAGE_BYTES_MAX, "at")
        return Acknowledgement(command_id=command_id, error=None, retry_ms=None, held=held)
    error = fields.get("err")
    if not isinstance(error, str):
        what = "acknowledgement"
        raise ProtocolError(what)
    # A word of a newer firmware is still a no.
    known = AckError(error) if error in set(AckError) else AckError.UNKNOWN
    return Acknowledgement(command_id=command_id, error=known, retry_ms=retry_ms)


def _log(fields: dict[str, Any]) -> NodeLog:
    level = fields.get("lv")
    return NodeLog(
        level=level if level in ("i", "w", "e") else "i",
        text=_text(fields.get("msg"), LOG_CHARS_MAX, "log"),
    )


_READERS: dict[str, Callable[[dict[str, Any]], Message]] = {
    "tele": _telemetry,
    "past": _past,
    "state": _outputs,
    "ack": _acknowledgement,
    "hello": _hello,
    "log": _log,
    "photo": read_offer,
}


def decode(data: bytes) -> Message | None:
    """Read one message of a node; None for a type we do not know; raises `ProtocolError`."""
    fields = json_object(data)
    kind = fields.get("t")
    if not isinstance(kind, str):
        what = "type"
        raise ProtocolError(what)
    reader = _READERS.get(kind)
    return reader(fields) if reader else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """One bounded action; `settings` only for `config`, `cal` and `wire`."""

    command_id: str
    op: Op
    channel: int | None = None
    ms: int | None = None
    level: int | None = None
    settings: dict[str, float | int | str] | None = None


def encode_command(command: Command) -> bytes:
    """The bytes of a command, without the fields it does not use."""
    fields = {
        "t": "cmd",
        "c": command.command_id,
        "op": command.op,
        "ch": command.channel,
        "ms": command.ms,
        "lv": command.level,
        "set": command.settings,
    }
    return orjson.dumps({key: value for key, value in fields.items() if value is not None})


def encode_greeting(now: float) -> bytes:
    """Our answer to `hello`; `now` is Unix time in seconds."""
    return orjson.dumps({"t": "hi", "now": round(now * 1000)})


def encode_confirmation(boot: str, number: int) -> bytes:
    """Everything of `boot` up to `number` is on our disk."""
    return orjson.dumps({"t": "got", "b": boot, "n": number})


def encode_key(command_id: str, kid: int, key: bytes) -> bytes:
    """Hold `key` as number `kid` from the next session on."""
    return orjson.dumps({"t": "key", "c": command_id, "kid": kid, "k": key.hex()})
