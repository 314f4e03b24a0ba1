"""The bench around the simulated Arduino: water, port, power; with the simulator's own probe."""

import asyncio
import errno
import os
import signal
import time

import pytest

from firmware.simulator.avr.bench import Bench, Part
from firmware.simulator.avr.node import SimulatedArduino
from tests.firmware.arduino_rig import probe

PUMP = Part(kind="pump", place="D7")


@pytest.fixture(scope="module")
def elf(tmp_path_factory):
    return probe(tmp_path_factory.mktemp("probe"))


@pytest.fixture
def bench(elf):
    with Bench(elf=elf, parts=[PUMP, Part(kind="soil", place="A1")], start=0.12) as made:
        made.run(5)
        yield made


def ask(bench, letter, ms=5):
    bench.board.uart.send(letter.encode())
    return bench.run(ms).decode().strip()


def test_the_pump_wets_the_pot_and_the_probe_says_so(bench):
    dry = int(ask(bench, "a"))
    ask(bench, "p", 5000)
    ask(bench, "n")
    bench.run(10_000)
    assert bench.truth()["poured_ml"] == pytest.approx(100, abs=1)
    assert int(ask(bench, "a")) < dry - 5
    assert [round(pulse.ms) for pulse in bench.record.pulses] == [5000]


def test_a_fast_pot_gets_no_more_water(elf):
    with Bench(elf=elf, parts=[PUMP], speed=100) as bench:
        ask(bench, "p", 2000)
        ask(bench, "n")
        bench.run(1000)
        truth = bench.truth()
        assert truth["poured_ml"] == pytest.approx(40, abs=1)
        assert bench.world.now == pytest.approx(bench.now * 100, rel=0.01)


def test_a_reset_ends_a_pulse_and_so_does_a_power_cut(bench):
    ask(bench, "p", 100)
    bench.reset(loader=False)
    bench.run(100)
    ask(bench, "p", 100)
    bench.cut()
    assert bench.run(1000) == b""
    assert [round(pulse.ms, -1) for pulse in bench.record.pulses] == [100, 100]
    assert bench.truth()["pumping"] == 0


def test_relays_and_contacts_of_either_sense(elf):
    parts = [
        Part(kind="pump", place="D7", inverted=True),
        Part(kind="tank", place="D3", inverted=True),
    ]
    with Bench(elf=elf, parts=parts) as bench:
        bench.run(5)
        assert bench.truth()["pumping"] == 1  # the probe drives its pin low
        ask(bench, "p")
        assert bench.truth()["pumping"] == 0
        assert ask(bench, "i") == "1"
        bench.fault("tank")
        assert ask(bench, "i") == "0"


def test_a_broken_probe_shows_volts_that_no_soil_has(bench):
    assert 200 < int(ask(bench, "a")) < 600
    bench.fault("open")
    assert int(ask(bench, "a")) < 15
    bench.fault("open", on=False)
    bench.fault("short")
    assert int(ask(bench, "a")) == 1023


class Reader:
    """Somebody who has the port open."""

    def __init__(self, path):
        self.file = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.heard = b""

    async def until(self, words, seconds=8.0):
        end = time.monotonic() + seconds
        while words not in self.heard:
            assert time.monotonic() < end, self.heard
            try:
                self.heard += os.read(self.file, 1000)
            except BlockingIOError:
                await asyncio.sleep(0.01)

    async def until_gone(self, seconds=5.0):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if not os.read(self.file, 1000):
                    return "end"
            except BlockingIOError:
                await asyncio.sleep(0.01)
            except OSError as error:
                return errno.errorcode[error.errno]
        raise TimeoutError

    def close(self):
        os.close(self.file)


async def test_opening_the_port_resets_and_the_loader_waits(tmp_path, elf):
    async with SimulatedArduino(tmp_path, elf=elf, parts=[PUMP]) as node:
        began = time.monotonic()
        reader = Reader(node.port)
        await reader.until(b"0\n")
        assert 0.8 < time.monotonic() - began < 3
        assert node.resets == ["external"]
        os.write(reader.file, b"a")
        await reader.until(b"0\n0\n")
        reader.close()
        await asyncio.sleep(0.1)
        reader = Reader(node.port)
        await node.wait_for(lambda: len(node.resets) == 2)
        reader.close()


async def test_a_pulled_cable_is_an_error_and_comes_back_anywhere(tmp_path, elf):
    async with SimulatedArduino(tmp_path, elf=elf, parts=[PUMP], reset_on_open=False) as node:
        reader = Reader(node.port)
        await asyncio.sleep(0.05)
        os.write(reader.file, b"p")
        await node.wait_for(lambda: len(node.pulses) == 1)
        first = node.port
        await node.unplug()
        assert await reader.until_gone() in {"end", "EIO"}
        reader.close()
        assert not first.exists()
        assert node.pulses[0].end is not None  # the cable was its supply
        await node.replug(tmp_path / "elsewhere")
        assert node.port.exists()
        assert not first.exists()
        reader = Reader(node.port)
        await asyncio.sleep(0.05)
        os.write(reader.file, b"p")
        await node.wait_for(lambda: len(node.pulses) == 2)
        await node.unplug(powered=True)
        assert node.pulses[1].end is None
        reader.close()


async def test_power_cuts_and_ends_leave_the_eeprom(tmp_path, elf):
    node = SimulatedArduino(tmp_path, elf=elf, parts=[PUMP], reset_on_open=False)
    async with node:
        reader = Reader(node.port)
        await asyncio.sleep(0.05)
        os.write(reader.file, b"e")
        await reader.until(b"5\n")
        await node.cut()
        await node.power()
        os.write(reader.file, b"e")
        await reader.until(b"5\n1\n5\n")
        reader.close()
    assert (tmp_path / "eeprom.bin").read_bytes()[5] == 0xFD
    assert not node.port.is_symlink()
    async with node:
        assert (await node.truth())["pumping"] == 0
        await node.kill()
    assert not node.running


async def test_it_ends_when_it_is_told_and_says_so(tmp_path, elf):
    node = SimulatedArduino(tmp_path, elf=elf, parts=[PUMP], reset_on_open=False)
    await node.start()
    process = node._process
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 5) == 0
    await node.stop()
    assert node.events[-1] == {"event": "off"}
    assert not list(tmp_path.glob("ttyACM0"))


async def test_a_wrong_order_is_answered(tmp_path, elf):
    async with SimulatedArduino(tmp_path, elf=elf, parts=[PUMP]) as node:
        with pytest.raises(RuntimeError, match="no such fault"):
            await node.fault("earthquake")
        assert (await node.truth())["poured_ml"] == 0
