"""The little Home Assistant behind a real broker."""

import asyncio
import secrets
from contextlib import suppress
from types import SimpleNamespace

from aiohttp import WSMsgType

from benchmarks.mqtt import Broker, connect_packet, publish_packet
from scripts.lab.process import free_port
from tests.firmware import rig

ROOT = "plant_vita/v1"


class BrokerSocket:
    """One dial of a node, with the face of aiohttp's WebSocket."""

    def __init__(self, home: BrokerHome, topic: str) -> None:
        self.home, self.name = home, secrets.token_hex(8)
        self.answers = f"{topic.replace('/up/', '/down/')}/{self.name}"
        self.queue: asyncio.Queue[bytes] = asyncio.Queue()

    def take(self, payload: bytes) -> None:
        if payload == b"\x00":
            self.home.publish(self.answers, b"\x01")
        else:
            self.queue.put_nowait(payload)

    async def receive(self, within: float | None = None):
        async with asyncio.timeout(within):
            data = await self.queue.get()
        text = data[:1] == b"{"
        kind = WSMsgType.TEXT if text else WSMsgType.BINARY if data else WSMsgType.CLOSED
        return SimpleNamespace(type=kind, data=data.decode() if text else data)

    async def __aiter__(self):
        while (message := await self.receive()).type is not WSMsgType.CLOSED:
            yield message

    async def send_str(self, text: str) -> None:
        self.home.publish(self.answers, text.encode())

    async def send_bytes(self, data: bytes) -> None:
        self.home.publish(self.answers, data)

    async def close(self, code: int = 1000) -> None:
        self.home.publish(self.answers, b"")
        self.take(b"")


class BrokerHome(rig.Home):
    """A `Home` that nodes reach through `broker`, its own, which may be stopped and started."""

    def __init__(self, folder) -> None:
        super().__init__()
        folder.mkdir(parents=True, exist_ok=True)
        self.broker = Broker(folder, free_port())
        self.sockets: dict[str, BrokerSocket] = {}
        self.tasks: list[asyncio.Task] = []

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.broker.port}"

    async def start(self, port: int = 0) -> None:
        await asyncio.to_thread(self.broker.start)
        await self.connect()

    async def connect(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.broker.port)
        self.writer.write(connect_packet("home"))
        await self.reader.readexactly(4)
        topic = f"{ROOT}/+/up/#".encode()
        body = b"\x00\x01" + len(topic).to_bytes(2, "big") + topic + b"\x00"
        self.writer.write(bytes((0x82, len(body))) + body)
        await self.reader.readexactly(5)
        self.tasks.append(asyncio.create_task(self._read()))

    def publish(self, topic: str, payload: bytes) -> None:
        if not self.writer.is_closing():
            self.writer.write(publish_packet(topic, payload))

    async def _read(self) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await self.reader.readexactly(1)
                size = shift = 0
                while True:
                    byte = (await self.reader.readexactly(1))[0]
                    size |= (byte & 127) << shift
                    shift += 7
                    if byte < 128:
                        break
                body = await self.reader.readexactly(size)
                end = 2 + int.from_bytes(body[:2], "big")
                self._heard(body[2:end].decode(), body[end:])

    def _heard(self, topic: str, payload: bytes) -> None:
        dial = "/".join(topic.split("/")[:5])
        socket = self.sockets.get(dial)
        if socket is None and payload:
            socket = self.sockets[dial] = BrokerSocket(self, dial)
            self.tasks.append(asyncio.create_task(self.converse(socket)))
        if socket is not None:
            socket.take(payload)

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.writer.close()
        await asyncio.to_thread(self.broker.stop)
