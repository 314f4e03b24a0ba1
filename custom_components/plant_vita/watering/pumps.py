"""Pumps as an arbiter's driver sees them: a node's, or any switch or valve of Home Assistant.

A pump tells what it does in events, and runs for as long as it is told, once. Nothing here decides
anything.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from homeassistant.const import (
    STATE_CLOSED,
    STATE_CLOSING,
    STATE_OFF,
    STATE_ON,
    STATE_OPEN,
    STATE_OPENING,
    STATE_UNAVAILABLE,
)
from homeassistant.core import (
    CALLBACK_TYPE,
    Context,
    Event as StateEvent,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.helpers.event import async_track_state_change_event

from ..care.events import (
    Acked,
    Ended,
    Event,
    LinkDown,
    LinkUp,
    NodeRefused,
    NotSent,
    Reported,
    Unanswered,
)
from ..coordinator import NODE, NodeCoordinator
from ..glue import actuation
from ..glue.names import channel_unique_id
from ..model.errors import LinkError, NotConnectedError, PlantVitaError, RefusedError
from ..model.quantity import ActuatorKind
from ..model.watering import InterlockKind
from ..protocol.messages import OutputReport

type Feed = Callable[[Event], None]

# The protocol's words for what blocks an output; whichever else there may be blocks it, too.
_LOCKS: Final[Mapping[str, InterlockKind]] = {
    "leak": InterlockKind.LEAK,
    "tank": InterlockKind.TANK_EMPTY,
}
_ON: Final = {STATE_ON, STATE_OPEN, STATE_OPENING, STATE_CLOSING}
_OFF: Final = {STATE_OFF, STATE_CLOSED}
# A switch of any make has this long to show that it is on or off after it was told.
SHOWN_S: Final = 10.0
_AWAY, _NOTHING = "away", "nothing yet"


class Pump(Protocol):
    """One pump. `bounded` says whether it ends every pulse by itself, whatever happens here."""

    pump_id: str
    bounded: bool

    @property
    def name(self) -> str:
        """What a person calls it."""

    def async_start(self, feed: Feed) -> None:
        """Tell what it does from now on, beginning with what is known at once."""

    async def async_run(self, booking_id: str, ms: int) -> Event:
        """Run for `ms`, once; returns how the pump took it. Never raises, and ends in time."""

    async def async_off(self) -> PlantVitaError | None:
        """Turn it off; returns why it could not be told. Never raises, and ends in time."""

    async def async_close(self) -> None:
        """Tell nothing any more."""


class NodePump:
    """A pump at a node, which bounds it by itself (W1 to W8)."""

    bounded = True

    def __init__(self, coordinator: NodeCoordinator, index: int) -> None:
        """The output `index` of the node."""
        self.pump_id = node_pump_id(coordinator.hardware_id, index)
        self._coordinator = coordinator
        self._index = index
        self._listening: list[CALLBACK_TYPE] = []
        self._connected = False
        self._feed: Feed = _nobody
        self._booking: str | None = None
        self._command: str | None = None
        self._seen_on = False
        self._over: OutputReport | None = None
        self._ms = 0
        self._ends = 0.0

    @property
    def name(self) -> str:
        """The name of its node."""
        return self._coordinator.config_entry.title

    def async_start(self, feed: Feed) -> None:
        """Listen to the node."""
        self._feed = feed
        self._listening = [
            self._coordinator.async_add_listener(self._async_changed, NODE),
            self._coordinator.async_on_outputs(self._async_reported),
        ]
        self._async_changed()

    async def async_close(self) -> None:
        """Tell nothing any more."""
        for stop in self._listening:
            stop()
        self._listening, self._feed = [], _nobody

    @callback
    def _async_changed(self) -> None:
        if (connected := self._coordinator.data.connected) == self._connected:
            return
        self._connected = connected
        # An end in another session may be of another pulse, or of a reset.
        self._booking = None
        self._feed(LinkUp() if connected else LinkDown())

    @callback
    def _async_reported(self, report: OutputReport) -> None:
        remaining = report.remaining_ms.get(self._index)
        if remaining is None:
            return
        word = report.locks.get(self._index)
        lock = None if word is None else _LOCKS.get(word, InterlockKind.OVERCURRENT)
        self._seen_on = self._seen_on or remaining > 0
        ended = self._ended(report) if remaining == 0 else None
        if ended is not None:
            self._booking = None
            self._feed(ended)
        self._feed(Reported(on=remaining > 0, lock=lock))

    def _ended(self, report: OutputReport) -> Ended | None:
        """Whether this "off" is the end of the present pulse, and not what was before it."""
        if self._booking is None:
            return None
        if self._command is None:
            self._over = report if self._seen_on else None
            return None
        is_ours = report.command_id == self._command
        if not (is_ours or self._seen_on or time.monotonic() >= self._ends):
            return None
        return Ended(booking_id=self._booking, ms=self._ms if report.why == "timer" else None)

    async def async_run(self, booking_id: str, ms: int) -> Event:
        """Send the command; the node ends the pulse."""
        self._begin(booking_id, ms)
        try:
            command = await actuation.async_run_pump(self._coordinator, self._index, ms=ms)
        except PlantVitaError as error:
            self._booking = None
            return _failed(booking_id, error)
        self._command, self._ends = command, time.monotonic() + ms / 1000
        if self._over is not None:
            # A short pulse was over before its answer had come: the answer is told first.
            self._coordinator.hass.loop.call_soon(self._async_reported, self._over)
        return Acked(booking_id=booking_id)

    def _begin(self, booking_id: str, ms: int) -> None:
        self._booking, self._command, self._ms = booking_id, None, ms
        self._seen_on, self._over = False, None

    async def async_off(self) -> PlantVitaError | None:
        """Tell the node to stop; should that be lost, its own timer ends the pulse."""
        try:
            await actuation.async_stop_pump(self._coordinator, self._index)
        except PlantVitaError as error:
            return error
        return None


def _failed(booking_id: str, error: PlantVitaError) -> Event:
    match error:
        case RefusedError():
            return NodeRefused(booking_id=booking_id, reason=error.reason, retry_ms=error.retry_ms)
        case NotConnectedError():
            return NotSent(booking_id=booking_id)
        case _:
            return Unanswered(booking_id=booking_id)


def _nobody(_event: Event) -> None:
    """Nobody listens."""


def node_pump_id(hardware_id: str, index: int) -> str:
    """The id of a node's pump: that of its switch."""
    return channel_unique_id(hardware_id, index, ActuatorKind.PUMP)


