"""What is known of a plant, as sensors."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfPressure, UnitOfRatio, UnitOfTime
from homeassistant.util import dt as dt_util

from ..model.plant import FARTHEST_DAYS, Direction, Trend
from ..model.species import Danger, Toxicity
from .coordinator import PlantCoordinator
from .definition import Input, PlantDefinition
from .entity import PlantEntity
from .reasons import REASONS
from .state import Care, PlantState

DLI_UNIT = "mol/m²/d"
GROWTH_UNIT = "%/wk"
NONE = "none"


def _always(_definition: PlantDefinition) -> bool:
    return True


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else dt_util.utc_from_timestamp(seconds)


@dataclass(frozen=True, kw_only=True)
class PlantSensorEntityDescription(SensorEntityDescription):
    """`has_fn` says for which plants it makes sense, the others read it from the state."""

    value_fn: Callable[[PlantState], str | float | datetime | None]
    has_fn: Callable[[PlantDefinition], bool] = _always
    attributes_fn: Callable[[PlantState], Mapping[str, Any]] | None = None


def _factors(state: PlantState) -> Mapping[str, Any]:
    health = state.health
    return {
        "limiting": health.limiting if health else None,
        "factors": {
            factor.measure: {"status": factor.status, "score": factor.score, "value": factor.value}
            for factor in (health.factors if health else ())
        },
    }


def _days_to_dry(state: PlantState) -> float | None:
    if state.drying is not None and state.drying.beyond:
        return float(FARTHEST_DAYS)
    days = state.days_to_dry
    return None if days is None or days.median is None else round(days.median, 1)


def _next_watering(state: PlantState) -> datetime | None:
    return _moment(state.next_watering if state.not_before is None else state.not_before)


def _between(state: PlantState) -> Mapping[str, Any]:
    earliest, latest = state.watering_between or (None, None)
    return {
        "earliest": _moment(earliest),
        "latest": _moment(latest),
        "not_before": state.not_before is not None,
    }


def _drying(state: PlantState) -> Mapping[str, Any]:
    """The quantiles of the forecast, or why there is none, and how much it has learnt."""
    days, drying = state.days_to_dry, state.drying
    low, high = (days.low, days.high) if days else (None, None)
    return {
        "earliest": None if low is None else round(low, 1),
        "latest": None if high is None else round(high, 1),
        "at_least": drying is not None and drying.beyond,
        "why_not": drying.silence if drying else None,
        "learnt_days": drying.learnt_days if drying else None,
    }


def _reason(state: PlantState) -> str | None:
    """The most urgent one; the others are attributes of the problem."""
    return state.reasons[0] if state.reasons else None if state.problem is None else NONE


def _direction(state: PlantState) -> str | None:
    known = state.trend.direction is not Direction.UNKNOWN
    return state.trend.direction.value if known else None


def _weekly(state: PlantState) -> Mapping[str, Any]:
    weekly = state.trend.weekly
    return {"weekly_change": None if weekly is None else round(weekly, 1)}


SENSORS = (
    PlantSensorEntityDescription(
        key="health",
        translation_key="health",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda state: state.score,
        has_fn=lambda plant: bool(plant.inputs),
        attributes_fn=_factors,
    ),
    PlantSensorEntityDescription(
        key="health_trend",
        translation_key="health_trend",
        device_class=SensorDeviceClass.ENUM,
        options=[one for one in Direction if one is not Direction.UNKNOWN],
        value_fn=_direction,
        has_fn=lambda plant: bool(plant.inputs),
        attributes_fn=_weekly,
    ),
    PlantSensorEntityDescription(
        key="problem_reason",
        translation_key="problem_reason",
        device_class=SensorDeviceClass.ENUM,
        options=[NONE, *REASONS],
        value_fn=_reason,
    ),
    PlantSensorEntityDescription(
        key="dli",
        translation_key="dli",
        native_unit_of_measurement=DLI_UNIT,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda state: state.dli,
        has_fn=lambda plant: plant.has(Input.LIGHT),
    ),
    PlantSensorEntityDescription(
        key="dli_today",
        translation_key="dli_today",
        native_unit_of_measurement=DLI_UNIT,
        suggested_display_precision=1,
        value_fn=lambda state: state.dli_today,
        has_fn=lambda plant: plant.has(Input.LIGHT),
    ),
    PlantSensorEntityDescription(
        key="vpd",
        translation_key="vpd",
        device_class=SensorDeviceClass.PRESSURE,
        native_unit_of_measurement=UnitOfPressure.KPA,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        value_fn=lambda state: state.vpd,
        has_fn=lambda plant: plant.has(Input.TEMPERATURE, Input.HUMIDITY),
    ),
    PlantSensorEntityDescription(
        key="last_watered",
        translation_key="last_watered",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda state: _moment(state.last.get(Care.WATERED)),
    ),
    PlantSensorEntityDescription(
        key="last_fed",
        translation_key="last_fed",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda state: _moment(state.last.get(Care.FED)),
    ),
    PlantSensorEntityDescription(
        key="next_watering",
        translation_key="next_watering",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=_next_watering,
        attributes_fn=_between,
    ),
    PlantSensorEntityDescription(
        key="days_to_dry",
        translation_key="days_to_dry",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.DAYS,
        suggested_display_precision=1,
        value_fn=_days_to_dry,
        has_fn=lambda plant: plant.has(Input.MOISTURE),
        attributes_fn=_drying,
    ),
    PlantSensorEntityDescription(
        key="next_feeding",
        translation_key="next_feeding",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda state: _moment(state.next_feeding),
    ),
)


# From harmless to deadly; what is not known may be anything.
_DANGERS = (Danger.NONE, Danger.UNKNOWN, Danger.MILD, Danger.TOXIC, Danger.SEVERE)


def _worst(state: PlantState) -> str | None:
    """For whom it is worst; harmless only if it is known to be so for all."""
    known = state.toxicity
    if known is None:
        return None
    return max((known.cats, known.dogs, known.children), key=_DANGERS.index).value


def _toxicity(state: PlantState) -> Mapping[str, Any]:
    known = state.toxicity or Toxicity()
    return {
        "cats": known.cats,
        "dogs": known.dogs,
        "children": known.children,
        "agent": known.agent,
        "part": known.part,
    }


# Only for plants of a known species.
TOXICITY = PlantSensorEntityDescription(
    key="toxicity",
    translation_key="toxicity",
    device_class=SensorDeviceClass.ENUM,
    entity_category=EntityCategory.DIAGNOSTIC,
    options=[*Danger],
    value_fn=_worst,
    attributes_fn=_toxicity,
)


def _growth(state: PlantState) -> float | None:
    weekly = state.growth.weekly if state.growth else None
    return None if weekly is None else round(weekly, 1)


def _grows(state: PlantState) -> Mapping[str, Any]:
    """Its direction, and what it lies between with 90 %."""
    found = state.growth or Trend()
    known = found.direction is not Direction.UNKNOWN
    return {
        "direction": found.direction if known else None,
        "low": None if found.low is None else round(found.low, 1),
        "high": None if found.high is None else round(found.high, 1),
    }


# Only for plants of which there are photos.
GROWTH = PlantSensorEntityDescription(
    key="growth",
    translation_key="growth",
    native_unit_of_measurement=GROWTH_UNIT,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=1,
    value_fn=_growth,
    attributes_fn=_grows,
)


class PlantSensor(PlantEntity, SensorEntity):
    """One figure or moment of a plant."""

    entity_description: PlantSensorEntityDescription
    _unrecorded_attributes = frozenset({"factors"})

    @property
    @override
    def native_value(self) -> str | float | datetime | None:
        return self.entity_description.value_fn(self.coordinator.data)

    @property
    @override
    def said(self) -> object:
        return self.native_value, self.extra_state_attributes

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        attributes_fn = self.entity_description.attributes_fn
        return attributes_fn(self.coordinator.data) if attributes_fn else None


def of_plant(coordinator: PlantCoordinator) -> Iterable[PlantEntity]:
    """Those that make sense for it."""
    for description in SENSORS:
        if description.has_fn(coordinator.definition):
            yield PlantSensor(coordinator, description)
    if coordinator.knows_species:
        yield PlantSensor(coordinator, TOXICITY)
    if coordinator.memory.growth is not None:
        yield PlantSensor(coordinator, GROWTH)
