"""What is shown of a plant's lamp: whether it shines, and why it does not."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.const import EntityCategory

from ..plants.coordinator import PlantCoordinator
from ..plants.entity import PlantEntity
from .controls import LitEntity
from .lamp import Standing

STANDING: Final = SensorEntityDescription(
    key="light_state",
    translation_key="light_state",
    device_class=SensorDeviceClass.ENUM,
    entity_category=EntityCategory.DIAGNOSTIC,
    options=[str(one) for one in Standing],
)


class StandingSensor(LitEntity, SensorEntity):
    """How the plant and its lamp stand; with what that was decided from."""

    _unrecorded_attributes = frozenset({"light_so_far", "light_to_come", "lamp_hours_left"})

    @property
    @override
    def native_value(self) -> str | None:
        return str(self.lamp.standing(self.plant_id)) if self.lamp else None

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        outlook = self.lamp.outlooks.get(self.plant_id) if self.lamp else None
        if outlook is None:
            return {}
        light, facts = outlook.light, outlook.light.facts
        return {
            "decided_by": "measurement" if facts else "time",
            "lamp_hours_left": round(light.need.wanted_s / 3600, 1),
            "light_so_far": round(facts.dli, 2) if facts else None,
            "light_to_come": round(facts.coming, 2) if facts else None,
            "light_wanted": round(facts.target, 2) if facts else None,
            "lamp_brightness": round(facts.ppfd) if facts and light.learnt else None,
        }


def sensors(plant: PlantCoordinator) -> Iterable[PlantEntity]:
    """What is shown of a plant that has a grow light."""
    if plant.definition.grow_light:
        yield StandingSensor(plant, STANDING)
