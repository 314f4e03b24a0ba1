import string
from typing import Any

import pytest
from hypothesis import given, strategies as st

from custom_components.plant_vita.model.errors import MalformedCodeError, WrongCodeError
from custom_components.plant_vita.protocol.pairing import key_from_code, normalise_code
from tests.protocol.golden import VECTORS

ALPHABET = string.ascii_uppercase + "234567"
LOOK_ALIKES = {"O": "0", "I": "1", "B": "8"}


@pytest.mark.parametrize("case", VECTORS["code"])
def test_the_key_of_a_code(case: dict[str, Any]) -> None:
    assert key_from_code(case["code"], case["id"]).hex() == case["key"]


def test_the_same_code_is_another_key_on_another_node() -> None:
    assert key_from_code("A" * 16, "NODE0001") != key_from_code("A" * 16, "NODE0002")


@pytest.mark.parametrize(
    "typed",
    [
        "ABCDEFGHIJKLMNOP",
        "ABCD-EFGH-IJKL-MNOP",
        "abcd-efgh-ijkl-mnop",
        " abcd efgh ijkl mnop \n",
        "abcd–efgh—ijkl.mnop",
        "A8CD-EFGH-1JKL-MN0P",
        "a b c d e f g h i j k l m n o p",
    ],
)
def test_however_it_is_typed(typed: str) -> None:
    assert normalise_code(typed) == "ABCDEFGHIJKLMNOP"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ABCD-EFGH-IJKL",
        "ABCDEFGHIJKLMNOPQ",
        "ABCD-EFGH-IJKL-MNO9",
        "ABCDEFGHIJKLMNÖP",
        "ABCDEFGHIJKLMNOß",
        "ABCD_EFGH_IJKL_MNOP",
        "-" * 64 + "ABCDEFGHIJKLMNOP",
        "A" * 1_000_000,
    ],
)
def test_what_cannot_be_a_code(typed: str) -> None:
    with pytest.raises(MalformedCodeError):
        normalise_code(typed)


def test_a_malformed_code_is_a_wrong_code() -> None:
    assert issubclass(MalformedCodeError, WrongCodeError)


@given(
    code=st.text(ALPHABET, min_size=16, max_size=16),
    noise=st.lists(st.sampled_from(["", " ", "-", ".", "\t", "–"]), min_size=16, max_size=16),
    lower=st.booleans(),
    alike=st.booleans(),
)
def test_every_code_survives_a_person(
    code: str, noise: list[str], *, lower: bool, alike: bool
) -> None:
    typed = "".join(LOOK_ALIKES.get(c, c) for c in code) if alike else code
    typed = "".join(a + b for a, b in zip(typed, noise, strict=True))
    assert normalise_code(typed.lower() if lower else typed) == code


@given(st.text())
def test_anything_is_a_code_or_malformed(typed: str) -> None:
    try:
        code = normalise_code(typed)
    except MalformedCodeError:
        return
    assert len(code) == 16
    assert set(code) <= set(ALPHABET)
    assert normalise_code(code) == code
