"""What the to-do list and the calendar of the garden have in common."""

from typing import override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN
from .entry import GardenConfigEntry
from .garden import Garden
from .state import Care
from .upcoming import Due, upcoming


class ChoresEntity(Entity):
    """Something of the whole garden; written anew whenever what is to be done changes."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: GardenConfigEntry, description: EntityDescription) -> None:
        """Belong to the garden itself."""
        self.entity_description = description
        self.garden: Garden = entry.runtime_data.garden
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, entry.entry_id)},
            name=entry.title,
            entry_type=DeviceEntryType.SERVICE,
        )
        self._texts: dict[str, str] = {}

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self._texts = await async_get_translations(
            self.hass, self.hass.config.language, "selector", [DOMAIN]
        )
        self.async_on_remove(self.garden.async_on_chores(self._async_changed))

    @callback
    def _async_changed(self) -> None:
        self.async_write_ha_state()

    @property
    def due(self) -> list[Due]:
        """Everything that is to be done, the most urgent first."""
        return upcoming((plant.definition, plant.data) for plant in self.garden.plants.values())

    def summary(self, due: Due) -> str:
        """Say it in the house's language."""
        return f"{self._said(due.care)}: {due.name}"

    def _said(self, care: Care) -> str:
        return self._texts.get(f"component.{DOMAIN}.selector.chore.options.{care}", care)
