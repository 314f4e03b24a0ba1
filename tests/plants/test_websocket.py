"""What a card is told over the WebSocket, and who is told nothing."""

from typing import Any

import pytest
from homeassistant.auth.permissions.const import CAT_ENTITIES
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from custom_components.plant_vita.const import DOMAIN
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()

BASIL = {"title": "Basil", "moisture": ["sensor.soil"]}


def device_id(growing: Growing, plant_id: str) -> str:
    devices = dr.async_get(growing.hass)
    device = devices.async_get_device_by_identifier((DOMAIN, plant_id), growing.entry.entry_id)
    assert device is not None
    return device.id


async def subscribe(
    client: MockHAClientWebSocket, device: str, **more: Any
) -> dict[str, Any] | None:
    """The first that a card is told."""
    await client.send_json_auto_id(
        {"type": "plant_vita/plant/subscribe", "device_id": device, **more}
    )
    assert (await client.receive_json())["success"]
    told = await client.receive_json()
    seen: dict[str, Any] | None = told["event"]
    return seen


async def test_a_card_follows_its_plant(
    growing: Growing, hass_ws_client: WebSocketGenerator
) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(BASIL)
    client = await hass_ws_client(growing.hass)
    seen = await subscribe(client, device_id(growing, plant_id))
    assert seen is not None
    assert seen["measures"]["moisture"]["value"] == 40.0
    growing.say("sensor.soil", 41)
    await growing.settle()
    assert (await client.receive_json())["event"]["measures"]["moisture"]["value"] == 41.0


async def test_one_subscription_outlives_a_reload_and_the_plant(
    growing: Growing, hass_ws_client: WebSocketGenerator
) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(BASIL)
    client = await hass_ws_client(growing.hass)
    assert await subscribe(client, device_id(growing, plant_id)) is not None
    await growing.stop()
    assert (await client.receive_json())["event"] is None
    await growing.start()
    assert (await client.receive_json())["event"]["name"] == "Basil"
    growing.hass.config_entries.async_remove_subentry(growing.entry, plant_id)
    await growing.hass.async_block_till_done()
    assert (await client.receive_json())["event"] is None


async def test_who_hangs_up_is_forgotten(
    growing: Growing, hass_ws_client: WebSocketGenerator
) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(BASIL)
    plant = growing.plant(plant_id)
    before = len(plant._listeners)
    client = await hass_ws_client(growing.hass)
    await subscribe(client, device_id(growing, plant_id))
    assert len(plant._listeners) == before + 1
    await client.close()
    await growing.hass.async_block_till_done()
    assert len(plant._listeners) == before


async def test_the_curves(growing: Growing, hass_ws_client: WebSocketGenerator) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(BASIL)
    client = await hass_ws_client(growing.hass)
    device = device_id(growing, plant_id)
    await client.send_json_auto_id({"type": "plant_vita/plant/chart", "device_id": device})
    assert (await client.receive_json())["result"]["history"][-1][1] == 40.0
    for days in (0, 31, "7"):
        asked = {"type": "plant_vita/plant/chart", "device_id": device, "days": days}
        await client.send_json_auto_id(asked)
        assert (await client.receive_json())["error"]["code"] == "invalid_format"


@pytest.mark.parametrize("device", ["", "no such device", "x" * 64])
async def test_no_such_plant(
    growing: Growing, hass_ws_client: WebSocketGenerator, device: str
) -> None:
    await growing.grow(BASIL)
    client = await hass_ws_client(growing.hass)
    assert await subscribe(client, device) is None
    await client.send_json_auto_id({"type": "plant_vita/plant/chart", "device_id": device})
    assert (await client.receive_json())["error"]["code"] == "not_found"


async def test_who_may_not_read_the_plant_is_told_nothing(
    growing: Growing,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_user: MockUser,
    hass_read_only_access_token: str,
) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(BASIL)
    hass_read_only_user.mock_policy({CAT_ENTITIES: {"entity_ids": {"sensor.elsewhere": True}}})
    client = await hass_ws_client(growing.hass, hass_read_only_access_token)
    for command in ("subscribe", "chart"):
        device = device_id(growing, plant_id)
        await client.send_json_auto_id({"type": f"plant_vita/plant/{command}", "device_id": device})
        answer = await client.receive_json()
        assert (answer["success"], answer["error"]["code"]) == (False, "unauthorized")
