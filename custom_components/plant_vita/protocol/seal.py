"""Sealed frames.

One `Session` for each handshake, a key for each direction, a counter that only rises.
"""

import os
from enum import IntEnum

from ..model.errors import FrameError
from . import crypto
from .limits import FRAME_BYTES_MAX, FRAME_BYTES_MIN

MAGIC = b"PV\x01"
SESSION_ID = 8
NONCE = 16
PROOF = 16
HEADER = 17
SEQ_MAX = 2**32 - 1


class Direction(IntEnum):
    """Who sends."""

    FROM_NODE = 0
    FROM_HOME = 1


class FrameType(IntEnum):
    """What a frame carries."""

    MESSAGE = 1
    PIECE = 2


def proof(
    key: bytes,
    direction: Direction,
    *,
    node: bytes,
    kid: int,
    node_nonce: bytes,
    home_nonce: bytes,
    session: bytes,
) -> bytes:
    """The 16 bytes with which one end shows that it holds `key`."""
    return crypto.mac(
        key,
        b"PV1 proof",
        bytes((direction,)),
        node,
        bytes((kid,)),
        node_nonce,
        home_nonce,
        session,
    )[:PROOF]


class Session:
    """The two sealed directions after one handshake.

    Not thread-safe, one per connection. After any `FrameError` the session is over.
    """

    def __init__(
        self,
        key: bytes,
        end: Direction,
        *,
        node: bytes,
        kid: int,
        node_nonce: bytes,
        home_nonce: bytes,
        session: bytes,
    ) -> None:
        """Derive the keys for the given `end` (the direction in which it sends)."""
        keys = crypto.hkdf(
            key,
            salt=node_nonce + home_nonce,
            info=b"PV1 keys" + node + bytes((kid,)) + session,
            length=2 * crypto.KEY,
        )
        halves = (keys[: crypto.KEY], keys[crypto.KEY :])
        self._send_key = halves[end]
        self._opener = crypto.Opener(halves[1 - end])
        self._send_head = MAGIC + bytes((end,))
        self._receive_head = MAGIC + bytes((1 - end,))
        self._session = session
        self._sent = 0
        self._received = 0

    def seal(
        self, plaintext: bytes, frame_type: int = FrameType.MESSAGE, *, iv: bytes | None = None
    ) -> bytes:
        """The next frame of this end; `iv` (16 bytes) is given only by tests and vectors."""
        if self._sent >= SEQ_MAX:
            msg = "counter used up"
            raise FrameError(msg)
        self._sent += 1
        header = (
            self._send_head + bytes((frame_type,)) + self._session + self._sent.to_bytes(4, "big")
        )
        iv = iv or os.urandom(crypto.BLOCK)
        ciphertext, tag = crypto.encrypt(self._send_key, iv, header, plaintext)
        return header + iv + ciphertext + tag

    def open(self, frame: bytes) -> tuple[int, bytes]:
        """Type and plaintext of the next frame of the other end; raises `FrameError`."""
        if not FRAME_BYTES_MIN <= len(frame) <= FRAME_BYTES_MAX:
            msg = "size"
            raise FrameError(msg)
        header, iv = frame[:HEADER], frame[HEADER : HEADER + crypto.BLOCK]
        if header[:4] != self._receive_head or header[5:13] != self._session:
            msg = "header"
            raise FrameError(msg)
        if int.from_bytes(header[13:], "big") != self._received + 1:
            msg = "sequence"
            raise FrameError(msg)
        plaintext = self._opener.open(
            iv, header, frame[HEADER + crypto.BLOCK : -crypto.TAG], frame[-crypto.TAG :]
        )
        self._received += 1
        return header[4], plaintext
