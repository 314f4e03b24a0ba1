"""Keeping Home Assistant's registries in step with what a node says it has."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..const import DOMAIN
from ..coordinator import PlantVitaConfigEntry
from ..model.node import NodeInfo
from ..model.quantity import CAMERA
from .names import channel_label, channel_unique_id


@callback
def async_follow(
    hass: HomeAssistant, entry: PlantVitaConfigEntry, before: NodeInfo, info: NodeInfo
) -> None:
    """Follow a new description of a node: its device, channels that are no more, and names."""
    devices = dr.async_get(hass)
    identifier = (DOMAIN, info.hardware_id)
    if device := devices.async_get_device_by_identifier(identifier, entry.entry_id):
        devices.async_update_device(
            device.id,
            model=info.model,
            name=info.name or entry.title,
            sw_version=info.firmware,
        )
    _remove_gone(hass, entry, info)
    labels = _labels(info)
    renamed = any(labels.get(which, label) != label for which, label in _labels(before).items())
    if renamed or before.has(CAMERA) != info.has(CAMERA):
        # Entities have their names from their birth, and what shows cameras is set up with one.
        hass.loop.call_soon(hass.config_entries.async_schedule_reload, entry.entry_id)


def _labels(info: NodeInfo) -> dict[tuple[int, str], str | None]:
    return {(one.index, one.kind): channel_label(info, one) for one in info.channels}


def _remove_gone(hass: HomeAssistant, entry: PlantVitaConfigEntry, info: NodeInfo) -> None:
    stems = tuple(
        channel_unique_id(info.hardware_id, channel.index, channel.kind)
        for channel in info.channels
    )
    entities = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(entities, entry.entry_id):
        tail = entity.unique_id.removeprefix(f"{info.hardware_id}_")
        is_channel = tail[:1].isdigit()
        if is_channel and not any(
            entity.unique_id == stem or entity.unique_id.startswith(f"{stem}_") for stem in stems
        ):
            entities.async_remove(entity.entity_id)
