"""A node's end of Bluetooth on CPython: it advertises with its firmware's encoder, and serves GATT.

The radio is a bumble peripheral; fragments are cut and joined by rules written down again here.
"""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

from aiohttp import WSMsgType
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.hci import OwnAddressType

from tests.nodes.air import Air, radio
from tests.nodes.fake_node import FakeNode

from plantnode import bthome  # isort: skip - found by way of the fake node

SERVICE = "D5F4C97A-3305-4893-BD0A-2A67F0D22CE4"
CHARACTERISTIC = "D5F4C97B-3305-4893-BD0A-2A67F0D22CE4"
ADDRESS, SALT = "a4cf12000003", "0011223344556677"
_EVERY_MS = 20


def wrapped(payload: bytes) -> bytes:
    """Flags and manufacturer data."""
    return b"\x02\x01\x06" + bytes([len(payload) + 3, 0xFF, 0xFF, 0xFF]) + payload


class Perch:
    """The radio of a node, in reach of a proxy."""

    def __init__(self, air: Air, node: FakeNode, address: str = ADDRESS, salt: str = SALT) -> None:
        self.node, self.count = node, 0
        self.address, self.salt = bytes.fromhex(address), salt
        node.radio, node.dialler = (address, salt), self.called
        self._link = air.link
        self.connection: Connection | None = None
        self._calls: asyncio.Queue[GattSocket] = asyncio.Queue()
        self._socket: GattSocket | None = None
        self._characteristic = Characteristic[bytes](
            CHARACTERISTIC,
            Characteristic.Properties.WRITE | Characteristic.Properties.NOTIFY,
            Characteristic.WRITEABLE,
            CharacteristicValue(write=self._written),
        )

    async def open(self) -> Perch:
        """Be switched on, silent yet."""
        address = self.address.hex(":").upper()
        self.device = await radio(self.node.hardware_id, address, self._link)
        self.device.add_service(Service(SERVICE, [self._characteristic]))
        self.device.on(Device.EVENT_CONNECTION, self._connected)
        return self

    async def close(self) -> None:
        """Be switched off."""
        await self.device.power_off()

    # --- what it tells --------------------------------------------------------------------------

    def sealed(self, values: dict[int, Any], asks: bool = False) -> bytes:
        """The next advertisement of a paired node."""
        self.count += 1
        kinds = [(index, kind) for index, kind, *_ in self.node.channels]
        plain = bthome.objects(kinds, values) + (b"\x26\x01" if asks else b"")
        key = bthome.bind_key(
            self.node.key, bytes.fromhex(self.salt), self.node.hardware_id, self.node.kid
        )
        return wrapped(b"PV" + bthome.service_data(key, self.address, self.count, plain))

    async def tells(self, values: dict[int, Any], asks: bool = False) -> None:
        """Advertise readings from now on."""
        await self.advertise(self.sealed(values, asks))

    async def asks_to_be_paired(self) -> None:
        """Advertise "pair me" from now on."""
        await self.advertise(wrapped(b"PV\x00" + self.node.hardware_id.encode()))

    async def advertise(self, data: bytes) -> None:
        """Advertise this from now on."""
        await self.falls_silent()
        assert len(data) <= 31
        await self.device.start_advertising(
            own_address_type=OwnAddressType.PUBLIC,
            auto_restart=True,
            advertising_data=data,
            advertising_interval_min=_EVERY_MS,
            advertising_interval_max=_EVERY_MS,
        )

    async def falls_silent(self) -> None:
        """Advertise no more."""
        if self.device.legacy_advertiser or self.device.is_advertising:
            await self.device.stop_advertising()

    # --- who calls ------------------------------------------------------------------------------

    async def called(self) -> Any:
        """Wait for Home Assistant to connect and ask for a dial."""
        return await self._calls.get()

    def _connected(self, connection: Connection) -> None:
        self.connection, self._socket = connection, GattSocket(self, connection)
        connection.on(Connection.EVENT_DISCONNECTION, self._socket.lost)

    def _written(self, connection: Connection, fragment: bytes) -> None:
        if self._socket is not None and self._socket.take(bytes(fragment)) == b"\x00":
            if self._socket.called:
                self.node.background(self._socket.send_bytes(b"\x01"))
            else:
                self._socket.called = True
                self._calls.put_nowait(self._socket)

    async def notify(self, connection: Connection, fragment: bytes) -> None:
        """Send one fragment."""
        await self.device.notify_subscriber(connection, self._characteristic, fragment)


class GattSocket:
    """One connection, with the face of a client's WebSocket; `heard` is every whole message."""

    def __init__(self, perch: Perch, connection: Connection) -> None:
        self.heard: list[bytes] = []
        self.fragments: list[bytes] = []
        self.called = False
        self.close_code: int | None = None
        self._perch, self._connection = perch, connection
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._partial = b""
        self._sent = 0

    def take(self, fragment: bytes) -> bytes | None:
        """A fragment has been written: the message that it ends."""
        assert len(fragment) > 1
        assert fragment[0] & 63 == len(self.fragments) % 64
        assert bool(fragment[0] & 128) is (not self._partial)
        self.fragments.append(fragment)
        self._partial += fragment[1:]
        if not fragment[0] & 64:
            return None
        message, self._partial = self._partial, b""
        self.heard.append(message)
        if message not in {b"\x00", b"\x01"}:
            self._queue.put_nowait(message)
        return message

    def lost(self, _reason: int) -> None:
        """The connection is gone."""
        self._queue.put_nowait(None)

    async def send_bytes(self, data: bytes) -> None:
        """Notify."""
        room = min(244, self._connection.att_mtu - 3) - 1
        for at in range(0, len(data), room):
            first, last = at == 0, at + room >= len(data)
            head = (128 if first else 0) | (64 if last else 0) | self._sent % 64
            self._sent += 1
            await self._perch.notify(self._connection, bytes([head]) + data[at : at + room])

    async def send_str(self, text: str) -> None:
        """Notify a text."""
        await self.send_bytes(text.encode())

    async def receive(self) -> Any:
        """The next message."""
        data = await self._queue.get()
        if data is None:
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
            await self._connection.disconnect()
