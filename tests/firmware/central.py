"""The little Home Assistant with a Bluetooth adapter, on the same air as the node."""

import asyncio
import contextlib
from types import SimpleNamespace

from aiohttp import WSMsgType
from bumble.core import UUID, BaseBumbleError
from bumble.device import Peer
from bumble.hci import OwnAddressType
from bumble.link import LocalLink

from firmware.simulator import radio
from tests.firmware import rig

rig.plantnode()

from plantnode import ble, fragments  # noqa: E402

ADAPTER = "E0:E1:E2:E3:E4:E5"
OURS = b"\xff\xff\xffPV"


def payload(data: bytes) -> bytes | None:
    """What follows our mark in an advertisement of ours."""
    at = data.find(OURS)
    return None if at < 0 else data[at + len(OURS) : at + data[at - 1]]


class GattSocket:
    """One connection to a node, with the face of aiohttp's WebSocket."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.queue: asyncio.Queue[bytes] = asyncio.Queue()
        self.cutter, self.joiner = fragments.Cutter(), fragments.Joiner()
        self.lock = asyncio.Lock()
        self.largest = 0
        self.gone = False
        self.written: list[bytes] = []
        self.said: list[bytes] = []
        peer.connection.on("disconnection", self._gone)

    def _gone(self, _reason: int) -> None:
        self.gone = True
        self.queue.put_nowait(b"")

    async def open(self, mtu: int) -> None:
        """Agree on the MTU, subscribe, and ask the node to dial."""
        if mtu:
            await self.asked(self.peer.request_mtu(mtu))
        await self.asked(self.peer.discover_services())
        await self.asked(self.peer.discover_characteristics())
        [self.messages] = self.peer.get_characteristics_by_uuid(UUID(ble.MESSAGES))
        await self.asked(self.messages.subscribe(self.take))
        await self.send_bytes(b"\x00")

    async def asked(self, request) -> None:
        """Do a request; bumble cancels whoever waits for an answer when the connection ends."""
        try:
            await request
        except asyncio.CancelledError:
            if not self.gone:
                raise
            raise BaseBumbleError("disconnected") from None

    def take(self, fragment: bytes) -> None:
        self.largest = max(self.largest, len(fragment))
        message = self.joiner.join(bytes(fragment))
        if message == b"\x00":
            self.pong = asyncio.create_task(self.send_bytes(b"\x01"))
        elif message is not None:
            self.queue.put_nowait(message)

    async def receive(self, within: float | None = None):
        async with asyncio.timeout(within):
            data = await self.queue.get()
        if data in {b"", b"\x02"}:
            return SimpleNamespace(type=WSMsgType.CLOSED, data=data)
        text = data[:1] == b"{"
        kind = WSMsgType.TEXT if text else WSMsgType.BINARY
        return SimpleNamespace(type=kind, data=data.decode() if text else data)

    async def __aiter__(self):
        while (message := await self.receive()).type is not WSMsgType.CLOSED:
            yield message

    async def write(self, fragment: bytes) -> None:
        self.written.append(fragment)
        await self.asked(self.messages.write_value(fragment, with_response=True))

    async def send_bytes(self, data: bytes) -> None:
        self.said.append(data)
        async with self.lock:
            for fragment in self.cutter.cut(data, self.peer.connection.att_mtu - 3):
                await self.write(fragment)

    async def send_str(self, text: str) -> None:
        await self.send_bytes(text.encode())

    async def close(self, code: int = 1000) -> None:
        if not self.gone:
            with contextlib.suppress(BaseBumbleError, TimeoutError):
                await self.peer.connection.disconnect()


class BluetoothHome(rig.Home):
    """A `Home` that connects to every node of ours whose advertisement it hears."""

    def __init__(self) -> None:
        super().__init__()
        self.air = LocalLink()
        self.radio = radio.Radio(self.air)
        self.heard: list[bytes] = []
        self.news = asyncio.Event()
        self.socket: GattSocket | None = None
        self.calls = True
        self.mtu = 247

    @property
    def reached_by(self) -> dict:
        return {"ble": 1, "ssid": None}

    async def start(self, port: int = 0) -> None:
        self.adapter = radio.device("home", ADAPTER, self.air)
        self.adapter.on("advertisement", self._heard)
        await self.adapter.power_on()
        await self.adapter.start_scanning(filter_duplicates=False)
        self.task = asyncio.create_task(self._call())

    def _heard(self, advertisement) -> None:
        told = payload(bytes(advertisement.data_bytes))
        if told is not None:
            self.address = advertisement.address
            self.heard.append(told)
            self.news.set()

    async def advertised(self, check=lambda told: True, seconds: float = 15.0) -> bytes:
        """The next advertisement that passes `check`."""
        async with asyncio.timeout(seconds):
            while True:
                self.news.clear()
                await self.news.wait()
                if check(self.heard[-1]):
                    return self.heard[-1]

    async def connect(self) -> GattSocket:
        """A connection, subscribed, and asked to dial."""
        connection = await self.adapter.connect(
            self.address, own_address_type=OwnAddressType.PUBLIC
        )
        socket = GattSocket(Peer(connection))
        try:
            await socket.open(self.mtu)
        except BaseException:
            await socket.close()
            raise
        return socket

    async def _call(self) -> None:
        while True:
            await self.advertised(lambda _: self.calls, seconds=600)
            # A node that falls silent in the midst of it is called again when it is heard.
            with contextlib.suppress(BaseBumbleError, TimeoutError):
                async with asyncio.timeout(10):
                    self.socket = await self.connect()
                await self.converse(self.socket)
                await self.socket.close()

    async def stop(self) -> None:
        self.task.cancel()
        # A command of its that is cut short may be one that bumble waits for.
        await asyncio.wait({self.task}, timeout=2)
        with contextlib.suppress(BaseBumbleError, TimeoutError):
            async with asyncio.timeout(2):
                await self.adapter.power_off()
        await self.radio.end()
