"""One button that ends every watering in the house."""

from typing import TYPE_CHECKING, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..glue.actuation import translated
from .waterworks import Waterworks

if TYPE_CHECKING:
    from ..plants.coordinator import PlantCoordinator
    from ..plants.entry import GardenConfigEntry

STOP_ALL = ButtonEntityDescription(key="stop_all_watering", translation_key="stop_all_watering")


class StopAllButton(ButtonEntity):
    """Stops every pump, also those of nodes that water no plant."""

    _attr_has_entity_name = True
    entity_description = STOP_ALL

    def __init__(self, works: Waterworks, entry: GardenConfigEntry) -> None:
        """Belong to the garden."""
        self._works = works
        self._attr_unique_id = f"{entry.entry_id}_{STOP_ALL.key}"

    @override
    async def async_press(self) -> None:
        if error := await self._works.async_stop(by=self.entity_id):
            raise translated(error)


@callback
def async_add_stop_all(
    works: Waterworks, entry: GardenConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Make the button as soon as there is a plant that has a pump."""
    made: list[StopAllButton] = []

    @callback
    def _look(plant: PlantCoordinator) -> None:
        if plant.definition.pump and not made:
            made.append(StopAllButton(works, entry))
            async_add_entities(made)

    entry.async_on_unload(entry.runtime_data.garden.async_on_plant(_look))
