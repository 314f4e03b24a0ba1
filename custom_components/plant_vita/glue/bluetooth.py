"""Nodes heard over Bluetooth, by way of Home Assistant's own `bluetooth` and its proxies.

What a paired node tells to everybody becomes readings of its own entities; one that asks to be
paired is met like one that has dialled in. Nothing heard here ever moves an actuator.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.setup import async_when_setup

from ..coordinator import NodeCoordinator
from ..model.errors import FrameError
from ..model.node import Radio
from ..node.beacon import Beacon
from ..protocol.beacon import COMPANY, MAGIC, sealed_readings, unpaired_id
from ..protocol.bthome import UsedCountError
from ..protocol.handshake import CODE_KID
from ..protocol.limits import LABEL_CHARS_MAX
from ..protocol.text import plain_text
from .hub import STRANGERS_MAX, Hub

if TYPE_CHECKING:
    from homeassistant.components.bluetooth import BluetoothChange, BluetoothServiceInfoBleak

BLUETOOTH = "bluetooth"


def spelled(address: bytes) -> str:
    """An address as Home Assistant spells it."""
    return address.hex(":").upper()


def name_told(heard: BluetoothServiceInfoBleak) -> str | None:
    """The name that an unpaired node tells; without one, Home Assistant gives its address."""
    return None if heard.name == heard.address else plain_text(heard.name, LABEL_CHARS_MAX)


@dataclass(slots=True)
class Bluetooth:
    """What is heard, by node; `ignored` counts what was of no use."""

    hass: HomeAssistant
    hub: Hub
    ignored: int = 0
    _beacons: dict[str, Beacon] = field(default_factory=dict)
    # Where nodes that ask to be paired are, by hardware id.
    _unpaired: dict[str, str] = field(default_factory=dict)

    @callback
    def async_follow(self) -> None:
        """Listen as soon as there is a `bluetooth` integration; there need never be one."""
        async_when_setup(self.hass, BLUETOOTH, self._async_listen)

    async def _async_listen(self, hass: HomeAssistant, _component: str) -> None:
        # Only now are its libraries sure to be there.
        from homeassistant.components import bluetooth  # noqa: PLC0415

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
            self._async_read(node, radio, data)
        else:
            self.ignored += 1

    def _node_at(self, address: str) -> NodeCoordinator | None:
        for coordinator in self.hub.coordinators.values():
            radio = coordinator.info.radio
            if radio is not None and spelled(radio.address) == address:
                return coordinator
        return None

    # --- paired nodes ----------------------------------------------------------------------------

    @callback
    def _async_read(self, node: NodeCoordinator, radio: Radio, data: bytes) -> None:
        beacon = self._beacons.setdefault(node.hardware_id, Beacon())
        try:
            told = beacon.take(node.info, radio, self._keys(node.hardware_id), data)
        except UsedCountError:
            return
        except FrameError:
            return
        if node.session is None:
            # In a session the node says all of it itself, and more exactly.
            node.async_overheard(told.values(node.info.channels))

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
        if hardware_id not in self._unpaired and len(self._unpaired) >= STRANGERS_MAX:
            # Somebody may be making up names: the one that was heard of first gives way.
            del self._unpaired[next(iter(self._unpaired))]
        self._unpaired[hardware_id] = heard.address
        self.hub.async_asked(hardware_id, None, name_told(heard))

    # --- for diagnostics -------------------------------------------------------------------------

    @callback
    def async_report(self, hardware_id: str) -> dict[str, Any] | None:
        """What has been heard of a node; None if nothing ever was."""
        beacon = self._beacons.get(hardware_id)
        return {"read": beacon.read, "unreadable": beacon.unreadable} if beacon else None
