"""One photo at a time is decoded."""

import asyncio
from io import BytesIO

import pytest
from homeassistant.core import HomeAssistant
from PIL import Image

from custom_components.plant_vita.model.errors import PhotoTypeError
from custom_components.plant_vita.photos.decoding import (
    async_examined,
    async_get_turn,
    thumbnail,
)
from tests.photos.album_photos import picture


async def test_whoever_comes_second_waits(hass: HomeAssistant) -> None:
    async with async_get_turn(hass):
        second = asyncio.ensure_future(async_examined(hass, picture()))
        await asyncio.sleep(0)
        assert not second.done()
    examined = await second
    assert (examined.photo.width, examined.photo.height) == (640, 480)
    with Image.open(BytesIO(thumbnail(examined.photo.jpeg))) as small:
        assert small.size == (320, 240)


async def test_what_is_no_photo_lets_the_next_one_in(hass: HomeAssistant) -> None:
    with pytest.raises(PhotoTypeError):
        await async_examined(hass, b"GIF89a")
    assert not async_get_turn(hass).locked()
