"""What the card of a node shows beyond its entities: how it is connected, and what has failed."""

from typing import Any, Final

import voluptuous as vol
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_DEVICE, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..const import DOMAIN
from ..coordinator import NodeCoordinator, NodeRuntime
from ..model.node import Fault
from ..model.quantity import BY_WIRE
from ..photos.permission import may_read
from .names import channel_unique_id

STATUS: Final = f"{DOMAIN}/node/status"
_SIGNAL: Final = "signal"


@callback
def async_register(hass: HomeAssistant) -> None:
    """Offer the command."""
    websocket_api.async_register_command(hass, async_status)


@callback
@websocket_api.websocket_command(
    {
        vol.Required("type"): STATUS,
        vol.Required("device_id"): vol.All(str, vol.Length(max=64)),
    }
)
def async_status(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Answer once: the card asks again when it is drawn anew, or a minute later."""
    if not may_read(hass, connection.user, msg["device_id"]):
        connection.send_error(msg["id"], websocket_api.ERR_UNAUTHORIZED, "Unauthorized")
    elif (node := _node_of(hass, msg["device_id"])) is None:
        connection.send_error(msg["id"], websocket_api.ERR_NOT_FOUND, "No such node")
    else:
        connection.send_result(msg["id"], status(hass, node))


@callback
def status(hass: HomeAssistant, node: NodeCoordinator) -> dict[str, Any]:
    """Times in Unix seconds, `every` in seconds, `signal` in dBm.

    `faults` are the faults of inputs by their entities. A node that `sleeps` is not connected most
    of the time; whether it is still believed in is `available`.
    """
    data, entities = node.data, er.async_get(hass)
    faults = {}
    for channel in node.info.channels:
        if (fault := data.faults.get(channel.index)) is None:
            continue
        unique_id = channel_unique_id(node.hardware_id, channel.index, channel.kind)
        for platform in (Platform.SENSOR, Platform.BINARY_SENSOR):
            if entity_id := entities.async_get_entity_id(platform, DOMAIN, unique_id):
                faults[entity_id] = str(fault)
    return {
        "available": node.available,
        "connected": data.connected,
        "cable": CONF_DEVICE in node.config_entry.data,
        "sleeps": node.info.sleeps,
        "every": node.info.every,
        "signal": _signal(node),
        "last_seen": None if data.last_seen is None else round(data.last_seen),
        "started": None if data.started_at is None else round(data.started_at),
        "faults": faults,
    }


def _signal(node: NodeCoordinator) -> float | None:
    """Its entity is not enabled unless somebody wants its history."""
    for channel in node.info.channels:
        quantity, reading = BY_WIRE.get(channel.kind), node.data.readings.get(channel.index)
        if quantity is not None and quantity.key == _SIGNAL and reading is not None:
            return None if isinstance(reading.value, Fault) else reading.value
    return None


@callback
def _node_of(hass: HomeAssistant, device_id: str) -> NodeCoordinator | None:
    device = dr.async_get(hass).async_get(device_id)
    entry_id = device.config_entry_id if device else None
    entry = hass.config_entries.async_get_entry(entry_id) if entry_id else None
    if entry is None or entry.domain != DOMAIN or entry.state is not ConfigEntryState.LOADED:
        return None
    return entry.runtime_data.coordinator if isinstance(entry.runtime_data, NodeRuntime) else None
