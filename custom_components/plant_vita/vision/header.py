"""What a picture file claims to be, read from its first bytes before anything is decoded.

Pillow would tell the size, too, but its WebP decoder allocates for it first.
Formats: ITU T.81 annex B (JPEG), PNG third edition, RFC 9649 (WebP).
"""

import struct
from dataclasses import dataclass
from enum import StrEnum

from ..model.errors import PhotoError, PhotoTooLargeError, PhotoTypeError

MAX_BYTES = 32 * 1024 * 1024
MAX_SCANS = 64
"""A JPEG in many passes costs one pass of the whole picture each; cameras write about ten."""


class Kind(StrEnum):
    """A format that we read, by its name in Pillow."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"


MAX_PIXELS = {
    Kind.JPEG: 12_600_000,  # 12 megapixels as cameras count: up to 4096 × 3072
    Kind.PNG: 12_600_000,
    Kind.WEBP: 8_400_000,  # its decoder holds four copies of 4 bytes a pixel: up to 3840 × 2160
}

_PNG_SIGN = b"\x89PNG\r\n\x1a\n"
# Start of frame, in every coding but those that share the range with tables.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset((0x01, *range(0xD0, 0xD9)))  # markers without a length


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """The kind of a picture and the size it claims, before its orientation is applied."""

    kind: Kind
    width: int
    height: int


def read_header(data: bytes) -> Header:
    """The header of a picture that is worth decoding.

    Raises PhotoTypeError, PhotoTooLargeError, or PhotoError when the header is broken.
    """
    if len(data) > MAX_BYTES:
        raise PhotoTooLargeError(f"{len(data)} bytes")
    kind = _kind(data)
    try:
        width, height = _SIZES[kind](data)
    except (IndexError, struct.error) as error:
        raise PhotoError(f"{kind} header broken") from error
    if not width or not height:
        raise PhotoError(f"{kind} of {width} × {height}")
    if width * height > MAX_PIXELS[kind]:
        raise PhotoTooLargeError(f"{kind} of {width} × {height}")
    return Header(kind=kind, width=width, height=height)


def _kind(data: bytes) -> Kind:
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(_PNG_SIGN):
        return Kind.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    raise PhotoTypeError("neither JPEG nor PNG nor WebP")


def _jpeg_size(data: bytes) -> tuple[int, int]:
    if data.count(b"\xff\xda") > MAX_SCANS:
        raise PhotoError("a JPEG of too many scans")
    at = 2
    while True:
        if data[at] != 0xFF:
            raise PhotoError("JPEG markers broken")
        marker = data[at + 1]
        if marker == 0xFF:  # fill bytes
            at += 1
        elif marker in _BARE:
            at += 2
        elif marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        elif marker in {0xD9, 0xDA}:
            raise PhotoError("a JPEG without a frame")
        else:
            at += 2 + struct.unpack_from(">H", data, at + 2)[0]


def _png_size(data: bytes) -> tuple[int, int]:
    if data[12:16] != b"IHDR":
        raise PhotoError("a PNG that does not begin with its header")
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _webp_size(data: bytes) -> tuple[int, int]:
    chunk = data[12:16]
    if chunk == b"VP8 ":
        if data[23:26] != b"\x9d\x01\x2a":
            raise PhotoError("a WebP without a key frame")
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    if chunk == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8X":
        width = int.from_bytes(data[24:27], "little")
        height = int.from_bytes(data[27:30], "little")
        if len(data) < 30:
            raise PhotoError("WebP header broken")
        return 1 + width, 1 + height
    raise PhotoError("an unknown kind of WebP")


_SIZES = {Kind.JPEG: _jpeg_size, Kind.PNG: _png_size, Kind.WEBP: _webp_size}
