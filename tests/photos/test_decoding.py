"""One photo at a time is decoded."""

import asyncio
from io import BytesIO

import pytest
from homeassistant.core import HomeAssistant
from PIL import Image

from custom_components.plant_vita.model.errors import PhotoTypeError
from custom_components.plant_vita.photos.decoding import (
    DATA_EXAMINED,
    async_examined,
    async_get_turn,
    async_redrawn,
    thumbnail,
)
from custom_components.plant_vita.vision import prepare
from tests.photos.album_photos import picture


async def test_whoever_comes_second_waits(hass: HomeAssistant) -> None:
    async with async_get_turn(hass):
        second = asyncio.ensure_future(async_examined(hass, picture()))
        done, _ = await asyncio.wait({second}, timeout=0.2)
        assert not done
    examined = await second
    assert (examined.photo.width, examined.photo.height) == (640, 480)
    with Image.open(BytesIO(thumbnail(examined.photo.jpeg))) as small:
        assert small.size == (320, 240)


async def test_what_is_drawn_anew_has_nothing_but_pixels(hass: HomeAssistant) -> None:
    assert b"Anna" in picture()
    drawn = await async_redrawn(hass, picture(), 500)
    assert b"Anna" not in drawn
    with Image.open(BytesIO(drawn)) as image:
        assert (image.format, image.size) == ("JPEG", (500, 375))
    async with async_get_turn(hass):
        second = asyncio.ensure_future(async_redrawn(hass, picture(), 500))
        done, _ = await asyncio.wait({second}, timeout=0.1)
        assert not done
    assert await second == drawn
    with pytest.raises(PhotoTypeError):
        await async_redrawn(hass, b"GIF89a", 500)


async def test_what_is_no_photo_lets_the_next_one_in(hass: HomeAssistant) -> None:
    with pytest.raises(PhotoTypeError):
        await async_examined(hass, b"GIF89a")
    assert not async_get_turn(hass).locked()


async def test_the_last_ones_are_decoded_once(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[int] = []
    examine = prepare.examine

    def counted(data: bytes) -> prepare.Examined:
        decoded.append(len(data))
        return examine(data)

    monkeypatch.setattr(prepare, "examine", counted)
    first = await async_examined(hass, picture(1))
    assert await async_examined(hass, picture(1)) is first
    assert len(decoded) == 1
    assert (await async_examined(hass, picture(2))).photo != first.photo
    for seed in range(3, 10):
        await async_examined(hass, picture(seed))
    assert len(decoded) == 9
    # The one that was not asked for the longest is forgotten, and no more than that.
    await async_examined(hass, picture(2))
    assert len(decoded) == 9
    await async_examined(hass, picture(1))
    assert len(decoded) == 10


async def test_what_is_no_photo_is_not_remembered(hass: HomeAssistant) -> None:
    for _ in range(2):
        with pytest.raises(PhotoTypeError):
            await async_examined(hass, b"GIF89a")
    assert len(hass.data[DATA_EXAMINED]) == 0
