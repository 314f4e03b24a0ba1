"""Whether a plant needs somebody."""

from collections.abc import Iterable, Mapping
from typing import Any, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import Platform
from homeassistant.core import callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import PlantCoordinator
from .entity import PlantEntity, async_add_plants
from .garden import GardenConfigEntry

PLANT_PROBLEM = BinarySensorEntityDescription(
    key="plant_problem",
    translation_key="plant_problem",
    device_class=BinarySensorDeviceClass.PROBLEM,
)


class PlantProblem(PlantEntity, BinarySensorEntity):
    """On while anything is wrong, or not known any more; `reasons` says what."""

    @property
    @override
    def is_on(self) -> bool | None:
        return self.coordinator.data.problem

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        return {"reasons": list(self.coordinator.data.reasons)}


@callback
def async_add_binary_sensors(
    entry: GardenConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Make the binary sensors of all plants."""
    async_add_plants(entry, async_add_entities, Platform.BINARY_SENSOR, _binary_sensors)


def _binary_sensors(coordinator: PlantCoordinator) -> Iterable[PlantEntity]:
    yield PlantProblem(coordinator, PLANT_PROBLEM)
