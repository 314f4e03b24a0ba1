"""The two text messages before the first sealed frame (docs/protocol.md §2), without any I/O."""

import json
import os
from binascii import unhexlify

from plantnode import seal

_MESSAGE_MAX = 4096


class RefusedError(Exception):
    """Home Assistant said no; `args[0]` is its word."""


class WrongProofError(Exception):
    """Whoever answered does not hold our key."""


def from_hex(value, length: int) -> bytes:
    """`length` bytes out of hex digits; raises ValueError for everything else."""
    if not isinstance(value, str) or len(value) != 2 * length:
        raise ValueError("hex")
    for letter in value:
        if letter not in "0123456789abcdefABCDEF":
            raise ValueError("hex")
    return unhexlify(value)


def short(text: str) -> str:
    """A hint for a person: at most 32 printable characters."""
    return "".join([max(letter, " ") for letter in text[:32]])


class Handshake:
    """One attempt: `first` is what we send, `finish` reads the answer and gives the session."""

    def __init__(self, node: str, kid: int, key: bytes, nonce: bytes | None = None) -> None:
        self.node, self.kid, self.key = node, kid, key
        self.nonce = nonce or os.urandom(16)

    def first(self, model: str = "", label: str = "") -> str:
        """The node's first message; hints go out only while nobody has paired it."""
        fields = {"v": 1, "id": self.node, "kid": self.kid, "nn": seal.to_hex(self.nonce)}
        if self.kid == 0:
            if model:
                fields["m"] = short(model)
            if label:
                fields["l"] = short(label)
        return json.dumps(fields)

    def finish(self, text: bytes) -> seal.Session:
        """The session; raises RefusedError, WrongProofError, or ValueError for nonsense."""
        if len(text) > _MESSAGE_MAX:
            raise ValueError("too long")
        fields = json.loads(text)
        if not isinstance(fields, dict):
            raise ValueError("not an object")  # noqa: TRY004 - one error for all that is wrong
        word = fields.get("err")
        if word is not None:
            raise RefusedError(word if isinstance(word, str) else "bad")
        nonces = self.nonce + from_hex(fields.get("hn"), 16)
        session = from_hex(fields.get("sid"), 8)
        shown = from_hex(fields.get("proof"), 16)
        about = (self.node.encode(), self.kid, nonces, session)
        if not seal.same(seal.proof(self.key, seal.TO_NODE, *about), shown):
            raise WrongProofError
        return seal.Session(self.key, seal.TO_HOME, *about)
