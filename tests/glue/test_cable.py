"""A node on a cable, kept: real terminals, in a Home Assistant of this process."""

import asyncio
import logging
import os
from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.helpers.event import async_call_later

from custom_components.plant_vita import presence
from custom_components.plant_vita.coordinator import NodeCoordinator
from custom_components.plant_vita.glue import cable as glue
from custom_components.plant_vita.model.errors import PortBusyError, PortMissingError
from tests.nodes.cable_node import Cable, CableNode, open_files, open_terminals
from tests.nodes.fake_node import until
from tests.nodes.home import flows, home_fixture
from tests.nodes.plugboard import Plugboard, board_fixture

home = home_fixture()
board = board_fixture()

TURNS = 100 if os.environ.get("PLANT_VITA_FULL") == "1" else 15
OTHER = "avrffffffffffffffff"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    be_patient(monkeypatch, 0.3)


def be_patient(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Believe for so long, and no longer, that a node comes back."""

    def soon(hass: Any, _seconds: float, action: Any) -> Any:
        return async_call_later(hass, seconds, action)

    monkeypatch.setattr(presence, "async_call_later", soon)


@pytest.fixture
async def cable(board: Plugboard) -> Cable:
    return board.plug("uno", CableNode())


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What a person reads of the node at the usual level."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.plant_vita") and record.levelno >= logging.INFO
    ]


async def test_the_node_is_served(board: Plugboard, cable: Cable) -> None:
    node = cable.node
    entry = await board.add(cable, node)
    await until(lambda: board.connected(node))
    node.measure({0: 41.5})
    await board.home.shows(node, "sensor", "0_m", "41.5")
    assert flows(board.home) == []
    node.report({7: 0})
    await board.home.shows(node, "switch", "7_pump", "off")
    await board.home.call("switch.turn_on", board.home.entity_id(node, "switch", "7_pump"))
    assert node.commands == [{"op": "on", "ch": 7, "ms": 5000}]
    assert entry.data["device"] == cable.port
    assert entry.data["adapter"] == "2341:0043"
    assert node.broken == []


async def test_it_need_not_be_there(board: Plugboard, cable: Cable) -> None:
    cable.unplug()
    entry = await board.add(cable, cable.node)
    keeper = board.home.hub.cables[cable.node.hardware_id]
    await until(lambda: keeper.async_report()["fault"] == "port_missing")
    assert not list(entry.async_get_active_flows(board.home.hass, {SOURCE_REAUTH}))
    cable.plug()
    await until(lambda: board.connected(cable.node))
    assert keeper.async_report()["fault"] is None


async def test_pulled_and_plugged_in_again_is_one_line_each_way(
    board: Plugboard, cable: Cable, caplog: pytest.LogCaptureFixture
) -> None:
    node = cable.node
    await board.add(cable, node)
    await until(lambda: board.connected(node))
    caplog.clear()
    cable.unplug()
    await until(lambda: not board.coordinator(node).available)
    assert board.home.state(node, "sensor", "0_m").state == "unavailable"
    cable.plug()
    await until(lambda: board.connected(node))
    node.measure({0: 12})
    await board.home.shows(node, "sensor", "0_m", "12.0")
    assert said(caplog) == ["Fern is unavailable: it has not called in time", "Fern is back"]


async def _pulled_and_plugged_in(board: Plugboard, cable: Cable, moisture: int) -> None:
    cable.unplug()
    await until(lambda: not board.coordinator(cable.node).available)
    cable.plug()
    await until(lambda: board.connected(cable.node))
    cable.node.measure({0: moisture})
    await board.home.shows(cable.node, "sensor", "0_m", f"{moisture}.0")
    await board.home.hass.async_block_till_done()


async def test_pulled_and_plugged_in_again_and_again(
    board: Plugboard,
    cable: Cable,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    be_patient(monkeypatch, 0.02)
    monkeypatch.setattr(glue, "RETRY_S", (0.01, 0.02))
    node = cable.node
    node.noise = b"\xff\x00boot\r\n"
    await board.add(cable, node)
    await until(lambda: board.connected(node))
    await _pulled_and_plugged_in(board, cable, 50)
    files, tasks = len(open_files()), len(asyncio.all_tasks())
    caplog.clear()
    for turn in range(TURNS):
        await _pulled_and_plugged_in(board, cable, turn)
    lines = ["Fern is unavailable: it has not called in time", "Fern is back"]
    assert said(caplog) == TURNS * lines
    await until(lambda: len(open_files()) == files)
    # Not "as many": one of Home Assistant's that ends in between was one too many before.
    await until(lambda: len(asyncio.all_tasks()) <= tasks)
    report = board.home.hub.cables[node.hardware_id].async_report()
    assert report["opened"] >= TURNS + 2
    assert report["dropped"]["crc"] <= TURNS + 2


async def test_a_board_that_starts_again_is_not_missed(
    board: Plugboard,
    cable: Cable,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    be_patient(monkeypatch, 5.0)
    node = cable.node
    await board.add(cable, node)
    await until(lambda: board.connected(node))
    caplog.clear()
    for start in range(2, 6):
        node.start()
        await until(lambda: board.connected(node))
        node.measure({0: start})
        await board.home.shows(node, "sensor", "0_m", f"{start}.0")
    assert board.home.hub.cables[node.hardware_id].async_report()["opened"] == 1
    assert said(caplog) == []


async def test_plugging_something_in_ends_the_waiting(
    board: Plugboard, cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glue, "RETRY_S", (30.0, 60.0))
    monkeypatch.setattr(glue, "LOOK_AGAIN_S", 30.0)
    cable.unplug()
    await board.add(cable, cable.node)
    keeper = board.home.hub.cables[cable.node.hardware_id]
    await until(lambda: keeper.async_report()["fault"])
    await board.scan()
    cable.plug()
    await board.scan()
    await until(lambda: board.connected(cable.node))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        # Whoever is there is left alone for longer and longer; nobody is disturbed by a look.
        (PortBusyError("in use"), [1, 2, 4, 8, 16, 32, 60, 60]),
        (PortMissingError("pulled"), [1, 2, 4, 4, 4, 4, 4, 4]),
        (None, [1, 2, 4, 4, 4, 4, 4, 4]),
    ],
    ids=["somebody is there", "nothing is there", "the node was there"],
)
async def test_waiting_grows_and_has_an_end(
    board: Plugboard,
    cable: Cable,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception | None,
    expected: list[float],
) -> None:
    monkeypatch.setattr(glue, "RETRY_S", (1.0, 60.0))
    monkeypatch.setattr(glue, "_jitter", lambda low, high: high if low == 0.5 else 0)
    waits: list[float] = []
    real = asyncio.timeout

    def noted(seconds: float) -> asyncio.Timeout:
        waits.append(seconds)
        return real(seconds / 1000)

    async def serve(_keeper: object) -> None:
        if fault is not None:
            raise fault

    monkeypatch.setattr(glue.CableKeeper, "_async_serve", serve)
    await board.add(cable, cable.node)
    monkeypatch.setattr(glue.asyncio, "timeout", noted)
    await until(lambda: len(waits) > 40)
    grown = [wait for wait in waits if wait in {1, 2, 4, 8, 16, 32, 60}]
    assert expected[-1] == grown[-1]
    # The first wait may have begun before anybody took notes.
    assert ([1, *grown] if grown[0] == 2 else grown)[:8] == expected


async def test_a_bug_in_whoever_listens_does_not_cost_the_cable(
    board: Plugboard, cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    board.home.expect("The cable of Fern was dropped")
    node = cable.node
    await board.add(cable, node)
    await until(lambda: board.connected(node))

    def broken(*_: object) -> None:
        msg = "a bug"
        raise RuntimeError(msg)

    with monkeypatch.context() as patch:
        patch.setattr(NodeCoordinator, "on_outputs", broken)
        node.say({"t": "state", "a": {"7": 0}, "why": "boot"})
        await until(lambda: board.coordinator(node).session is None)
    await until(lambda: board.connected(node))


async def test_one_after_the_other_of_a_kind_is_wired(board: Plugboard, cable: Cable) -> None:
    """The third pump is numbered though the first two keep their names."""
    node = cable.node
    node.channels = [[1, "pump"]]
    await board.add(cable, node)
    await until(lambda: board.connected(node))
    for index in (2, 3, 4):
        node.channels = [*node.channels, [index, "pump"]]
        node.hello()
        await until(lambda index=index: board.home.entity_id(node, "switch", f"{index}_pump"))
        await board.home.hass.async_block_till_done()
        await until(lambda: board.connected(node))
    names = [board.home.state(node, "switch", f"{index}_pump").name for index in (1, 2, 3, 4)]
    assert names == ["Fern Pump 1", "Fern Pump 2", "Fern Pump 3", "Fern Pump 4"]


async def test_a_link_that_held_is_opened_again_at_once(
    board: Plugboard, cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it failed before."""
    monkeypatch.setattr(glue, "RETRY_S", (0.01, 3600.0))
    monkeypatch.setattr(glue, "LOOK_AGAIN_S", 3600.0)
    monkeypatch.setattr(glue, "STEADY_S", -1.0)
    await board.add(cable, cable.node)
    for _ in range(12):
        await until(lambda: board.connected(cable.node))
        cable.unplug()
        await until(lambda: board.coordinator(cable.node).session is None)
        cable.plug()
    await until(lambda: board.connected(cable.node))


# --- the end --------------------------------------------------------------------------------------


async def test_unloading_closes_the_port(board: Plugboard, cable: Cable) -> None:
    files = open_terminals()
    entry = await board.add(cable, cable.node)
    await until(lambda: board.connected(cable.node))
    assert await board.home.hass.config_entries.async_unload(entry.entry_id)
    await until(lambda: open_terminals() == files)
    assert board.home.hub.cables == {}
    await board.scan()
    assert open_terminals() == files
    assert await board.home.hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: board.connected(cable.node))


