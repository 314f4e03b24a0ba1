"""A link through a broker, under the real interpreter: who is heard, and what a broker may do."""

import asyncio
import os

import pytest

from custom_components.plant_vita.protocol import handshake
from tests.firmware import rig
from tests.firmware.broker import BrokerHome
from tests.firmware.looker import Looker
from tests.firmware.rig import PUMP

rig.plantnode()

from plantnode import mqtt, ws  # noqa: E402


@pytest.fixture
async def home(tmp_path):
    made = BrokerHome(tmp_path / "broker")
    await made.start()
    yield made
    await made.stop()


async def node(tmp_path, home, **settings):
    """A paired node that dials now."""
    board = rig.Board(tmp_path / "node")
    home.keys[1] = os.urandom(32)
    board.settings(**{"parts": ["soil", "pump"], "url": home.url, **settings})
    board.provision(key=home.keys[1])
    await board.start()
    return board


@pytest.mark.parametrize(
    ("url", "secure", "broker", "port"),
    [
        ("mqtt://broker.local", False, True, 1883),
        ("mqtts://192.0.2.1", True, True, 8883),
        ("mqtt://192.0.2.1:2000", False, True, 2000),
        ("http://192.0.2.1", False, False, 80),
        ("ws://192.0.2.1", False, False, 80),
        ("wss://192.0.2.1", True, False, 443),
        ("https://192.0.2.1:8123", True, False, 8123),
    ],
)
def test_addresses(url, secure, broker, port):
    address = ws.Address(url)
    assert (address.secure, address.broker, address.port) == (secure, broker, port)


def test_packets_are_those_of_the_standard():
    assert mqtt.packet(0xC0, b"") == b"\xc0\x00"
    assert mqtt.packet(0x30, bytes(127))[:2] == b"\x30\x7f"
    assert mqtt.packet(0x30, bytes(321))[:3] == b"\x30\xc1\x02"
    connect = mqtt.greeting("a", "w", "", "")
    assert connect == b"\x10\x12\x00\x04MQTT\x04\x06\x00\x3c\x00\x01a\x00\x01w\x00\x00"
    with_user = mqtt.greeting("a", "w", "me", "pw")
    assert with_user[9] == 0x04 | 0x02 | 0x80 | 0x40
    assert with_user.endswith(b"\x00\x02me\x00\x02pw")


async def test_it_waters_and_its_last_will_is_told(tmp_path, home):
    board = await node(tmp_path, home)
    talk = await home.talk()
    await talk.command("w1", "on", ch=PUMP, ms=20_000)
    assert (await talk.ack("w1"))["ok"] == 1
    await board.until(lambda: board.level(rig.PUMP_PIN) == 1)
    await board.kill()
    [conversation] = home.tasks[1:]
    await asyncio.wait_for(conversation, 5)


async def test_a_broker_that_goes_stops_the_pump_and_loses_nothing(tmp_path, home):
    board = await node(tmp_path, home, every=5, tuning={"0": {"hb": 5, "med": 1}})
    talk = await home.talk()
    await talk.command("w1", "on", ch=PUMP, ms=20_000)
    assert (await talk.ack("w1"))["ok"] == 1
    await board.until(lambda: home.stored, 20)
    await asyncio.to_thread(home.broker.stop)
    await board.until(lambda: board.level(rig.PUMP_PIN) == 0)
    await asyncio.sleep(6)
    await asyncio.to_thread(home.broker.start)
    await home.connect()
    again = await home.talk(2, seconds=30)
    await again.wait("state")
    await board.until(lambda: len(home.stored) >= 2, 20)
    [boot] = {boot for boot, _ in home.stored}
    numbers = sorted(number for _, number in home.stored)
    assert numbers == list(range(1, len(numbers) + 1)), boot
    await board.kill()


async def test_who_does_not_hold_the_key_keeps_nobody_from_answering(tmp_path, home):
    """Another Home Assistant at the broker answers first, with an old key or a no."""
    others = []

    converse = home.converse

    async def both(socket):
        first = await socket.receive(5)
        name = socket.answers
        socket.answers = name[:-16] + "0123456789abcdef"
        socket.queue.put_nowait(first.data.encode())
        dial = handshake.parse_dial(first.data)
        others.append(dial)
        await socket.send_str(handshake.answer(dial, bytes(32))[0])
        await socket.send_str('{"err":"unknown"}')
        await socket.send_bytes(b"")
        socket.answers = name
        await converse(socket)

    home.converse = both
    board = await node(tmp_path, home)
    talk = await home.talk()
    assert len(others) == 1
    # Nor does anybody else get a word in afterwards.
    for data in (b"", b'{"err":"unknown"}', b"PV nonsense"):
        home.publish(talk.socket.answers[:-16] + "0123456789abcdef", data)
        home.publish(talk.socket.answers + "/more", data)
    await talk.command("p1", "ping")
    assert (await talk.ack("p1"))["ok"] == 1
    assert len(home.talks) == 1
    await board.kill()


async def test_a_no_is_believed_when_nobody_else_answers(tmp_path, home):
    board = await node(tmp_path, home)
    home.keys.clear()
    await board.kill()
    await board.start()
    await board.printed("link: refused: unpaired", 20)
    await board.kill()


async def test_two_ways_are_tried_in_turn(tmp_path, home):
    """An address that nobody answers at, and a broker."""
    board = await node(tmp_path, home, url="http://127.0.0.1:9", mqtt=home.url)
    await home.talk(seconds=30)
    await board.kill()


async def test_a_photo_through_the_broker(tmp_path, home):
    board = await node(tmp_path, home, board="esp32s3cam", parts=["camera"])
    board.photo = b"\xff\xd8\xff" + os.urandom(20_000)
    try:
        looker = Looker(await home.talk())
        taken = await looker.snap()
        assert await looker.fetch(taken["size"]) == board.photo
    finally:
        await board.kill()
