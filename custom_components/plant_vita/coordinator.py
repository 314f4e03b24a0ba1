"""What Home Assistant knows of one node, pushed by the node."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, Context, HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .const import CONF_NODE, DOMAIN, LOGGER
from .model.errors import LinkError, NotConnectedError, ProtocolError, RateLimitError
from .model.node import Actuator, Fault, NodeInfo, NodeState, Reading, Value
from .model.quantity import BY_WIRE
from .model.reading import Check, check_of
from .model.stored import as_stored, from_stored
from .node.pace import Pace
from .node.queue import CommandQueue
from .node.received import Keeper, Received
from .node.session import NodeSession
from .node.shutter import Shutter
from .presence import GRACE_AFTER_START_S, LATENESS_S, Presence
from .protocol.handshake import CloseCode
from .protocol.messages import NodeLog, OutputReport, Telemetry

# Contexts of listeners: what of a node they want to hear of. A channel's own is its index.
NODE = "node"
FAULTS = "faults"

# Older readings are history, not state.
LATE_MS = 90_000
# A node may say a dozen things at once, and after a restart all nodes do: each state is a row.
SHOW_EVERY_S = 0.25
# "Last seen" is for people, and each change of it a row in the recorder.
SEEN_EVERY_S = 60.0
# A state that only hurries on while the node still says the same would be a new row each time.
SAME_END_S = 1.5

type PlantVitaConfigEntry = ConfigEntry[NodeRuntime]
type InfoListener = Callable[[NodeInfo, NodeInfo], None]
type OutputListener = Callable[[OutputReport], None]


@dataclass(slots=True)
class NodeRuntime:
    """The runtime data of a node's entry."""

    coordinator: NodeCoordinator
    platforms: Sequence[str]
    shutter: Shutter | None = None  # of a node that has a camera


