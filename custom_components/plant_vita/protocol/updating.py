"""A node's firmware as one image, and the messages that bring it to the node.

An image is one line of JSON, `{"img", "fw", "files": [[name, size], …], "sum"}`, and then the files
one after another, compressed. The node checks the whole against the hash of the offer, and what it
has laid out of it against `sum`; here nothing is unpacked.
"""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

import orjson

from ..model.errors import ProtocolError
from .limits import FIRMWARE_CHARS_MAX, IMAGE_BYTES_MAX
from .text import json_object

_NUMBERS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class FirmwareImage:
    """The firmware of one kind of node."""

    kind: str
    version: str
    data: bytes

    @property
    def sha256(self) -> str:
        """The hash of the whole, in hex digits."""
        return hashlib.sha256(self.data).hexdigest()


def read_image(data: bytes) -> FirmwareImage:
    """What an image says of itself; raises `ProtocolError` if it is none."""
    head, line_feed, _ = data.partition(b"\n")
    fields: dict[str, Any] = json_object(head)
    kind, version = fields.get("img"), fields.get("fw")
    if not line_feed or not isinstance(kind, str) or not isinstance(version, str):
        what = "image"
        raise ProtocolError(what)
    if numbers(version) is None or len(data) > IMAGE_BYTES_MAX:
        what = "image"
        raise ProtocolError(what)
    return FirmwareImage(kind=kind, version=version, data=data)


def numbers(version: str) -> tuple[int, ...] | None:
    """The three numbers of a version, to be compared; None if it is not made of these."""
    parts = version.split(".")
    if len(version) > FIRMWARE_CHARS_MAX or len(parts) != _NUMBERS:
        return None
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    return tuple(int(part) for part in parts)


def is_newer(version: str, than: str) -> bool:
    """Whether a node that has `than` would take `version`."""
    mine, its = numbers(version), numbers(than)
    return mine is not None and its is not None and mine > its


def encode_offer(command_id: str, image: FirmwareImage) -> bytes:
    """Here is a firmware; what of it is there already?"""
    return orjson.dumps(
        {
            "t": "update",
            "c": command_id,
            "fw": image.version,
            "size": len(image.data),
            "sha": image.sha256,
        }
    )


def encode_part(command_id: str, at: int, data: bytes) -> bytes:
    """The bytes of the image from `at` on."""
    return orjson.dumps({"t": "part", "c": command_id, "at": at, "d": b64encode(data).decode()})


def encode_install(command_id: str) -> bytes:
    """That was all: put it in place and start it."""
    return orjson.dumps({"t": "install", "c": command_id})
