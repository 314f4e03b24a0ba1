"""Keeping Home Assistant's registries in step with what a node says it has."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..const import DOMAIN
from ..coordinator import PlantVitaConfigEntry
from ..model.node import NodeInfo
from .names import channel_unique_id


@callback
def async_remove_gone(hass: HomeAssistant, entry: PlantVitaConfigEntry, info: NodeInfo) -> None:
    """Follow a new description: firmware version, and entities of channels that are no more."""
    devices = dr.async_get(hass)
    if device := devices.async_get_device(identifiers={(DOMAIN, info.hardware_id)}):
        devices.async_update_device(device.id, sw_version=info.firmware, model=info.model)
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
