"""A model of the house that needs no network: what scripts/develop and the tests ask.

A custom component of its own, so that Home Assistant's AI Task is the real one.
"""

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant

DOMAIN = "lab_model"


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Bring in the model."""
    await hass.config_entries.async_forward_entry_setups(entry, [Platform.AI_TASK])
    return True


async def async_unload_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Take it away."""
    return await hass.config_entries.async_unload_platforms(entry, [Platform.AI_TASK])
