"""Starting the garden: this brings in all that plants are judged and shown with."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant

from . import binary_sensor, button, event, number, sensor
from .catalogue import async_get_catalogue
from .entry import GardenConfigEntry, GardenRuntime
from .garden import Garden

MAKERS = {
    Platform.BINARY_SENSOR: binary_sensor.of_plant,
    Platform.BUTTON: button.of_plant,
    Platform.EVENT: event.of_plant,
    Platform.NUMBER: number.of_plant,
    Platform.SENSOR: sensor.of_plant,
}


async def async_started(hass: HomeAssistant, entry: GardenConfigEntry) -> GardenRuntime:
    """Start every plant of the entry. Waits for the disk only."""
    garden = Garden(hass, entry, await async_get_catalogue(hass))
    runtime = GardenRuntime(garden=garden, makers=MAKERS)
    await garden.async_follow()
    return runtime
