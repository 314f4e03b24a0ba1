"""What is asked of a camera, and what its node may say to it."""

import json
from typing import Any

import pytest

from custom_components.plant_vita.model.errors import ProtocolError
from custom_components.plant_vita.protocol import messages
from custom_components.plant_vita.protocol.photographing import (
    PhotoOffer,
    encode_piece_wanted,
    encode_snap,
    read_piece,
)

SHA = "0f" * 32
OFFER = {"t": "photo", "c": "1a", "size": 40_000, "sha": SHA}


def test_a_photo_is_asked_for() -> None:
    asked = json.loads(encode_snap("1a", 48, width=1024, quality=80, flash=True))
    assert asked == {"t": "snap", "c": "1a", "ch": 48, "w": 1024, "q": 80, "f": 1}
    asked = json.loads(encode_piece_wanted("1b", 16_384))
    assert asked == {"t": "piece", "c": "1b", "at": 16_384}


def test_a_photo_is_offered() -> None:
    expected = PhotoOffer(command_id="1a", size=40_000, sha256=SHA)
    assert messages.decode(json.dumps(OFFER).encode()) == expected


@pytest.mark.parametrize(
    "changed",
    [
        {"c": None},
        {"c": 7},
        {"c": ""},
        {"size": 0},
        {"size": 512 * 1024 + 1},
        {"size": 4.0},
        {"size": True},
        {"size": "40000"},
        {"sha": None},
        {"sha": SHA[:-1]},
        {"sha": SHA.upper()},
        {"sha": SHA + "\n"},
    ],
)
def test_an_offer_that_breaks_a_rule(changed: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        messages.decode(json.dumps(OFFER | changed).encode())


def test_the_largest_photo_may_be_offered() -> None:
    text = json.dumps(OFFER | {"size": 524_288}).encode()
    assert messages.decode(text) == PhotoOffer(command_id="1a", size=524_288, sha256=SHA)


def test_a_piece_is_bytes_after_a_line_feed() -> None:
    assert read_piece(b"1b\n\xff\xd8\n\x00") == ("1b", b"\xff\xd8\n\x00")
    assert read_piece(b"1b\n" + bytes(16_384)) == ("1b", bytes(16_384))


@pytest.mark.parametrize(
    "data",
    [b"", b"1b", b"1b\n", b"\n\xff", b"x" * 17 + b"\n\xff", b"\xe4\n\xff", b"1b\n" + bytes(16_385)],
)
def test_a_piece_that_breaks_a_rule(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_piece(data)
