"""The serial ports of the machine: one speaker at a time, names that last, and what is free."""

import asyncio
from pathlib import Path

import pytest
from homeassistant.components import usb
from homeassistant.config_entries import ConfigEntryState
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.glue import ports
from custom_components.plant_vita.glue.ports import Ports
from custom_components.plant_vita.model.errors import PortBusyError
from tests.nodes.cable_node import CableNode
from tests.nodes.home import Home, home_fixture
from tests.nodes.plugboard import CH340, Plugboard, board_fixture

home = home_fixture()
board = board_fixture()


async def test_one_speaker_at_a_time(home: Home, tmp_path: Path) -> None:
    desk = Ports(home.hass)
    port = tmp_path / "port"
    port.touch()
    other_name = tmp_path / "by-id"
    other_name.symlink_to(port)
    async with desk.async_claim(str(port), 0):
        with pytest.raises(PortBusyError):
            async with desk.async_claim(str(other_name), 0.05):
                pass
        async with desk.async_claim("socket://192.0.2.1:1", 0):
            pass
    async with desk.async_claim(str(other_name), 0):
        pass


async def test_whoever_waits_gets_it_in_the_end_and_nothing_is_kept(
    home: Home, tmp_path: Path
) -> None:
    desk, inside, most = Ports(home.hass), 0, 0

    async def speak() -> None:
        nonlocal inside, most
        async with desk.async_claim(str(tmp_path / "port"), 5.0):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    await asyncio.gather(*(speak() for _ in range(8)))
    assert most == 1
    assert desk._claims == {}


async def test_who_fails_lets_go(home: Home) -> None:
    desk = Ports(home.hass)
    with pytest.raises(ZeroDivisionError):
        async with desk.async_claim("socket://192.0.2.1:1?key=a", 0):
            raise ZeroDivisionError
    async with desk.async_claim("socket://192.0.2.1:1?key=b", 0):
        assert list(desk._claims) == ["socket://192.0.2.1:1"]


async def test_the_make_of_an_adapter(board: Plugboard) -> None:
    cable = board.plug("nano", CableNode(), CH340)
    assert await ports.async_adapter(board.home.hass, cable.port) == "1A86:7523"
    real = str(cable.path.resolve())
    assert await ports.async_adapter(board.home.hass, real) == "1A86:7523"
    assert await ports.async_adapter(board.home.hass, "socket://192.0.2.1:1") is None
    cable.unplug()
    assert await ports.async_adapter(board.home.hass, cable.port) is None


async def test_a_port_that_somebody_is_set_up_for_is_taken(board: Plugboard) -> None:
    cable = board.plug("stick", CableNode())
    hass = board.home.hass
    assert not await ports.async_is_taken(hass, cable.port, ())
    theirs = MockConfigEntry(domain="zha", data={"device": {"path": str(cable.path.resolve())}})
    theirs.add_to_hass(hass)
    assert not await ports.async_is_taken(hass, cable.port, ())
    theirs.mock_state(hass, ConfigEntryState.LOADED)
    assert await ports.async_is_taken(hass, cable.port, ())
    assert not await ports.async_is_taken(hass, cable.port, {theirs.entry_id})
    assert await ports.async_like(hass, "2341:0043", "/dev/none", ()) == []
    theirs.mock_state(hass, ConfigEntryState.NOT_LOADED)
    assert await ports.async_like(hass, "2341:0043", "/dev/none", ()) == [cable.port]


async def test_only_free_ports_of_the_same_make_are_alike(board: Plugboard) -> None:
    one, two = board.plug("one", CableNode()), board.plug("two", CableNode())
    board.plug("other", CableNode(), CH340)
    hass = board.home.hass
    assert await ports.async_like(hass, "2341:0043", one.port, ()) == [two.port]
    assert await ports.async_like(hass, "2341:0043", str(one.path.resolve()), ()) == [two.port]
    assert await ports.async_like(hass, "2341:0043", one.port, {two.port}) == []
    assert await ports.async_like(hass, None, one.port, ()) == []


async def test_a_machine_whose_ports_cannot_be_listed(
    board: Plugboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    board.plug("one", CableNode())

    def broken() -> None:
        raise OSError

    monkeypatch.setattr(usb, "scan_serial_ports", broken)
    assert await ports.async_like(board.home.hass, "2341:0043", "/dev/none", ()) == []


async def test_a_name_that_lasts(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"/dev/ttyACM0": "/dev/serial/by-id/usb-Arduino_Uno-if00"}
    monkeypatch.setattr(usb, "get_serial_by_id", lambda port: known.get(port, port))
    name = await ports.async_lasting_name(home.hass, "/dev/ttyACM0")
    assert name == "/dev/serial/by-id/usb-Arduino_Uno-if00"
    assert await ports.async_lasting_name(home.hass, "/dev/ttyS0") == "/dev/ttyS0"
