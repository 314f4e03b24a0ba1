"""A node's dial through an MQTT broker (docs/protocol.md §12), with the face of a `WebSocket`."""

import asyncio
import os
from dataclasses import dataclass

from .mqtt import connect_packet, publish_packet
from .websocket import ClosedError, Opcode

_PUBLISH, _PONG = 0x30, b"\x01"
_SUBSCRIBE = 0x82
_CONNECTED = b"\x20\x02\x00\x00"


@dataclass(kw_only=True, slots=True)
class BrokerLink:
    """One dial; `home` is the Home Assistant that has answered, empty before."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    up: str
    home: str = ""

    def packed(self, _opcode: Opcode, payload: bytes) -> bytes:
        """The PUBLISH of one message."""
        return publish_packet(f"{self.up}/{self.home}" if self.home else self.up, payload)

    def write(self, opcode: Opcode, payload: bytes) -> None:
        """Send one message without waiting for the buffer."""
        self.writer.write(self.packed(opcode, payload))

    async def receive(self) -> tuple[Opcode, bytes]:
        """The next text or binary message; raises `ClosedError`."""
        while True:
            try:
                kind, body = await _packet(self.reader)
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                raise ClosedError(1006) from error
            if kind & 0xF0 != _PUBLISH:
                continue
            end = 2 + int.from_bytes(body[:2], "big")
            self.home, payload = body[2:end].decode().rpartition("/")[2], body[end:]
            if not payload:
                raise ClosedError(1000)
            if payload != _PONG:
                return (Opcode.TEXT if payload.startswith(b"{") else Opcode.BINARY), payload

    async def close(self, _code: int = 1000) -> None:
        """Hang up and drop the connection."""
        if not self.writer.is_closing():
            self.write(Opcode.CLOSE, b"")
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except ConnectionError:
            return


async def _packet(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    kind = (await reader.readexactly(1))[0]
    size = shift = 0
    while True:
        byte = (await reader.readexactly(1))[0]
        size |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return kind, await reader.readexactly(size)


async def dial(host: str, port: int, hardware_id: str) -> BrokerLink:
    """Connect to the broker and listen for answers; raises `ClosedError` if it takes nobody."""
    reader, writer = await asyncio.open_connection(host, port)
    attempt = os.urandom(8).hex()
    root = f"plant_vita/v1/{hardware_id}"
    topic = f"{root}/down/{attempt}/+".encode()
    body = b"\x00\x01" + len(topic).to_bytes(2, "big") + topic + b"\x00"
    try:
        writer.write(connect_packet(f"plantvita-{hardware_id}"))
        if await reader.readexactly(4) != _CONNECTED:
            raise ClosedError(1006)
        writer.write(bytes((_SUBSCRIBE, len(body))) + body)
        await reader.readexactly(5)
    except asyncio.IncompleteReadError as error:
        writer.close()
        raise ClosedError(1006) from error
    return BrokerLink(reader=reader, writer=writer, up=f"{root}/up/{attempt}")
