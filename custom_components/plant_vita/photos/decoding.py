"""One photo at a time is decoded: each may take 150 MB of memory."""

import asyncio
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
DATA_DECODING: HassKey[asyncio.Lock] = HassKey(f"{DOMAIN}_decoding")


@callback
@singleton(DATA_DECODING)
def async_get_turn(hass: HomeAssistant) -> asyncio.Lock:
    """What is held while a photo is decoded."""
    return asyncio.Lock()


async def async_examined(hass: HomeAssistant, data: bytes) -> Examined:
    """All there is to know of a photo. Raises PhotoError."""
    async with async_get_turn(hass):
        return await hass.async_add_executor_job(prepare.examine, data)


def thumbnail(jpeg: bytes) -> bytes:
    """A small picture of a photo that was examined. Call it in a thread."""
    image = decode(jpeg, _THUMBNAIL)
    image.thumbnail((_THUMBNAIL, _THUMBNAIL))
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
