"""Sealed frames: HMAC and HKDF with SHA-256, AES-128-CBC, and the session on top.

See docs/protocol.md §3 and §4. MicroPython has SHA-256 and AES-CBC in C and nothing above them;
CPython takes AES from `cryptography`.
"""

import hashlib
import os
from binascii import hexlify

try:
    import cryptolib

    def _cbc(key: bytes, iv: bytes, data: bytes, *, encrypt: bool) -> bytes:
        cipher = cryptolib.aes(key, 2, iv)
        return cipher.encrypt(data) if encrypt else cipher.decrypt(data)

except ImportError:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    def _cbc(key: bytes, iv: bytes, data: bytes, *, encrypt: bool) -> bytes:
        cipher = Cipher(algorithms.AES(key), modes.CBC(iv))
        context = cipher.encryptor() if encrypt else cipher.decryptor()
        return context.update(data) + context.finalize()


MAGIC = b"PV\x01"
TO_HOME, TO_NODE = 0, 1
JSON_MESSAGE, PIECE = 1, 2
FRAME_MIN, FRAME_MAX = 65, 32768
_BLOCK = 16
_HEADER, _IV_END, _TAG = 17, 33, 16
_SEQUENCE_END = 1 << 32


class FrameError(Exception):
    """A frame that must end the session; its text says why, for a log."""


class Mac:
    """HMAC-SHA256 under one key, with the padded keys made once."""

    def __init__(self, key: bytes) -> None:
        if len(key) > 64:
            key = hashlib.sha256(key).digest()
        key = key + bytes(64 - len(key))
        self.inner = bytes([byte ^ 0x36 for byte in key])
        self.outer = bytes([byte ^ 0x5C for byte in key])

    def over(self, *parts: bytes) -> bytes:
        """The 32-byte code over the concatenated parts."""
        inner = hashlib.sha256(self.inner)
        for part in parts:
            inner.update(part)
        outer = hashlib.sha256(self.outer)
        outer.update(inner.digest())
        return outer.digest()


def hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869, extract and expand."""
    expand = Mac(Mac(salt).over(secret))
    block = output = b""
    counter = 1
    while len(output) < length:
        block = expand.over(block, info, bytes([counter]))
        output += block
        counter += 1
    return output[:length]


def same(one: bytes, other: bytes) -> bool:
    """Compare without saying by the time it takes where the first difference is."""
    if len(one) != len(other):
        return False
    difference = 0
    for a, b in zip(one, other):
        difference |= a ^ b
    return difference == 0


def proof(  # noqa: PLR0917 - in the order of the wire
    key: bytes, direction: int, node: bytes, kid: int, nonces: bytes, session: bytes
) -> bytes:
    """What shows that an end holds `key`; `nonces` is the node's and then Home Assistant's."""
    return Mac(key).over(b"PV1 proof", bytes([direction]), node, bytes([kid]), nonces, session)[:16]


class Half:
    """One direction: 32 bytes of key, a counter."""

    def __init__(self, keys: bytes) -> None:
        self.mac = Mac(keys[:_BLOCK])
        self.key = keys[_BLOCK:]
        self.sequence = 1

    def tag(self, header: bytes, iv: bytes, cipher: bytes) -> bytes:
        """The 16 bytes that hold header, IV and ciphertext together."""
        return self.mac.over(header, iv, cipher, (len(header) * 8).to_bytes(8, "big"))[:_TAG]

    def encrypt(self, header: bytes, iv: bytes, plain: bytes) -> bytes:
        """Ciphertext and tag."""
        pad = _BLOCK - len(plain) % _BLOCK
        cipher = _cbc(self.key, iv, plain + bytes([pad]) * pad, encrypt=True)
        return cipher + self.tag(header, iv, cipher)

    def decrypt(self, header: bytes, iv: bytes, sealed: bytes) -> bytes:
        """The text; raises FrameError, and looks at the padding only after the tag."""
        cipher, tag = sealed[:-_TAG], sealed[-_TAG:]
        if not cipher or len(cipher) % _BLOCK:
            raise FrameError("length")
        if not same(self.tag(header, iv, cipher), tag):
            raise FrameError("tag")
        padded = _cbc(self.key, iv, cipher, encrypt=False)
        pad = padded[-1]
        if not 1 <= pad <= _BLOCK or padded[-pad:] != bytes([pad]) * pad:
            raise FrameError("padding")
        return padded[:-pad]


class Session:
    """The frames of one WebSocket connection, as one of the two ends seals and opens them."""

    def __init__(  # noqa: PLR0917 - in the order of the wire
        self, key: bytes, end: int, node: bytes, kid: int, nonces: bytes, session: bytes
    ) -> None:
        keys = hkdf(key, nonces, b"PV1 keys" + node + bytes([kid]) + session, 64)
        halves = (keys[:32], keys[32:])
        self.end, self.session = end, session
        self.out, self.back = Half(halves[end]), Half(halves[1 - end])

    def _header(self, direction: int, sequence: int, kind: int) -> bytes:
        head = MAGIC + bytes([direction, kind])
        return head + self.session + sequence.to_bytes(4, "big")

    def seal(self, plain: bytes, iv: bytes | None = None, kind: int = JSON_MESSAGE) -> bytes:
        """The next frame; `iv` is given by golden vectors only."""
        if self.out.sequence >= _SEQUENCE_END:
            raise FrameError("sequence")
        header = self._header(self.end, self.out.sequence, kind)
        self.out.sequence += 1
        iv = iv or os.urandom(_BLOCK)
        return header + iv + self.out.encrypt(header, iv, plain)

    def open(self, frame: bytes) -> bytes:
        """The text of the next frame of the other end.

        Raises FrameError, after which nothing may be opened.
        """
        if not FRAME_MIN <= len(frame) <= FRAME_MAX:
            raise FrameError("length")
        header = self._header(1 - self.end, self.back.sequence, JSON_MESSAGE)
        if frame[:_HEADER] != header:
            raise FrameError("header")
        plain = self.back.decrypt(header, frame[_HEADER:_IV_END], frame[_IV_END:])
        self.back.sequence += 1
        return plain


def to_hex(data: bytes) -> str:
    """Lower-case hex digits."""
    return hexlify(data).decode()
