"""HKDF (RFC 5869) and AEAD_AES_128_CBC_HMAC_SHA_256 (RFC 7518 §5.2), on `cryptography` and `hmac`.

CBC and HMAC rather than GCM, because stock MicroPython has only these.
"""

import hmac

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from ..model.errors import FrameError

BLOCK = 16
TAG = 16
KEY = 32


def mac(key: bytes, *parts: bytes) -> bytes:
    """HMAC-SHA256 over the concatenated `parts`: 32 bytes."""
    return hmac.digest(key, b"".join(parts), "sha256")


def hkdf(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 extract-and-expand with SHA-256; `length` at most 255 × 32 bytes."""
    pseudo_random_key = mac(salt, secret)
    block = output = b""
    counter = 0
    while len(output) < length:
        counter += 1
        block = mac(pseudo_random_key, block, info, bytes((counter,)))
        output += block
    return output[:length]


def _tagged(associated: bytes, iv: bytes, ciphertext: bytes) -> bytes:
    """What the tag is made of."""
    return associated + iv + ciphertext + (len(associated) * 8).to_bytes(8, "big")


def encrypt(key: bytes, iv: bytes, associated: bytes, plaintext: bytes) -> tuple[bytes, bytes]:
    """Seal `plaintext` (any length) under a 32-byte key (MAC half first): ciphertext and tag."""
    padding = BLOCK - len(plaintext) % BLOCK
    encryptor = Cipher(AES128(key[BLOCK:]), CBC(iv)).encryptor()
    ciphertext = encryptor.update(plaintext + bytes((padding,)) * padding) + encryptor.finalize()
    return ciphertext, mac(key[:BLOCK], _tagged(associated, iv, ciphertext))[:TAG]


class Opener:
    """Opens what `encrypt` sealed under one 32-byte key, in any order; keeps both halves ready.

    To set up a cipher or a MAC costs more than to run it over a frame. The MAC is keyed once and
    copied. In CBC a block's text depends on its ciphertext and on the ciphertext before it, and on
    nothing else: so one running decryptor opens every frame, if it is given the frame's IV as a
    block before it, and what that block itself turns into is thrown away.
    """

    __slots__ = ("_decryptor", "_keyed")

    def __init__(self, key: bytes) -> None:
        """MAC half first."""
        self._keyed = HMAC(key[:BLOCK], SHA256())
        self._decryptor = Cipher(AES128(key[BLOCK:]), CBC(bytes(BLOCK))).decryptor()

    def open(self, iv: bytes, associated: bytes, ciphertext: bytes, tag: bytes) -> bytes:
        """The plaintext; raises `FrameError`, and looks at the padding only after the tag."""
        if not ciphertext or len(ciphertext) % BLOCK:
            msg = "length"
            raise FrameError(msg)
        keyed = self._keyed.copy()
        keyed.update(_tagged(associated, iv, ciphertext))
        if not hmac.compare_digest(keyed.finalize()[:TAG], tag):
            msg = "tag"
            raise FrameError(msg)
        padded = self._decryptor.update(iv + ciphertext)
        padding = padded[-1]
        if not 1 <= padding <= BLOCK or padded[-padding:] != bytes((padding,)) * padding:
            msg = "padding"
            raise FrameError(msg)
        return padded[BLOCK:-padding]


def decrypt(key: bytes, iv: bytes, associated: bytes, ciphertext: bytes, tag: bytes) -> bytes:
    """Open what `encrypt` sealed, once; raises `FrameError`."""
    return Opener(key).open(iv, associated, ciphertext, tag)