async def test_stopping_closes_the_port_and_nobody_opens_it_again(
    board: Plugboard, cable: Cable
) -> None:
    files = open_terminals()
    await board.add(cable, cable.node)
    await until(lambda: board.connected(cable.node))
    board.home.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await until(lambda: open_terminals() == files)
    await asyncio.sleep(0.2)
    assert open_terminals() == files


async def test_unloading_while_it_is_asked(board: Plugboard, cable: Cable) -> None:
    files = open_terminals()
    cable.node.silent = True
    entry = await board.add(cable, cable.node)
    await until(lambda: cable.node.heard)
    assert await board.home.hass.config_entries.async_unload(entry.entry_id)
    await until(lambda: open_terminals() == files)


async def test_removing_it_does_no_harm(board: Plugboard, cable: Cable) -> None:
    entry = await board.add(cable, cable.node)
    await until(lambda: board.connected(cable.node))
    await board.home.hass.config_entries.async_remove(entry.entry_id)
    assert board.home.hub.coordinators == {}
    assert flows(board.home) == []


async def test_who_uses_its_name_on_the_network_is_somebody_else(
    board: Plugboard, cable: Cable
) -> None:
    cable.unplug()
    entry = await board.add(cable, cable.node)
    stranger = board.home.node(hardware_id=cable.node.hardware_id)
    assert await stranger.dial() == "unpaired"
    assert not list(entry.async_get_active_flows(board.home.hass, {SOURCE_REAUTH}))
    assert flows(board.home) == []


