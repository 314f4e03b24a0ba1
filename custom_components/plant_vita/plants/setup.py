"""Setting up and taking down the garden's entry."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant

from .catalogue import async_get_catalogue
from .garden import Garden, GardenConfigEntry, GardenRuntime

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.EVENT,
    Platform.NUMBER,
    Platform.SENSOR,
    Platform.TODO,
]


async def async_setup_garden(hass: HomeAssistant, entry: GardenConfigEntry) -> None:
    """Start every plant; what it is bound to need not be there."""
    garden = Garden(hass, entry, await async_get_catalogue(hass))
    entry.runtime_data = GardenRuntime(garden)
    await garden.async_follow()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    entry.async_on_unload(entry.add_update_listener(_async_updated))


async def async_unload_garden(hass: HomeAssistant, entry: GardenConfigEntry) -> bool:
    """Stop every plant, and write down what it must not forget."""
    unloaded = await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
    if unloaded:
        await entry.runtime_data.garden.async_stop()
    return unloaded


async def _async_updated(hass: HomeAssistant, entry: GardenConfigEntry) -> None:
    await entry.runtime_data.garden.async_follow()
