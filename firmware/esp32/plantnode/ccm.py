"""AES-128-CCM (RFC 3610) as BTHome uses it: a nonce of 13 bytes, a tag of 4, nothing associated.

MicroPython has AES block by block and nothing above it; CPython takes the blocks from
`cryptography`.
"""

try:
    import cryptolib

    def _block(key: bytes, block: bytes) -> bytes:
        return cryptolib.aes(key, 1).encrypt(block)

except ImportError:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    def _block(key: bytes, block: bytes) -> bytes:
        context = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - CCM's blocks
        return context.update(block) + context.finalize()


NONCE, TAG = 13, 4
_SIZE = 16
_FIRST = b"\x09"  # a tag of 4 bytes, a length of 2
_COUNTED = b"\x01"


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes([a ^ b for a, b in zip(one, other)])


def encrypt(key: bytes, nonce: bytes, plain: bytes) -> tuple:
    """Ciphertext and tag; the same nonce must never be used twice with one key."""
    mac = _block(key, _FIRST + nonce + len(plain).to_bytes(2, "big"))
    cipher = b""
    for at in range(0, len(plain), _SIZE):
        piece = plain[at : at + _SIZE]
        mac = _block(key, _mixed(mac, piece + bytes(_SIZE - len(piece))))
        number = at // _SIZE + 1
        cipher += _mixed(piece, _block(key, _COUNTED + nonce + number.to_bytes(2, "big")))
    return cipher, _mixed(mac, _block(key, _COUNTED + nonce + bytes(2)))[:TAG]
