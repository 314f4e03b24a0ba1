"""What a card shows of a plant's past: page by page, with addresses for the asker only."""

from typing import Any

import pytest
from homeassistant.auth.permissions.const import CAT_ENTITIES
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.photos.album import Album
from tests.photos.album_photos import AT, album_fixture, picture
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()
album = album_fixture()

FINDING = {
    "kind": "diagnose",
    "title": "Powdery mildew",
    "confidence": 0.7,
    "text": "A white coat.",
    "providers": ["Plant.id"],
}


async def ask(client: MockHAClientWebSocket, growing: Growing, **more: Any) -> dict[str, Any]:
    """The answer about the first plant."""
    plant_id = next(iter(growing.entry.subentries))
    devices = dr.async_get(growing.hass)
    device = devices.async_get_device_by_identifier((DOMAIN, plant_id), growing.entry.entry_id)
    asked = {
        "type": "plant_vita/photos/timeline",
        "device_id": device.id if device else "",
        **more,
    }
    await client.send_json_auto_id(asked)
    answer: dict[str, Any] = await client.receive_json()
    return answer


async def test_photos_come_page_by_page_with_what_was_found(
    growing: Growing,
    album: Album,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    basil = await growing.grow({"title": "Basil"})
    kept = [
        await album.async_keep(basil, picture(seed), taken_at=AT + seed, findings=found)
        for seed, found in ((1, ()), (2, [FINDING]), (3, ()))
    ]
    client = await hass_ws_client(growing.hass)
    first = (await ask(client, growing, limit=2))["result"]
    assert first["more"] is True
    assert [one["taken"] for one in first["photos"]] == [AT + 3, AT + 2]
    assert first["photos"][1]["findings"] == [FINDING]
    assert first["photos"][1]["id"] == kept[1].photo_id
    assert first["photos"][0]["green"] == round(kept[2].green, 1)
    rest = (await ask(client, growing, limit=2, before=first["photos"][-1]["taken"]))["result"]
    assert rest["more"] is False
    assert [one["taken"] for one in rest["photos"]] == [AT + 1]
    assert rest["photos"][0]["growth"] is None
    # The addresses open without a login, but not with another photo's name.
    browser = await hass_client_no_auth()
    url, thumbnail = first["photos"][0]["url"], first["photos"][0]["thumbnail"]
    assert await (await browser.get(url)).read() == album.path(kept[2]).read_bytes()
    assert (await browser.get(thumbnail)).status == 200
    other = url.replace(kept[2].photo_id, kept[0].photo_id)
    assert (await browser.get(other)).status == 401


async def test_a_plant_without_photos_has_an_empty_page(
    growing: Growing, album: Album, hass_ws_client: WebSocketGenerator
) -> None:
    await growing.grow({"title": "Basil"})
    client = await hass_ws_client(growing.hass)
    assert (await ask(client, growing))["result"] == {"photos": [], "more": False}


@pytest.mark.parametrize(
    "bad",
    [
        {"limit": 0},
        {"limit": 51},
        {"before": "yesterday"},
        {"before": -1},
        {"before": 1e300},
        {"device_id": "x" * 65},
        {"device_id": None},
    ],
)
async def test_what_makes_no_sense_is_refused(
    growing: Growing, hass_ws_client: WebSocketGenerator, bad: dict[str, Any]
) -> None:
    await growing.grow({"title": "Basil"})
    client = await hass_ws_client(growing.hass)
    assert (await ask(client, growing, **bad))["error"]["code"] == "invalid_format"


async def test_no_such_plant(growing: Growing, hass_ws_client: WebSocketGenerator) -> None:
    await growing.grow({"title": "Basil"})
    client = await hass_ws_client(growing.hass)
    assert (await ask(client, growing, device_id="elsewhere"))["error"]["code"] == "not_found"


async def test_who_may_not_read_the_plant_is_told_nothing(
    growing: Growing,
    album: Album,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_user: MockUser,
    hass_read_only_access_token: str,
) -> None:
    await album.async_keep(await growing.grow({"title": "Basil"}), picture())
    hass_read_only_user.mock_policy({CAT_ENTITIES: {"entity_ids": {"sensor.elsewhere": True}}})
    client = await hass_ws_client(growing.hass, hass_read_only_access_token)
    answer = await ask(client, growing)
    assert answer["error"]["code"] == "unauthorized"
    assert "result" not in answer


async def test_a_disk_that_refuses_is_named(
    growing: Growing, album: Album, hass_ws_client: WebSocketGenerator
) -> None:
    await growing.grow({"title": "Basil"})
    # Where the index should be there is a folder: nothing can be looked up.
    album._shelf._index._path.mkdir(parents=True)
    client = await hass_ws_client(growing.hass)
    error = (await ask(client, growing))["error"]
    assert error["translation_key"] == "album_failed"
