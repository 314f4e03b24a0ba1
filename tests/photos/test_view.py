"""The photos over HTTP: for those who may see the plant, and nothing else below that address."""

from pathlib import Path

import pytest
from homeassistant.auth.permissions.const import CAT_ENTITIES
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.plant_vita.photos.album import Album
from custom_components.plant_vita.photos.view import address
from tests.photos.album_photos import AT, album_fixture, picture
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()
album = album_fixture()


async def test_a_photo_and_its_small_picture(
    growing: Growing, album: Album, hass_client: ClientSessionGenerator
) -> None:
    photo = await album.async_keep(await growing.grow({"title": "Basil"}), picture(), taken_at=AT)
    client = await hass_client()
    whole = await client.get(address(photo))
    assert whole.status == 200
    assert whole.content_type == "image/jpeg"
    assert whole.headers["Cache-Control"].startswith("private")
    assert await whole.read() == album.path(photo).read_bytes()
    small = await client.get(address(photo, thumbnail=True))
    assert await small.read() == await album.async_read(photo, thumbnail=True)
    # Without the small one the photo itself has to do; without that one there is none.
    for lost in album.path(photo).parent.glob(".plant_vita/*.jpg"):
        lost.unlink()
    again = await client.get(address(photo, thumbnail=True))
    assert await again.read() == album.path(photo).read_bytes()
    album.path(photo).unlink()
    assert (await client.get(address(photo, thumbnail=True))).status == 404
    assert (await client.get(address(photo))).status == 404


async def test_who_may_not_see_the_plant_finds_no_photo(
    growing: Growing,
    album: Album,
    hass_client: ClientSessionGenerator,
    hass_read_only_user: MockUser,
    hass_read_only_access_token: str,
) -> None:
    photo = await album.async_keep(await growing.grow({"title": "Basil"}), picture(), taken_at=AT)
    somebody = await hass_client(hass_read_only_access_token)
    assert (await somebody.get(address(photo))).status == 200
    hass_read_only_user.mock_policy({CAT_ENTITIES: {"entity_ids": {"sensor.elsewhere": True}}})
    assert (await somebody.get(address(photo))).status == 404
    assert (await somebody.get(address(photo, thumbnail=True))).status == 404


@pytest.mark.parametrize(
    "place",
    [
        "photo/{plant}/20260528T202640-000000000000",
        "photo/{plant}/..%2F..%2Fsecrets",
        "photo/{plant}/.plant_vita",
        "photo/..%2F..%2F.storage/20260528T202640-000000000000",
        "photo/elsewhere/{photo}",
        "other/{plant}/{photo}",
        "photo/{plant}/" + "9" * 4000,
    ],
)
async def test_nothing_else_is_there(
    growing: Growing, album: Album, hass_client: ClientSessionGenerator, place: str
) -> None:
    basil = await growing.grow({"title": "Basil"})
    photo = await album.async_keep(basil, picture(), taken_at=AT)
    client = await hass_client()
    asked = place.format(plant=basil, photo=photo.photo_id)
    assert (await client.get(f"/api/plant_vita/{asked}")).status in {400, 404}


async def test_a_stranger_is_shown_nothing(
    growing: Growing, album: Album, hass_client_no_auth: ClientSessionGenerator
) -> None:
    photo = await album.async_keep(await growing.grow({"title": "Basil"}), picture(), taken_at=AT)
    stranger = await hass_client_no_auth()
    assert (await stranger.get(address(photo))).status == 401


async def test_a_photo_of_a_plant_that_is_gone_is_nobodys(
    growing: Growing, album: Album, hass_client: ClientSessionGenerator
) -> None:
    basil = await growing.grow({"title": "Basil"})
    photo = await album.async_keep(basil, picture(), taken_at=AT)
    client = await hass_client()
    growing.hass.config_entries.async_remove_subentry(growing.entry, basil)
    await growing.hass.async_block_till_done()
    assert (await client.get(address(photo))).status == 404


async def test_a_disk_that_does_not_answer_is_said_to_be_that(
    growing: Growing, album: Album, hass_client: ClientSessionGenerator, tmp_path: Path
) -> None:
    photo = await album.async_keep(await growing.grow({"title": "Basil"}), picture(), taken_at=AT)
    client = await hass_client()
    file = album.path(photo)
    file.unlink()
    file.mkdir()
    assert (await client.get(address(photo))).status == 503
