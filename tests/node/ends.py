"""Two ends of a conversation without a network: our link, and a node's own firmware."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any, override

from custom_components.plant_vita.model.errors import LinkError
from custom_components.plant_vita.transport.link import Link

_FIRMWARE = str(Path(__file__).parents[2] / "firmware" / "esp32")
if _FIRMWARE not in sys.path:
    sys.path.append(_FIRMWARE)

from plantnode import seal  # noqa: E402
from plantnode.handshake import Handshake, RefusedError, WrongProofError  # noqa: E402

__all__ = [
    "HELLO",
    "ID",
    "KEY",
    "MemoryLink",
    "NodeEnd",
    "RefusedError",
    "WrongProofError",
    "settle",
]

ID = "a4cf12000001"
KEY = bytes(range(32))
HELLO: dict[str, Any] = {
    "t": "hello",
    "v": 1,
    "id": ID,
    "model": "esp32dev",
    "fw": "0.1.0",
    "boot": "0badf00d",
    "up": 1200,
    "every": 60,
    "sleep": 0,
    "ch": [[0, "m"], [4, "pump"]],
}


class MemoryLink(Link):
    """Our end of a link. `said` holds what we sent, `code` why we closed; `lose` cuts it.

    While `flows` is not set, the other end takes nothing off our hands.
    """

    def __init__(self, peer: str = "192.0.2.7") -> None:
        self._peer = peer
        self._heard: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self.said: asyncio.Queue[str | bytes] = asyncio.Queue()
        self.code: int | None = None
        self.lost = False
        self.flows = asyncio.Event()
        self.flows.set()

    @property
    @override
    def peer(self) -> str:
        return self._peer

    def hear(self, message: str | bytes) -> None:
        """The other end sends."""
        self._heard.put_nowait(message)

    def lose(self) -> None:
        """Nothing comes any more, and nothing arrives."""
        self.lost = True
        self._heard.put_nowait(None)

    async def _next(self) -> str | bytes:
        message = None if self.code is not None else await self._heard.get()
        if message is None:
            msg = "closed"
            raise LinkError(msg)
        return message

    @override
    async def receive(self, within: float) -> str | bytes:
        try:
            async with asyncio.timeout(within):
                return await self._next()
        except TimeoutError:
            msg = "nothing received in time"
            raise LinkError(msg) from None

    @override
    async def receive_bytes(self) -> bytes:
        message = await self._next()
        if isinstance(message, str):
            msg = "text"
            raise LinkError(msg)
        return message

    async def _send(self, message: str | bytes) -> None:
        await self.flows.wait()
        if self.lost or self.code is not None:
            msg = "could not send"
            raise LinkError(msg)
        self.said.put_nowait(message)

    @override
    async def send_text(self, text: str) -> None:
        await self._send(text)

    @override
    async def send_bytes(self, data: bytes) -> None:
        await self._send(data)

    @override
    async def close(self, code: int) -> None:
        if self.code is None:
            self.code = code
            self._heard.put_nowait(None)


class NodeEnd:
    """A node on the other end of a `MemoryLink`: the firmware's handshake and frames."""

    def __init__(self, link: MemoryLink, *, key: bytes = KEY, kid: int = 1, name: str = ID) -> None:
        self.link = link
        self.handshake = Handshake(name, kid, key)
        self.sealed: seal.Session | None = None

    def dial(self) -> None:
        """Say who we are."""
        self.link.hear(self.handshake.first("esp32dev", "Kitchen"))

    async def text(self) -> str:
        """The next text message of Home Assistant."""
        message = await asyncio.wait_for(self.link.said.get(), 5)
        assert isinstance(message, str)
        return message

    async def prove(self, **hello: Any) -> None:
        """Check the answer of Home Assistant, and say hello. Raises what the firmware raises."""
        self.sealed = self.handshake.finish((await self.text()).encode())
        self.say({**HELLO, "id": self.handshake.node, **hello})

    def refuse(self, word: str) -> None:
        """Do not accept the proof."""
        self.link.hear(json.dumps({"err": word}))

    def frame(self, message: dict[str, Any]) -> bytes:
        """The next frame, not yet sent."""
        assert self.sealed is not None
        return self.sealed.seal(json.dumps(message).encode())

    def say_piece(self, data: bytes) -> None:
        """Send a frame that is no JSON."""
        assert self.sealed is not None
        self.link.hear(self.sealed.seal(data, kind=seal.PIECE))

    def say(self, message: dict[str, Any]) -> None:
        """Send one message."""
        self.link.hear(self.frame(message))

    async def hear(self) -> dict[str, Any]:
        """The next message of Home Assistant."""
        frame = await asyncio.wait_for(self.link.said.get(), 5)
        assert isinstance(frame, bytes)
        assert self.sealed is not None
        message: dict[str, Any] = json.loads(self.sealed.open(frame))
        return message


async def settle() -> None:
    """Let everybody do what can be done without waiting."""
    for _ in range(20):
        await asyncio.sleep(0)
