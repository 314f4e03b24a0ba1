"""Readings out of an encrypted BTHome v2 advertisement (docs/protocol.md §10).

An advertisement is heard by everybody and answered by nobody: it carries readings, and never
anything that moves an actuator.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from ..model.errors import FrameError
from ..model.node import Channel
from . import crypto

BIND_KEY = 16
INFO = 0x41
_UUID_BYTES = b"\xd2\xfc"
_COUNTER, _TAG = 4, 4
_SIZES = (1 + _COUNTER + _TAG, 24)
_PROBLEM = 0x26


class UsedCountError(FrameError):
    """It is the node's own, but heard before, or replayed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Object:
    steps: int
    size: int
    kinds: frozenset[str]
    signed: bool = False


def _object(steps: int, size: int, *kinds: str, signed: bool = False) -> _Object:
    return _Object(steps=steps, size=size, kinds=frozenset(kinds), signed=signed)


_OBJECTS = {
    0x01: _object(1, 1, "bat"),
    0x02: _object(100, 2, "t", "st", signed=True),
    0x03: _object(100, 2, "h"),
    0x04: _object(100, 3, "p"),
    0x05: _object(100, 3, "lx"),
    0x0C: _object(1000, 2, "v"),
    0x14: _object(100, 2, "m"),
    _PROBLEM: _object(1, 1),
    0x56: _object(1, 2, "ec"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Advertisement:
    """What a node has told to everybody, proved and fresh.

    `numbers` are (object, value in its unit) in the order of the wire; `asks` is set when the node
    has more to tell than fits.
    """

    counter: int
    numbers: tuple[tuple[int, float], ...]
    asks: bool

    def values(self, channels: Iterable[Channel]) -> dict[int, float]:
        """Value by channel index: the n-th object of a number is the n-th channel that has it."""
        values: dict[int, float] = {}
        left = sorted(channels, key=lambda channel: channel.index)
        for number, value in self.numbers:
            kinds = _OBJECTS[number].kinds
            for channel in left:
                if channel.kind in kinds:
                    values[channel.index] = value
                    left.remove(channel)
                    break
        return values


def bind_key(key: bytes, salt: bytes, hardware_id: str, kid: int) -> bytes:
    """The 16 bytes that seal a node's advertisements; `salt` is the node's, made with its count."""
    info = b"PV1 beacon" + hardware_id.encode() + bytes((kid,))
    return crypto.hkdf(key, salt=salt, info=info, length=BIND_KEY)


def read(key: bytes, address: bytes, data: bytes, *, above: int) -> Advertisement:
    """Read the service data of an advertisement from `address` (6 bytes, as it is written).

    Raises `UsedCountError` for a count that is not `above`, and `FrameError` for what is not sealed
    with `key` at this address or is not understood.
    """
    if not _SIZES[0] <= len(data) <= _SIZES[1] or data[0] != INFO:
        msg = "not an encrypted advertisement"
        raise FrameError(msg)
    count, tag = data[-_COUNTER - _TAG : -_TAG], data[-_TAG:]
    nonce = address + _UUID_BYTES + data[:1] + count
    try:
        plain = AESCCM(key, tag_length=_TAG).decrypt(nonce, data[1 : -_COUNTER - _TAG] + tag, None)
    except InvalidTag as error:
        msg = "tag"
        raise FrameError(msg) from error
    counter = int.from_bytes(count, "little")
    if counter <= above:
        msg = "count"
        raise UsedCountError(msg)
    return _parsed(counter, plain)


def _parsed(counter: int, plain: bytes) -> Advertisement:
    numbers: list[tuple[int, float]] = []
    asks = False
    at = 0
    while at < len(plain):
        known = _OBJECTS.get(plain[at])
        if known is None or len(plain) < at + 1 + known.size:
            msg = "object"
            raise FrameError(msg)
        raw = plain[at + 1 : at + 1 + known.size]
        whole = int.from_bytes(raw, "little", signed=known.signed)
        if plain[at] == _PROBLEM:
            asks = bool(whole)
        else:
            numbers.append((plain[at], whole / known.steps))
        at += 1 + known.size
    return Advertisement(counter=counter, numbers=tuple(numbers), asks=asks)
