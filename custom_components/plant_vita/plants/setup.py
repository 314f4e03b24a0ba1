"""Starting the garden: this brings in all that plants are judged and shown with."""

from itertools import chain

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant

from ..lighting import controls as light_controls, figures as light_figures
from ..lighting.lamps import Lamps
from ..lighting.register import Register
from ..watering import controls, figures
from . import binary_sensor, button, event, number, sensor, websocket
from .catalogue import async_get_catalogue
from .entry import GardenConfigEntry, GardenRuntime, Maker
from .garden import Garden, async_forget_all
from .growth import GrowthWatch
from .references import References
from .snapshots import Snapshots


def _all(*makers: Maker) -> Maker:
    return lambda plant: chain.from_iterable(make(plant) for make in makers)


MAKERS = {
    Platform.BINARY_SENSOR: binary_sensor.of_plant,
    Platform.BUTTON: button.of_plant,
    Platform.DATE: controls.dates,
    Platform.EVENT: event.of_plant,
    Platform.NUMBER: _all(number.of_plant, controls.numbers, light_controls.numbers),
    Platform.SELECT: _all(controls.selects, light_controls.selects),
    Platform.SENSOR: _all(sensor.of_plant, figures.sensors, light_figures.sensors),
    Platform.SWITCH: controls.switches,
    Platform.TIME: light_controls.times,
}


async def async_started(hass: HomeAssistant, entry: GardenConfigEntry) -> GardenRuntime:
    """Start every plant of the entry. Waits for the disk only."""
    websocket.async_register(hass)
    references = References(hass, entry)
    entry.async_on_unload(references.async_start())
    garden = Garden(hass, entry, await async_get_catalogue(hass))
    lamps = Lamps(hass, entry, garden)
    runtime = GardenRuntime(garden=garden, lamps=lamps, references=references, makers=MAKERS)
    await garden.async_follow()
    await lamps.async_start()
    Snapshots(hass, entry).async_start()
    entry.async_on_unload(GrowthWatch(hass, garden).async_watch(entry))
    return runtime


async def async_forgotten(hass: HomeAssistant, entry: GardenConfigEntry) -> None:
    """Remove what was known of the plants of the entry, and of their lamps."""
    await async_forget_all(hass, entry)
    await Register(hass).async_remove()
