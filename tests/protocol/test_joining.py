"""What a network node is told over its cable."""

import json

import pytest

from custom_components.plant_vita.protocol import joining
from custom_components.plant_vita.protocol.joining import Join

JOIN = Join(ssid="Garden", password="correct horse", url=None, kid=1, key=bytes(range(32)))


def test_the_question_has_no_id() -> None:
    assert joining.encode_question() == b'{"t":"cmd","op":"ping"}'


def test_join_byte_for_byte() -> None:
    assert joining.encode_join("c1", JOIN).decode() == (
        '{"t":"join","c":"c1","ssid":"Garden","pw":"correct horse","kid":1,'
        '"k":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"}'
    )


def test_join_with_an_address() -> None:
    join = Join(ssid="Garten µ", password="", url="http://192.0.2.1:8123", kid=7, key=b"k" * 32)
    fields = json.loads(joining.encode_join("c1", join))
    assert (fields["ssid"], fields["pw"]) == ("Garten µ", "")
    assert (fields["url"], fields["kid"]) == ("http://192.0.2.1:8123", 7)


def test_secrets_are_not_shown() -> None:
    shown = repr(JOIN)
    assert "Garden" in shown
    assert "horse" not in shown
    assert "key" not in shown


def test_the_longest_of_everything_has_room() -> None:
    join = Join(ssid='"' * 32, password='"' * 64, url="http://" + '"' * 121, kid=255, key=b"k" * 32)
    assert len(joining.encode_join("0123456789abcdef", join)) <= 1024


@pytest.mark.parametrize(
    ("ssid", "fits"),
    [
        ("", False),
        ("a", True),
        ("a" * 32, True),
        ("a" * 33, False),
        ("ä" * 16, True),
        ("ä" * 17, False),
    ],
)
def test_names_of_networks(ssid: str, *, fits: bool) -> None:
    assert joining.fits_ssid(ssid) is fits


@pytest.mark.parametrize(
    ("password", "fits"),
    [
        ("", True),
        ("a" * 7, False),
        ("a" * 8, True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("ä" * 33, False),
    ],
)
def test_passwords(password: str, *, fits: bool) -> None:
    assert joining.fits_password(password) is fits


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("", False),
        ("http://homeassistant.local:8123", True),
        ("https://h", True),
        ("homeassistant.local", False),
        ("ftp://h", False),
        ("http://" + "h" * 121, True),
        ("http://" + "h" * 122, False),
    ],
)
def test_addresses(url: str, *, fits: bool) -> None:
    assert joining.fits_url(url) is fits
