"""Whether a plant needs somebody."""

from collections.abc import Iterable, Mapping
from typing import Any, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)

from .coordinator import PlantCoordinator
from .entity import PlantEntity

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
    def said(self) -> object:
        return self.is_on, self.coordinator.data.reasons

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        return {"reasons": list(self.coordinator.data.reasons)}


def of_plant(coordinator: PlantCoordinator) -> Iterable[PlantEntity]:
    """Whether it needs somebody."""
    yield PlantProblem(coordinator, PLANT_PROBLEM)
