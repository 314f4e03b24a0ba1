"""A serial port: a real pseudo terminal, a real socket, and everything that is neither."""

import asyncio
import errno
import os
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path

import pytest
import serialx

from custom_components.plant_vita.model import errors
from custom_components.plant_vita.transport import serial
from custom_components.plant_vita.transport.serial import SerialLink, public_name
from tests.nodes.cable_node import Cable, CableNode, LentPort, open_files
from tests.nodes.fake_node import until

HELLO_BEGINS = b'{"t":"hello"'


@pytest.fixture
async def cable(tmp_path: Path) -> AsyncGenerator[Cable]:
    cable = Cable(tmp_path / "board", CableNode())
    cable.plug()
    yield cable
    cable.unplug()


def link(port: str, heartbeat: float = 20.0) -> SerialLink:
    return SerialLink(port, longest=1024, heartbeat=heartbeat)


async def test_messages_go_both_ways_over_a_terminal(cable: Cable) -> None:
    one = link(cable.port)
    await one.open()
    assert one.peer == cable.port
    await one.send_bytes(b'{"t":"cmd","op":"ping"}')
    said = await one.receive(1.0)
    assert isinstance(said, bytes)
    assert said.startswith(HELLO_BEGINS)
    await one.send_text('{"t":"hi","now":1}')
    await until(lambda: cable.node.greeted)
    assert cable.node.broken == []
    await one.close(1000)


async def test_messages_go_both_ways_over_a_server(socket_enabled: None) -> None:
    lent = LentPort(CableNode())
    one = link(await lent.open())
    await one.open()
    await one.send_bytes(b'{"t":"cmd","op":"ping"}')
    assert (await one.receive(1.0)).startswith(HELLO_BEGINS)
    await one.close(1000)
    await lent.close()


async def test_what_is_no_line_is_counted(cable: Cable) -> None:
    one = link(cable.port)
    await one.open()
    cable.node.say_bytes(b"ets Jun  8 2016\r\n{}*0000\n" + b"x" * 2000 + b"\n")
    cable.node.hello()
    assert (await one.receive_bytes()).startswith(HELLO_BEGINS)
    assert one.reader.dropped == {"too_long": 1, "crc": 2, "utf8": 0}
    await one.close(1000)


async def test_nothing_in_time(cable: Cable) -> None:
    one = link(cable.port)
    await one.open()
    with pytest.raises(errors.LinkError, match="in time"):
        await one.receive(0.02)
    await one.close(1000)


async def test_a_pulled_cable_is_noticed_at_once(cable: Cable) -> None:
    one = link(cable.port)
    await one.open()
    waiting = asyncio.create_task(one.receive_bytes())
    await asyncio.sleep(0.02)
    cable.unplug()
    with pytest.raises(errors.LinkError):
        await asyncio.wait_for(waiting, 1.0)
    with pytest.raises(errors.LinkError):
        await one.send_bytes(b"{}")
    await one.close(1000)


async def test_last_words_are_heard(cable: Cable) -> None:
    one = link(cable.port)
    await one.open()
    cable.node.hello()
    await until(lambda: one._lines)
    cable.unplug()
    await until(lambda: one._fault)
    assert (await one.receive_bytes()).startswith(HELLO_BEGINS)
    with pytest.raises(errors.LinkError):
        await one.receive_bytes()
    await one.close(1000)


async def test_closing_leaves_no_descriptor_and_no_timer(cable: Cable) -> None:
    before, tasks = open_files(), asyncio.all_tasks()
    for _ in range(20):
        one = link(cable.port)
        await one.open()
        await one.close(1000)
        await one.close(1000)
        with pytest.raises(errors.LinkError):
            await one.send_bytes(b"{}")
    assert open_files() == before
    assert asyncio.all_tasks() == tasks
    # Free for everybody again.
    with serialx.serial_for_url(cable.port, baudrate=115_200):
        pass


# --- ports that do not open ---------------------------------------------------------------------


async def refused(port: str) -> errors.PortError:
    one = link(port)
    with pytest.raises(errors.PortError) as error:
        await one.open()
    await one.close(1000)
    return error.value


async def test_a_port_that_is_open_already(cable: Cable) -> None:
    one = link(cable.port)
    await one.open()
    assert type(await refused(cable.port)) is errors.PortBusyError
    await one.close(1000)


async def test_no_such_port(tmp_path: Path) -> None:
    assert type(await refused(str(tmp_path / "ttyACM9"))) is errors.PortMissingError


