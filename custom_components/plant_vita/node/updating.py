"""Bringing a firmware to a node over one session, from wherever an earlier one broke off."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from ..model.errors import ProtocolError, RefusedError
from ..protocol.limits import IMAGE_PART_BYTES
from ..protocol.messages import AckError
from ..protocol.updating import FirmwareImage
from .session import NodeSession

# Longer than any watering.
BUSY_S = 60.0
_LOOK_AGAIN_S = 2.0

type Progress = Callable[[float], None]


async def async_send(session: NodeSession, image: FirmwareImage, progress: Progress) -> None:
    """Send the image and have it put in place; the node restarts when this returns.

    `progress` is told the share of it that is there, 0 to 1. Raises `RefusedError`, also when the
    node is busy for a minute, and `LinkError`, after which the next session goes on from there.
    """
    held = await _when_free(partial(session.offer, image))
    while held < len(image.data):
        progress(held / len(image.data))
        before, part = held, image.data[held : held + IMAGE_PART_BYTES]
        held = await _when_free(partial(session.send_part, held, part))
        if held != before + len(part):
            msg = f"the node has {held} bytes after {before} and {len(part)} more"
            raise ProtocolError(msg)
    progress(1.0)
    await _when_free(session.install)


async def _when_free[T](ask: Callable[[], Awaitable[T]]) -> T:
    """Ask, and again while the node is busy: it waters, or is on trial with what came before."""
    waited = 0.0
    while True:
        try:
            return await ask()
        except RefusedError as error:
            if error.reason != AckError.BUSY or waited >= BUSY_S:
                raise
            wait = min((error.retry_ms or 0) / 1000 or _LOOK_AGAIN_S, BUSY_S)
            waited += wait
        await asyncio.sleep(wait)
