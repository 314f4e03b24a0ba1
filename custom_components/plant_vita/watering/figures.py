"""What is shown of a plant's water: how much it had, and why it gets none."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfVolume
from homeassistant.util import dt as dt_util

from ..model.watering import STANDING, Finished, Phase
from ..plants.coordinator import PlantCoordinator
from ..plants.entity import PlantEntity
from .books import Books
from .controls import WateredEntity
from .waterworks import DATA_WORKS

_ML_PER_LITRE = 1000.0


def _midnight() -> datetime:
    return dt_util.start_of_local_day()


@dataclass(frozen=True, kw_only=True)
class WaterDescription(SensorEntityDescription):
    """`value_fn` gives ml."""

    value_fn: Callable[[Books, str], float]


def _water(key: str, value_fn: Callable[[Books, str], float]) -> WaterDescription:
    return WaterDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.WATER,
        # A pulse counts whole until it is known to have been shorter: then this goes down.
        state_class=SensorStateClass.TOTAL,
        native_unit_of_measurement=UnitOfVolume.LITERS,
        suggested_display_precision=2,
        value_fn=value_fn,
    )


WATER: Final = (
    _water("water_today", lambda books, plant: books.given_ml(plant, _midnight().timestamp())),
    _water("water_total", lambda books, plant: books.given_ml(plant)),
)

# Why a plant would get nothing now, whatever is asked for.
_BUSY: Final[Mapping[Phase, str]] = {
    Phase.BOOKING: "starting",
    Phase.SENT: "starting",
    Phase.RUNNING: "running",
    Phase.PAUSED: "waiting",
    Phase.STOPPING: "stopping",
}
IDLE: Final = "idle"

STATUS: Final = SensorEntityDescription(
    key="watering_state",
    translation_key="watering_state",
    device_class=SensorDeviceClass.ENUM,
    entity_category=EntityCategory.DIAGNOSTIC,
    options=[IDLE, *dict.fromkeys(_BUSY.values()), *(str(why) for why in STANDING)],
)


class WaterSensor(WateredEntity, SensorEntity):
    """Litres, for Home Assistant's water view; known also while there is no pump."""

    entity_description: WaterDescription

    @property
    @override
    def available(self) -> bool:
        return True

    @property
    @override
    def native_value(self) -> float:
        given = self.entity_description.value_fn(self.works.books, self.plant_id)
        return round(given / _ML_PER_LITRE, 4)

    @property
    @override
    def last_reset(self) -> datetime | None:
        return _midnight() if self.entity_description.key == "water_today" else None


class StatusSensor(WateredEntity, SensorEntity):
    """What the plant's pump is about, or why it may not run; with what came of the last request."""

    _unrecorded_attributes = frozenset({"ends_at", "reason", "cause", "last_result", "queued"})

    @property
    @override
    def native_value(self) -> str | None:
        if (outlet := self.outlet) is None:
            return None
        status = outlet.status
        if status.phase in _BUSY:
            return _BUSY[status.phase]
        return IDLE if status.blocked is None else str(status.blocked)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        if (outlet := self.outlet) is None:
            return {}
        status, last = outlet.status, None
        if outlet.last is not None:
            at, demand, result = outlet.last
            last = {
                "at": dt_util.utc_from_timestamp(at).isoformat(),
                "source": str(demand.source) if demand else None,
                "why": str(result.why) if result.why else None,
                "ml": round(result.ml, 1) if isinstance(result, Finished) else 0.0,
            }
        return {
            "ends_at": dt_util.utc_from_timestamp(status.until) if status.until else None,
            "reason": str(status.blocked) if status.blocked else None,
            "cause": str(status.locked) if status.locked else None,
            "queued": status.queued,
            "last_result": last,
        }


def sensors(plant: PlantCoordinator) -> Iterable[PlantEntity]:
    """What is shown of a plant that has a pump."""
    if plant.definition.pump:
        works = plant.hass.data[DATA_WORKS]
        for description in WATER:
            yield WaterSensor(works, plant, description)
        yield StatusSensor(works, plant, STATUS)
