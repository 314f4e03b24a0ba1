"""Calls to nodes over Bluetooth: one at a time for each, with a pause after one that leads nowhere.

Home Assistant connects, and the node dials over the connection; what comes then is the hub's.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from ..const import LOGGER
from ..coordinator import NodeCoordinator
from ..model.errors import LinkError
from ..node.session import NodeSession
from ..protocol.limits import GATT_BYTES_MAX
from .hub import Hub

# A proxy has three connections or so; who gets none now is called when it is heard again.
_CONNECTING_MOST = 4
_PAUSE_S, _PAUSE_MOST_S = 10.0, 600.0
# After a session a node may come back at once, but not without end.
_PAUSE_AFTER_SESSION_S = 2.0
_PAIR_AGAIN_S = 1.0
# Three signs of life missed.
_SILENCE_S = 60.0


def peer_at(address: str) -> str:
    """The name of a link to this address."""
    return f"Bluetooth {address}"


@dataclass(slots=True)
class Pauses:
    """How long a node is left alone after a call that led nowhere; seconds of any steady clock."""

    _until: dict[str, float] = field(default_factory=dict)
    _length: dict[str, float] = field(default_factory=dict)

    def over(self, address: str, now: float) -> bool:
        """Whether the node may be called."""
        return now >= self._until.get(address, now)

    def begin(self, address: str, now: float, *, proven: bool) -> float:
        """A call has ended, with a session or without: how long the pause is."""
        if proven:
            self._length.pop(address, None)
            length = _PAUSE_AFTER_SESSION_S
        else:
            length = self._length.get(address, _PAUSE_S)
            self._length[address] = min(2 * length, _PAUSE_MOST_S)
        self.until(address, now + length)
        return length

    def until(self, address: str, moment: float) -> None:
        """Leave the node alone until then."""
        self._until[address] = moment


@dataclass(slots=True)
class Calls:
    """The calls under way; `failed` counts those without a session, by node."""

    hass: HomeAssistant
    hub: Hub
    failed: dict[str, int] = field(default_factory=dict)
    _pauses: Pauses = field(default_factory=Pauses)
    _under_way: set[str] = field(default_factory=set)
    _connecting: int = 0
    _planned: dict[str, tuple[float, CALLBACK_TYPE]] = field(default_factory=dict)

    @callback
    def async_call(self, node: NodeCoordinator, address: str) -> bool:
        """Call a paired node that can be connected to now; whether it is not to be left alone."""
        if (
            address in self._under_way
            or self._connecting >= _CONNECTING_MOST
            or not self._pauses.over(address, self.hass.loop.time())
        ):
            self.async_hear_again_in(_PAUSE_S, address)
            return False
        self._under_way.add(address)
        node.config_entry.async_create_background_task(
            self.hass, self._async_call(node, address), f"Plant Vita call {address}"
        )
        return True

    @callback
    def async_leave_alone(self, address: str, seconds: float) -> None:
        """Do not call for so long."""
        self._pauses.until(address, self.hass.loop.time() + seconds)
        self.async_hear_again_in(seconds, address)

    async def _async_call(self, node: NodeCoordinator, address: str) -> None:
        proven = asyncio.Event()

        def _proven(_session: NodeSession) -> None:
            proven.set()

        stop = node.async_on_arrival(_proven)
        try:
            await self._async_talk(address)
        except LinkError as error:
            LOGGER.debug("%s: %s", address, error)
        finally:
            stop()
            self._under_way.discard(address)
            if not proven.is_set():
                self.failed[node.hardware_id] = self.failed.get(node.hardware_id, 0) + 1
            length = self._pauses.begin(address, self.hass.loop.time(), proven=proven.is_set())
            self.async_hear_again_in(length, address)

    @callback
    def async_pair(self, hardware_id: str, address: str) -> None:
        """A code has been typed for a node that is near: call it until the code is used up."""
        if address not in self._under_way:
            self._under_way.add(address)
            # Not at once: the desk learns of the code in this very moment.
            self.hass.async_create_background_task(
                self._async_pair(hardware_id, address),
                f"Plant Vita pair {address}",
                eager_start=False,
            )

    async def _async_pair(self, hardware_id: str, address: str) -> None:
        try:
            while self.hub.desk.key(hardware_id) is not None:
                try:
                    await self._async_talk(address)
                except LinkError as error:
                    LOGGER.debug("%s: %s", address, error)
                    await asyncio.sleep(_PAIR_AGAIN_S)
        finally:
            self._under_way.discard(address)
            self.async_hear_again(address)

    async def _async_talk(self, address: str) -> None:
        """Connect, and serve the node until the connection ends; raises `LinkError`."""
        from homeassistant.components import bluetooth  # noqa: PLC0415 - there need not be one

        from ..transport import gatt  # noqa: PLC0415 - imported before anybody was heard

        device = bluetooth.async_ble_device_from_address(self.hass, address, connectable=True)
        if device is None:
            msg = "no adapter or proxy near it can connect"
            raise LinkError(msg)
        self._connecting += 1
        try:
            link = await gatt.connect(
                device, peer_at(address), silence=_SILENCE_S, largest=GATT_BYTES_MAX
            )
        finally:
            self._connecting -= 1
        await self.hub.async_receive(link)

    @callback
    def async_hear_again(self, address: str) -> None:
        """Be told of the next advertisement, also if it is the same as the one before."""
        from homeassistant.components import bluetooth  # noqa: PLC0415 - as above

        bluetooth.async_clear_advertisement_history(self.hass, address)

    @callback
    def async_hear_again_in(self, seconds: float, address: str) -> None:
        """The same, some time from now; the soonest time counts."""
        due = self.hass.loop.time() + seconds
        if (planned := self._planned.get(address)) is not None:
            if planned[0] <= due:
                return
            planned[1]()

        @callback
        def _again(_now: datetime) -> None:
            del self._planned[address]
            self.async_hear_again(address)

        job = HassJob(_again, cancel_on_shutdown=True)
        self._planned[address] = due, async_call_later(self.hass, seconds, job)
