"""The client half of RFC 6455 on asyncio streams: enough for a node, and nothing to negotiate."""

import asyncio
import base64
import os
import struct
from dataclasses import dataclass
from enum import IntEnum

_MASKED = 0x80
_FINAL = 0x80
_SHORT = 126
_LONG = 127
_SHORT_MAX = 0xFFFF


class Opcode(IntEnum):
    """What a WebSocket frame carries."""

    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class ClosedError(Exception):
    """The other end has closed; `code` is its close code, 1006 if it gave none."""

    def __init__(self, code: int, reason: str = "") -> None:
        """Keep the close code and the reason."""
        super().__init__(f"{code} {reason}".strip())
        self.code = code


def frame(opcode: Opcode, payload: bytes) -> bytes:
    """One final client frame.

    The mask is zero: legal on the wire, the same work for the server, and none for a load
    generator that must never be the bottleneck.
    """
    size = len(payload)
    if size < _SHORT:
        head = struct.pack("!BB", _FINAL | opcode, _MASKED | size)
    elif size <= _SHORT_MAX:
        head = struct.pack("!BBH", _FINAL | opcode, _MASKED | _SHORT, size)
    else:
        head = struct.pack("!BBQ", _FINAL | opcode, _MASKED | _LONG, size)
    return head + bytes(4) + payload


@dataclass(kw_only=True, slots=True)
class WebSocket:
    """An open client connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def packed(self, opcode: Opcode, payload: bytes) -> bytes:
        """The bytes of one message."""
        return frame(opcode, payload)

    def write(self, opcode: Opcode, payload: bytes) -> None:
        """Send one frame without waiting for the buffer."""
        self.writer.write(self.packed(opcode, payload))

    async def receive(self) -> tuple[Opcode, bytes]:
        """The next text or binary message; pings are answered on the way.

        Raises `ClosedError`. Servers here never fragment messages of a few hundred bytes.
        """
        while True:
            try:
                opcode, payload = await self._frame()
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                raise ClosedError(1006) from error
            if opcode is Opcode.PING:
                self.write(Opcode.PONG, payload)
            elif opcode is Opcode.CLOSE:
                code = int.from_bytes(payload[:2], "big") if len(payload) > 1 else 1005
                raise ClosedError(code, payload[2:].decode(errors="replace"))
            elif opcode is not Opcode.PONG:
                return opcode, payload

    async def _frame(self) -> tuple[Opcode, bytes]:
        first, size = await self.reader.readexactly(2)
        if size == _SHORT:
            size = int.from_bytes(await self.reader.readexactly(2), "big")
        elif size == _LONG:
            size = int.from_bytes(await self.reader.readexactly(8), "big")
        return Opcode(first & 0x0F), await self.reader.readexactly(size)

    async def close(self, code: int = 1000) -> None:
        """Say goodbye and drop the connection."""
        if not self.writer.is_closing():
            self.write(Opcode.CLOSE, code.to_bytes(2, "big"))
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except ConnectionError:
            return


async def dial(host: str, port: int, path: str) -> WebSocket:
    """Open a WebSocket on plain TCP; raises `ClosedError` if the server does not upgrade."""
    reader, writer = await asyncio.open_connection(host, port)
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        writer.close()
        raise ClosedError(1006) from error
    if b" 101 " not in head.split(b"\r\n", 1)[0]:
        writer.close()
        raise ClosedError(1006, head.split(b"\r\n", 1)[0].decode(errors="replace"))
    return WebSocket(reader=reader, writer=writer)