class NodeCoordinator(DataUpdateCoordinator[NodeState]):
    """Holds the `NodeState` of one node, pushed by it; its `data` is never None."""

    config_entry: PlantVitaConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: PlantVitaConfigEntry, inbox: Keeper, received: Received
    ) -> None:
        """Start from what the entry remembers of the node, and the disk of its readings."""
        super().__init__(hass, LOGGER, config_entry=entry, name=f"{DOMAIN} {entry.title}")
        self.data = NodeState(info=from_stored(entry.data[CONF_NODE]))
        self.session: NodeSession | None = None
        self.received = received
        self.report: Context | None = None  # that is just being shown
        self.log: list[tuple[float, NodeLog]] = []
        self.complaints: dict[str, int] = {}
        self.accepted = 0
        self._inbox = inbox
        self._unshown: list[tuple[float, dict[int, Value]]] = []
        self._pace = Pace(hass.loop, SHOW_EVERY_S, self._show)
        self._faulty = False
        self._by_context: dict[object, list[CALLBACK_TYPE]] = {}
        self.kinds: dict[int, str] = {}
        self._checks: dict[int, Check] = {}
        self._know_channels(self.info)
        self._remembered = self._remember()
        self._info_listeners: list[InfoListener] = []
        self._arrivals: list[Callable[[NodeSession], None]] = []
        self._output_listeners: list[OutputListener] = []
        self.presence = Presence(hass, entry, self.async_update_listeners)
        self.presence.async_expect(self.info, grace=GRACE_AFTER_START_S)
        self.queue = CommandQueue(time.time, lambda: self.presence.patience(self.info))

    @property
    def info(self) -> NodeInfo:
        """What the node last said of itself."""
        assert self.data.info is not None  # noqa: S101 - set in __init__ and never taken back
        return self.data.info

    @property
    def hardware_id(self) -> str:
        """The node's own id."""
        return self.info.hardware_id

    @property
    def available(self) -> bool:
        """Whether what we know can still be believed, by the node's own rhythm."""
        return self.presence.available

    @property
    def live_session(self) -> NodeSession:
        """The session for a command; raises `NotConnectedError`."""
        if self.session is None or self.session.closed:
            raise NotConnectedError
        return self.session

    @callback
    def async_on_info(self, listener: InfoListener) -> CALLBACK_TYPE:
        """Call `listener` with the description of the node before and after, when it changes."""
        self._info_listeners.append(listener)
        return lambda: self._info_listeners.remove(listener)

    @callback
    def async_on_arrival(self, listener: Callable[[NodeSession], None]) -> CALLBACK_TYPE:
        """Call `listener` whenever a session has begun."""
        self._arrivals.append(listener)
        return lambda: self._arrivals.remove(listener)

    @callback
    def async_on_outputs(self, listener: OutputListener) -> CALLBACK_TYPE:
        """Call `listener` with all that the node itself says of its outputs, news or not."""
        self._output_listeners.append(listener)
        return lambda: self._output_listeners.remove(listener)

    @callback
    def _publish(self, data: NodeState, changed: Collection[object]) -> None:
        """Replace the state and tell the listeners of what changed, and only these.

        A node with a dozen entities sends a few values at a time; writing all the states each time
        would cost several times as much as everything else on the way.
        """
        self.data = data
        for context in changed:
            for update in self._by_context.get(context, ()):
                update()

    @callback
    @override
    def async_add_listener(
        self, update_callback: CALLBACK_TYPE, context: object = None
    ) -> Callable[[], None]:
        """Listen to `context` only; to everything that concerns all entities in any case."""
        remove = super().async_add_listener(update_callback, context)
        # Replaced, not changed: a listener may be added or removed while they are called.
        listeners = self._by_context.get(context, [])
        self._by_context[context] = [*listeners, update_callback]

        @callback
        def _remove() -> None:
            remove()
            self._by_context[context] = [
                listener for listener in self._by_context[context] if listener != update_callback
            ]

        return _remove

    @override
    async def _async_update_data(self) -> NodeState:
        # A person may ask for an update of an entity: what we have is the newest.
        return self.data

    # --- a session begins and ends -------------------------------------------------------------

    async def async_serve(self, session: NodeSession) -> None:
        """Listen to the node until the session ends; never raises for what a node can do."""
        older, self.session = self.session, session
        if older is not None:
            # A node that lost its power left a link behind that nobody answers on any more.
            self.hass.async_create_background_task(
                older.close(CloseCode.REPLACED), f"{self.name}: close the older link"
            )
        self._arrived(session)
        try:
            await session.greet(time.time())
            for listener in list(self._arrivals):
                listener(session)
            if self.queue.waiting:
                self.config_entry.async_create_background_task(
                    self.hass, self.queue.deliver(), f"{self.name}: what waits"
                )
            await session.run(self)
        except ProtocolError as error:
            self._complain("protocol", f"broke the protocol: {error}")
        except LinkError as error:
            if isinstance(error, RateLimitError):
                self._complain("rate", str(error))
            LOGGER.debug("%s: link ended: %s", self.name, error)
        finally:
            if self.session is session:
                self.session = None
                self._left()

    @callback
    def _arrived(self, session: NodeSession) -> None:
        now = time.time()
        self._take_info(session.info)
        started = now - session.info.uptime_ms / 1000
        known = self.data.started_at
        outputs = self.data.unsure_outputs()
        self._publish(
            replace(
                self.data,
                info=session.info,
                connected=True,
                actuators=outputs,
                last_seen=now,
                # Rounding and latency must not make a new boot time at each reconnect.
                started_at=known if known and abs(known - started) < LATENESS_S else started,
            ),
            {NODE, FAULTS, *outputs},
        )
        self.presence.async_arrived()

    @callback
    def _left(self) -> None:
        outputs = self.data.unsure_outputs()
        self._publish(replace(self.data, connected=False, actuators=outputs), {NODE, *outputs})
        self.presence.async_expect(self.info)

    @override
    async def async_shutdown(self) -> None:
        # First of all: the end of the session must not begin to wait for the node.
        await super().async_shutdown()
        self.presence.async_stop()
        self.queue.close()
        if self.session is not None:
            await self.session.close(CloseCode.GOING_AWAY)
        self._pace.finish()

    def _complain(self, kind: str, what: str) -> None:
        """Count every fault of the node, and log each kind once."""
        count = self.complaints.get(kind, 0)
        self.complaints[kind] = count + 1
        if not count:
            LOGGER.warning("%s %s; the link was closed", self.config_entry.title, what)

    # --- what the node says ---------------------------------------------------------------------

    @callback
    def on_telemetry(self, session: NodeSession, telemetry: Telemetry) -> None:
        """Take in readings: the new ones to the disk, the present ones to the state."""
        now = time.time()
        boot, fresh = self.received.fresh(telemetry, session.info.boot)
        self.accepted += len(fresh)
        present = [one for one in fresh if one.age_ms <= LATE_MS]
        self._unshown += [(now - one.age_ms / 1000, one.values) for one in present]
        self._pace.ask()
        self._inbox.keep(session, boot, fresh, now)

    @callback
    def async_overheard(self, values: dict[int, float]) -> None:
        """Take in what the node has told to everybody: shown, and left for a session to keep."""
        self.presence.async_heard(self.info)
        self._unshown.append((time.time(), dict(values)))
        self._pace.ask()

    @callback
    def _show(self) -> None:
        """Make state of what has come since the last time.

        When several messages come at once, after a gap in the link or in a flood, only the newest
        value of a channel becomes state: the ones before it would be rows in the recorder at a time
        at which they were not measured. They go to the statistics instead.
        """
        unshown, self._unshown = self._unshown, []
        readings: dict[int, Reading] = {}
        faulty = self._faulty
        for moment, values in unshown:
            for index, raw in values.items():
                if (check := self._checks.get(index)) is not None:
                    value = check(raw)
                    readings[index] = Reading(value, moment)
                    faulty = faulty or value.__class__ is Fault
        # The newest too: it says until when the one before it held.
        for moment, values in unshown if len(unshown) > 1 else ():
            self._inbox.overtaken(self.hardware_id, moment, values)
        known, now, changed = self.data, time.time(), list[object](readings)
        seen = known.last_seen
        if seen is None or now - seen >= SEEN_EVERY_S:
            changed.append(NODE)
            seen = now
        elif not readings:
            return
        data = known.measured({**known.readings, **readings}, seen)
        if faulty:
            self._faulty = bool(data.faults)
            changed.append(FAULTS)
        self.received.latest = data.readings
        self.report = Context()
        try:
            self._publish(data, changed)
        finally:
            self.report = None

    @callback
    def on_outputs(self, session: NodeSession, report: OutputReport) -> None:
        """Take in what the actuators do now: the only thing that turns a switch (W17)."""
        now = time.time()
        outputs = dict(self.data.actuators)
        for index, remaining in report.remaining_ms.items():
            before = outputs.get(index)
            until = now + remaining / 1000 if remaining else None
            if before and until and before.until and abs(before.until - until) < SAME_END_S:
                until = before.until
            outputs[index] = Actuator(
                on=remaining > 0,
                until=until,
                level=report.levels.get(index),
                lock=report.locks.get(index),
            )
        changed = {
            index for index, output in outputs.items() if self.data.actuators.get(index) != output
        }
        self._publish(replace(self.data, actuators=outputs, why=report.why), changed)
        for listener in list(self._output_listeners):
            listener(report)

    @callback
    def on_hello(self, session: NodeSession, info: NodeInfo) -> None:
        """Take in a new description within a session."""
        self._take_info(info)
        self._publish(replace(self.data, info=info), {NODE, FAULTS})

    @callback
    def on_log(self, session: NodeSession, line: NodeLog) -> None:
        """Keep the node's last words for diagnostics."""
        self.log = [*self.log[-19:], (time.time(), line)]
        LOGGER.debug("%s says (%s) %s", self.config_entry.title, line.level, line.text)

    def _know_channels(self, info: NodeInfo) -> None:
        before = self.kinds
        self.kinds = {channel.index: channel.kind for channel in info.channels}
        self._checks = {index: check_of(BY_WIRE.get(kind)) for index, kind in self.kinds.items()}
        rewired = {index for index, kind in before.items() if self.kinds.get(index) != kind}
        if rewired:
            # What was a moisture must not be shown as a temperature, nor a fault outlive its input.
            self.data = self.data.without(rewired)
            self.received.latest = self.data.readings
            self._faulty = bool(self.data.faults)

    def _remember(self) -> dict[int, Reading]:
        """Show again what was received before a restart; the same check as for what is live."""
        readings = {
            index: Reading(self._checks[index](value), moment)
            for index, (value, moment) in self.received.latest.items()
            if index in self._checks
        }
        self.data = replace(self.data, readings=readings)
        self._faulty = bool(self.data.faults)
        return readings

    @callback
    def _take_info(self, info: NodeInfo) -> None:
        self._know_channels(info)
        stored = as_stored(info)
        if stored == self.config_entry.data[CONF_NODE]:
            return
        kept = {**self.config_entry.data, CONF_NODE: stored}
        self.hass.config_entries.async_update_entry(self.config_entry, data=kept)
        before, self.data = self.info, replace(self.data, info=info)
        for listener in self._info_listeners:
            listener(before, info)

    # --- what nobody but the actuation path and restored entities may say ---------------------

    @callback
    def async_mark_unknown(self, index: int) -> None:
        """A command for this output left and was not acknowledged: nobody knows (W17)."""
        known = self.data.actuators.get(index)
        self._publish(
            replace(
                self.data,
                actuators={
                    **self.data.actuators,
                    index: Actuator(on=None, level=known.level if known else None),
                },
            ),
            {index},
        )

    @callback
    def async_restore(self, index: int, reading: Reading) -> None:
        """What Home Assistant knew of a channel before a restart, and when it showed that.

        Anything from the node itself wins, and so does what the disk remembers of it, unless it is
        certainly older: Home Assistant notes what it shows every fifteen minutes and at its end.
        """
        known = self.data.readings.get(index)
        if known is not None and (
            known is not self._remembered.get(index)
            or reading.measured_at <= known.measured_at + LATE_MS / 1000
        ):
            return
        self.received.latest = {**self.data.readings, index: reading}
        self.data = replace(self.data, readings=self.received.latest)
