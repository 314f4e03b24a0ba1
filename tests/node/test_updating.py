"""An image is brought in parts, from where the node has it, and waits while the node is busy."""

import asyncio
from base64 import b64decode
from typing import Any

import pytest

from custom_components.plant_vita.model.errors import LinkError, ProtocolError, RefusedError
from custom_components.plant_vita.node import updating
from custom_components.plant_vita.protocol.updating import FirmwareImage
from tests.node.sessions import Talk, talk

IMAGE = FirmwareImage(kind="esp32", version="0.2.0", data=bytes(range(256)) * 20)
SIZE = 5120


class Taker:
    """The node's side; `answers` come before what it would say by itself."""

    def __init__(self, one: Talk, held: int = 0, answers: list[dict[str, Any]] | None = None):
        self.one, self.held, self.answers = one, held, answers or []
        self.asked: list[str] = []
        self.data = IMAGE.data[:held]

    async def run(self) -> None:
        while True:
            message = await self.one.node.hear()
            self.asked.append(message["t"])
            answer = self.answers.pop(0) if self.answers else self.answer(message)
            self.one.node.say({"t": "ack", "c": message["c"], **answer})

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        if message["t"] == "part":
            assert message["at"] == len(self.data)
            self.data += b64decode(message["d"])
        return {"ok": 1} if message["t"] == "install" else {"ok": 1, "at": len(self.data)}


async def sent(taker: Taker) -> list[float]:
    """Send the image; what was told of its progress."""
    told: list[float] = []
    answering = asyncio.create_task(taker.run())
    try:
        await updating.async_send(taker.one.session, IMAGE, told.append)
    finally:
        answering.cancel()
    return told


async def test_from_the_beginning() -> None:
    async with talk() as one:
        taker = Taker(one)
        assert await sent(taker) == [0.0, 0.4, 0.8, 1.0]
        assert taker.data == IMAGE.data
        assert taker.asked == ["update", "part", "part", "part", "install"]


@pytest.mark.parametrize(
    ("held", "asked"), [(5000, ["update", "part", "install"]), (SIZE, ["update", "install"])]
)
async def test_from_where_it_broke_off(held: int, asked: list[str]) -> None:
    async with talk() as one:
        taker = Taker(one, held)
        assert (await sent(taker))[-1] == 1.0
        assert taker.asked == asked
        assert taker.data == IMAGE.data


async def test_it_waits_while_the_node_waters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updating, "_LOOK_AGAIN_S", 0.01)
    busy = [{"err": "busy", "ms": 20}, {"err": "busy"}, {"ok": 1, "at": 0}, {"err": "busy"}]
    async with talk() as one:
        taker = Taker(one, answers=busy)
        await sent(taker)
        assert taker.asked[:3] == ["update"] * 3
        assert taker.asked[3:] == ["part"] * 4 + ["install"]


async def test_it_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updating, "BUSY_S", 0.05)
    async with talk() as one:
        with pytest.raises(RefusedError) as caught:
            await sent(Taker(one, answers=[{"err": "busy", "ms": 60_000}] * 9))
        assert caught.value.reason == "busy"


@pytest.mark.parametrize("word", ["old", "off", "full", "hash", "bad", "unknown"])
async def test_a_no_is_told(word: str) -> None:
    async with talk() as one:
        taker = Taker(one, answers=[{"err": word}])
        with pytest.raises(RefusedError) as caught:
            await sent(taker)
        assert caught.value.key == f"refused_{word}"
        assert taker.asked == ["update"]


async def test_a_node_that_cannot_count_is_not_believed() -> None:
    async with talk() as one:
        with pytest.raises(ProtocolError, match="has 9 bytes after 0 and 2048"):
            await sent(Taker(one, answers=[{"ok": 1, "at": 0}, {"ok": 1, "at": 9}]))


async def test_a_link_that_breaks_is_told() -> None:
    async with talk() as one:
        sending = asyncio.create_task(updating.async_send(one.session, IMAGE, lambda _share: None))
        await one.node.hear()
        one.link.lose()
        with pytest.raises(LinkError):
            await sending
