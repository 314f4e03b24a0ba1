"""What is told to everybody near: ours, whole and of the right length, or nothing."""

import pytest

from custom_components.plant_vita.model.errors import ProtocolError
from custom_components.plant_vita.model.node import Radio
from custom_components.plant_vita.protocol import beacon

SEALED = bytes.fromhex("41a47266c95f730011223378237214")


@pytest.mark.parametrize(
    ("payload", "hardware_id"),
    [
        (b"PV\x00a4cf12000001", "a4cf12000001"),
        (b"PV\x00Node", "Node"),
        (b"PV\x00" + b"x" * 21, "x" * 21),
        (b"PV\x00" + b"x" * 22, None),
        (b"PV\x00abc", None),
        (b"PV\x00a4cf12000001 ", None),
        (b"PV\x00\xff\xff\xff\xff", None),
        (b"PV\x01a4cf12000001", None),
        (b"VP\x00a4cf12000001", None),
        (b"PV", None),
        (b"", None),
        (b"PV" + SEALED, None),
    ],
)
def test_who_asks_to_be_paired(payload: bytes, hardware_id: str | None) -> None:
    assert beacon.unpaired_id(payload) == hardware_id


def test_what_is_sealed_is_left_to_its_reader() -> None:
    assert beacon.sealed_readings(b"PV" + SEALED) == SEALED
    assert beacon.sealed_readings(b"PV\x00a4cf12000001") is None
    assert beacon.sealed_readings(b"PV") is None
    assert beacon.sealed_readings(SEALED) is None


def test_the_radio_of_a_hello() -> None:
    assert beacon.radio_of({"bt": "a4cf12000003", "salt": "0011223344556677"}) == Radio(
        address=b"\xa4\xcf\x12\x00\x00\x03", salt=b"\x00\x11\x22\x33\x44\x55\x66\x77"
    )
    assert beacon.radio_of({}) is None


@pytest.mark.parametrize(
    "half",
    [
        {"bt": "a4cf12000003"},
        {"salt": "0011223344556677"},
        {"bt": "a4cf1200000", "salt": "0011223344556677"},
        {"bt": "a4cf12000003", "salt": "00112233 4556677"},
        {"bt": 1, "salt": "0011223344556677"},
    ],
)
def test_half_a_radio_is_none(half: dict[str, object]) -> None:
    with pytest.raises(ProtocolError, match="hex"):
        beacon.radio_of(half)
