import struct

import pytest
from PIL import Image

from custom_components.plant_vita.model.errors import (
    PhotoError,
    PhotoTooLargeError,
    PhotoTypeError,
)
from custom_components.plant_vita.vision.header import Header, Kind, read_header
from tests.vision import hostile


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("JPEG", {"exif": b"Exif\0\0" + bytes(60_000), "comment": b"x" * 5000}),
        ("PNG", {}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"}),
    ],
)
def test_the_size_is_that_of_the_picture(kind: str, more: dict[str, object]) -> None:
    data = hostile.saved(Image.new("RGB", (613, 211), "green"), kind, **more)
    assert read_header(data) == Header(kind=Kind(kind), width=613, height=211)


@pytest.mark.parametrize(
    ("size", "fits"), [((4000, 3000), True), ((4096, 3072), True), ((4000, 3200), False)]
)
def test_twelve_megapixels_are_the_most(size: tuple[int, int], fits: bool) -> None:
    data = hostile.png(*size, b"")
    if fits:
        assert read_header(data).width == size[0]
    else:
        with pytest.raises(PhotoTooLargeError):
            read_header(data)


def test_a_webp_may_have_fewer() -> None:
    def lossless(width: int, height: int) -> bytes:
        bits = (width - 1) | (height - 1) << 14
        return hostile.webp(b"VP8L", struct.pack("<BI", 0x2F, bits))

    assert read_header(lossless(3840, 2160)).height == 2160
    with pytest.raises(PhotoTooLargeError):
        read_header(lossless(4000, 3000))


def test_ten_gigabytes_are_refused_unread() -> None:
    # 60,000 × 60,000 × 3 bytes.
    with pytest.raises(PhotoTooLargeError):
        read_header(hostile.png(60_000, 60_000, b""))


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xff\xff",
        b"\xff\xd8\xff\xe0\x00\x10" + b"JFIF",
        b"\xff\xd8\xff\xe0\x00\x02garbage",
        b"\xff\xd8\xff\xda\x00\x02",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIDAT" + bytes(20),
        b"RIFF\0\0\0\0WEBP",
        b"RIFF\0\0\0\0WEBPVP8 " + bytes(20),
        b"RIFF\0\0\0\0WEBPVP8X" + bytes(12),
        b"RIFF\0\0\0\0WEBPJUNK" + bytes(20),
        hostile.png(0, 5, b""),
    ],
)
def test_a_broken_header_is_a_photo_error(data: bytes) -> None:
    with pytest.raises(PhotoError) as caught:
        read_header(data)
    assert caught.value.key == "photo_unreadable"


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"BM" + bytes(60), b"<svg/>", b"RIFF1234WAVE"])
def test_other_formats_are_named_so(data: bytes) -> None:
    with pytest.raises(PhotoTypeError):
        read_header(data)


def test_a_jpeg_of_many_scans_is_refused() -> None:
    data = hostile.saved(Image.new("RGB", (16, 16)), "JPEG")
    assert read_header(data + b"\xff\xda" * 60).width == 16
    with pytest.raises(PhotoError):
        read_header(data + b"\xff\xda" * 70)
