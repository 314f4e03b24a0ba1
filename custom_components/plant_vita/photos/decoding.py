"""One photo at a time is decoded: each may take 150 MB of memory.

The last ones are remembered by their bytes: whoever asks again, as for the answer to a question, is
answered from memory, and that should not take as long as the decoding.
"""

import asyncio
import hashlib
from collections import OrderedDict
from io import BytesIO
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.singleton import singleton
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..vision import prepare
from ..vision.decode import decode
from ..vision.prepare import Examined

_THUMBNAIL: Final = 320
"""The longest side of a small picture, in pixels."""
_THUMBNAIL_QUALITY: Final = 80
_REDRAWN_QUALITY: Final = 88
"""Above what a node's camera has: what is drawn twice shall not look it."""
_REMEMBERED: Final = 8
DATA_DECODING: HassKey[asyncio.Lock] = HassKey(f"{DOMAIN}_decoding")
DATA_EXAMINED: HassKey[OrderedDict[bytes, Examined]] = HassKey(f"{DOMAIN}_examined")


@callback
@singleton(DATA_DECODING)
def async_get_turn(hass: HomeAssistant) -> asyncio.Lock:
    """What is held while a photo is decoded."""
    return asyncio.Lock()


async def async_examined(hass: HomeAssistant, data: bytes) -> Examined:
    """All there is to know of a photo. Raises PhotoError."""
    known = hass.data.setdefault(DATA_EXAMINED, OrderedDict())
    digest = await hass.async_add_executor_job(_digest, data)
    if (examined := known.get(digest)) is None:
        async with async_get_turn(hass):
            examined = await hass.async_add_executor_job(prepare.examine, data)
    known[digest] = examined
    known.move_to_end(digest)
    while len(known) > _REMEMBERED:
        known.popitem(last=False)
    return examined


async def async_redrawn(hass: HomeAssistant, data: bytes, edge: int) -> bytes:
    """A JPEG of nothing but the pixels of a file, at most `edge` on its longer side.

    None of the file's other contents is left: no place, time, comment or thumbnail. Raises
    PhotoError.
    """
    async with async_get_turn(hass):
        return await hass.async_add_executor_job(_redrawn, data, edge, _REDRAWN_QUALITY)


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def thumbnail(jpeg: bytes) -> bytes:
    """A small picture of a photo that was examined. Call it in a thread."""
    return _redrawn(jpeg, _THUMBNAIL, _THUMBNAIL_QUALITY)


def _redrawn(data: bytes, edge: int, quality: int) -> bytes:
    image = decode(data, edge)
    image.thumbnail((edge, edge))
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
