"""Messages as they are, for a link that needs no seal: whoever can touch the cable owns the board.

`Framing` is what a session needs of either.
"""

from typing import Protocol

from ..model.errors import FrameError
from .limits import CABLE_FROM_NODE_BYTES_MAX, CABLE_TO_NODE_BYTES_MAX
from .seal import FrameType


class Framing(Protocol):
    """How messages become what a link carries; either method raises `FrameError`."""

    def seal(self, plaintext: bytes) -> bytes:
        """What to send for the next message."""

    def open(self, frame: bytes) -> tuple[int, bytes]:
        """Type and text of what has come."""


class Plain:
    """The `Framing` of a cable; it keeps the sizes that fit into a small node."""

    __slots__ = ()

    def seal(self, plaintext: bytes) -> bytes:
        """The message itself."""
        if len(plaintext) > CABLE_TO_NODE_BYTES_MAX:
            msg = "size"
            raise FrameError(msg)
        return plaintext

    def open(self, frame: bytes) -> tuple[int, bytes]:
        """The message itself."""
        if len(frame) > CABLE_FROM_NODE_BYTES_MAX:
            msg = "size"
            raise FrameError(msg)
        return FrameType.MESSAGE, frame
