"""The two text messages before the first sealed frame."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings, strategies as st

from custom_components.plant_vita.model.errors import ProtocolError
from custom_components.plant_vita.protocol.handshake import (
    CloseCode,
    Dial,
    HandshakeWord,
    VersionError,
    answer,
    parse_dial,
    parse_refusal,
    refusal,
)
from custom_components.plant_vita.protocol.seal import Direction, Session
from tests.protocol.golden import VECTORS
from tests.protocol.json_values import ANY

NONCE = "000102030405060708090a0b0c0d0e0f"
FIRST: dict[str, Any] = {"v": 1, "id": "a4cf12000001", "kid": 0, "nn": NONCE}


def dial(**changed: Any) -> Dial:
    """Parse a first message with some fields changed; `...` takes one out."""
    fields = {name: value for name, value in {**FIRST, **changed}.items() if value is not ...}
    return parse_dial(json.dumps(fields))


def test_a_first_message() -> None:
    assert dial(m="esp32dev", l="Kitchen", new=1) == Dial(
        hardware_id="a4cf12000001",
        kid=0,
        nonce=bytes(range(16)),
        model="esp32dev",
        label="Kitchen",
    )
    assert dial(kid=255, nn=NONCE.upper()) == Dial(
        hardware_id="a4cf12000001", kid=255, nonce=bytes(range(16))
    )
    assert parse_dial(json.dumps(FIRST).encode()) == parse_dial(json.dumps(FIRST))


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("v", ["1", 1.0, True, None, [], ...]),
        ("id", ["abc", "x" * 33, "a b c d", "äbcd", "abcd\n", 5, None, ["abcd"], ...]),
        ("kid", [-1, 256, "0", 0.0, True, None, ...]),
        ("nn", [NONCE[:-1], NONCE + "0", NONCE[:-2], "g" * 32, "", 5, None, [], ...]),
        ("nn", ["0 " * 16, " " * 32, "٣" * 32, "ａ" * 32, "+f" * 16, "0x" + NONCE[2:]]),
    ],
)
def test_a_first_message_refused(field: str, values: list[Any]) -> None:
    for value in values:
        with pytest.raises(ProtocolError) as caught:
            dial(**{field: value})
        assert not isinstance(caught.value, VersionError)


@pytest.mark.parametrize("version", [0, 2, -1, 2**63])
def test_another_version_is_told_apart(version: int) -> None:
    with pytest.raises(VersionError) as caught:
        # What follows belongs to a protocol that we do not know.
        dial(v=version, kid="new", nn=...)
    assert (caught.value.version, caught.value.hardware_id) == (version, "a4cf12000001")


def test_hints_are_cleaned_and_cut() -> None:
    found = dial(m="<b>\x1b[31m" + "x" * 60, l="\u202e\u200b  ")
    assert found.model == "<b> [31m" + "x" * 24
    assert found.label is None
    assert dial(m=5, l=["x"]).model is None


@pytest.mark.parametrize(
    "data", [b"", b"{", b"\xff", b"[]", b"5", b"null", b" " * 4097, b"[" * 999]
)
def test_not_a_message(data: bytes) -> None:
    for parse in (parse_dial, parse_refusal):
        with pytest.raises(ProtocolError):
            parse(data)


@settings(max_examples=300)
@given(st.binary(max_size=300) | st.text(max_size=300))
def test_any_bytes_and_any_text(data: bytes | str) -> None:
    for parse in (parse_dial, parse_refusal):
        try:
            parse(data)
        except ProtocolError:
            continue
        assert parse is parse_refusal


@given(st.dictionaries(st.sampled_from(["v", "id", "kid", "nn", "m", "l", "err"]), ANY))
def test_any_object(fields: dict[str, Any]) -> None:
    for parse in (parse_dial, parse_refusal):
        try:
            parse(orjson.dumps(fields))
        except ProtocolError:
            continue


@pytest.mark.parametrize("word", HandshakeWord)
def test_the_words(word: HandshakeWord) -> None:
    assert refusal(word) == f'{{"err":"{word}"}}'
    assert parse_refusal(refusal(word)) is word


@pytest.mark.parametrize(
    "text", ['{"err":"new"}', "{}", '{"err":null}', '{"err":[]}', '{"err":{}}', '{"err":5}']
)
def test_a_refusal_without_a_word_that_we_know(text: str) -> None:
    assert parse_refusal(text) is None


@pytest.mark.parametrize("case", VECTORS["handshake"])
def test_golden_answers(case: dict[str, Any]) -> None:
    text, _session = answer(
        Dial(hardware_id=case["id"], kid=case["kid"], nonce=bytes.fromhex(case["nn"])),
        bytes.fromhex(case["key"]),
        home_nonce=bytes.fromhex(case["hn"]),
        session=bytes.fromhex(case["sid"]),
    )
    assert text == case["answer"]


def test_no_answer_is_like_another() -> None:
    caller = dial()
    answers = [json.loads(answer(caller, bytes(32))[0]) for _ in range(20)]
    for field, length in (("hn", 32), ("sid", 16), ("proof", 32)):
        assert len({one[field] for one in answers}) == 20
        assert {len(one[field]) for one in answers} == {length}


def test_the_session_of_an_answer_is_the_one_that_it_names() -> None:
    text, home = answer(dial(kid=7), b"\x22" * 32)
    said = json.loads(text)
    node = Session(
        b"\x22" * 32,
        Direction.FROM_NODE,
        node=b"a4cf12000001",
        kid=7,
        node_nonce=bytes(range(16)),
        home_nonce=bytes.fromhex(said["hn"]),
        session=bytes.fromhex(said["sid"]),
    )
    assert home.open(node.seal(b"hello")) == (1, b"hello")
    assert node.open(home.seal(b"hi")) == (1, b"hi")


def test_the_close_codes_of_the_protocol() -> None:
    assert {code.name: int(code) for code in CloseCode} == {
        "GOING_AWAY": 1001,
        "BAD": 4400,
        "UNPAIRED": 4401,
        "UNKNOWN_KEY": 4403,
        "SLOW": 4408,
        "REPLACED": 4409,
        "VERSION": 4426,
        "RATE": 4429,
        "BUSY": 4503,
    }
