"""Texts from a node: JSON, and words for a person."""

from contextlib import suppress
from typing import Any

import orjson

from ..model.errors import ProtocolError
from .limits import MESSAGE_BYTES_MAX


def plain_text(value: object, most: int) -> str | None:
    """A short text for a person: printable, bounded; None for anything that is not a text.

    Whatever a node calls itself ends up on dashboards, in voice answers and in logs.
    """
    if not isinstance(value, str):
        return None
    kept = "".join(letter if letter.isprintable() else " " for letter in value[: most * 4])
    return " ".join(kept.split())[:most].rstrip() or None


def from_hex(value: object, length: int) -> bytes:
    """So many bytes out of hex digits, and nothing else; raises `ProtocolError`."""
    if isinstance(value, str) and len(value) == 2 * length and value.isascii() and value.isalnum():
        with suppress(ValueError):
            # It skips white space, which would make the length a lie.
            return bytes.fromhex(value)
    msg = "hex"
    raise ProtocolError(msg)


def json_object(data: bytes | str) -> dict[str, Any]:
    """Read one JSON object of at most 4 KiB; raises `ProtocolError`."""
    if len(data) > MESSAGE_BYTES_MAX:
        msg = "too long"
        raise ProtocolError(msg)
    try:
        fields = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        msg = "not JSON"
        raise ProtocolError(msg) from error
    if not isinstance(fields, dict):
        msg = "not an object"
        raise ProtocolError(msg)
    return fields
