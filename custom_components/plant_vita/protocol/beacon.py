"""What a node tells to everybody near, wrapped as manufacturer data (docs/protocol.md §10)."""

import re
from typing import Any

from ..model.node import Radio
from . import bthome
from .text import from_hex

# The number for whoever has none: the two letters behind it say that it is ours.
COMPANY = 0xFFFF
MAGIC = b"PV"
UNPAIRED = 0x00
ADDRESS, SALT = 6, 8
# What is left of the 24 bytes, and what a hardware id is anywhere.
_SHORT_ID = re.compile(rb"[A-Za-z0-9_-]{4,21}")


def unpaired_id(payload: bytes) -> str | None:
    """The hardware id in an unpaired node's "pair me"; nobody has authenticated it."""
    if payload[: len(MAGIC) + 1] != MAGIC + bytes((UNPAIRED,)):
        return None
    found = _SHORT_ID.fullmatch(payload[len(MAGIC) + 1 :])
    return found[0].decode() if found else None


def sealed_readings(payload: bytes) -> bytes | None:
    """What a paired node has sealed, for `bthome.read`."""
    return payload[len(MAGIC) :] if payload.startswith(MAGIC + bytes((bthome.INFO,))) else None


def radio_of(hello: dict[str, Any]) -> Radio | None:
    """A node's radio by its `hello`, if it has one; raises `ProtocolError` for half of one."""
    if "bt" not in hello and "salt" not in hello:
        return None
    return Radio(address=from_hex(hello.get("bt"), ADDRESS), salt=from_hex(hello.get("salt"), SALT))
