"""The one thing of Plant Vita that is not an entry.

Where nodes arrive before anybody knows them.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_INTEGRATION_DISCOVERY
from homeassistant.const import CONF_DEVICE, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import discovery_flow

from ..const import DOMAIN, LOGGER
from ..coordinator import NodeCoordinator, PlantVitaConfigEntry
from ..model.errors import LinkError, PlantVitaError
from ..model.node import NodeInfo
from ..node.door import Door, NotAdmittedError
from ..node.pairing import PairingDesk
from ..node.session import NodeSession
from ..protocol.crypto import KEY
from ..protocol.handshake import CODE_KID, CloseCode, Dial, VersionError
from ..protocol.limits import Limits
from ..protocol.messages import NodeLog, OutputReport, Telemetry
from ..transport.link import Link
from . import issues
from .inbox import Inbox
from .keystore import KeyStore
from .ports import Ports

if TYPE_CHECKING:
    from .bluetooth import Bluetooth
    from .cable import CableKeeper

# Anybody on the network can pretend to be many unpaired nodes; a person can look at so many.
STRANGERS_MAX = 32
STRANGER_GONE_S = 90.0
# How long a person waits for the node after typing its code: it dials every 5 s while unpaired.
PAIR_WITHIN_S = 45.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Stranger:
    """A node that has dialled in and has no entry.

    `model` and `label` are its own words. It has `info` if it has shown that it holds a key of
    ours: then its pairing was cut short before the entry was made, and no code is needed.
    """

    hardware_id: str
    model: str | None
    label: str | None
    info: NodeInfo | None
    seen_at: float


class _Deaf:
    """Listens to a session that is only there to hand over a key.

    What is not confirmed comes again.
    """

    def on_telemetry(self, session: NodeSession, telemetry: Telemetry) -> None:
        """Leave the readings with the node."""

    def on_outputs(self, session: NodeSession, report: OutputReport) -> None:
        """Nobody is shown these yet."""

    def on_hello(self, session: NodeSession, info: NodeInfo) -> None:
        """The session keeps it."""

    def on_log(self, session: NodeSession, line: NodeLog) -> None:
        """Nobody is shown these yet."""


@dataclass(slots=True)
class Hub:
    """Keys, the door, the inbox, the ports, and which coordinator speaks with which node."""

    hass: HomeAssistant
    limits: Limits = field(default_factory=Limits)
    coordinators: dict[str, NodeCoordinator] = field(default_factory=dict)
    turned_away: dict[str, int] = field(default_factory=dict)
    keys: KeyStore = field(init=False)
    desk: PairingDesk = field(init=False)
    door: Door = field(init=False)
    inbox: Inbox = field(init=False)
    ports: Ports = field(init=False)
    cables: dict[str, CableKeeper] = field(default_factory=dict)
    bluetooth: Bluetooth | None = None
    stranger_met: asyncio.Event = field(default_factory=asyncio.Event)
    _strangers: dict[str, Stranger] = field(default_factory=dict)
    # Whose dialog has to stay, for whoever typed the code to be told how it ended.
    _typed: set[str] = field(default_factory=set)
    _links: set[Link] = field(default_factory=set)
    _stopping: bool = False

    def __post_init__(self) -> None:
        """Put the pieces together; nothing is read or opened yet."""
        clock: Callable[[], float] = self.hass.loop.time
        self.keys = KeyStore(self.hass)
        self.desk = PairingDesk(clock)
        self.door = Door(
            self.keys, self.desk, self.limits, clock, self._on_unpaired, self._on_version
        )
        self.inbox = Inbox(self.hass, self._kind_of)
        self.ports = Ports(self.hass)

    async def async_start(self) -> None:
        """Read what earlier runs left."""
        await self.keys.async_load()
        await self.inbox.async_start()
        self.hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self._async_stop)

    async def _async_stop(self, _event: Event) -> None:
        # Open sockets would hold up the shutdown of the HTTP server, also of those who say nothing.
        self._stopping = True
        await asyncio.gather(
            *(cable.async_stop() for cable in list(self.cables.values())),
            *(coordinator.async_shutdown() for coordinator in self.coordinators.values()),
            *(link.close(CloseCode.GOING_AWAY) for link in self._links),
        )
        self.door.close()
        await self.inbox.async_stop()

    def _kind_of(self, hardware_id: str, index: int) -> str | None:
        coordinator = self.coordinators.get(hardware_id)
        return coordinator.kinds.get(index) if coordinator else None

    # --- nodes arrive ---------------------------------------------------------------------------

    async def async_receive(self, link: Link) -> None:
        """Serve whoever has dialled in until the link ends.

        Never raises for what a caller can do.
        """
        if self._stopping:
            await link.close(CloseCode.GOING_AWAY)
            return
        # aiohttp cancels whoever serves a link that is lost, wherever that may be; not in the midst
        # of writing a key or counting.
        await asyncio.shield(
            self.hass.async_create_background_task(
                self._async_receive(link), f"Plant Vita link {link.peer}"
            )
        )

    async def _async_receive(self, link: Link) -> None:
        self._links.add(link)
        try:
            await self._async_admit(link)
        finally:
            self._links.discard(link)

    async def _async_admit(self, link: Link) -> None:
        try:
            session = await self.door.admit(link)
        except NotAdmittedError as error:
            self._count(error.word or "proof", f"{link.peer}: {error}")
        except LinkError as error:
            self._count("slow", f"{link.peer}: {error}")
        else:
            await self._async_serve(session)

    def _count(self, kind: str, what: str) -> None:
        count = self.turned_away.get(kind, 0)
        self.turned_away[kind] = count + 1
        # Anybody on the network can call as often as they like; a log is not theirs to fill.
        LOGGER.log(
            logging.DEBUG if count else logging.INFO,
            "Turned away (%s, %s before): %s",
            kind,
            count,
            what,
        )

    async def _async_serve(self, session: NodeSession) -> None:
        hardware_id = session.info.hardware_id
        if session.kid == CODE_KID:
            await self._async_serve_unkeyed(session)
            return
        if self.keys.key(hardware_id, session.kid) is None:
            # It was unpaired in the middle of the handshake.
            await session.close(CloseCode.UNKNOWN_KEY)
            return
        await self.keys.async_confirm(hardware_id, session.kid)
        if hardware_id not in self._typed and (entry := self._entry(hardware_id)):
            # Whoever made us ask for a new code was not this node.
            issues.async_close_code_dialogs(self.hass, entry)
        coordinator = self.coordinators.get(hardware_id)
        if coordinator is not None and self._has_room_for(coordinator):
            issues.async_clear_version(self.hass, coordinator.config_entry)
            await coordinator.async_serve(session)
            return
        if coordinator is None and self._entry(hardware_id) is None:
            self._meet(hardware_id, session.info.model, session.info.name, session.info)
        # An entry that is not loaded, or one that is just being made: the node asks again.
        await session.close(CloseCode.BUSY)

    def _has_room_for(self, coordinator: NodeCoordinator) -> bool:
        return coordinator.session is not None or self.limits.nodes > sum(
            other.session is not None for other in self.coordinators.values()
        )

    async def _async_serve_unkeyed(self, session: NodeSession) -> None:
        hardware_id = session.info.hardware_id
        if not session.claimed:
            key = self.keys.key(hardware_id, CODE_KID)
            if key is None:
                # Whoever typed the code has gone while the node was proving it.
                await session.close(CloseCode.UNPAIRED)
                return
            # A pairing was cut short between writing the keys and handing the new one over.
            self.hass.async_create_background_task(
                self._async_resume_pairing(session, key), f"Plant Vita rekey {hardware_id}"
            )
        try:
            # A node says nothing before it has been greeted, not even that it has a new key.
            await session.greet(time.time())
            await session.run(_Deaf())
        except PlantVitaError as error:
            LOGGER.debug("%s: pairing session ended: %s", hardware_id, error)

    async def _async_resume_pairing(self, session: NodeSession, key: bytes) -> None:
        try:
            await self._async_rekey(session, key)
        except PlantVitaError as error:
            LOGGER.debug("%s: not rekeyed: %s", session.info.hardware_id, error)

    async def _async_rekey(self, session: NodeSession, key: bytes) -> None:
        """Replace the code's key by a random one; the node dials again with it."""
        new_key = secrets.token_bytes(KEY)
        try:
            kid = await self.keys.async_prepare(session.info.hardware_id, session.kid, key, new_key)
            await session.hand_over_key(kid, new_key)
        finally:
            await session.close(CloseCode.GOING_AWAY)

    # --- strangers --------------------------------------------------------------------------------

    @callback
    def _on_unpaired(self, dial: Dial) -> None:
        """An unpaired node has dialled in."""
        self.async_asked(dial.hardware_id, dial.model, dial.label)

    @callback
    def async_asked(self, hardware_id: str, model: str | None, label: str | None) -> None:
        """An unpaired node is there, by its own words: ask a person for its code."""
        if entry := self._entry(hardware_id):
            if CONF_DEVICE in entry.data:
                # A node on a cable has no key, so whoever uses its name here is somebody else.
                return
            if not self._is_connected(hardware_id) and entry.disabled_by is None:
                entry.async_start_reauth(self.hass)
            return
        self._meet(hardware_id, model, label, None)

    @callback
    def _on_version(self, error: VersionError) -> None:
        """A node of ours, or somebody who uses its name, speaks another version of the protocol."""
        entry = self._entry(error.hardware_id)
        if entry and not self._is_connected(error.hardware_id):
            issues.async_raise_version(self.hass, entry, error.version)

    def _is_connected(self, hardware_id: str) -> bool:
        """While the real node is connected, whoever else bears its name is somebody else."""
        coordinator = self.coordinators.get(hardware_id)
        return coordinator is not None and coordinator.session is not None

    def _entry(self, hardware_id: str) -> PlantVitaConfigEntry | None:
        entry = self.hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, hardware_id)
        # A node that a person does not want to hear of is a stranger still.
        return None if entry is None or entry.source == SOURCE_IGNORE else entry

    def _meet(
        self, hardware_id: str, model: str | None, label: str | None, info: NodeInfo | None
    ) -> None:
        now = self.hass.loop.time()
        known = self._strangers.get(hardware_id)
        if known is None and len(self._strangers) >= STRANGERS_MAX:
            self._forget_gone(now)
            if len(self._strangers) >= STRANGERS_MAX:
                return
        stranger = Stranger(
            hardware_id=hardware_id, model=model, label=label, info=info, seen_at=now
        )
        self._strangers[hardware_id] = stranger
        # Wakes everybody who waits now; who comes later looks at the list first.
        self.stranger_met.set()
        self.stranger_met = asyncio.Event()
        if known is None or bool(known.info) != bool(info):
            self._announce(stranger)

    def _forget_gone(self, now: float) -> None:
        for hardware_id, stranger in list(self._strangers.items()):
            if now - stranger.seen_at > STRANGER_GONE_S:
                del self._strangers[hardware_id]

    def _announce(self, stranger: Stranger) -> None:
        announced = self.hass.config_entries.flow.async_progress_by_handler(
            DOMAIN, match_context={"source": SOURCE_INTEGRATION_DISCOVERY}
        )
        if len(announced) >= STRANGERS_MAX:
            # Strangers are forgotten in time, their flows are not: somebody makes up names.
            return
        discovery_flow.async_create_flow(
            self.hass,
            DOMAIN,
            context={"source": SOURCE_INTEGRATION_DISCOVERY},
            data={
                "hardware_id": stranger.hardware_id,
                "model": stranger.model,
                "label": stranger.label,
            },
        )

    @callback
    def async_strangers(self) -> list[Stranger]:
        """The nodes without an entry that have dialled in lately."""
        now = self.hass.loop.time()
        return [
            stranger
            for stranger in self._strangers.values()
            if now - stranger.seen_at <= STRANGER_GONE_S
            and self._entry(stranger.hardware_id) is None
        ]

    @callback
    def async_stranger(self, hardware_id: str) -> Stranger | None:
        """What is known of one node without an entry."""
        return self._strangers.get(hardware_id)

    # --- pairing ---------------------------------------------------------------------------------

    async def async_pair(self, hardware_id: str, code: str) -> NodeInfo:
        """Pair with the code that a person has typed: what the node says of itself.

        Raises a `PairingError`, or another `PlantVitaError` if the new key could not be handed
        over.
        """
        self._typed.add(hardware_id)
        unanswered = False
        if self.bluetooth is not None:
            self.bluetooth.async_pair(hardware_id)
        try:
            key, session = await self.desk.pair(hardware_id, code, PAIR_WITHIN_S)
            await self._async_rekey(session, key)
        except LinkError:
            unanswered = True
            raise
        finally:
            if not unanswered:
                self._typed.discard(hardware_id)
        self._strangers.pop(hardware_id, None)
        return session.info

    async def async_unpair(self, hardware_id: str) -> None:
        """Forget a node.

        It is told so when it dials again, and stays dry until its button is held.
        """
        self._strangers.pop(hardware_id, None)
        self.inbox.forget(hardware_id)
        await self.keys.async_forget(hardware_id)

    @callback
    def async_attach(self, coordinator: NodeCoordinator) -> None:
        """From now on this coordinator speaks with its node."""
        self._strangers.pop(coordinator.hardware_id, None)
        self.coordinators[coordinator.hardware_id] = coordinator
        if self.bluetooth is not None:
            self.bluetooth.async_attach(coordinator)

    @callback
    def async_detach(self, coordinator: NodeCoordinator) -> None:
        """The entry is being unloaded."""
        self.coordinators.pop(coordinator.hardware_id, None)
