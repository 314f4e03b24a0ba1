"""What all entities of a plant have in common."""

from collections.abc import Callable, Iterable

from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..const import DOMAIN
from .coordinator import PlantCoordinator
from .garden import GardenConfigEntry

type Maker = Callable[[PlantCoordinator], Iterable[PlantEntity]]


class PlantEntity(CoordinatorEntity[PlantCoordinator]):
    """Something of one plant; its unique id has only the plant's own id in it."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: PlantCoordinator, description: EntityDescription) -> None:
        """Belong to the plant's device, which the garden keeps."""
        super().__init__(coordinator)
        self.entity_description = description
        self._attr_unique_id = f"{coordinator.plant_id}_{description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, coordinator.plant_id)}, name=coordinator.definition.name
        )


@callback
def async_add_plants(
    entry: GardenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    platform: str,
    make: Maker,
) -> None:
    """Make the entities of every plant, now and when one is added; change them with its bindings.

    An entity that makes no sense any more is removed; should it come back, it is the same one.
    """
    there: set[str] = set()

    @callback
    def _change(coordinator: PlantCoordinator) -> None:
        wanted = {entity.unique_id or "": entity for entity in make(coordinator)}
        registry = er.async_get(coordinator.hass)
        for known in er.async_entries_for_config_entry(registry, entry.entry_id):
            of_plant = known.config_subentry_id == coordinator.plant_id
            if of_plant and known.domain == platform and known.unique_id not in wanted:
                registry.async_remove(known.entity_id)
                there.discard(known.unique_id)
        new = [entity for unique_id, entity in wanted.items() if unique_id not in there]
        there.update(entity.unique_id or "" for entity in new)
        async_add_entities(new, config_subentry_id=coordinator.plant_id)

    entry.async_on_unload(entry.runtime_data.garden.async_on_plant(_change))
