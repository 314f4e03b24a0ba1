"""The air between a Home Assistant and its nodes: a radio link in memory, and a Bluetooth proxy.

Both ends are bumble's: whole controllers, hosts, advertisements and GATT. The proxy hands what it
hears to Home Assistant's own `bluetooth`, and connects for it, as the one of an ESP32 does.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from functools import partial
from typing import Any, override
from unittest.mock import patch

import pytest_asyncio
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError
from bumble.controller import Controller
from bumble.core import BaseBumbleError
from bumble.device import Advertisement, Connection, Device, Peer
from bumble.hci import Address, OwnAddressType
from bumble.host import Host
from bumble.link import LocalLink
from habluetooth import BaseHaRemoteScanner, BluetoothScanningMode, HaBluetoothConnector
from homeassistant.components import bluetooth
from homeassistant.components.bluetooth import MONOTONIC_TIME
from homeassistant.core import HomeAssistant
from homeassistant.loader import BluetoothMatcher, async_get_bluetooth
from homeassistant.setup import async_setup_component

# It writes a page about every packet, and complains of those on the way when somebody hangs up.
logging.getLogger("bumble").setLevel(logging.ERROR)

MTU = 247
_PROXY = "E0:E1:E2:E3:E4:E5"
_WITHIN_S = 10


async def radio(name: str, address: str, link: LocalLink) -> Device:
    """A whole Bluetooth device at a public address, switched on."""
    public = Address(address, Address.PUBLIC_DEVICE_ADDRESS)
    controller = Controller(name, link=link, public_address=public)
    made = Device(name=name, address=public, host=Host(controller, controller))
    await made.power_on()
    # The link takes data only from here, and power-up has left a random one of the same digits.
    controller.random_address = public
    return made


async def _bluetooth(hass: HomeAssistant) -> AsyncGenerator[None]:
    async def others(hass: HomeAssistant) -> list[BluetoothMatcher]:
        # It looks at everything of this company number, and its library is not here.
        return [one for one in await async_get_bluetooth(hass) if one["domain"] != "kegtron"]

    with patch.object(bluetooth, "async_get_bluetooth", others):
        assert await async_setup_component(hass, "bluetooth", {})
    yield
    # What it plans for its adapters goes on to the end.
    await hass.async_block_till_done()


def bluetooth_fixture() -> Any:
    """The fixture of a Home Assistant whose `bluetooth` has no adapter of its own."""
    return pytest_asyncio.fixture(_bluetooth)


class Air:
    """The proxy and everything in its reach; `connectable` False makes it one that only listens.

    `mtu` is what it asks for when it connects.
    """

    def __init__(self, hass: HomeAssistant, *, connectable: bool = True, mtu: int = MTU) -> None:
        self.link = LocalLink()
        self.mtu = mtu
        self.connections = 0
        self._hass = hass
        connector = HaBluetoothConnector(
            client=partial(ProxyClient, air=self),  # type: ignore[arg-type]
            source=_PROXY,
            can_connect=lambda: True,
        )
        self._scanner = BaseHaRemoteScanner(
            _PROXY, "proxy", connector, connectable, requested_mode=BluetoothScanningMode.PASSIVE
        )
        self._undo: list[Callable[[], None]] = []

    async def open(self) -> Air:
        """Begin to listen."""
        self._undo = [
            self._scanner.async_setup(),
            bluetooth.async_register_scanner(self._hass, self._scanner),
        ]
        self.proxy = await radio("proxy", _PROXY, self.link)
        self.proxy.on(Device.EVENT_ADVERTISEMENT, self._heard)
        await self.proxy.start_scanning(active=False, filter_duplicates=False)
        return self

    async def close(self) -> None:
        """Be switched off."""
        await self.proxy.power_off()
        for undo in reversed(self._undo):
            undo()

    def _heard(self, told: Advertisement) -> None:
        self.tell(told.address.to_string(with_type_qualifier=False), bytes(told.data_bytes))

    def tell(self, address: str, raw: bytes) -> None:
        """Let Home Assistant hear an advertisement, from whomever."""
        self._scanner._async_on_raw_advertisement(address, -60, raw, {}, MONOTONIC_TIME())


class ProxyClient(BaseBleakClient):
    """A connection by way of the proxy."""

    def __init__(self, device: BLEDevice, *, air: Air, **kwargs: Any) -> None:
        super().__init__(device, **kwargs)
        self._air = air
        self._connection: Connection | None = None

    @property
    @override
    def name(self) -> str:
        return "proxy"

    @property
    @override
    def mtu_size(self) -> int:
        return int(self._peer.gatt_client.mtu)

    @property
    @override
    def is_connected(self) -> bool:
        return self._connection is not None

    @override
    async def connect(self, pair: bool, **kwargs: Any) -> None:
        try:
            async with asyncio.timeout(_WITHIN_S):
                self._connection = connection = await self._air.proxy.connect(
                    Address(self.address, Address.PUBLIC_DEVICE_ADDRESS),
                    own_address_type=OwnAddressType.PUBLIC,
                )
                self._air.connections += 1
                connection.on(Connection.EVENT_DISCONNECTION, self._lost)
                self._peer = Peer(connection)
                await self._peer.request_mtu(self._air.mtu)
                self.services = await self._discovered()
        except (BaseBumbleError, TimeoutError, asyncio.CancelledError) as error:
            # A connection that one end only believes in would be in the way of the next.
            await self.disconnect()
            if _is_cancelled(error):
                raise
            raise BleakError(f"no connection: {error}") from error

    async def _discovered(self) -> BleakGATTServiceCollection:
        services = BleakGATTServiceCollection()
        for service in await self._peer.discover_services():
            ours = BleakGATTService(service, service.handle, str(service.uuid).lower())
            services.add_service(ours)
            for one in await service.discover_characteristics():
                services.add_characteristic(
                    BleakGATTCharacteristic(
                        one, one.handle, _spelled(one.uuid), [], lambda: self.mtu_size - 3, ours
                    )
                )
        return services

    def _lost(self, _reason: int) -> None:
        self._connection = None
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    @override
    async def disconnect(self) -> None:
        if self._connection is not None:
            with suppress(BaseBumbleError):
                await self._connection.disconnect()

    @override
    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: Any, response: bool
    ) -> None:
        try:
            await characteristic.obj.write_value(bytes(data), with_response=response)
        except (BaseBumbleError, TimeoutError, asyncio.CancelledError) as error:
            if _is_cancelled(error):
                raise
            raise BleakError(f"not written: {error}") from error

    @override
    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: Any, **kwargs: Any
    ) -> None:
        await characteristic.obj.discover_descriptors()
        await characteristic.obj.subscribe(lambda value: callback(bytearray(value)))

    @override
    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        raise NotImplementedError

    @override
    async def pair(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError

    @override
    async def unpair(self) -> None:
        raise NotImplementedError

    @override
    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, **kwargs: Any
    ) -> bytearray:
        raise NotImplementedError

    @override
    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, **kwargs: Any
    ) -> bytearray:
        raise NotImplementedError

    @override
    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: Any) -> None:
        raise NotImplementedError


def _is_cancelled(error: BaseException) -> bool:
    """Whether somebody has cancelled us; bumble says so as well when a connection ends."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and bool(task and task.cancelling())


def _spelled(uuid: Any) -> str:
    digits = uuid.to_bytes(force_128=True)[::-1].hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
