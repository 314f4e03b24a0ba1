"""The garden as Home Assistant's registries know it.

What judges photos must not know what gives water, and so not the plants' own entry.
"""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from ..const import CONF_KIND, DOMAIN, EntryKind


@callback
def async_garden(hass: HomeAssistant) -> ConfigEntry[Any] | None:
    """The entry of the garden, whether it runs or not."""
    entries = hass.config_entries.async_entries(DOMAIN)
    return next((one for one in entries if one.data.get(CONF_KIND) == EntryKind.GARDEN), None)


@callback
def async_device(hass: HomeAssistant, plant_id: str) -> dr.DeviceEntry | None:
    """The device of a plant; None where there is no such plant."""
    if (garden := async_garden(hass)) is None:
        return None
    devices = dr.async_get(hass)
    return devices.async_get_device_by_identifier((DOMAIN, plant_id), garden.entry_id)


@callback
def async_plant_id(hass: HomeAssistant, device_id: str) -> str | None:
    """The plant that a device is; None for any other device."""
    device, garden = dr.async_get(hass).async_get(device_id), async_garden(hass)
    if device is None or garden is None or device.config_entry_id != garden.entry_id:
        return None
    return device.config_subentry_id
