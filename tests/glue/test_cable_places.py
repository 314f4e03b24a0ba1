"""Which node is on which cable: ports change, nodes change places, and others are left alone."""

import asyncio
from pathlib import Path

import pytest
from homeassistant.config_entries import ConfigEntryState
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.glue import cable as glue
from tests.nodes.cable_node import Cable, CableNode, LentPort
from tests.nodes.fake_node import until
from tests.nodes.home import home_fixture
from tests.nodes.plugboard import CH340, Plugboard, board_fixture

home = home_fixture()
board = board_fixture()

OTHER = "avrffffffffffffffff"


@pytest.fixture
async def cable(board: Plugboard) -> Cable:
    return board.plug("uno", CableNode())


async def test_another_node_on_the_port_is_not_served(board: Plugboard, cable: Cable) -> None:
    node = cable.node
    stranger = CableNode(hardware_id=OTHER, name="Stranger")
    cable.unplug()
    cable.plug(stranger)
    await board.add(cable, node)
    keeper = board.home.hub.cables[node.hardware_id]
    await until(lambda: keeper.async_report()["fault"] == "other_node")
    assert not stranger.greeted
    assert board.coordinator(node).session is None


async def test_the_node_is_found_on_another_port(board: Plugboard, cable: Cable) -> None:
    node = cable.node
    entry = await board.add(cable, node)
    await until(lambda: board.connected(node))
    cable.unplug()
    elsewhere = board.plug("elsewhere", node)
    await until(lambda: board.connected(node))
    assert entry.data["device"] == elsewhere.port
    # And it stays there.
    node.start()
    await until(lambda: board.connected(node))


async def test_a_foreign_kind_of_adapter_is_never_opened(board: Plugboard, cable: Cable) -> None:
    node = cable.node
    await board.add(cable, node)
    await until(lambda: board.connected(node))
    foreign = CableNode(hardware_id=OTHER, silent=True)
    board.plug("stick", foreign, CH340)
    cable.unplug()
    keeper = board.home.hub.cables[node.hardware_id]
    opened = keeper.async_report()["opened"]
    await until(lambda: keeper.async_report()["fault"] == "port_missing")
    await asyncio.sleep(0.3)
    assert foreign.heard == []
    assert keeper.async_report()["opened"] == opened


async def test_a_port_of_somebody_else_is_never_opened(board: Plugboard, cable: Cable) -> None:
    node = cable.node
    await board.add(cable, node)
    await until(lambda: board.connected(node))
    taken = board.plug("taken", CableNode(hardware_id=OTHER, silent=True))
    theirs = MockConfigEntry(
        domain="zha", data={"device": {"path": taken.port}}, title="Their stick"
    )
    theirs.add_to_hass(board.home.hass)
    theirs.mock_state(board.home.hass, ConfigEntryState.LOADED)
    cable.unplug()
    keeper = board.home.hub.cables[node.hardware_id]
    await until(lambda: keeper.async_report()["fault"] == "port_missing")
    await asyncio.sleep(0.3)
    theirs.mock_state(board.home.hass, ConfigEntryState.NOT_LOADED)
    assert taken.node.heard == []


async def test_who_is_asked_once_is_left_alone_until_something_is_plugged_in(
    board: Plugboard, cable: Cable
) -> None:
    node = cable.node
    await board.add(cable, node)
    await until(lambda: board.connected(node))
    cable.unplug()
    alike = board.plug("alike", CableNode(hardware_id=OTHER, name="Stranger"))
    await until(lambda: alike.node.heard)
    await asyncio.sleep(0.5)
    heard = len(alike.node.heard)
    await asyncio.sleep(0.5)
    assert len(alike.node.heard) == heard
    alike.unplug()
    await board.scan()
    alike.plug(node)
    await board.scan()
    await until(lambda: board.connected(node))


async def test_two_nodes_that_have_changed_places(board: Plugboard, cable: Cable) -> None:
    """Without a name that lasts, ports are given out in the order of plugging in."""
    first, second = cable.node, CableNode(hardware_id=OTHER, name="Second")
    socket = board.plug("second", second)
    one, two = await board.add(cable, first), await board.add(socket, second)
    await until(lambda: board.connected(first) and board.connected(second))
    cable.unplug()
    socket.unplug()
    cable.plug(second)
    socket.plug(first)
    await until(lambda: board.connected(first) and board.connected(second))
    assert (one.data["device"], two.data["device"]) == (socket.port, cable.port)


async def test_whoever_hears_another_goes_where_that_one_was_expected(
    board: Plugboard, cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one goes to its new place at once, and so never sees who is at its old one."""
    monkeypatch.setattr(glue, "RETRY_S", (30.0, 60.0))
    monkeypatch.setattr(glue, "LOOK_AGAIN_S", 30.0)
    first, second = cable.node, CableNode(hardware_id=OTHER, name="Second")
    cable.unplug()
    await board.add(cable, second)
    await until(lambda: board.home.hub.cables[OTHER].async_report()["fault"] == "port_missing")
    cable.plug(first)
    await board.add(board.plug("second", second), first)
    await until(lambda: board.connected(first) and board.connected(second))


async def test_changed_places_where_no_adapter_is_known(
    board: Plugboard, socket_enabled: None
) -> None:
    first, second = CableNode(), CableNode(hardware_id=OTHER, name="Second")
    lent = [LentPort(first), LentPort(second)]
    here, there = [await one.open() for one in lent]
    entries = []
    for node, port in ((first, there), (second, here)):
        entry = board.entry(Cable(Path("none")), node, device=port)
        entries.append(entry)
        await board.home.hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: board.connected(first) and board.connected(second))
    assert [entry.data["device"] for entry in entries] == [here, there]
    assert all("adapter" not in entry.data for entry in entries)
    for entry in entries:
        await board.home.hass.config_entries.async_unload(entry.entry_id)
    for one in lent:
        await one.close()
