"""A node on a cable: its port opened, the right node found, and found again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import SystemRandom
from typing import TYPE_CHECKING, Any

from homeassistant.components import usb
from homeassistant.const import CONF_DEVICE
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from ..const import CONF_ADAPTER, LOGGER
from ..coordinator import NodeCoordinator, PlantVitaConfigEntry
from ..model.errors import (
    CableError,
    OtherNodeError,
    PlantVitaError,
    PortError,
    PortMissingError,
)
from ..node.cable import NodeCable
from ..node.throttle import Throttle
from ..protocol.handshake import CloseCode
from ..protocol.limits import CABLE_FROM_NODE_BYTES_MAX
from ..transport.lines import Dropped
from ..transport.serial import SerialLink, public_name
from . import ports

if TYPE_CHECKING:
    from .hub import Hub

RETRY_S = (1.0, 60.0)
# Not everywhere does Home Assistant hear of what is plugged in. Nobody is disturbed by a look at a
# port that is not there, and where the node was a moment ago it is expected again.
LOOK_AGAIN_S = 4.0
# A link that held for so long was a good one: whatever ended it, the next try may come soon.
STEADY_S = 30.0
# A port that is being asked who is there is free again after a while.
ASK_WITHIN_S = 20.0
STOP_WITHIN_S = 5.0

_jitter = SystemRandom().uniform


@asynccontextmanager
async def async_at(
    hub: Hub, port: str, *, within: float = ASK_WITHIN_S, throttle: Throttle | None = None
) -> AsyncIterator[tuple[NodeCable, SerialLink]]:
    """Open a port, and close it in the end; raises a `CableError`."""
    async with hub.ports.async_claim(port, within):
        link = SerialLink(port, longest=CABLE_FROM_NODE_BYTES_MAX, heartbeat=hub.limits.heartbeat_s)
        try:
            try:
                await link.open()
            except HomeAssistantError as error:
                # A port that another integration lends, and that is not there yet.
                raise PortError(str(error)) from error
            clock = hub.hass.loop.time
            yield NodeCable(link, limits=hub.limits, clock=clock, throttle=throttle), link
        finally:
            await link.close(CloseCode.GOING_AWAY)


class CableKeeper:
    """Keeps the link to the node of one entry, for as long as the entry is loaded.

    The node is its hardware id, not its port: on another port of the same kind it is found again.
    """

    def __init__(self, hass: HomeAssistant, entry: PlantVitaConfigEntry, hub: Hub) -> None:
        """Nothing is opened before `async_start`."""
        self._hass = hass
        self._entry = entry
        self._hub = hub
        self._throttle = Throttle(
            rate=hub.limits.messages_per_s, burst=hub.limits.burst, now=hass.loop.time()
        )
        self._port: str = entry.data[CONF_DEVICE]
        self._stirred = asyncio.Event()
        self._asked: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._opened = 0
        self._dropped = dict.fromkeys(Dropped, 0)
        self._link: SerialLink | None = None
        self._fault: str | None = None

    @property
    def _coordinator(self) -> NodeCoordinator:
        return self._entry.runtime_data.coordinator

    @property
    def _hardware_id(self) -> str:
        return self._coordinator.hardware_id

    @property
    def port(self) -> str:
        """Where the node was last, or is expected."""
        return self._port

    @callback
    def async_start(self) -> None:
        """From now on there is a link whenever there can be one."""
        self._hub.cables[self._hardware_id] = self
        entry, hass = self._entry, self._hass
        entry.async_on_unload(self.async_stop)
        entry.async_on_unload(usb.async_register_port_event_callback(hass, self._async_plugged))
        entry.async_on_unload(entry.add_update_listener(self._async_entry_changed))
        self._begin(0)

    def _begin(self, pause: float) -> None:
        self._task = self._hass.async_create_background_task(
            self._async_keep(pause), f"Plant Vita cable {self._entry.title}"
        )
        self._task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """What should never end the task, a bug in whoever listens, must not cost the cable."""
        if not task.cancelled() and (error := task.exception()) is not None:
            LOGGER.error("The cable of %s was dropped", self._entry.title, exc_info=error)
            self._begin(RETRY_S[1])

    async def async_stop(self) -> None:
        """Close the port, within bounds; safe to call twice."""
        self._hub.cables.pop(self._hardware_id, None)
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,), timeout=STOP_WITHIN_S)

    # --- why it may be worth trying again --------------------------------------------------------

    @callback
    def _async_plugged(self, added: set[usb.USBDevice], _removed: set[usb.USBDevice]) -> None:
        self._asked -= {device.device for device in added}
        if added:
            self._stirred.set()

    async def _async_entry_changed(self, _hass: HomeAssistant, entry: PlantVitaConfigEntry) -> None:
        if (port := entry.data[CONF_DEVICE]) != self._port:
            self._port = port
            self._stirred.set()

    @callback
    def async_expect_at(self, port: str) -> None:
        """The node was heard there, or this is the one place where it may be."""
        if self._coordinator.session is None and port != self._port:
            self._remember(port)
            self._stirred.set()

    # --- the link --------------------------------------------------------------------------------

    async def _async_keep(self, pause: float) -> None:
        await asyncio.sleep(pause)
        first, most = RETRY_S
        delay = first
        while True:
            self._stirred.clear()
            began = self._hass.loop.time()
            try:
                await self._async_serve()
                delay = min(delay, LOOK_AGAIN_S)
            except PlantVitaError as error:
                self._fault = error.key
                if isinstance(error, PortMissingError):
                    delay = min(delay, LOOK_AGAIN_S)
                LOGGER.debug("%s: no node on its cable: %s", self._entry.title, error)
            if self._hass.loop.time() - began > STEADY_S:
                delay = first
            try:
                async with asyncio.timeout(delay * _jitter(0.5, 1.0)):
                    await self._stirred.wait()
                delay = first
            except TimeoutError:
                delay = min(2 * delay, most)

    async def _async_serve(self) -> None:
        """Serve the node where it was last, or else where it may be; raises why it can't."""
        try:
            # A dialog may be asking there at this moment, and will be done with it.
            await self._async_serve_at(self._port, ASK_WITHIN_S)
        except CableError as error:
            self._fault = error.key
            for port in await ports.async_like(
                self._hass, self._entry.data.get(CONF_ADAPTER), self._port, self._asked
            ):
                # Whoever is there is not disturbed again before something is plugged in.
                self._asked.add(port)
                if await self._async_is_at(port):
                    return
            raise

    async def _async_is_at(self, port: str) -> bool:
        try:
            await self._async_serve_at(port, 0)
        except PlantVitaError as error:
            LOGGER.debug("%s: not at %s: %s", self._entry.title, public_name(port), error)
            return False
        self._asked.discard(port)
        return True

    async def _async_serve_at(self, port: str, within: float) -> None:
        opening = async_at(self._hub, port, within=within, throttle=self._throttle)
        async with opening as (cable, link):
            self._opened += 1
            self._link = link
            try:
                await self._async_converse(cable, port)
            finally:
                self._dropped = self.dropped
                self._link = None

    async def _async_converse(self, cable: NodeCable, port: str) -> None:
        while True:
            info = await cable.introduce()
            if info.hardware_id != self._hardware_id:
                self._tell(info.hardware_id, port)
                raise OtherNodeError(info.hardware_id)
            await self._async_found_at(port)
            await self._coordinator.async_serve(cable.session(info))
            if not cable.restarted:
                return

    def _tell(self, hardware_id: str, port: str) -> None:
        """Another node of ours is there: then it may well have changed places with this one."""
        other = self._hub.cables.get(hardware_id)
        if other is None or other.port == port:
            return
        left, other_session = other.port, self._hub.coordinators[hardware_id].session
        if other_session is None:
            other.async_expect_at(port)
            self.async_expect_at(left)

    async def _async_found_at(self, port: str) -> None:
        self._fault = None
        name = port if port == self._port else await ports.async_lasting_name(self._hass, port)
        adapter = await ports.async_adapter(self._hass, port)
        self._remember(name, adapter or self._entry.data.get(CONF_ADAPTER))

    def _remember(self, port: str, adapter: str | None = None) -> None:
        self._port = port
        data: dict[str, Any] = {**self._entry.data, CONF_DEVICE: port}
        if adapter is not None:
            data[CONF_ADAPTER] = adapter
        if data != self._entry.data:
            self._hass.config_entries.async_update_entry(self._entry, data=data)

    # --- for diagnostics --------------------------------------------------------------------------

    @property
    def dropped(self) -> dict[Dropped, int]:
        """How many lines were thrown away since the entry was loaded, and why."""
        present = self._link.reader.dropped if self._link else {}
        return {why: count + present.get(why, 0) for why, count in self._dropped.items()}

    @callback
    def async_report(self) -> dict[str, Any]:
        """What may be shown to others of the cable."""
        return {
            "port": public_name(self._port),
            "adapter": self._entry.data.get(CONF_ADAPTER),
            "opened": self._opened,
            "open": self._link is not None,
            "dropped": {str(why): count for why, count in self.dropped.items()},
            "fault": self._fault,
        }
