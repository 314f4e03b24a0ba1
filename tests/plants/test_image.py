"""The newest photo of a plant: there from its first one on, and after a restart."""

import pytest
from homeassistant.components.image import async_get_image
from homeassistant.exceptions import HomeAssistantError

from custom_components.plant_vita.photos.album import Album
from tests.photos.album_photos import AT, album_fixture, picture
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()
album = album_fixture()
TAKEN = "2026-05-28T20:26:40+00:00"


async def test_it_comes_with_the_first_photo_and_shows_the_newest(
    growing: Growing, album: Album
) -> None:
    basil = await growing.grow({"title": "Basil"}, {"title": "Fern"})
    assert growing.entity_id(basil, "image", "photo") is None
    first = await album.async_keep(basil, picture(), taken_at=AT)
    await growing.hass.async_block_till_done()
    assert growing.shown(basil, "photo", "image") == TAKEN
    # An older one that comes later is not the newest.
    await album.async_keep(basil, picture(2), taken_at=AT - 60)
    await growing.hass.async_block_till_done()
    assert growing.shown(basil, "photo", "image") == TAKEN
    entity_id = growing.entity_id(basil, "image", "photo")
    assert entity_id is not None
    shown = await async_get_image(growing.hass, entity_id)
    assert shown.content == album.path(first).read_bytes()
    assert shown.content_type == "image/jpeg"
    fern = list(growing.entry.subentries)[1]
    assert growing.entity_id(fern, "image", "photo") is None


async def test_it_is_known_at_once_after_a_restart(growing: Growing, album: Album) -> None:
    basil = await growing.grow({"title": "Basil"})
    await album.async_keep(basil, picture(), taken_at=AT)
    await growing.hass.async_block_till_done()
    await growing.stop()
    await growing.start()
    assert growing.shown(basil, "photo", "image") == TAKEN


async def test_without_its_photo_it_shows_none(growing: Growing, album: Album) -> None:
    basil = await growing.grow({"title": "Basil"})
    older = await album.async_keep(basil, picture(), taken_at=AT)
    newer = await album.async_keep(basil, picture(2), taken_at=AT + 60)
    await growing.hass.async_block_till_done()
    entity_id = growing.entity_id(basil, "image", "photo")
    assert entity_id is not None
    # Somebody removes the file by hand: the one before is shown, as soon as that is noticed.
    album.path(newer).unlink()
    with pytest.raises(HomeAssistantError):
        await async_get_image(growing.hass, entity_id)
    await growing.hass.async_block_till_done()
    assert growing.shown(basil, "photo", "image") == TAKEN
    assert await album.async_remove(basil, [older.photo_id]) == 1
    await growing.hass.async_block_till_done()
    assert growing.shown(basil, "photo", "image") == "unknown"
    with pytest.raises(HomeAssistantError):
        await async_get_image(growing.hass, entity_id)
