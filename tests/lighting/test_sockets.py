"""Lamps are told through the one way there is, and nothing that moves water is a lamp."""

import time
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.plant_vita.lighting.sockets import EntityLight, NodeLight, shown, socket_of
from tests.nodes.fake_node import FakeNode, Json, until
from tests.nodes.home import Home, home_fixture

home = home_fixture()

PLUG = "switch.plug"


async def node_light(home: Home, node: FakeNode) -> NodeLight:
    entity_id = home.entity_id(node, "switch", "3_light")
    assert entity_id is not None
    light = socket_of(home.hass, entity_id, ())
    assert isinstance(light, NodeLight)
    assert light.bounded
    return light


@pytest.fixture
async def node(home: Home) -> FakeNode:
    node = home.node(channels=[[2, "pump"], [3, "light"]])
    await home.add(node)
    await node.connect()
    await node.reports({2: 0, 3: 0}, why="boot")
    await home.shows(node, "switch", "3_light", "off")
    return node


async def test_a_nodes_light_ends_by_itself_after_twenty_minutes_or_sooner(
    home: Home, node: FakeNode
) -> None:
    light = await node_light(home, node)
    assert await light.async_on(3600.0)
    assert await light.async_on(90.5)
    assert await light.async_off()
    assert node.commands == [
        {"op": "on", "ch": 3, "ms": 1_200_000, "lv": 100},
        {"op": "on", "ch": 3, "ms": 90_500, "lv": 100},
        {"op": "off", "ch": 3},
    ]


@pytest.mark.parametrize(
    ("why", "by_hand"),
    [("cmd", True), ("button", True), ("stop", True), ("timer", False), ("boot", False)],
)
async def test_a_node_says_whether_a_hand_was_on_it(
    home: Home, node: FakeNode, why: str, *, by_hand: bool
) -> None:
    light = await node_light(home, node)
    await node.reports({3: 60_000}, why="cmd")
    await home.shows(node, "switch", "3_light", "on")
    assert shown(home.hass, light.entity_id) is True
    await node.reports({3: 0}, why=why)
    await home.shows(node, "switch", "3_light", "off")
    assert light.by_hand is by_hand


async def test_a_node_that_shines_for_long_enough_is_not_told_again(
    home: Home, node: FakeNode
) -> None:
    light = await node_light(home, node)
    await node.reports({3: 1_190_000}, why="cmd")
    await home.shows(node, "switch", "3_light", "on")
    assert await light.async_on(3600.0)
    assert node.commands == []
    # Too long is told as too short is: its night is near.
    assert await light.async_on(300.0)
    await node.reports({3: 600_000}, why="cmd")
    await until(lambda: home.coordinator(node).data.actuators[3].until < time.time() + 700)
    assert await light.async_on(3600.0)
    assert [command["ms"] for command in node.commands] == [300_000, 1_200_000]


async def test_a_node_that_refuses_or_is_away_does_not_take_it(home: Home, node: FakeNode) -> None:
    light = await node_light(home, node)

    def refuses(_command: Json) -> Json:
        return {"ok": 0, "err": "busy"}

    node.answer = refuses
    assert not await light.async_on(60.0)
    assert not await light.async_off()
    entry = home.coordinator(node).config_entry
    assert await home.hass.config_entries.async_unload(entry.entry_id)
    assert (light.by_hand, await light.async_on(60.0), await light.async_off()) == (
        None,
        False,
        False,
    )


async def test_nothing_that_moves_water_is_a_lamp(home: Home, node: FakeNode) -> None:
    pump = home.entity_id(node, "switch", "2_pump")
    assert pump is not None
    known = er.async_get(home.hass).async_get(pump)
    assert known is not None
    assert socket_of(home.hass, pump, ()) is None
    assert socket_of(home.hass, known.id, ()) is None
    assert socket_of(home.hass, PLUG, {PLUG}) is None
    assert socket_of(home.hass, "0123456789abcdef0123456789abcdef", ()) is None


async def test_any_other_switch_is_told_once_to_be_on(hass: HomeAssistant) -> None:
    on, off = (
        async_mock_service(hass, "switch", "turn_on"),
        async_mock_service(hass, "switch", "turn_off"),
    )
    light = socket_of(hass, PLUG, ())
    assert isinstance(light, EntityLight)
    assert (light.bounded, light.by_hand) == (False, None)
    assert not await light.async_on(60.0), "there is no such switch"
    hass.states.async_set(PLUG, "off")
    assert await light.async_on(60.0)
    hass.states.async_set(PLUG, "on")
    assert await light.async_on(60.0)
    assert await light.async_off()
    assert [call.data["entity_id"] for call in (*on, *off)] == [PLUG, PLUG]


@pytest.mark.parametrize(
    ("state", "on"), [("on", True), ("off", False), ("unavailable", None), ("unknown", None)]
)
async def test_what_a_lamp_shows(hass: HomeAssistant, state: str, on: Any) -> None:
    assert shown(hass, PLUG) is None
    hass.states.async_set(PLUG, state)
    assert shown(hass, PLUG) is on
