"""How a node is connected, as its card is told over the real WebSocket."""

import time
from typing import Any

from homeassistant.auth.permissions.const import CAT_ENTITIES
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from tests.nodes.fake_node import FakeNode, until
from tests.nodes.home import Home, home_fixture

home = home_fixture()


def device_id(home: Home, node: FakeNode) -> str:
    entry = home.coordinator(node).config_entry
    (device,) = dr.async_entries_for_config_entry(dr.async_get(home.hass), entry.entry_id)
    return device.id


async def asked(home: Home, client: Any, node: FakeNode) -> dict[str, Any]:
    message = {"type": "plant_vita/node/status", "device_id": device_id(home, node)}
    await client.send_json_auto_id(message)
    answer: dict[str, Any] = await client.receive_json()
    return answer


async def test_link_signal_and_faults(home: Home, hass_ws_client: WebSocketGenerator) -> None:
    node = home.node(channels=[[0, "m"], [1, "t"], [2, "rssi"]])
    await home.add(node)
    client = await hass_ws_client(home.hass)
    before = (await asked(home, client, node))["result"]
    assert (before["connected"], before["last_seen"], before["signal"]) == (False, None, None)
    await node.connect()
    await node.measures({0: "open", 1: 20, 2: -61})
    await home.shows(node, "sensor", "1_t", "20.0")
    shown = (await asked(home, client, node))["result"]
    assert shown["connected"] is shown["available"] is True
    assert (shown["cable"], shown["sleeps"], shown["signal"]) == (False, False, -61)
    assert abs(shown["last_seen"] - time.time()) < 60
    assert shown["faults"] == {home.entity_id(node, "sensor", "0_m"): "open"}
    await node.hang_up()
    await until(lambda: not home.coordinator(node).data.connected)
    gone = (await asked(home, client, node))["result"]
    assert (gone["connected"], gone["available"]) == (False, True)


async def test_no_node_and_no_permission(
    home: Home,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_user: MockUser,
    hass_read_only_access_token: str,
) -> None:
    node = home.node()
    entry = await home.add(node)
    client = await hass_ws_client(home.hass)
    for device in ("", "no such device", "x" * 64):
        await client.send_json_auto_id({"type": "plant_vita/node/status", "device_id": device})
        assert (await client.receive_json())["error"]["code"] == "not_found"
    hass_read_only_user.mock_policy({CAT_ENTITIES: {"entity_ids": {"sensor.elsewhere": True}}})
    guest = await hass_ws_client(home.hass, hass_read_only_access_token)
    assert (await asked(home, guest, node))["error"]["code"] == "unauthorized"
    about = {"type": "plant_vita/node/status", "device_id": device_id(home, node)}
    assert await home.hass.config_entries.async_unload(entry.entry_id)
    await client.send_json_auto_id(about)
    assert (await client.receive_json())["error"]["code"] == "not_found"
