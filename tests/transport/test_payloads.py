"""Whole messages: in order, bounded, and gone when who carries them is gone."""

import asyncio
from typing import override

import pytest

from custom_components.plant_vita.model.errors import LinkError, RateLimitError
from custom_components.plant_vita.transport import payloads
from custom_components.plant_vita.transport.payloads import PayloadLink


class Wire(PayloadLink):
    """What is said; `stuck` never ends, `broken` cannot be said."""

    def __init__(self) -> None:
        super().__init__("a4cf", silence=0.1, largest=100)
        self.said: list[bytes] = []
        self.hung_up: list[bool] = []
        self.broken = self.stuck = False

    @override
    async def _publish(self, payload: bytes) -> None:
        if self.broken:
            raise LinkError("no carrier")
        if self.stuck:
            await asyncio.Event().wait()
        self.said.append(payload)

    @override
    async def _hang_up(self, *, lost: bool) -> None:
        self.hung_up.append(lost)
        await self._publish(b"bye")


async def test_text_begins_with_a_brace_and_all_else_is_binary() -> None:
    wire = Wire()
    for payload in (b'{"v":1}', b"PV\x01", b"\x7b\xff"):
        wire.take(payload)
    assert await wire.receive(1) == '{"v":1}'
    assert await wire.receive_bytes() == b"PV\x01"
    assert await wire.receive(1) == "{�"
    await wire.send_text("{}")
    await wire.send_bytes(b"PV")
    assert wire.said == [b"{}", b"PV"]
    assert wire.peer == "a4cf"


async def test_who_waits_gets_what_comes() -> None:
    wire = Wire()
    waiting = asyncio.create_task(wire.receive(5))
    await asyncio.sleep(0)
    wire.take(b"PV")
    assert await waiting == b"PV"


async def test_text_has_no_place_among_frames() -> None:
    wire = Wire()
    wire.take(b"{}")
    with pytest.raises(LinkError, match="text"):
        await wire.receive_bytes()


async def test_nothing_comes() -> None:
    wire = Wire()
    with pytest.raises(LinkError, match="in time"):
        await wire.receive(0.01)
    with pytest.raises(LinkError, match="heartbeat"):
        await wire.receive_bytes()


async def test_a_ping_is_answered_and_is_a_sign_of_life() -> None:
    wire = Wire()
    waiting = asyncio.create_task(wire.receive_bytes())
    for _ in range(6):
        await asyncio.sleep(0.03)
        wire.take(b"\x00")
    assert not waiting.done()
    wire.take(b"PV")
    assert await waiting == b"PV"
    assert wire.said == [b"\x01"] * 6
    wire.broken = True
    wire.take(b"\x00")
    await asyncio.sleep(0)


@pytest.mark.parametrize("read", ["receive", "receive_bytes"])
async def test_what_came_before_the_end_is_read_first(read: str) -> None:
    wire = Wire()
    wire.take(b"PV")
    wire.lose("closed by the node")
    wire.lose("later")
    within = (1,) if read == "receive" else ()
    assert await getattr(wire, read)(*within) == b"PV"
    with pytest.raises(LinkError, match="closed by the node"):
        await getattr(wire, read)(*within)
    with pytest.raises(LinkError, match="closed by the node"):
        await wire.send_bytes(b"PV")
    await wire.close(1001)
    assert wire.hung_up == [True]


async def test_too_long_and_too_many() -> None:
    wire = Wire()
    wire.take(bytes(101))
    with pytest.raises(LinkError, match="too long"):
        await wire.receive(1)
    wire = Wire()
    for _ in range(65):
        wire.take(b"PV")
    for _ in range(64):
        await wire.receive(1)
    with pytest.raises(RateLimitError):
        await wire.receive(1)


async def test_a_carrier_that_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr(payloads, "_SEND_WITHIN_S", 0.02)
    monkeypatch.setattr(payloads, "_CLOSE_WITHIN_S", 0.02)
    wire = Wire()
    wire.stuck = True
    with pytest.raises(LinkError, match="could not send"):
        await wire.send_bytes(b"PV")
    async with asyncio.timeout(2):
        await wire.close(1001)
    broken = Wire()
    broken.broken = True
    with pytest.raises(LinkError, match="no carrier"):
        await broken.send_text("{}")
    await broken.close(1001)


async def test_closing_says_so_once() -> None:
    wire = Wire()
    await wire.close(4400)
    await wire.close(1001)
    assert (wire.said, wire.hung_up) == ([b"bye"], [False])
    with pytest.raises(LinkError):
        await wire.receive(1)
