"""Texts from a node: JSON, and words for a person."""

import pytest
from hypothesis import given, strategies as st

from custom_components.plant_vita.model.errors import ProtocolError
from custom_components.plant_vita.protocol.text import json_object, plain_text


def test_an_object_as_bytes_or_text() -> None:
    assert json_object(b'{"a":[1]}') == {"a": [1]}
    assert json_object('{"a":"\u00b5"}') == {"a": "\u00b5"}
    assert json_object(b'{"a":"' + b"x" * 4088 + b'"}') == {"a": "x" * 4088}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"a":NaN}', "not JSON"),
        (b'\xff{"a":1}', "not JSON"),
        (b"[" * 4096, "not JSON"),
        (b"[]", "not an object"),
        (b"null", "not an object"),
        (b'"a"', "not an object"),
        (b'{"a":"' + b"x" * 4089 + b'"}', "too long"),
    ],
)
def test_what_is_no_object(data: bytes, why: str) -> None:
    with pytest.raises(ProtocolError, match=why):
        json_object(data)


@pytest.mark.parametrize(
    ("value", "most", "text"),
    [
        ("Kitchen", 32, "Kitchen"),
        ("  a \t\r\n b ", 32, "a b"),
        ("abc def", 4, "abc"),
        ("\x00\x7f\x9f\u2028\ufeff\ue000", 32, None),
        ("Pfl\u0061\u0308nzle \N{SEEDLING}", 32, "Pfl\u0061\u0308nzle \N{SEEDLING}"),
        ("", 32, None),
        (5, 32, None),
        (None, 32, None),
        (b"abc", 32, None),
        (["abc"], 32, None),
        ("x" * 200, 5, "xxxxx"),
    ],
)
def test_plain_text(value: object, most: int, text: str | None) -> None:
    assert plain_text(value, most) == text


@given(st.text(st.characters(codec=None)), st.integers(1, 40))
def test_plain_text_is_short_and_printable(value: str, most: int) -> None:
    text = plain_text(value, most)
    if text is not None:
        assert 1 <= len(text) <= most
        assert text.isprintable()
        assert text == " ".join(text.split())
        assert plain_text(text, most) == text
