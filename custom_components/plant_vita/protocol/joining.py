"""What only a cable carries: the question who is there, and the network that a node is to join."""

from dataclasses import dataclass, field

import orjson

from .limits import (
    JOIN_BYTES_MAX,
    PASSWORD_BYTES_MAX,
    PASSWORD_BYTES_MIN,
    SSID_BYTES_MAX,
    URL_BYTES_MAX,
)
from .messages import Op


@dataclass(frozen=True, kw_only=True, slots=True)
class Join:
    """What a network node is told; `url` None lets it find Home Assistant by itself.

    Password and key are not shown where this is printed.
    """

    ssid: str
    password: str = field(repr=False)
    url: str | None
    kid: int
    key: bytes = field(repr=False)


def fits_ssid(text: str) -> bool:
    """Whether this can be the name of a network."""
    return 1 <= len(text.encode()) <= SSID_BYTES_MAX


def fits_password(text: str) -> bool:
    """Whether this can be a password (WPA: at least 8); an open network has an empty one."""
    return not text or PASSWORD_BYTES_MIN <= len(text.encode()) <= PASSWORD_BYTES_MAX


def fits_url(text: str) -> bool:
    """Whether this can be the address of Home Assistant; an empty one is no address."""
    return text.startswith(("http://", "https://")) and len(text.encode()) <= URL_BYTES_MAX


def encode_question() -> bytes:
    """Who are you? The answer is a `hello`, and no acknowledgement."""
    return orjson.dumps({"t": "cmd", "op": Op.PING})


def encode_join(command_id: str, join: Join) -> bytes:
    """Call from this network and hold this key; answered by `ack` when both are written down."""
    fields = {
        "t": "join",
        "c": command_id,
        "ssid": join.ssid,
        "pw": join.password,
        "url": join.url,
        "kid": join.kid,
        "k": join.key.hex(),
    }
    encoded = orjson.dumps({key: value for key, value in fields.items() if value is not None})
    assert len(encoded) <= JOIN_BYTES_MAX  # noqa: S101 - each field has its limit
    return encoded