async def test_a_port_that_is_not_for_us(cable: Cable, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", denied)
        assert type(await refused(cable.port)) is errors.PortForbiddenError


@pytest.mark.parametrize(
    "port",
    ["nonsense://x", "http://192.0.2.1/", "socket://127.0.0.1:99999", "socket://", "rfc2217://"],
)
async def test_what_is_no_port_at_all(port: str, socket_enabled: None) -> None:
    assert isinstance(await refused(port), errors.PortError)


@pytest.mark.parametrize("port", ["", ".", "/", "/dev/null", "/proc/self/mem"])
async def test_files_are_no_ports(port: str) -> None:
    assert isinstance(await refused(port), errors.PortError)


async def test_a_file_is_not_changed(tmp_path: Path) -> None:
    file = tmp_path / "notes"
    file.write_text("mine")
    assert type(await refused(str(file))) is errors.PortError
    assert file.read_text() == "mine"


async def test_nobody_at_the_address(socket_enabled: None) -> None:
    lent = LentPort(CableNode())
    port = await lent.open()
    await lent.close()
    assert type(await refused(port)) is errors.PortError


async def test_a_port_that_hangs_is_given_up(cable: Cable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serial, "_OPEN_WITHIN_S", 0.05)
    stuck = asyncio.Event()
    real = serial.create_serial_connection

    async def slow(*arguments: object) -> object:
        try:
            await stuck.wait()
        except asyncio.CancelledError:
            # The kernel does not care that nobody waits any more.
            await asyncio.sleep(0.1)
        return await real(*arguments)

    before = open_files()
    with monkeypatch.context() as patch:
        patch.setattr(serial, "create_serial_connection", slow)
        assert "in time" in str(await refused(cable.port))
    # It opens in the end, when nobody wants it any more.
    opened = [task for task in asyncio.all_tasks() if task.get_name().startswith("open ")]
    assert len(opened) == 1
    await asyncio.wait(opened)
    assert opened[0].exception() is None
    await until(lambda: open_files() == before)


async def test_who_stops_waiting_for_a_port_leaves_nothing(cable: Cable) -> None:
    before, cancelled = open_files(), 0
    for turns in range(12):
        one = link(cable.port)
        opening = asyncio.create_task(one.open())
        for _ in range(turns):
            await asyncio.sleep(0.002)
        opening.cancel()
        await asyncio.wait((opening,))
        cancelled += opening.cancelled()
        await one.close(1000)
    assert cancelled >= 3
    await until(lambda: open_files() == before)


# --- the heartbeat -------------------------------------------------------------------------------


async def test_a_heartbeat_keeps_a_quiet_link(cable: Cable) -> None:
    one = link(cable.port, heartbeat=0.05)
    await one.open()
    with pytest.raises(errors.LinkError, match="in time"):
        await one.receive(0.4)
    cable.node.hello()
    assert (await one.receive(1.0)).startswith(HELLO_BEGINS)
    await one.close(1000)


async def test_who_has_no_heartbeat_is_given_up(cable: Cable) -> None:
    cable.node.beats = False
    one = link(cable.port, heartbeat=0.1)
    await one.open()
    started = asyncio.get_running_loop().time()
    with pytest.raises(errors.LinkError, match="heartbeat"):
        await asyncio.wait_for(one.receive_bytes(), 2.0)
    assert 0.14 < asyncio.get_running_loop().time() - started < 1.0
    await one.close(1000)


async def test_anything_at_all_is_a_sign_of_life(cable: Cable) -> None:
    cable.node.beats = False
    one = link(cable.port, heartbeat=0.1)
    await one.open()
    for _ in range(25):
        await asyncio.sleep(0.02)
        cable.node.say_bytes(b"~")
    assert one._fault is None
    await one.close(1000)


@pytest.fixture
def broken_wire(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is written after the port was opened fails, and nothing else says so."""

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(serialx.SerialTransport, "write", fail)


@pytest.mark.usefixtures("broken_wire")
async def test_what_cannot_be_written_is_said(cable: Cable) -> None:
    one = link(cable.port)
    await one.open()
    with pytest.raises(errors.LinkError, match="Input/output error"):
        await one.send_bytes(b"{}")
    await one.close(1000)


@pytest.mark.usefixtures("broken_wire")
async def test_a_heartbeat_that_cannot_be_said_ends_the_link(cable: Cable) -> None:
    one = link(cable.port, heartbeat=0.02)
    await one.open()
    with pytest.raises(errors.LinkError, match="Input/output error"):
        await asyncio.wait_for(one.receive_bytes(), 2.0)
    await one.close(1000)


# --- who does not behave -------------------------------------------------------------------------


async def test_a_flood_ends_the_link_and_is_not_kept(cable: Cable) -> None:
    one = link(cable.port)
    await one.open()
    for _ in range(600):
        cable.node.hello()
        await asyncio.sleep(0)
    await until(lambda: one._fault)
    assert len(one._lines) <= 256
    for _ in range(len(one._lines)):
        await one.receive_bytes()
    with pytest.raises(errors.RateLimitError):
        await one.receive_bytes()
    await one.close(1000)


async def test_who_does_not_read_is_given_up_within_bounds(cable: Cable) -> None:
    one = link(cable.port)
    await one.open()
    asyncio.get_running_loop().remove_reader(cable._ends[0])
    sent = 0
    with suppress(errors.LinkError):
        while sent < 10_000:
            await one.send_bytes(b"x" * 250)
            sent += 1
    assert sent < 1000
    with pytest.raises(errors.LinkError, match="takes nothing"):
        await one.send_bytes(b"x" * 250)
    started = asyncio.get_running_loop().time()
    await one.close(1000)
    assert asyncio.get_running_loop().time() - started < 2.2


@pytest.mark.parametrize(
    ("port", "shown"),
    [
        ("/dev/ttyACM0", "/dev/ttyACM0"),
        ("socket://192.0.2.7:4000", "socket://192.0.2.7:4000"),
        ("esphome://10.0.0.1/?port_name=UART&key=c2VjcmV0", "esphome://10.0.0.1/"),
        ("rfc2217://me:secret@host:1", "rfc2217://host:1"),
    ],
)
def test_what_is_shown_of_a_port_has_no_secrets(port: str, shown: str) -> None:
    assert public_name(port) == shown
