"""Fetching one photo of a node's camera over one session."""

import asyncio
import hashlib

from ..model.errors import (
    CameraBusyError,
    CameraError,
    CameraFaultError,
    CameraFullError,
    CameraLinkError,
    CameraPhotoError,
    NoAnswerError,
    RefusedError,
)
from ..protocol.limits import PHOTO_PIECE_BYTES
from ..protocol.messages import AckError
from ..protocol.photographing import PhotoOffer
from .session import NodeSession

_ERRORS: dict[str, type[CameraError]] = {
    AckError.BUSY: CameraBusyError,
    AckError.FAULT: CameraFaultError,
    AckError.FULL: CameraFullError,
}


async def async_fetch(
    session: NodeSession, channel: int, *, width: int, quality: int, flash: bool, within: float
) -> bytes:
    """The JPEG as the node sent it, whole: its hash is right, and nobody has looked into it yet.

    It is at most `width` pixels wide if the node keeps its word. `within` seconds after it was
    taken it has to be here. Raises `CameraError`, and `LinkError` as a command does.
    """
    if not session.carries_photos:
        raise CameraLinkError
    try:
        offer = await session.snap(channel, width=width, quality=quality, flash=flash)
        async with asyncio.timeout(within):
            data = await _fetched(session, offer)
    except RefusedError as error:
        raise _ERRORS.get(error.reason, CameraError) from error
    except TimeoutError as error:
        msg = "the photo did not come in time"
        raise NoAnswerError(msg) from error
    if hashlib.sha256(data).hexdigest() != offer.sha256:
        msg = "another photo than the one announced"
        raise CameraPhotoError(msg)
    return data


async def _fetched(session: NodeSession, offer: PhotoOffer) -> bytes:
    data = bytearray()
    while len(data) < offer.size:
        piece = await session.fetch_piece(len(data))
        data += piece
        left = offer.size - len(data)
        # A node that sends byte by byte could keep us busy for as long as it likes.
        if left < 0 or (left and len(piece) < PHOTO_PIECE_BYTES[0]):
            msg = f"a piece of {len(piece)} bytes, {left} left"
            raise CameraPhotoError(msg)
    return bytes(data)
