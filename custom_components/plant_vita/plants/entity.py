"""What all entities of a plant have in common."""

from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..const import DOMAIN
from .coordinator import PlantCoordinator


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
