"""What all entities of a plant have in common."""

from typing import override

from homeassistant.core import callback
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
        self._said: object = None

    @property
    def said(self) -> object:
        """What it shows of a judgement; what is equal is not written again.

        Most of what is known of a plant does not change from one minute to the next, and to write
        a state takes longer than to judge. By default every judgement is written.
        """
        return object()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        said = (self.available, self.said)
        if said != self._said:
            self._said = said
            super()._handle_coordinator_update()
