"""The pairing code a person types, and the key made from it."""

import re

from ..model.errors import MalformedCodeError
from . import crypto
from .limits import CODE_CHARS

# Base32 has neither 0, 1 nor 8: a person who reads one of them means its look-alike.
_LOOK_ALIKES = str.maketrans("018", "OIB")
_CODE = re.compile(f"[A-Z2-7]{{{CODE_CHARS}}}")


def normalise_code(typed: str) -> str:
    """The 16 characters behind what was typed, whatever the case, spaces and dashes.

    Raises `MalformedCodeError` if it cannot be a code at all.
    """
    code = re.sub(r"[\s\-–—.]", "", typed[:64]).upper().translate(_LOOK_ALIKES)
    if not _CODE.fullmatch(code):
        raise MalformedCodeError
    return code


def key_from_code(code: str, hardware_id: str) -> bytes:
    """Key number 0 of a node: 32 bytes from a normalised code."""
    return crypto.hkdf(
        code.encode(), salt=b"PV1 code", info=hardware_id.encode(), length=crypto.KEY
    )
