"""Who may ask about a photo from a browser, and how often at a time; over the real WebSocket."""

import asyncio
from typing import Any

import pytest
from homeassistant.auth.permissions.const import CAT_ENTITIES
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from custom_components.plant_vita.plants.asking import DATA_ASKING
from custom_components.plant_vita.plants.entry import device_of
from scripts.lab.clouds.server import Fault
from tests.photos.accounts import House, house_fixture, picture, upload
from tests.photos.test_diagnosing import planted

house = house_fixture()


async def device(house: House) -> str:
    """The device of the one plant of a new garden, in a house that takes uploads."""
    assert await async_setup_component(house.hass, "file_upload", {})
    entry = await planted(house, 40)
    found = device_of(house.hass, entry, next(iter(entry.subentries)))
    assert found is not None
    return found.id


async def ask(client: MockHAClientWebSocket, **more: Any) -> int:
    """Put a question that is accepted; its number."""
    await client.send_json_auto_id({"type": "plant_vita/photos/ask", **more})
    answer = await client.receive_json()
    assert answer["success"], answer
    return int(answer["id"])


async def last(client: MockHAClientWebSocket) -> dict[str, Any]:
    """What comes after all progress."""
    while True:
        event: dict[str, Any] = (await client.receive_json())["event"]
        if event["type"] != "progress":
            return event


def asking() -> list[str]:
    """The questions that are being worked on."""
    names = (task.get_name() for task in asyncio.all_tasks())
    return [name for name in names if name.endswith(":async_ask")]


async def test_from_the_upload_to_the_species(
    house: House, hass_client: ClientSessionGenerator, hass_ws_client: WebSocketGenerator
) -> None:
    await house.add("plant_id")
    about = {"device_id": await device(house)}
    client, browser = await hass_ws_client(house.hass), await hass_client()
    await client.send_json_auto_id({"type": "plant_vita/photos/services", **about})
    services = (await client.receive_json())["result"]
    assert services == {
        "identify": ["Plant.id"],
        "diagnose": ["Plant.id"],
        "readings": [],
        "databases": [],
    }
    await ask(client, task="identify", file_id=await upload(browser, picture()), **about)
    assert (await last(client))["species"] == "Monstera deliciosa"
    await house.settle()
    # It is over: the next question is taken.
    await ask(client, task="diagnose", file_id=await upload(browser, picture()), **about)
    assert (await last(client))["findings"][0]["cause"] == "over_watered"


async def test_who_learns_more_than_the_photo_is_named(
    house: House, hass_ws_client: WebSocketGenerator
) -> None:
    for kind in ("plantnet", "gemini", "trefle"):
        await house.add(kind)
    await device(house)
    client = await hass_ws_client(house.hass)
    await client.send_json_auto_id({"type": "plant_vita/photos/services"})
    assert (await client.receive_json())["result"] == {
        "identify": ["Pl@ntNet", "Google Gemini"],
        "diagnose": ["Pl@ntNet", "Google Gemini"],
        "readings": ["Google Gemini"],
        "databases": ["Trefle"],
    }


async def test_one_question_at_a_time_and_who_gives_up_may_ask_again(
    house: House, hass_client: ClientSessionGenerator, hass_ws_client: WebSocketGenerator
) -> None:
    await house.add("plant_id")
    house.clouds["plant_id"].fail(Fault.TIMEOUT)
    about = {"device_id": await device(house), "task": "identify"}
    client, browser = await hass_ws_client(house.hass), await hass_client()
    number = await ask(client, file_id=await upload(browser, picture()), **about)
    while (await client.receive_json())["event"]["state"] != "asked":
        pass
    await client.send_json_auto_id({"type": "plant_vita/photos/ask", **about})
    answer = await client.receive_json()
    assert (answer["success"], answer["error"]["code"]) == (False, "not_allowed")
    await client.send_json_auto_id({"type": "unsubscribe_events", "subscription": number})
    assert (await client.receive_json())["success"]
    assert house.hass.data[DATA_ASKING] == {}
    house.clouds["plant_id"].fail(None)
    await ask(client, file_id=await upload(browser, picture(2)), **about)
    assert (await last(client))["type"] == "result"


async def test_who_hangs_up_asks_nothing_more(
    house: House, hass_client: ClientSessionGenerator, hass_ws_client: WebSocketGenerator
) -> None:
    await house.add("plant_id")
    house.clouds["plant_id"].fail(Fault.TIMEOUT)
    about = {"device_id": await device(house), "task": "identify"}
    client = await hass_ws_client(house.hass)
    await ask(client, file_id=await upload(await hass_client(), picture()), **about)
    assert (await client.receive_json())["event"]["type"] == "progress"
    assert len(asking()) == 1
    await client.close()
    await house.hass.async_block_till_done()
    assert house.hass.data[DATA_ASKING] == {}
    assert asking() == []


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"task": "enrich"},
        {"task": "identify", "file_id": 7},
        {"task": "identify", "file_id": "x" * 65},
        {"task": "identify", "device_id": "x" * 65},
        {"task": "diagnose", "answer": "yes"},
        {"task": "diagnose", "file": "/etc/passwd"},
    ],
)
async def test_what_is_no_question(
    house: House, hass_ws_client: WebSocketGenerator, said: dict[str, Any]
) -> None:
    await device(house)
    client = await hass_ws_client(house.hass)
    await client.send_json_auto_id({"type": "plant_vita/photos/ask", **said})
    assert (await client.receive_json())["error"]["code"] == "invalid_format"


@pytest.mark.parametrize("command", ["ask", "services"])
async def test_who_may_only_look_asks_nobody(
    house: House,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_user: MockUser,
    hass_read_only_access_token: str,
    command: str,
) -> None:
    await house.add("plant_id")
    about = await device(house)
    hass_read_only_user.mock_policy({CAT_ENTITIES: {"all": {"read": True}}})
    client = await hass_ws_client(house.hass, hass_read_only_access_token)
    task = {"task": "diagnose"} if command == "ask" else {}
    for more in ({}, {"device_id": about}):
        await client.send_json_auto_id({"type": f"plant_vita/photos/{command}", **task, **more})
        answer = await client.receive_json()
        assert (answer["success"], answer["error"]["code"]) == (False, "unauthorized")
    assert [one for one in house.clouds["plant_id"].calls if one.method == "POST"] == []
