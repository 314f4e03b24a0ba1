"""Callers that are slow, half there, or pretend; each on a socket of its own."""

import asyncio
import base64
import json
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress

from custom_components.plant_vita.glue.view import PATH

_KEY = base64.b64encode(bytes(16)).decode()
UPGRADE = (
    f"GET {PATH} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {_KEY}\r\n\r\n"
).encode()


def masked(payload: bytes, opcode: int) -> bytes:
    """One whole WebSocket frame of a client, under a mask of zeros."""
    length = len(payload)
    size = bytes((0x80 | length,)) if length < 126 else b"\xfe" + length.to_bytes(2, "big")
    return bytes((0x80 | opcode,)) + size + bytes(4) + payload


def dial(hardware_id: str, kid: int) -> bytes:
    """A node's first message."""
    fields = {"v": 1, "id": hardware_id, "kid": kid, "nn": "00" * 16}
    return masked(json.dumps(fields).encode(), 1)


class Caller:
    """One connection to the server; `freed` is when the server had let go of it."""

    def __init__(self, port: int, name: str) -> None:
        self.port, self.name = port, name
        self.freed: float | None = None
        self.sent_to: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def call(self) -> None:
        """Open the connection and ask for a WebSocket."""
        self.sent_to, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(UPGRADE)
        await self.sent_to.readuntil(b"\r\n\r\n")

    def send(self, data: bytes) -> None:
        assert self.writer is not None
        self.writer.write(data)

    async def until_freed(self) -> None:
        """Read what comes, and answer nothing of it, until the server has hung up."""
        assert self.sent_to is not None
        with suppress(ConnectionError):
            while await self.sent_to.read(1000):
                pass
        self.freed = asyncio.get_running_loop().time()
        self.hang_up()

    def hang_up(self) -> None:
        """Be gone without a word."""
        if self.writer is not None:
            self.writer.transport.abort()


async def says_nothing(_caller: Caller) -> None:
    """Upgrade, and then nothing."""


async def stops_in_a_frame(caller: Caller) -> None:
    """Half of a WebSocket frame."""
    caller.send(dial("stranger", 0)[:20])


async def drips(caller: Caller) -> None:
    """One byte at a time, for ever."""

    async def drip() -> None:
        with suppress(ConnectionError):
            for byte in dial("stranger", 0) * 100:
                caller.send(bytes((byte,)))
                await asyncio.sleep(1.0)

    task = asyncio.create_task(drip())
    await asyncio.sleep(0)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    await caller.until_freed()
    task.cancel()


async def doubts_nothing(caller: Caller) -> None:
    """Take the answer under the name of a paired node, and then nothing."""
    caller.send(dial(caller.name, 1))


async def parks(caller: Caller) -> None:
    """Pretend to be an unpaired node that waits for its code."""
    caller.send(dial(caller.name, 0))


async def pings(caller: Caller) -> None:
    """Ask for as many answers as can be, and read none."""
    assert caller.writer is not None
    transport = caller.writer.transport
    assert isinstance(transport, asyncio.Transport)
    transport.pause_reading()
    caller.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    flood = masked(bytes(125), 9) * 2000

    async def push() -> None:
        while not transport.is_closing():
            caller.send(flood)
            await caller.writer.drain()  # type: ignore[union-attr] - asserted above

    # Whoever reads nothing does not read the end either: only the server knows of it.
    with suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(5):
            await push()


type Manner = Callable[[Caller], Awaitable[None]]

SLOW: tuple[Manner, ...] = (says_nothing, stops_in_a_frame, drips, doubts_nothing)


def manner_of(number: int) -> Manner:
    """Everybody is slow in some way; one in twenty is greedy, which keeps the test itself busy."""
    return pings if number % 20 == 19 else SLOW[number % len(SLOW)]


async def behave(caller: Caller, manner: Manner) -> None:
    """Call, behave, and notice when the server has had enough."""
    await caller.call()
    await manner(caller)
    if caller.freed is None and manner is not pings:
        await caller.until_freed()
