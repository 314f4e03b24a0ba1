"""The primitives against the RFCs that define them, and against what must not pass."""

import hmac
from typing import Any

import pytest
from hypothesis import given, strategies as st

from custom_components.plant_vita.model.errors import FrameError
from custom_components.plant_vita.protocol import crypto
from tests.protocol.golden import VECTORS

KEY, IV, AAD = bytes(range(32)), bytes(range(16)), b"header"


@pytest.mark.parametrize("case", VECTORS["hmac"])
def test_rfc_4231(case: dict[str, Any]) -> None:
    key, data = bytes.fromhex(case["key"]), bytes.fromhex(case["data"])
    assert crypto.mac(key, data).hex() == case["mac"]
    assert crypto.mac(key, data[:3], b"", data[3:]).hex() == case["mac"]


@pytest.mark.parametrize("case", VECTORS["hkdf"])
def test_rfc_5869(case: dict[str, Any]) -> None:
    made = crypto.hkdf(
        bytes.fromhex(case["secret"]),
        salt=bytes.fromhex(case["salt"]),
        info=bytes.fromhex(case["info"]),
        length=case["length"],
    )
    assert made.hex() == case["out"]


@pytest.mark.parametrize("case", VECTORS["aead"])
def test_rfc_7518(case: dict[str, Any]) -> None:
    key, iv, aad, plain, cipher, tag = (
        bytes.fromhex(case[name]) for name in ("key", "iv", "aad", "plain", "cipher", "tag")
    )
    assert crypto.encrypt(key, iv, aad, plain) == (cipher, tag)
    assert crypto.decrypt(key, iv, aad, cipher, tag) == plain


@given(plain=st.binary(max_size=200), aad=st.binary(max_size=40))
def test_what_was_sealed_can_be_opened(plain: bytes, aad: bytes) -> None:
    ciphertext, tag = crypto.encrypt(KEY, IV, aad, plain)
    assert len(ciphertext) == len(plain) // 16 * 16 + 16
    assert crypto.decrypt(KEY, IV, aad, ciphertext, tag) == plain


@given(st.data())
def test_nothing_of_it_can_be_changed(data: st.DataObject) -> None:
    plain = data.draw(st.binary(max_size=48))
    ciphertext, tag = crypto.encrypt(KEY, IV, AAD, plain)
    parts = [IV, AAD, ciphertext, tag]
    which = data.draw(st.integers(0, 3))
    changed = bytearray(parts[which])
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    parts[which] = bytes(changed)
    with pytest.raises(FrameError, match="tag"):
        crypto.decrypt(KEY, *parts)


@pytest.mark.parametrize("length", [0, 1, 15, 17, 31])
def test_a_ciphertext_is_whole_blocks_and_not_nothing(length: int) -> None:
    with pytest.raises(FrameError, match="length"):
        crypto.decrypt(KEY, IV, AAD, bytes(length), bytes(16))


@pytest.mark.parametrize("last", [0, 2, 3, 16, 17, 255])
def test_authentic_frames_with_wrong_padding_are_refused(last: int) -> None:
    # Take a block that decrypts to known bytes and bend its last byte through the IV.
    ciphertext, _tag = crypto.encrypt(KEY, IV, AAD, b"x" * 15)
    bent = IV[:15] + bytes((IV[15] ^ 1 ^ last,))
    bits = (len(AAD) * 8).to_bytes(8, "big")
    tag = crypto.mac(KEY[:16], AAD, bent, ciphertext, bits)[:16]
    with pytest.raises(FrameError, match="padding"):
        crypto.decrypt(KEY, bent, AAD, ciphertext, tag)


def test_the_padding_is_not_looked_at_before_the_tag() -> None:
    with pytest.raises(FrameError, match="tag"):
        crypto.decrypt(KEY, IV, AAD, bytes(16), bytes(16))


def test_tags_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == other

    ciphertext, tag = crypto.encrypt(KEY, IV, AAD, b"x")
    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert crypto.decrypt(KEY, IV, AAD, ciphertext, tag) == b"x"
    assert compared == [(tag, tag)]


def test_the_two_halves_of_a_key_are_not_interchangeable() -> None:
    swapped = KEY[16:] + KEY[:16]
    assert crypto.encrypt(swapped, IV, AAD, b"x") != crypto.encrypt(KEY, IV, AAD, b"x")
