"""The serial ports of this Home Assistant: who speaks on one now, and where a node may be."""

import asyncio
import os
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from homeassistant.components import usb
from homeassistant.core import HomeAssistant

from ..model.errors import PortBusyError
from ..transport.serial import public_name


@dataclass(slots=True)
class Ports:
    """Sees to it that no two of us speak on one port, by whatever name they call it."""

    hass: HomeAssistant
    _claims: dict[str, asyncio.Event] = field(default_factory=dict)

    @asynccontextmanager
    async def async_claim(self, port: str, within: float) -> AsyncIterator[None]:
        """Have the port for oneself; raises `PortBusyError` if it is not free within seconds."""
        name = await self.hass.async_add_executor_job(_real, port)
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while (claim := self._claims.get(name)) is not None:
                    await claim.wait()
        if name in self._claims:
            msg = f"{public_name(port)} is in use here"
            raise PortBusyError(msg)
        claim = self._claims[name] = asyncio.Event()
        try:
            yield
        finally:
            del self._claims[name]
            claim.set()


def _real(port: str) -> str:
    return os.path.realpath(port) if port.startswith("/") else public_name(port)


async def _async_real(hass: HomeAssistant, ports: Iterable[str]) -> dict[str, str]:
    """What each of these names really is."""
    return await hass.async_add_executor_job(lambda: {port: _real(port) for port in ports})


async def async_lasting_name(hass: HomeAssistant, port: str) -> str:
    """The name under which the port is found again when others come and go."""
    return await hass.async_add_executor_job(usb.get_serial_by_id, port)


async def async_adapter(hass: HomeAssistant, port: str) -> str | None:
    """The make of the USB adapter behind a port, `VID:PID`; None if it has none."""
    devices = await _async_usb_devices(hass)
    real = await _async_real(hass, [port, *(device.device for device in devices)])
    makes = [_make(device) for device in devices if real[device.device] == real[port]]
    return makes[0] if makes else None


async def async_is_taken(hass: HomeAssistant, port: str, idle: Collection[str]) -> bool:
    """Whether something that is loaded is set up for this port; `idle` entries do not count."""
    taken = await _async_taken(hass, await _async_usb_devices(hass), idle)
    return (await _async_real(hass, [port]))[port] in taken


async def async_like(
    hass: HomeAssistant, adapter: str | None, but: str, asked: Collection[str]
) -> list[str]:
    """Free ports where a node with such an adapter may be, but for one, and those asked before.

    Nothing else is ever opened: what another make of adapter leads to is none of our business.
    """
    devices = await _async_usb_devices(hass)
    taken = await _async_taken(hass, devices, ())
    alike = [device.device for device in devices if _make(device) == adapter]
    real = await _async_real(hass, [but, *alike])
    return [port for port in alike if real[port] not in {*taken, real[but]} and port not in asked]


async def _async_taken(
    hass: HomeAssistant, devices: list[usb.USBDevice], idle: Collection[str]
) -> set[str]:
    consumers = await usb.async_get_serial_port_consumers(hass, devices)
    used = [
        port
        for port, found in consumers.items()
        if any(one.active and one.config_entry_id not in idle for one in found)
    ]
    return set((await _async_real(hass, used)).values())


async def _async_usb_devices(hass: HomeAssistant) -> list[usb.USBDevice]:
    try:
        ports = await usb.async_scan_serial_ports(hass)
    except OSError:
        return []
    return [port for port in ports if isinstance(port, usb.USBDevice)]


def _make(device: usb.USBDevice) -> str:
    return f"{device.vid}:{device.pid}"
