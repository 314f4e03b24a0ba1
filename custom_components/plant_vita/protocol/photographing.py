"""The messages that bring a photo from a node: one is asked for, then fetched in pieces.

A piece is a frame of its own type: the id under which it was asked for, a line feed, and bytes of
the JPEG as they are.
"""

import re
from dataclasses import dataclass
from typing import Any

import orjson

from ..model.errors import ProtocolError
from .limits import COMMAND_ID_CHARS_MAX, PHOTO_BYTES_MAX, PHOTO_PIECE_BYTES
from .text import plain_text

_SHA = re.compile(r"[0-9a-f]{64}")
_LINE_FEED = b"\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoOffer:
    """A node has taken the photo that was asked for as `command_id`, and keeps it for a moment."""

    command_id: str
    size: int
    sha256: str


def read_offer(fields: dict[str, Any]) -> PhotoOffer:
    """Read a `photo` message; raises `ProtocolError`."""
    command_id = plain_text(fields.get("c"), COMMAND_ID_CHARS_MAX)
    size, sha256 = fields.get("size"), fields.get("sha")
    if command_id is None or type(size) is not int or not 1 <= size <= PHOTO_BYTES_MAX:
        what = "photo"
        raise ProtocolError(what)
    if not isinstance(sha256, str) or not _SHA.fullmatch(sha256):
        what = "photo"
        raise ProtocolError(what)
    return PhotoOffer(command_id=command_id, size=size, sha256=sha256)


def read_piece(data: bytes) -> tuple[str, bytes]:
    """The id under which a piece was asked for, and its bytes; raises `ProtocolError`."""
    name, line_feed, piece = data.partition(_LINE_FEED)
    if not line_feed or not name.isascii() or not 1 <= len(name) <= COMMAND_ID_CHARS_MAX:
        what = "piece"
        raise ProtocolError(what)
    if not 1 <= len(piece) <= max(PHOTO_PIECE_BYTES):
        what = "piece"
        raise ProtocolError(what)
    return name.decode(), piece


def encode_snap(command_id: str, channel: int, *, width: int, quality: int, flash: bool) -> bytes:
    """Take one photo, at most `width` pixels wide, of a JPEG `quality` of 1 to 100."""
    return orjson.dumps(
        {
            "t": "snap",
            "c": command_id,
            "ch": channel,
            "w": width,
            "q": quality,
            "f": int(flash),
        }
    )


def encode_piece_wanted(command_id: str, at: int) -> bytes:
    """The bytes of the photo from `at` on, please."""
    return orjson.dumps({"t": "piece", "c": command_id, "at": at})
