"""A link through a broker: messages whole, in order, bounded, and gone when it is gone."""

import asyncio

import pytest

from custom_components.plant_vita.model.errors import LinkError, RateLimitError
from custom_components.plant_vita.transport import mqtt
from custom_components.plant_vita.transport.mqtt import MqttLink


class Wire:
    """What is published; `stuck` never ends, `broken` cannot be published."""

    def __init__(self) -> None:
        self.said: list[bytes] = []
        self.broken = self.stuck = False
        self.link = MqttLink("MQTT a4cf", self.publish, silence=0.1, largest=100)

    async def publish(self, data: bytes) -> None:
        if self.broken:
            raise LinkError("no broker")
        if self.stuck:
            await asyncio.Event().wait()
        self.said.append(data)


async def test_text_begins_with_a_brace_and_all_else_is_binary() -> None:
    wire = Wire()
    for payload in (b'{"v":1}', b"PV\x01", b"\x7b\xff"):
        wire.link.take(payload)
    assert await wire.link.receive(1) == '{"v":1}'
    assert await wire.link.receive_bytes() == b"PV\x01"
    assert await wire.link.receive(1) == "{�"
    await wire.link.send_text("{}")
    await wire.link.send_bytes(b"PV")
    assert wire.said == [b"{}", b"PV"]
    assert wire.link.peer == "MQTT a4cf"


async def test_who_waits_gets_what_comes() -> None:
    wire = Wire()
    waiting = asyncio.create_task(wire.link.receive(5))
    await asyncio.sleep(0)
    wire.link.take(b"PV")
    assert await waiting == b"PV"


async def test_text_has_no_place_among_frames() -> None:
    wire = Wire()
    wire.link.take(b"{}")
    with pytest.raises(LinkError, match="text"):
        await wire.link.receive_bytes()


async def test_nothing_comes() -> None:
    wire = Wire()
    with pytest.raises(LinkError, match="in time"):
        await wire.link.receive(0.01)
    with pytest.raises(LinkError, match="heartbeat"):
        await wire.link.receive_bytes()


async def test_a_ping_is_answered_and_is_a_sign_of_life() -> None:
    wire = Wire()
    waiting = asyncio.create_task(wire.link.receive_bytes())
    for _ in range(6):
        await asyncio.sleep(0.03)
        wire.link.take(b"\x00")
    assert not waiting.done()
    wire.link.take(b"PV")
    assert await waiting == b"PV"
    assert wire.said == [b"\x01"] * 6
    wire.broken = True
    wire.link.take(b"\x00")
    await asyncio.sleep(0)


@pytest.mark.parametrize("read", ["receive", "receive_bytes"])
async def test_what_came_before_the_end_is_read_first(read: str) -> None:
    wire = Wire()
    wire.link.take(b"PV")
    wire.link.take(b"")
    wire.link.lose("later")
    within = (1,) if read == "receive" else ()
    assert await getattr(wire.link, read)(*within) == b"PV"
    with pytest.raises(LinkError, match="closed by the node"):
        await getattr(wire.link, read)(*within)
    with pytest.raises(LinkError, match="closed by the node"):
        await wire.link.send_bytes(b"PV")
    await wire.link.close(1001)
    assert wire.said == []


async def test_too_long_and_too_many() -> None:
    wire = Wire()
    wire.link.take(bytes(101))
    with pytest.raises(LinkError, match="too long"):
        await wire.link.receive(1)
    wire = Wire()
    for _ in range(65):
        wire.link.take(b"PV")
    for _ in range(64):
        await wire.link.receive(1)
    with pytest.raises(RateLimitError):
        await wire.link.receive(1)


async def test_a_broker_that_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr(mqtt, "_SEND_WITHIN_S", 0.02)
    monkeypatch.setattr(mqtt, "_CLOSE_WITHIN_S", 0.02)
    wire = Wire()
    wire.stuck = True
    with pytest.raises(LinkError, match="could not send"):
        await wire.link.send_bytes(b"PV")
    async with asyncio.timeout(2):
        await wire.link.close(1001)
    broken = Wire()
    broken.broken = True
    with pytest.raises(LinkError, match="no broker"):
        await broken.link.send_text("{}")
    await broken.link.close(1001)


async def test_closing_says_so_once() -> None:
    wire = Wire()
    await wire.link.close(4400)
    await wire.link.close(1001)
    assert wire.said == [b""]
    with pytest.raises(LinkError):
        await wire.link.receive(1)
