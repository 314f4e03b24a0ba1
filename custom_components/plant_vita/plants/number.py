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
from ..species.thresholds import (
    CLEAN_DAYS,
    FEED_DAYS,
    INTERVALS,
    LIMITS,
    REPOT_MONTHS,
    ROTATE_DAYS,
    WATER_DAYS,
    Limit,
)
from .coordinator import PlantCoordinator
from .entity import PlantEntity
from .profile import MONTH_DAYS, NEEDS
from .state import Care, PlantState

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


def _between(key: str, *, enabled: bool = True) -> LimitEntityDescription:
    least, most = INTERVALS[key]
    months = key == REPOT_MONTHS
    return LimitEntityDescription(
        key=key,
        translation_key=key,
        device_class=NumberDeviceClass.DURATION,
        entity_category=EntityCategory.CONFIG,
        native_unit_of_measurement=UnitOfTime.MONTHS if months else UnitOfTime.DAYS,
        native_min_value=least,
        native_max_value=most,
        entity_registry_enabled_default=enabled,
        native_step=1,
        mode=NumberMode.BOX,
    )


# Few want to say how often a plant is turned, wiped or repotted.
_SELDOM = (ROTATE_DAYS, CLEAN_DAYS, REPOT_MONTHS)
NUMBERS = (
    *map(_of, LIMITS.values()),
    _between(WATER_DAYS),
    _between(FEED_DAYS),
    *(_between(key, enabled=False) for key in _SELDOM),
)


class LimitNumber(PlantEntity, NumberEntity):
    """One limit; what a person sets holds in every season, until the limits are reset."""

    entity_description: LimitEntityDescription

    @property
    @override
    def native_value(self) -> float | None:
        own = self.coordinator.definition.limits.get(self.entity_description.key)
        return _value(self.entity_description, self.coordinator.data) if own is None else own

    @property
    @override
    def said(self) -> object:
        return self.native_value, self.extra_state_attributes

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        return {"overridden": self.entity_description.key in self.coordinator.definition.limits}

    @override
    async def async_set_native_value(self, value: float) -> None:
        own = self.coordinator.definition.limits
        await self.coordinator.async_set_limits({**own, self.entity_description.key: value})


def _value(description: LimitEntityDescription, state: PlantState) -> float | None:
    now, chores = state.thresholds, state.chores
    if (limit := description.limit) is None:
        days = {
            WATER_DAYS: now.water_days,
            FEED_DAYS: now.feed_days,
            ROTATE_DAYS: chores.get(Care.ROTATED, 0),
            CLEAN_DAYS: chores.get(Care.CLEANED, 0),
            REPOT_MONTHS: round(chores.get(Care.REPOTTED, 0) / MONTH_DAYS),
        }
        return days[description.key]
    band = now.bands.get(limit.measure)
    return getattr(band, limit.edge) if band else None


def of_plant(coordinator: PlantCoordinator) -> Iterable[PlantEntity]:
    """Limits of what is measured only; the days for every plant."""
    for description in NUMBERS:
        limit = description.limit
        if limit is None or coordinator.definition.has(NEEDS[limit.measure]):
            yield LimitNumber(coordinator, description)
