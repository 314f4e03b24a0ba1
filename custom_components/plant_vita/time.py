"""When the nights of plants that have a grow light begin and end."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .plants.entry import GardenConfigEntry, async_add_plants

PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GardenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Make the times of the plants."""
    async_add_plants(entry, async_add_entities, Platform.TIME)
