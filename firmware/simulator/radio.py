"""The Bluetooth radio of a simulated board: a bumble peripheral on a link that others listen to.

Example::

    air = LocalLink()
    node = SimulatedNode(directory, settings={"ble": 1}, radio=Radio(air))

Everything above the air is real: the controller's events, ATT, the MTU, subscriptions.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, override

from bumble.att import ATT_INVALID_ATTRIBUTE_LENGTH_ERROR, ATT_Error
from bumble.controller import Controller
from bumble.core import BaseBumbleError
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.hci import (
    Address,
    HCI_LE_Set_Random_Address_Command,
    HCI_StatusReturnParameters,
    OwnAddressType,
)
from bumble.host import Host
from bumble.link import LocalLink

_WRITE, _NOTIFY = 0x08, 0x10
_OFF_S = 5
_FIRST_ROOM = 20  # bytes that a value may have until the program says otherwise

type Send = Callable[[dict[str, Any]], None]


class _PublicController(Controller):
    """bumble's link sends every packet from the random address, also of who has none."""

    @override
    def on_hci_le_set_random_address_command(
        self, command: HCI_LE_Set_Random_Address_Command
    ) -> HCI_StatusReturnParameters:
        answer = super().on_hci_le_set_random_address_command(command)
        self.random_address = self.public_address
        return answer


def device(name: str, address: str, air: LocalLink) -> Device:
    """One end on the air, not yet powered: a node's radio, or an adapter of Home Assistant's."""
    public = Address(address, Address.PUBLIC_DEVICE_ADDRESS)
    controller = _PublicController(name, link=air, public_address=public)
    return Device(name=name, address=public, host=Host(controller, controller))


def radio_address(chip: str) -> str:
    """The address of the radio of the chip with this id of 12 hex digits, as people write it."""
    digits = f"{(int(chip, 16) + 2) % (1 << 48):012X}"
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


class Radio:
    """Does what the chip's program says, in order, and tells it what comes."""

    def __init__(self, air: LocalLink) -> None:
        self.air = air
        self._device: Device | None = None
        self._send: Send | None = None
        self._name = self._address = ""
        self._rooms: dict[int, int] = {}
        self._characteristics: list[Characteristic[bytes]] = []
        self._mtu = 23
        self._orders: asyncio.Queue[list[Any] | None] = asyncio.Queue()
        self._worker: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """As a central hears it; empty before the chip has had power."""
        return self._address

    def attach(self, send: Send, chip: str) -> None:
        """The chip with this id gets power; `send` takes orders for its hardware."""
        self._send, self._name, self._address = send, chip, radio_address(chip)
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())

    def hear(self, words: list[Any]) -> None:
        """What the chip's program has said."""
        self._orders.put_nowait(words)

    def fall(self) -> None:
        """The chip has no power any more."""
        self._send = None
        self._orders.put_nowait(["off"])

    async def end(self) -> None:
        """Off the air, and nothing is left running."""
        worker, self._worker = self._worker, None
        if worker is not None:
            # bumble does not get over a command that is cut short.
            self.fall()
            self._orders.put_nowait(None)
            await asyncio.wait({worker}, timeout=2 * _OFF_S)
            worker.cancel()

    async def _work(self) -> None:
        while (words := await self._orders.get()) is not None:
            # A central that has just gone, or a chip that has: the real ones shrug, too.
            with contextlib.suppress(BaseBumbleError, TimeoutError):
                await self._obey(words)

    async def _obey(self, words: list[Any]) -> None:
        match words:
            case ["on" | "off"]:
                await self._off()
            case ["mtu", mtu]:
                self._mtu = mtu
            case ["services", services]:
                await self._power_on(services)
            case ["room", handle, size]:
                self._rooms[handle] = size
            case ["advertise", interval_us, data, response]:
                await self._advertise(interval_us / 1000, data, response)
            case ["quiet"] if self._device is not None:
                await self._device.stop_advertising()
            case ["notify", handle, data]:
                await self._notify(handle, bytes.fromhex(data))
            case ["disconnect", handle]:
                if (connection := self._connection(handle)) is not None:
                    await connection.disconnect()

    async def _power_on(self, services: list[list[Any]]) -> None:
        made = device(self._name, self._address, self.air)
        made.gatt_server.max_mtu = self._mtu
        self._device, self._characteristics = made, []
        for uuid, name, flags, handle in services:
            made.add_service(Service(uuid, [self._characteristic(name, flags, handle)]))
        made.on(Device.EVENT_CONNECTION, self._connected)
        await made.power_on()

    def _characteristic(self, name: str, flags: int, handle: int) -> Characteristic[bytes]:
        def written(connection: Connection, value: bytes) -> None:
            if len(value) > self._rooms.get(handle, _FIRST_ROOM):
                raise ATT_Error(ATT_INVALID_ATTRIBUTE_LENGTH_ERROR)
            self._tell("write", connection.handle, [handle, bytes(value).hex()])

        properties = Characteristic.Properties(flags & (_WRITE | _NOTIFY))
        made: Characteristic[bytes] = Characteristic(
            name, properties, Characteristic.WRITEABLE, CharacteristicValue(write=written)
        )
        self._characteristics.append(made)
        return made

    async def _advertise(self, interval_ms: float, data: str, response: str) -> None:
        if self._device is None:
            return
        told, asked = bytes.fromhex(data), bytes.fromhex(response)
        already = self._device.legacy_advertising_set
        if already is not None and already.enabled:
            # Another text is no pause: who connects in one would be connected to nobody.
            await already.set_advertising_data(told)
            await already.set_scan_response_data(asked)
            return
        await self._device.start_advertising(
            own_address_type=OwnAddressType.PUBLIC,
            advertising_data=told,
            scan_response_data=asked,
            advertising_interval_min=interval_ms,
            advertising_interval_max=interval_ms,
        )

    def _connected(self, connection: Connection) -> None:
        handle = connection.handle

        def agreed() -> None:
            self._tell("mtu", handle, connection.att_mtu)

        def gone(_reason: int) -> None:
            if self._device is connection.device:
                self._tell("disconnect", handle)

        connection.on(Connection.EVENT_CONNECTION_ATT_MTU_UPDATE, agreed)
        connection.on(Connection.EVENT_DISCONNECTION, gone)
        self._tell("connect", handle, bytes(connection.peer_address).hex())

    def _tell(self, *words: Any) -> None:
        if self._send is not None:
            self._send({"ble": list(words)})

    def _connection(self, handle: int) -> Connection | None:
        if self._device is None:
            return None
        return self._device.connections.get(handle)

    async def _notify(self, handle: int, data: bytes) -> None:
        connection = self._connection(handle)
        if self._device is not None and connection is not None:
            # Whether anybody has subscribed, MicroPython does not ask.
            await self._device.notify_subscriber(
                connection, self._characteristics[0], data, force=True
            )

    async def _off(self) -> None:
        gone, self._device = self._device, None
        self._rooms, self._mtu = {}, 23
        if gone is None:
            return
        with contextlib.suppress(BaseBumbleError, TimeoutError):
            async with asyncio.timeout(_OFF_S):
                for connection in list(gone.connections.values()):
                    await connection.disconnect()
                await gone.stop_advertising()
        self.air.controllers.discard(gone.host.controller)
