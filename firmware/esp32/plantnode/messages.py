"""The JSON inside the frames (docs/protocol.md §5): what we say, and what we accept to be told."""

import json

from plantnode import limits
from plantnode.handshake import from_hex

VERSION = 1
_DEPTH_MAX = 2
_ID_MAX = 16
_NAMED = ("cmd", "key", "update", "part", "install", "snap", "piece")


class BadMessageError(ValueError):
    """A message Home Assistant should not have sent."""


class RefusedError(Exception):
    """The word for why not, and the ms until it may be asked again or None."""


def whole(value, low: int, high: int) -> int:
    """An integer in its range; neither 1.0 nor true is one."""
    if type(value) is not int or not low <= value <= high:
        raise BadMessageError("number")
    return value


def _too_deep(value, left: int) -> bool:
    if isinstance(value, dict):
        inner = value.values()
    elif isinstance(value, list):
        inner = value
    else:
        return False
    if left < 0:
        return True
    return any(_too_deep(item, left - 1) for item in inner)


def named(fields: dict) -> str:
    """The id of a message."""
    name = fields.get("c")
    if not isinstance(name, str) or not 1 <= len(name) <= _ID_MAX:
        raise BadMessageError("id")
    return name


def parse(text: bytes, named_types: tuple = _NAMED) -> dict:
    """A message as a dict with a text `t` and, where its type wants one, a good id `c`.

    Raises BadMessageError.
    """
    if len(text) > limits.MESSAGE_MAX:
        raise BadMessageError("too long")
    try:
        fields = json.loads(text)
    except (ValueError, RuntimeError):
        raise BadMessageError("not JSON") from None
    if not isinstance(fields, dict) or not isinstance(fields.get("t"), str):
        raise BadMessageError("no type")
    if _too_deep(fields, _DEPTH_MAX):
        raise BadMessageError("too deep")
    if fields["t"] in named_types:
        named(fields)
    return fields


def greeting(fields: dict) -> int:
    """`hi`: Unix time in ms."""
    return whole(fields.get("now"), 0, 1 << 53)


def confirmation(fields: dict) -> tuple:
    """`got`: boot id and number."""
    boot = fields.get("b")
    if not isinstance(boot, str) or len(boot) != 8:
        raise BadMessageError("boot")
    return boot, whole(fields.get("n"), 0, 1 << 31)


def new_key(fields: dict) -> tuple:
    """`key`: its number and its 32 bytes."""
    try:
        return whole(fields.get("kid"), 1, 255), from_hex(fields.get("k"), 32)
    except ValueError:
        raise BadMessageError("key") from None


def hello(about: dict, channels: list) -> dict:
    """Who we are. `about` holds id, model, fw, boot, up, every, sleep and maybe name."""
    listed = []
    for channel in channels:
        entry = [channel.index, channel.kind]
        if channel.label:
            entry.append(channel.label[:32])
        listed.append(entry)
    message = {"t": "hello", "v": VERSION}
    message.update(about)
    message["ch"] = listed
    return message


def readings(number: int, age: int, values: dict, boot: str | None) -> dict:
    """One set; `boot` only when it was measured in an earlier one."""
    message = {"t": "tele", "n": number, "age": age, "r": {str(k): values[k] for k in values}}
    if boot:
        message["b"] = boot
    return message


def past_entry(age: int, values: dict) -> list:
    """One set of a `past` message."""
    entry = [age]
    for channel, value in values.items():
        entry.append(channel)
        entry.append(value)
    return entry


def ack(name: str, error: str | None, retry_ms: int | None) -> dict:
    """The answer to a command."""
    message = {"t": "ack", "c": name}
    if error is None:
        message["ok"] = 1
    else:
        message["err"] = error
        if retry_ms is not None:
            message["ms"] = min(retry_ms, 2 * limits.DAY_MS)
    return message


def log(level: str, text: str) -> dict:
    """A line for a person."""
    return {"t": "log", "lv": level, "msg": text[:80]}


def encode(message: dict) -> bytes:
    """The bytes of a message."""
    return json.dumps(message, separators=(",", ":")).encode()
