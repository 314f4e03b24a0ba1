"""The plants' photos in the media browser: garden, plant, photo, and nothing beside them."""

import pytest
from homeassistant.auth.permissions.const import CAT_ENTITIES
from homeassistant.components.media_player import BrowseError
from homeassistant.components.media_source import (
    Unresolvable,
    async_browse_media,
    async_resolve_media,
)
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.plant_vita.photos.album import Album
from tests.photos.album_photos import AT, album_fixture, picture
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()
album = album_fixture()

GARDEN = "media-source://plant_vita"
FINDING = {"kind": "identify", "title": "Ocimum basilicum", "confidence": 0.9}


@pytest.fixture(autouse=True)
async def browser(growing: Growing) -> None:
    assert await async_setup_component(growing.hass, "media_source", {})


async def test_from_the_garden_to_a_photo(
    growing: Growing, album: Album, hass_client: ClientSessionGenerator
) -> None:
    basil = await growing.grow({"title": "basil"}, {"title": "Aloe"})
    aloe = list(growing.entry.subentries)[1]
    await album.async_keep(basil, picture(), taken_at=AT)
    newest = await album.async_keep(basil, picture(2), taken_at=AT + 60, findings=[FINDING])
    await growing.hass.config.async_set_time_zone("Europe/Amsterdam")

    garden = await async_browse_media(growing.hass, GARDEN)
    assert garden.title == "Plant Vita"
    assert garden.children is not None
    assert [(one.title, one.media_content_id) for one in garden.children] == [
        ("Aloe", f"{GARDEN}/{aloe}"),
        ("basil", f"{GARDEN}/{basil}"),
    ]
    assert garden.children[0].thumbnail is None
    assert garden.children[1].thumbnail is not None
    assert garden.children[1].thumbnail.endswith(newest.photo_id)

    plant = await async_browse_media(growing.hass, f"{GARDEN}/{basil}")
    assert plant.children is not None
    assert [one.title for one in plant.children] == [
        "2026-05-28 22:27 · Ocimum basilicum",
        "2026-05-28 22:26",
    ]
    assert plant.children[0].can_play
    client = await hass_client()
    assert plant.children[0].thumbnail is not None
    assert (await client.get(plant.children[0].thumbnail)).status == 200

    found = await async_resolve_media(growing.hass, plant.children[0].media_content_id, None)
    assert found.path == album.path(newest)
    assert found.mime_type == "image/jpeg"
    assert await (await client.get(found.url)).read() == album.path(newest).read_bytes()
    assert (await async_browse_media(growing.hass, f"{GARDEN}/{aloe}")).children == []


@pytest.mark.parametrize(
    "identifier",
    [
        "{plant}",
        "{plant}/",
        "{plant}/../{plant}/{photo}",
        "{plant}/{photo}/",
        "{plant}/.plant_vita/{photo}",
        "../{plant}/{photo}",
        "elsewhere/{photo}",
        "asking/{photo}",
        "{plant}/20260528T202640-000000000000",
        "{plant}/\u0662\u0660260528T202640-000000000000",
        "{plant}/" + "9" * 100_000,
        "%2e%2e/secrets.yaml",
    ],
)
async def test_what_names_no_photo_is_not_resolved(
    growing: Growing, album: Album, identifier: str
) -> None:
    basil = await growing.grow({"title": "Basil"})
    photo = await album.async_keep(basil, picture(), taken_at=AT)
    asked = identifier.format(plant=basil, photo=photo.photo_id)
    with pytest.raises(Unresolvable) as error:
        await async_resolve_media(growing.hass, f"{GARDEN}/{asked}", None)
    assert error.value.translation_key == "photo_gone"


@pytest.mark.parametrize("identifier", ["elsewhere", "../..", "asking", "x" * 100_000])
async def test_what_names_no_plant_is_not_browsed(growing: Growing, identifier: str) -> None:
    await growing.grow({"title": "Basil"})
    with pytest.raises(BrowseError) as error:
        await async_browse_media(growing.hass, f"{GARDEN}/{identifier}")
    assert error.value.translation_key == "photo_gone"


async def test_a_photo_whose_file_was_removed(growing: Growing, album: Album) -> None:
    basil = await growing.grow({"title": "Basil"})
    photo = await album.async_keep(basil, picture(), taken_at=AT)
    album.path(photo).unlink()
    with pytest.raises(Unresolvable) as error:
        await async_resolve_media(growing.hass, f"{GARDEN}/{basil}/{photo.photo_id}", None)
    assert error.value.translation_key == "photo_gone"


async def test_without_a_garden_it_is_empty(growing: Growing) -> None:
    assert await async_setup_component(growing.hass, "plant_vita", {})
    assert (await async_browse_media(growing.hass, GARDEN)).children == []


async def test_a_disk_that_refuses_is_named(growing: Growing, album: Album) -> None:
    await growing.grow({"title": "Basil"})
    album._shelf._index._path.mkdir(parents=True)
    with pytest.raises(BrowseError) as error:
        await async_browse_media(growing.hass, GARDEN)
    assert error.value.translation_key == "album_failed"


async def test_who_may_not_read_a_plant_does_not_see_it_here(
    growing: Growing,
    album: Album,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_user: MockUser,
    hass_read_only_access_token: str,
) -> None:
    basil = await growing.grow({"title": "Basil"}, {"title": "Aloe"})
    photo = await album.async_keep(basil, picture(), taken_at=AT)
    await growing.hass.async_block_till_done()
    others = [name for name in growing.hass.states.async_entity_ids() if "basil" not in name]
    hass_read_only_user.mock_policy({CAT_ENTITIES: {"entity_ids": dict.fromkeys(others, True)}})
    client = await hass_ws_client(growing.hass, hass_read_only_access_token)

    async def say(kind: str, identifier: str) -> dict[str, object]:
        media = f"{GARDEN}/{identifier}" if identifier else GARDEN
        await client.send_json_auto_id(
            {"type": f"media_source/{kind}_media", "media_content_id": media}
        )
        answer: dict[str, object] = await client.receive_json()
        return answer

    assert "Aloe" in str(await say("browse", ""))
    assert "Basil" not in str(await say("browse", ""))
    assert not (await say("browse", basil))["success"]
    refused = await say("resolve", f"{basil}/{photo.photo_id}")
    assert not refused["success"]
    assert "not there any more" in str(refused["error"])
