"""Photos of plants."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .plants.entry import GardenConfigEntry
from .plants.image import async_add_photos

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GardenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Make the photos of the plants; nodes have none."""
    await async_add_photos(hass, entry, async_add_entities)
