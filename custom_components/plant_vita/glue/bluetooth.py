"""Nodes heard over Bluetooth, by way of Home Assistant's own `bluetooth` and its proxies.

What a paired node tells to everybody becomes readings of its own entities; one that asks to be
paired is met like one that has dialled in. Nothing heard here ever moves an actuator.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from homeassistant.core import CoreState, HomeAssistant, callback
from homeassistant.helpers.importlib import async_import_module
from homeassistant.setup import async_when_setup

from ..const import DOMAIN
from ..coordinator import NodeCoordinator
from ..model.errors import FrameError
from ..model.node import Radio
from ..node.beacon import Beacon
from ..node.session import NodeSession
from ..protocol.beacon import COMPANY, MAGIC, sealed_readings, unpaired_id
from ..protocol.bthome import UsedCountError
from ..protocol.handshake import CODE_KID
from ..protocol.limits import LABEL_CHARS_MAX
from ..protocol.text import plain_text
from .calling import Calls, peer_at
from .hub import STRANGER_GONE_S, STRANGERS_MAX, Hub

if TYPE_CHECKING:
    from homeassistant.components.bluetooth import BluetoothChange, BluetoothServiceInfoBleak

BLUETOOTH = "bluetooth"
_PUZZLED_EVERY_S = 600.0
# A node that is awake and has Wi-Fi, too, is back there by then: each change of the way ends what
# its pump does.
_BACK_WITHIN_S = 30.0


def spelled(address: bytes) -> str:
    """An address as Home Assistant spells it."""
    return address.hex(":").upper()


def name_told(heard: BluetoothServiceInfoBleak) -> str | None:
    """The name that an unpaired node tells; without one, Home Assistant gives its address."""
    return None if heard.name == heard.address else plain_text(heard.name, LABEL_CHARS_MAX)


@dataclass(slots=True)
class Bluetooth:
    """What is heard, by node, and who is called because of it."""

    hass: HomeAssistant
    hub: Hub
    _calls: Calls = field(init=False)
    _listening: bool = False
    _beacons: dict[str, Beacon] = field(default_factory=dict)
    # Where nodes that ask to be paired are, by hardware id.
    _unpaired: dict[str, str] = field(default_factory=dict)
    # Who had its last session over another link, or may have had before a start.
    _elsewhere: set[str] = field(default_factory=set)
    # When a node was last called only because it could not be read.
    _puzzled: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Nobody is heard before `async_follow`."""
        self._calls = Calls(self.hass, self.hub)

    @callback
    def async_follow(self) -> None:
        """Listen as soon as there is a `bluetooth` integration; there need never be one."""
        async_when_setup(self.hass, BLUETOOTH, self._async_listen)

    async def _async_listen(self, hass: HomeAssistant, _component: str) -> None:
        # Only now are its libraries sure to be there.
        from homeassistant.components import bluetooth  # noqa: PLC0415

        # Its libraries take longer to import than the loop may be kept waiting.
        await async_import_module(hass, f"custom_components.{DOMAIN}.transport.gatt")
        self._listening = True
        bluetooth.async_register_callback(
            hass,
            self._async_heard,
            bluetooth.BluetoothCallbackMatcher(
                connectable=False, manufacturer_id=COMPANY, manufacturer_data_start=list(MAGIC)
            ),
            bluetooth.BluetoothScanningMode.PASSIVE,
        )

    @callback
    def _async_heard(self, heard: BluetoothServiceInfoBleak, _change: BluetoothChange) -> None:
        payload = heard.manufacturer_data[COMPANY]
        if (hardware_id := unpaired_id(payload)) is not None:
            self._async_meet(hardware_id, heard)
        elif (
            (data := sealed_readings(payload)) is not None
            and (node := self._node_at(heard.address)) is not None
            and (radio := node.info.radio) is not None
        ):
            self._async_read(node, radio, data, connectable=heard.connectable)

    def _node_at(self, address: str) -> NodeCoordinator | None:
        for coordinator in self.hub.coordinators.values():
            radio = coordinator.info.radio
            if radio is not None and spelled(radio.address) == address:
                return coordinator
        return None

    # --- paired nodes ----------------------------------------------------------------------------

    @callback
    def _async_read(
        self, node: NodeCoordinator, radio: Radio, data: bytes, *, connectable: bool
    ) -> None:
        """Take in what a node tells, and call it if there is more to say."""
        wanted, puzzling = self._is_wanted(node), False
        try:
            told = self._beacons.setdefault(node.hardware_id, Beacon()).take(
                node.info, radio, self._keys(node.hardware_id), data
            )
        except UsedCountError:
            pass
        except FrameError:
            puzzling = self._is_puzzling(node.hardware_id)
        else:
            wanted = wanted or told.asks
            if node.session is None:
                # In a session the node says all of it itself, and more exactly.
                node.async_overheard(told.values(node.info.channels))
        if connectable and node.session is None and (wanted or puzzling):
            self._async_call(node, spelled(radio.address), puzzling=puzzling)

    @callback
    def _async_call(self, node: NodeCoordinator, address: str, *, puzzling: bool) -> None:
        if node.hardware_id in self._elsewhere:
            self._elsewhere.discard(node.hardware_id)
            if not node.info.sleeps:
                self._calls.async_leave_alone(address, _BACK_WITHIN_S)
                return
        if self._calls.async_call(node, address) and puzzling:
            self._puzzled[node.hardware_id] = self.hass.loop.time()

    def _is_puzzling(self, hardware_id: str) -> bool:
        """The node may have begun a new count, and its next session says so.

        It may also be somebody else, who shall not make us empty its battery.
        """
        last = self._puzzled.get(hardware_id)
        return last is None or self.hass.loop.time() - last >= _PUZZLED_EVERY_S

    def _is_wanted(self, node: NodeCoordinator) -> bool:
        """Whether there is anything to say to a node that asks for nothing."""
        unconfirmed = len(self.hub.keys.kids(node.hardware_id)) > 1
        return not node.info.sleeps or bool(node.queue.waiting) or unconfirmed

    @callback
    def async_attach(self, node: NodeCoordinator) -> None:
        """A node's entry is there: from now on its next word counts, and so does what waits."""
        if self.hass.state is not CoreState.running:
            self._elsewhere.add(node.hardware_id)
        self._async_listen_for(node)
        node.async_on_arrival(lambda session: self._async_arrived(node, session))
        node.queue.listen(lambda: self._async_listen_for(node))

    @callback
    def _async_arrived(self, node: NodeCoordinator, session: NodeSession) -> None:
        radio = node.info.radio
        if radio is None or session.peer != peer_at(spelled(radio.address)):
            self._elsewhere.add(node.hardware_id)

    @callback
    def _async_listen_for(self, node: NodeCoordinator) -> None:
        if self._listening and node.session is None and (radio := node.info.radio) is not None:
            self._calls.async_hear_again(spelled(radio.address))

    def _keys(self, hardware_id: str) -> list[tuple[int, bytes]]:
        """The keys that a paired node may hold."""
        held = self.hub.keys
        return [
            (kid, key)
            for kid in sorted(held.kids(hardware_id), reverse=True)
            if kid != CODE_KID and (key := held.key(hardware_id, kid)) is not None
        ]

    # --- unpaired ones ---------------------------------------------------------------------------

    @callback
    def _async_meet(self, hardware_id: str, heard: BluetoothServiceInfoBleak) -> None:
        known = self.hub.coordinators.get(hardware_id)
        if known and known.info.radio and spelled(known.info.radio.address) != heard.address:
            # Somebody else uses the name of a node whose radio we know.
            return
        if hardware_id not in self._unpaired and len(self._unpaired) >= STRANGERS_MAX:
            # Somebody may be making up names: the one that was heard of first gives way.
            del self._unpaired[next(iter(self._unpaired))]
        self._unpaired[hardware_id] = heard.address
        self.hub.async_asked(hardware_id, None, name_told(heard))
        # It says the same all the time, and is forgotten when it is silent.
        self._calls.async_hear_again_in(STRANGER_GONE_S / 3, heard.address)
        if self.hub.desk.key(hardware_id) is not None:
            self.async_pair(hardware_id)

    @callback
    def async_pair(self, hardware_id: str) -> None:
        """A code has been typed for this node: call it if it is near."""
        if (address := self._unpaired.get(hardware_id)) is not None:
            self._calls.async_pair(hardware_id, address)

    # --- for diagnostics -------------------------------------------------------------------------

    @callback
    def async_report(self, hardware_id: str) -> dict[str, Any] | None:
        """What has been heard of a node; None if nothing ever was."""
        beacon = self._beacons.get(hardware_id)
        if beacon is None:
            return None
        return {
            "read": beacon.read,
            "unreadable": beacon.unreadable,
            "failed_calls": self._calls.failed.get(hardware_id, 0),
        }