# --- one at a time, and what is told of it -------------------------------------------------------


async def test_two_never_ask_one_port_at_a_time(board: Plugboard, cable: Cable) -> None:
    hub = board.home.hub
    async with glue.async_at(hub, cable.port):
        with pytest.raises(PortBusyError, match="in use here"):
            async with glue.async_at(hub, cable.path.resolve().as_posix(), within=0.05):
                pass
    async with glue.async_at(hub, cable.port) as (there, _):
        assert (await there.introduce()).hardware_id == cable.node.hardware_id


async def test_who_waits_for_a_port_gets_it(board: Plugboard, cable: Cable) -> None:
    hub = board.home.hub

    async def ask() -> str:
        async with glue.async_at(hub, cable.port) as (there, _):
            return (await there.introduce()).hardware_id

    asked = await asyncio.gather(*(ask() for _ in range(4)))
    assert asked == [cable.node.hardware_id] * 4


async def test_the_report(board: Plugboard, cable: Cable) -> None:
    node = cable.node
    await board.add(cable, node)
    await until(lambda: board.connected(node))
    node.say_bytes(b"noise\n" + b"x" * 2000 + b"\n")
    keeper = board.home.hub.cables[node.hardware_id]
    await until(lambda: keeper.dropped["too_long"])
    assert keeper.async_report() == {
        "port": cable.port,
        "adapter": "2341:0043",
        "opened": 1,
        "open": True,
        "dropped": {"too_long": 1, "crc": 1, "utf8": 0},
        "fault": None,
    }
    cable.unplug()
    await until(lambda: not keeper.async_report()["open"])
    assert keeper.async_report()["dropped"] == {"too_long": 1, "crc": 1, "utf8": 0}