class EntityPump:
    """Any switch or valve: nobody but Home Assistant ends its pulses.

    What it shows is all that is known of it; the arbiter has it turned off at the deadline, and
    again until it shows that it is off.
    """

    bounded = False

    def __init__(self, hass: HomeAssistant, pump_id: str, entity_id: str) -> None:
        """`pump_id` stays the same when the entity is renamed."""
        self.pump_id = pump_id
        self.entity_id = entity_id
        self._hass = hass
        self._feed: Feed = _nobody
        self._listening: CALLBACK_TYPE | None = None
        self._known: bool | str | None = _NOTHING
        self._booking: str | None = None
        self._telling = asyncio.Lock()
        self._shown = asyncio.Event()

    @property
    def name(self) -> str:
        """The name of the entity."""
        state = self._hass.states.get(self.entity_id)
        return state.name if state else self.entity_id

    @property
    def on(self) -> bool | None:
        """What the entity shows."""
        state = self._hass.states.get(self.entity_id)
        if state is None or state.state not in _ON | _OFF:
            return None
        return state.state in _ON

    def async_start(self, feed: Feed) -> None:
        """Listen to the entity."""
        self._feed = feed
        self._listening = async_track_state_change_event(
            self._hass, self.entity_id, self._async_changed
        )
        self._async_tell()

    async def async_close(self) -> None:
        """Tell nothing any more."""
        if self._listening is not None:
            self._listening()
        self._listening, self._feed = None, _nobody

    @callback
    def _async_changed(self, _event: StateEvent[EventStateChangedData]) -> None:
        self._shown.set()
        self._async_tell()

    @callback
    def _async_tell(self) -> None:
        """Say what the entity shows, when that is news."""
        state = self._hass.states.get(self.entity_id)
        is_there = state is not None and state.state != STATE_UNAVAILABLE
        now: bool | str | None = self.on if is_there else _AWAY
        if now == self._known:
            return
        before, self._known = self._known, now
        if now == _AWAY:
            self._booking = None
            self._feed(LinkDown())
            return
        if before in {_AWAY, _NOTHING}:
            self._feed(LinkUp())
        if now is False and before is True and self._booking is not None:
            # Perhaps somebody else has turned it off.
            booking, self._booking = self._booking, None
            self._feed(Ended(booking_id=booking))
        self._feed(Reported(on=self.on))

    async def async_run(self, booking_id: str, ms: int) -> Event:
        """Turn it on; the pulse is over when somebody turns it off."""
        failed = await self._async_call(on=True)
        if isinstance(failed, NotConnectedError):
            return NotSent(booking_id=booking_id)
        if not await self._async_shows_on(within=min(SHOWN_S, ms / 1000)):
            return Unanswered(booking_id=booking_id)
        self._booking = booking_id
        return Acked(booking_id=booking_id)

    async def async_off(self) -> PlantVitaError | None:
        """Turn it off; one call after the other."""
        if self._telling.locked():
            return None
        async with self._telling:
            failed = await self._async_call(on=False)
        # The end of a pulse comes first, should its event still be on the way.
        self._async_tell()
        if self.on is False:
            # That is no news, and yet has to be read back after a lost command. That it is still
            # on is said by its silence: saying it would only have it told again at once.
            self._feed(Reported(on=False))
        return failed

    async def _async_call(self, *, on: bool) -> LinkError | None:
        try:
            await actuation.async_switch(self._hass, self.entity_id, on=on, context=Context())
        except LinkError as error:
            return error
        return None

    async def _async_shows_on(self, *, within: float) -> bool:
        """Wait until the entity shows that it is on; False if it does not in time."""
        try:
            async with asyncio.timeout(within):
                while self.on is not True:
                    self._shown.clear()
                    await self._shown.wait()
        except TimeoutError:
            return False
        return True
