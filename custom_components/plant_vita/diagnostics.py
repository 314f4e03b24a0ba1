"""What may be shown to others when something does not work: an allow-list, never keys or codes."""

import dataclasses
import re
import time
from typing import Any

from homeassistant.components.diagnostics import REDACTED
from homeassistant.core import HomeAssistant

from .coordinator import PlantVitaConfigEntry
from .glue.view import async_get_hub
from .lighting.diagnostics import of_lamps
from .model.node import NodeInfo
from .model.stored import as_stored
from .photos.archive.entry import is_archive
from .photos.entry import is_provider
from .plants.diagnostics import of_garden
from .plants.entry import GardenConfigEntry, is_garden
from .watering.diagnostics import of_pumps


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: PlantVitaConfigEntry
) -> dict[str, Any]:
    """Diagnostics of the plants, an account, or one node; ids, names and keys stay at home."""
    if is_provider(entry):
        from .photos.diagnostics import of_account  # noqa: PLC0415 - imported when it is asked for

        return of_account(entry.runtime_data)
    if is_archive(entry):
        from .photos.archive.diagnostics import of_archive  # noqa: PLC0415 - the same

        return of_archive(entry)
    if is_garden(entry):
        return _of_garden(hass, entry)
    return await _async_of_node(hass, entry)


def _of_garden(hass: HomeAssistant, entry: GardenConfigEntry) -> dict[str, Any]:
    """The plants, numbered; their pumps and lamps."""
    from .watering.waterworks import DATA_WORKS  # noqa: PLC0415 - numpy is loaded by then

    runtime, works = entry.runtime_data, hass.data.get(DATA_WORKS)
    numbered = list(runtime.garden.plants)
    return {
        **of_garden(runtime.garden),
        "pumps": of_pumps(works, numbered) if works else [],
        "lamps": of_lamps(runtime.lamps, numbered, time.time()),
    }


async def _async_of_node(hass: HomeAssistant, entry: PlantVitaConfigEntry) -> dict[str, Any]:
    coordinator = entry.runtime_data.coordinator
    hub = await async_get_hub(hass)
    data, session = coordinator.data, coordinator.session
    described = as_stored(coordinator.info)
    names = _names(entry, coordinator.info)
    cable = hub.cables.get(coordinator.hardware_id)
    return {
        "node": {
            name: described[name] for name in ("model", "firmware", "every", "sleeps", "channels")
        },
        "available": coordinator.available,
        "connected": data.connected,
        "last_seen": data.last_seen,
        "started_at": data.started_at,
        "why": data.why,
        "readings": {
            index: {"value": reading.value, "measured_at": reading.measured_at}
            for index, reading in data.readings.items()
        },
        "actuators": {
            index: dataclasses.asdict(actuator) for index, actuator in data.actuators.items()
        },
        "session": {"received": session.received, "unknown": session.unknown, "kid": session.kid}
        if session
        else None,
        "camera": shutter.report() if (shutter := entry.runtime_data.shutter) else None,
        "cable": _without(names, cable.async_report()) if cable else None,
        "bluetooth": hub.bluetooth.async_report(coordinator.hardware_id) if hub.bluetooth else None,
        "received": coordinator.accepted,
        "faults": coordinator.complaints,
        "log": [
            {"at": moment, "level": line.level, "text": names.sub(REDACTED, line.text)}
            for moment, line in coordinator.log
        ],
        "turned_away": hub.turned_away,
        "options": dict(entry.options),
    }


def _without(names: re.Pattern[str], report: dict[str, Any]) -> dict[str, Any]:
    """A board may carry its hardware id in the name of its port."""
    return {**report, "port": names.sub(REDACTED, report["port"])}


def _names(entry: PlantVitaConfigEntry, info: NodeInfo) -> re.Pattern[str]:
    """What a node may call itself in what it says to a person; its id may be spelled as a MAC."""
    spelled = r"[:-]?".join(map(re.escape, info.hardware_id))
    names = [re.escape(name) for name in (info.name, entry.title) if name]
    return re.compile("|".join([spelled, *names]), re.IGNORECASE)
