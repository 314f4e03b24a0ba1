"""Nodes that call through a broker: ours are served, others' left alone, and the end is noticed."""

import os
from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.components import mqtt
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_send
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message

from custom_components.plant_vita.glue import broker
from custom_components.plant_vita.model.errors import NoAnswerError, NotConnectedError
from custom_components.plant_vita.protocol.messages import Op
from tests.nodes.fake_node import FakeNode, until
from tests.nodes.home import Home, flows, home_fixture
from tests.nodes.mqtt_socket import MqttSocket, through_broker

home = home_fixture()
# Before ours: it has addresses of its own.
pytestmark = pytest.mark.usefixtures("mqtt_mock")


@pytest.fixture
def expected_lingering_timers() -> bool:
    """What `mqtt` plans for its client goes on to the end."""
    return True


@pytest.fixture
async def node(home: Home) -> FakeNode:
    """A paired node."""
    await home.hass.async_block_till_done()
    node = through_broker(home.hass, home.node(channels=[[0, "m"], [2, "pump"]]))
    await home.add(node)
    return node


def socket_of(node: FakeNode) -> Any:
    return node._socket


def links(home: Home) -> set[str]:
    return {link.peer for link in home.hub._links}


async def test_readings_come_and_commands_go(home: Home, node: FakeNode) -> None:
    await node.connect()
    await node.measures({0: 41.5})
    await home.shows(node, "sensor", "0_m", "41.5")
    await home.coordinator(node).live_session.command(Op.PING)
    assert node.commands == [{"op": "ping"}]
    await socket_of(node).send_bytes(b"\x00")
    await until(lambda: b"\x01" in socket_of(node).heard)
    await node.hang_up()
    await until(lambda: home.coordinator(node).session is None)
    await until(lambda: not links(home))


async def test_an_unpaired_node_is_found_and_paired(home: Home) -> None:
    await home.hass.async_block_till_done()
    node = through_broker(home.hass, home.node())
    node.background(node.keep_dialling())
    await until(lambda: flows(home))
    info = await home.hub.async_pair(node.hardware_id, node.code)
    assert info.hardware_id == node.hardware_id
    await until(lambda: node.kid == 1)
    await node.power_off()


async def test_somebody_elses_node_is_not_answered(home: Home, node: FakeNode) -> None:
    stranger = through_broker(home.hass, home.node(hardware_id="a4cf12009999"))
    stranger.kid, stranger.key = 3, os.urandom(32)
    socket = await stranger.dialler()
    await socket.send_str('{"v":1,"id":"a4cf12009999","kid":3,"nn":"%s"}' % ("00" * 16))
    await home.hass.async_block_till_done()
    assert socket.heard == []
    assert not links(home)
    assert flows(home) == []


FIRST = '{"v":1,"id":"a4cf12000001","kid":1,"nn":"%s"}' % ("00" * 16)
UP = "plant_vita/v1/a4cf12000001/up/"


@pytest.mark.parametrize(
    ("topic", "payload", "retain"),
    [
        (f"{UP}0123456789abcdef", FIRST, True),
        (f"{UP}0123456789abcde", FIRST, False),
        (f"{UP}0123456789abcdef/0123456789abcdef", FIRST, False),
        (f"{UP}0123456789abcdef/0123456789abcdef/more", FIRST, False),
        ("plant_vita/v1/a4cf12000002/up/0123456789abcdef", FIRST, False),
        ("plant_vita/v1/a/up/0123456789abcdef", FIRST, False),
        (f"{UP}0123456789abcdef", "", False),
        (f"{UP}0123456789abcdef", "{", False),
        (f"{UP}0123456789abcdef", "PV", False),
        (f"{UP}0123456789abcdef", FIRST.replace('"v":1', '"v":2').replace("0001", "0002"), False),
    ],
)
async def test_what_is_no_dial_of_ours(
    home: Home, node: FakeNode, topic: str, payload: str, *, retain: bool
) -> None:
    async_fire_mqtt_message(home.hass, topic, payload, retain=retain)
    await home.hass.async_block_till_done()
    assert not links(home)


async def test_who_speaks_in_anothers_name_is_not_heard(home: Home, node: FakeNode) -> None:
    await node.connect()
    socket = socket_of(node)
    for topic in (f"{socket.up}/0123456789abcdef", socket.up):
        await mqtt.async_publish(home.hass, topic, b"PV nonsense", encoding=None)
        await mqtt.async_publish(home.hass, topic, FIRST.encode(), encoding=None)
    await node.measures({0: 12})
    await home.shows(node, "sensor", "0_m", "12.0")


async def test_the_last_will_ends_it(home: Home, node: FakeNode) -> None:
    await node.connect()
    await mqtt.async_publish(home.hass, socket_of(node).up, b"", encoding=None)
    await until(lambda: home.coordinator(node).session is None)


async def test_a_broker_that_is_gone_ends_it_and_it_begins_again(
    home: Home, node: FakeNode
) -> None:
    await node.connect()
    async_dispatcher_send(home.hass, mqtt.MQTT_CONNECTION_STATE, True)
    assert home.coordinator(node).session is not None
    async_dispatcher_send(home.hass, mqtt.MQTT_CONNECTION_STATE, False)
    await until(lambda: home.coordinator(node).session is None)
    with pytest.raises(NotConnectedError):
        _ = home.coordinator(node).live_session
    await node.connect()
    await node.measures({0: 30})
    await home.shows(node, "sensor", "0_m", "30.0")


async def test_the_newest_link_is_the_one_whatever_it_is(home: Home, node: FakeNode) -> None:
    """One session: a command goes over one link, once."""
    await node.connect()
    through = home.coordinator(node).session
    second = home.node(channels=node.channels)
    second.kid, second.key = node.kid, node.key
    await second.connect()
    await until(lambda: home.coordinator(node).session is not through)
    await home.coordinator(node).live_session.command(Op.PING)
    assert (node.commands, second.commands) == ([], [{"op": "ping"}])
    await node.connect()
    await second.closed()
    await home.coordinator(node).live_session.command(Op.PING)
    assert (node.commands, len(second.commands)) == ([{"op": "ping"}], 1)


async def test_callers_are_counted(
    home: Home, node: FakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "_CALLERS_MORE", -511)
    await node.connect()
    socket = await MqttSocket(home.hass, node.hardware_id).open()
    await socket.send_str(FIRST)
    await home.hass.async_block_till_done()
    assert socket.heard == []
    assert len(links(home)) == 1


async def test_a_broker_that_takes_nothing_ends_the_session(home: Home, node: FakeNode) -> None:
    await node.connect()
    with patch.object(mqtt, "async_publish", side_effect=HomeAssistantError("no")):
        with pytest.raises(NoAnswerError, match="could not publish"):
            await home.coordinator(node).live_session.command(Op.PING)
        await until(lambda: home.coordinator(node).session is None)
