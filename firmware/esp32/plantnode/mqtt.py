"""A link through an MQTT 3.1.1 broker, with the face of a WebSocket (docs/protocol.md §12).

Several Home Assistants may hear a dial and answer it. `settle` chooses the one whose answer was
read last; from then on nobody else is heard.
"""

import asyncio
import os

from plantnode import bounded, clock, seal, ws
from plantnode.bounded import ClosedError

ROOT = "plant_vita/v1/"
_PING, _PONG = b"\x00", b"\x01"
_CONNECT, _CONNACK, _PUBLISH, _SUBSCRIBE, _SUBACK = 0x10, 0x20, 0x30, 0x82, 0x90
_DISCONNECT = b"\xe0\x00"
_WILL, _CLEAN, _USER, _PASSWORD = 0x04, 0x02, 0x80, 0x40
_KEEP_ALIVE_S = 60  # the session asks for a sign of life three times as often
_MOST = 33_000  # a frame and its topic
_OPEN_MS = 15_000
_WRITE_MS = 10_000


def _text(value: str) -> bytes:
    data = value.encode()
    return len(data).to_bytes(2, "big") + data


def packet(kind: int, body: bytes) -> bytes:
    """A control packet with its length."""
    size, head = len(body), bytearray([kind])
    while True:
        head.append(size & 127 | (128 if size > 127 else 0))
        size >>= 7
        if not size:
            return bytes(head) + body


def greeting(client: str, will: str, user: str, password: str) -> bytes:
    """CONNECT: a clean session, whose last will is an empty message on `will`."""
    flags = _WILL | _CLEAN | (_USER if user else 0) | (_PASSWORD if user and password else 0)
    body = _text("MQTT") + bytes([4, flags]) + _KEEP_ALIVE_S.to_bytes(2, "big")
    body += _text(client) + _text(will) + _text("")
    if user:
        body += _text(user)
        if password:
            body += _text(password)
    return packet(_CONNECT, body)


async def connect(address: ws.Address, node: str, settings, host: str) -> "Broker":
    """A broker that takes us, and the topics of one dial."""
    reader, writer = await bounded.within(_OPEN_MS, ws.stream(address, host), "connect")
    broker = Broker(bounded.Reader(reader), writer, ROOT + node)
    user, password = settings.text("mqtt_user", 64), settings.text("mqtt_password", 64)
    try:
        await bounded.within(_OPEN_MS, broker.open(node, user, password), "broker")
    except BaseException:
        await broker.drop()
        raise
    return broker


class Broker:
    """One dial; one task may read, any may send."""

    shared = True  # others may answer, too

    def __init__(self, reader: bounded.Reader, writer, root: str) -> None:
        self.reader, self.writer = reader, writer
        self.lock = asyncio.Lock()
        self.heard = False
        dial = seal.to_hex(os.urandom(8))
        self.up, self.down = root + "/up/" + dial, root + "/down/" + dial + "/"
        self.home = self.settled = ""

    async def open(self, node: str, user: str, password: str) -> None:
        """Be taken by the broker, and hear what comes for this dial."""
        client = "plantvita-" + node
        await self._write(greeting(client, self.up, user, password))
        kind, body = await self._packet()
        if kind != _CONNACK or len(body) != 2 or body[1]:
            raise ClosedError("broker refused: %d" % (body[1] if len(body) == 2 else -1))
        await self._write(packet(_SUBSCRIBE, b"\x00\x01" + _text(self.down + "+") + b"\x00"))
        kind, body = await self._packet()
        if kind != _SUBACK or body[2:] != b"\x00":
            raise ClosedError("broker lets nobody listen")

    def settle(self) -> None:
        """Whoever has answered last is the one to talk to."""
        self.settled = self.home

    async def _write(self, data: bytes) -> None:
        async with self.lock:
            self.writer.write(data)
            await self.writer.drain()

    async def _packet(self) -> tuple:
        """(kind, body) of the next packet."""
        kind = (await self.reader.exactly(1))[0]
        size = shift = 0
        while True:
            byte = (await self.reader.exactly(1))[0]
            size |= (byte & 127) << shift
            shift += 7
            if not byte & 128:
                break
            if shift > 14:
                raise ClosedError("packet length")
        if size > _MOST:
            raise ClosedError("packet length")
        return kind, await self.reader.exactly(size)

    async def send(self, _opcode: int, data: bytes) -> None:
        """Publish one message: to everybody, or to whoever has answered last."""
        topic = self.up + "/" + self.home if self.home else self.up
        body = _text(topic) + data
        await bounded.within(_WRITE_MS, self._write(packet(_PUBLISH, body)), "send")

    async def receive(self, idle_ms: int) -> tuple:
        """(opcode, data) of the next text or binary message for us."""
        deadline = clock.real_ms() + idle_ms
        while True:
            left = max(1, deadline - clock.real_ms())
            kind, body = await bounded.within(left, self._packet(), "silence")
            data = self._payload(kind, body)
            if data is None:
                continue
            self.heard = True
            if not data:
                if self.settled:
                    raise ClosedError("closed by Home Assistant")
            elif data != _PONG:
                return (ws.TEXT if data[:1] == b"{" else ws.BINARY), data

    def _payload(self, kind: int, body: bytes) -> bytes | None:
        """What a packet brings, if it is for this dial and from whom we talk to."""
        if kind & 0xF6 != _PUBLISH:
            return None
        end = 2 + int.from_bytes(body[:2], "big")
        topic = body[2:end]
        mark = self.down.encode()
        home = topic[len(mark) :]
        if topic[: len(mark)] != mark or len(home) != 16:
            return None
        try:
            home = home.decode()
        except (UnicodeError, ValueError):
            return None
        if self.settled and home != self.settled:
            return None
        self.home = home
        return body[end:]

    async def ping(self) -> None:
        """Ask Home Assistant, not the broker, for a sign of life."""
        await self.send(ws.PING, _PING)

    async def close(self, _code: int) -> None:
        """Hang up, and leave the broker."""
        try:
            await self.send(ws.CLOSE, b"")
            await bounded.within(_WRITE_MS, self._write(_DISCONNECT), "goodbye")
        except ClosedError:
            pass
        await self.drop()

    async def drop(self) -> None:
        """Close the socket without another word; the broker tells our last will."""
        await bounded.hang_up(self.writer)
