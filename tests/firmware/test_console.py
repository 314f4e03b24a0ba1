"""The console on the real interpreter: words, a flood, half a character, and nobody to tell it."""

import asyncio
import itertools
import random
import time

import pytest

from custom_components.plant_vita.protocol import pairing
from firmware.simulator.bench import SimulatedNode
from tests.firmware import rig
from tests.firmware.serialport import PING, Port

LED_PIN = 23


@pytest.fixture
async def node(tmp_path):
    async with SimulatedNode(tmp_path / "node", blank=True, cable=True) as made:
        yield made


@pytest.fixture
async def port(node):
    made = Port(node.console_path)
    await made.answer(PING, "hello")
    yield made
    made.close()


async def test_a_node_without_wifi_waits_and_shows_it(node):
    await node.wait_log("wifi: no network name in settings.json, waiting for join")
    await node.wait_log('"net":1')  # it has said who it is
    began = len(node.edges)
    await asyncio.sleep(4.3)
    ons = [at for at, pin, level in node.edges[began:] if pin == LED_PIN and level]
    gaps = [later - at for at, later in itertools.pairwise(ons)]
    # Two, and a pause: never two long ones in a row. A busy machine moves each by a few tenths.
    assert len(gaps) >= 3
    assert all(min(pair) < 0.9 and max(pair) > 1.1 for pair in itertools.pairwise(gaps)), gaps
    await node.advance(400)  # twice as long as the watchdog lets the link be silent
    await node.wait_log("link: no Wi-Fi")
    assert node.resets == []


async def test_words_are_still_words(node, port):
    await port.printed(b"link: no Wi-Fi")
    port.lines.clear()
    await port.write(b"  CODE \r")
    assert (await port.printed(b"pairing code:")).decode().endswith(node.code)
    await port.write(b"help\n")
    assert await port.printed(b"help, status") == b"help, status, code, stop, restart"
    await port.write(b"stop\r\n")
    await port.printed(b"everything off")
    await port.write(b"status\n")
    assert await port.printed(b"link:") == b"link: no Wi-Fi - key 0"
    await port.printed(b"wifi: no network name in settings.json, waiting for join")
    await port.write(b"restart\n")
    await node.wait_for(lambda: node.resets == ["reset"])


async def test_an_empty_line_is_answered_by_an_empty_line(port):
    await port.printed(b"link: no Wi-Fi")  # after that it has nothing to say for a while
    port.lines.clear()
    await port.write(b"\n")
    await port.until(lambda: port.lines)
    await asyncio.sleep(0.3)
    assert port.lines == [b""]


async def test_half_a_character_does_not_hold_the_node(node, port):
    await port.write(b"\xe2\x82")
    await asyncio.sleep(6)  # the watchdog bites after five seconds
    assert node.resets == []
    await port.write(b"\n")
    await port.answer(PING, "hello")


async def test_a_flood_of_garbage_starves_nobody(tmp_path):
    home = rig.Home()
    await home.start()
    node = SimulatedNode(
        tmp_path / "node", url=home.url, cable=True, settings={"every": 5, "sample": 1}
    )
    try:
        await node.start()
        home.code = pairing.normalise_code(await node.wait_code())
        talk = await home.talk()
        port = Port(node.console_path)
        await talk.command("w1", "on", ch=32, ms=4000)
        await node.wait_for(lambda: bool(node.pulses))
        dice = random.Random(2)
        noise = bytes(dice.choice((0x80, 0xFF, 0x2A, 0x7B, 0x41, 0x00)) for _ in range(80_000))
        began = time.monotonic()
        await port.write(noise)
        await node.wait_for(lambda: node.pulses[0].end is not None)
        assert node.pulses[0].ms == pytest.approx(4000, abs=150)
        await port.write(b"\n")
        await port.answer(PING, "hello", within=20)
        assert time.monotonic() - began > 4  # it took the noise at a cable's speed, not at once
        port.lines.clear()
        await port.write(b"status\n")
        assert await port.printed(b"cable:") == b"cable: 1 lines dropped, 0 ignored"
        assert node.resets == []
        port.close()
    finally:
        await node.stop()
        await home.stop()
