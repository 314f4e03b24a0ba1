"""An image says what it is; the messages that bring it are those of the protocol."""

import hashlib
import json

import pytest

from custom_components.plant_vita.model.errors import ProtocolError
from custom_components.plant_vita.protocol.updating import (
    FirmwareImage,
    encode_install,
    encode_offer,
    encode_part,
    is_newer,
    numbers,
    read_image,
)

DATA = b'{"img":"esp32","fw":"0.2.0","files":[["app.py",3]],"sum":"00"}\npacked'
IMAGE = FirmwareImage(kind="esp32", version="0.2.0", data=DATA)


def test_what_an_image_says() -> None:
    assert read_image(DATA) == IMAGE
    assert IMAGE.sha256 == hashlib.sha256(DATA).hexdigest()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"[]\n",
        DATA.replace(b"\n", b""),
        DATA.replace(b'"esp32"', b"32"),
        DATA.replace(b'"0.2.0"', b"2"),
        DATA.replace(b"0.2.0", b"newest"),
        b" " * 5000 + DATA,
        DATA + bytes(1024 * 1024),
    ],
)
def test_what_is_no_image(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_image(data)


@pytest.mark.parametrize(
    ("version", "than", "newer"),
    [
        ("0.2.0", "0.1.9", True),
        ("0.10.0", "0.9.0", True),
        ("1.0.0", "0.99.99", True),
        ("0.2.0", "0.2.0", False),
        ("0.1.9", "0.2.0", False),
        ("0.2.0", "mine", False),
        ("0.2", "0.1.0", False),
        ("0.2.0-1", "0.1.0", False),
        ("0.².0", "0.1.0", False),
        ("0.2.00000000000000", "0.1.0", False),
    ],
)
def test_which_is_newer(version: str, than: str, *, newer: bool) -> None:
    assert is_newer(version, than) is newer


def test_numbers_are_compared_not_letters() -> None:
    assert numbers("0.10.2") == (0, 10, 2)


def test_the_messages() -> None:
    assert json.loads(encode_offer("c1", IMAGE)) == {
        "t": "update",
        "c": "c1",
        "fw": "0.2.0",
        "size": len(DATA),
        "sha": IMAGE.sha256,
    }
    part = json.loads(encode_part("c2", 2048, b"\x00\xff>"))
    assert part == {"t": "part", "c": "c2", "at": 2048, "d": "AP8+"}
    assert json.loads(encode_install("c3")) == {"t": "install", "c": "c3"}


def test_the_longest_part_fits_into_a_message() -> None:
    assert len(encode_part("c" * 16, 1024 * 1024, bytes(2048))) <= 4096
