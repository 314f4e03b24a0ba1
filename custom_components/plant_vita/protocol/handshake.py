"""The two text messages before the first sealed frame."""

import os
import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum

import orjson

from ..model.errors import ProtocolError
from .limits import LABEL_CHARS_MAX, VERSION
from .seal import NONCE, SESSION_ID, Direction, Session, proof
from .text import from_hex, json_object, plain_text

HARDWARE_ID = re.compile(r"[A-Za-z0-9_-]{4,32}")
KID_MAX = 255
CODE_KID = 0


class CloseCode(IntEnum):
    """Why a WebSocket of a node is closed."""

    GOING_AWAY = 1001
    BAD = 4400
    UNPAIRED = 4401
    UNKNOWN_KEY = 4403
    SLOW = 4408
    REPLACED = 4409
    VERSION = 4426
    RATE = 4429
    BUSY = 4503


class HandshakeWord(StrEnum):
    """The words an `err` may carry, from either end."""

    UNPAIRED = "unpaired"
    UNKNOWN = "unknown"
    BUSY = "busy"
    VERSION = "version"
    BAD = "bad"
    PROOF = "proof"
    LOCKED = "locked"


class VersionError(ProtocolError):
    """The caller speaks another `version` of the protocol and calls itself `hardware_id`."""

    def __init__(self, version: int, hardware_id: str) -> None:
        """Keep what a person needs to be told."""
        super().__init__(f"version {version}")
        self.version = version
        self.hardware_id = hardware_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Dial:
    """A node's first message; `model` and `label` are hints that nobody has authenticated."""

    hardware_id: str
    kid: int
    nonce: bytes
    model: str | None = None
    label: str | None = None


def parse_dial(data: bytes | str) -> Dial:
    """Read a node's first message; raises `VersionError` or `ProtocolError`."""
    fields = json_object(data)
    if type(fields.get("v")) is not int:
        msg = "version"
        raise ProtocolError(msg)
    hardware_id, kid = fields.get("id"), fields.get("kid")
    if not isinstance(hardware_id, str) or not HARDWARE_ID.fullmatch(hardware_id):
        msg = "id"
        raise ProtocolError(msg)
    if fields["v"] != VERSION:
        raise VersionError(fields["v"], hardware_id)
    if type(kid) is not int or not 0 <= kid <= KID_MAX:
        msg = "kid"
        raise ProtocolError(msg)
    return Dial(
        hardware_id=hardware_id,
        kid=kid,
        nonce=from_hex(fields.get("nn"), NONCE),
        model=plain_text(fields.get("m"), LABEL_CHARS_MAX),
        label=plain_text(fields.get("l"), LABEL_CHARS_MAX),
    )


def parse_refusal(data: bytes | str) -> HandshakeWord | None:
    """What a node says when it does not like our proof, or None if it is something else."""
    word = json_object(data).get("err")
    # A list or an object cannot even be looked up in a set.
    return HandshakeWord(word) if isinstance(word, str) and word in set(HandshakeWord) else None


def refusal(word: HandshakeWord) -> str:
    """The text message that says why there will be no session."""
    return orjson.dumps({"err": word}).decode()


def answer(
    dial: Dial, key: bytes, *, home_nonce: bytes | None = None, session: bytes | None = None
) -> tuple[str, Session]:
    """Our answer to `dial` under `key`, and the session it starts.

    The nonces are given only by tests and vectors; otherwise they come from the system.
    """
    home_nonce = home_nonce or os.urandom(NONCE)
    session = session or os.urandom(SESSION_ID)
    shown = proof(
        key,
        Direction.FROM_HOME,
        node=dial.hardware_id.encode(),
        kid=dial.kid,
        node_nonce=dial.nonce,
        home_nonce=home_nonce,
        session=session,
    )
    text = orjson.dumps({"hn": home_nonce.hex(), "sid": session.hex(), "proof": shown.hex()})
    return text.decode(), Session(
        key,
        Direction.FROM_HOME,
        node=dial.hardware_id.encode(),
        kid=dial.kid,
        node_nonce=dial.nonce,
        home_nonce=home_nonce,
        session=session,
    )
