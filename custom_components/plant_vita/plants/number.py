"""The limits of a plant: its species' in this season, until a person sets a number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import EntityCategory, UnitOfTime

from ..model.species import Measure
from ..species.thresholds import FEED_DAYS, LIMITS, WATER_DAYS, Limit, Thresholds
from .coordinator import PlantCoordinator
from .entity import PlantEntity
from .profile import NEEDS

_CLASSES = {
    Measure.MOISTURE: NumberDeviceClass.MOISTURE,
    Measure.TEMPERATURE: NumberDeviceClass.TEMPERATURE,
    Measure.HUMIDITY: NumberDeviceClass.HUMIDITY,
    Measure.CONDUCTIVITY: NumberDeviceClass.CONDUCTIVITY,
}


@dataclass(frozen=True, kw_only=True)
class LimitEntityDescription(NumberEntityDescription):
    """`limit` is None for a number of days between two cares."""

    limit: Limit | None = None


def _of(limit: Limit) -> LimitEntityDescription:
    return LimitEntityDescription(
        key=limit.key,
        translation_key=limit.key,
        device_class=_CLASSES.get(limit.measure),
        entity_category=EntityCategory.CONFIG,
        native_unit_of_measurement=limit.unit,
        native_min_value=limit.minimum,
        native_max_value=limit.maximum,
        native_step=10.0**-limit.decimals,
        mode=NumberMode.BOX,
        limit=limit,
    )


def _days(key: str) -> LimitEntityDescription:
    return LimitEntityDescription(
        key=key,
        translation_key=key,
        device_class=NumberDeviceClass.DURATION,
        entity_category=EntityCategory.CONFIG,
        native_unit_of_measurement=UnitOfTime.DAYS,
        native_min_value=1,
        native_max_value=365,
        native_step=1,
        mode=NumberMode.BOX,
    )


NUMBERS = (*map(_of, LIMITS.values()), _days(WATER_DAYS), _days(FEED_DAYS))


class LimitNumber(PlantEntity, NumberEntity):
    """One limit; what a person sets holds in every season, until the limits are reset."""

    entity_description: LimitEntityDescription

    @property
    @override
    def native_value(self) -> float | None:
        key, now = self.entity_description.key, self.coordinator.data.thresholds
        own = self.coordinator.definition.limits.get(key)
        return _value(self.entity_description, now) if own is None else own

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        return {"overridden": self.entity_description.key in self.coordinator.definition.limits}

    @override
    async def async_set_native_value(self, value: float) -> None:
        own = self.coordinator.definition.limits
        await self.coordinator.async_set_limits({**own, self.entity_description.key: value})


def _value(description: LimitEntityDescription, now: Thresholds) -> float | None:
    if (limit := description.limit) is None:
        return now.water_days if description.key == WATER_DAYS else now.feed_days
    band = now.bands.get(limit.measure)
    return getattr(band, limit.edge) if band else None


def of_plant(coordinator: PlantCoordinator) -> Iterable[PlantEntity]:
    """Limits of what is measured only; the days for every plant."""
    for description in NUMBERS:
        limit = description.limit
        if limit is None or coordinator.definition.has(NEEDS[limit.measure]):
            yield LimitNumber(coordinator, description)
