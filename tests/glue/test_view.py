"""The address at which nodes dial in, seen from outside."""

import json

import pytest
from aiohttp import WSServerHandshakeError
from aiohttp.test_utils import TestClient
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.plant_vita.glue.view import async_get_hub
from tests.nodes.fake_node import PATH, FakeNode, until
from tests.nodes.home import Home, home_fixture

home = home_fixture()


@pytest.fixture
async def client(home: Home, hass_client_no_auth: ClientSessionGenerator) -> TestClient:
    return await hass_client_no_auth()


async def test_it_asks_for_no_login_and_only_for_a_websocket(client: TestClient) -> None:
    assert (await client.get(PATH)).status == 400
    assert (await client.post(PATH)).status == 405


async def test_no_web_page_can_play_a_node(client: TestClient) -> None:
    with pytest.raises(WSServerHandshakeError) as caught:
        await client.ws_connect(PATH, headers={"Origin": "http://example.com"})
    assert caught.value.status == 403


async def test_there_is_one_hub(home: Home) -> None:
    assert await async_get_hub(home.hass) is home.hub


@pytest.mark.parametrize(
    "first",
    [
        "",
        "nonsense",
        "[]",
        '{"v":1}',
        '{"v":1,"id":"../../etc","kid":0,"nn":"' + "0" * 32 + '"}',
        '{"v":1,"id":"a4cf12000001","kid":256,"nn":"' + "0" * 32 + '"}',
        '{"v":1,"id":"a4cf12000001","kid":0,"nn":"short"}',
        b"\x00\x01",
    ],
)
async def test_nonsense_is_told_so_and_closed(home: Home, first: str | bytes) -> None:
    socket = await home.dialler()
    await (socket.send_str(first) if isinstance(first, str) else socket.send_bytes(first))
    assert await socket.receive_json() == {"err": "bad"}
    assert (await socket.receive()).data == 4400
    await until(lambda: home.hub.turned_away == {"bad": 1})


async def test_a_message_beyond_the_limit_ends_the_session(home: Home) -> None:
    node = home.node()
    await home.add(node)
    await node.connect()
    await node.sends(bytes(32 * 1024 + 1))
    await until(lambda: home.coordinator(node).session is None)
    assert await node.closed() is not None


async def test_who_says_nothing_is_closed(home: Home) -> None:
    socket = await home.dialler()
    assert (await socket.receive(timeout=4)).data == 4408
    await until(lambda: home.hub.turned_away == {"slow": 1})


async def tampered(node: FakeNode) -> bytes:
    frame = bytearray(node.sealed({"t": "log", "lv": "i", "msg": "x"}))
    frame[-1] ^= 1
    return bytes(frame)


async def test_a_tampered_frame_ends_the_session_and_is_logged_once(home: Home) -> None:
    home.expect("Kitchen broke the protocol: tag; the link was closed")
    node = home.node()
    await home.add(node)
    for _ in range(2):
        await node.connect()
        await node.sends(await tampered(node))
        assert await node.closed() == 4400
    # The node hears of the end before the session has told the coordinator why.
    await until(lambda: home.coordinator(node).complaints == {"protocol": 2})


async def test_a_replayed_frame_ends_the_session(home: Home) -> None:
    home.expect("Kitchen broke the protocol: sequence")
    node = home.node()
    await home.add(node)
    await node.connect()
    frame = node.sealed({"t": "tele", "n": 1, "age": 0, "r": {"0": 10}})
    await node.sends(frame)
    await node.sends(frame)
    assert await node.closed() == 4400


async def test_text_in_a_session_ends_it(home: Home) -> None:
    node = home.node()
    await home.add(node)
    await node.connect()
    assert node._socket is not None
    await node._socket.send_str(json.dumps({"t": "tele"}))
    await node.closed()
    await until(lambda: home.coordinator(node).session is None)
