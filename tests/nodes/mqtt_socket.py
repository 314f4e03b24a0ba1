"""A dial through the broker of Home Assistant's `mqtt`, with the face of a client's WebSocket.

The client of `mqtt` is a stand-in in these tests that hears what it publishes.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

from aiohttp import WSMsgType
from homeassistant.components import mqtt
from homeassistant.components.mqtt import ReceiveMessage
from homeassistant.core import HomeAssistant, callback

from tests.nodes.fake_node import FakeNode

ROOT = "plant_vita/v1"


class MqttSocket:
    """One dial; `heard` is everything that came for it, whoever sent it."""

    def __init__(self, hass: HomeAssistant, hardware_id: str) -> None:
        dial = os.urandom(8).hex()
        self.up, self.down = f"{ROOT}/{hardware_id}/up/{dial}", f"{ROOT}/{hardware_id}/down/{dial}"
        self.home = ""
        self.heard: list[bytes] = []
        self.close_code: int | None = None
        self._hass = hass
        self._queue: asyncio.Queue[bytes] = asyncio.Queue()

    async def open(self) -> MqttSocket:
        """Listen."""
        await mqtt.async_subscribe(self._hass, f"{self.down}/+", self._take, encoding=None)
        return self

    @callback
    def _take(self, message: ReceiveMessage) -> None:
        assert isinstance(message.payload, bytes)
        self.home = message.topic.rpartition("/")[2]
        self.heard.append(message.payload)
        if message.payload != b"\x01":
            self._queue.put_nowait(message.payload)

    async def send_bytes(self, data: bytes) -> None:
        """Publish."""
        topic = f"{self.up}/{self.home}" if self.home else self.up
        await mqtt.async_publish(self._hass, topic, data, encoding=None)

    async def send_str(self, text: str) -> None:
        """Publish a text."""
        await self.send_bytes(text.encode())

    async def receive(self) -> Any:
        """The next message."""
        data = await self._queue.get()
        if not data:
            self.close_code = 1000
            return SimpleNamespace(type=WSMsgType.CLOSED, data=None)
        kind = WSMsgType.TEXT if data[:1] == b"{" else WSMsgType.BINARY
        return SimpleNamespace(type=kind, data=data.decode() if kind is WSMsgType.TEXT else data)

    async def __aiter__(self) -> AsyncIterator[Any]:
        while (message := await self.receive()).type is not WSMsgType.CLOSED:
            yield message

    async def close(self) -> None:
        """Hang up."""
        if self.close_code is None:
            await self.send_bytes(b"")
            self._queue.put_nowait(b"")


def through_broker(hass: HomeAssistant, node: FakeNode) -> FakeNode:
    """Let a node dial through the broker from now on."""

    async def dial() -> Any:
        return await MqttSocket(hass, node.hardware_id).open()

    node.dialler = dial
    return node
