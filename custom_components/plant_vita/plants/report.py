"""A plant as plain data, for actions that answer: times in ISO 8601, units as in `units.py`."""

from typing import TYPE_CHECKING, Any, Final

from homeassistant.util import dt as dt_util

from ..model.plant import Quantiles
from ..model.species import Measure
from .definition import Input

if TYPE_CHECKING:
    from .coordinator import PlantCoordinator

# Beside the words of `Silence`: nothing measures its soil.
NOT_MEASURED: Final = "not_measured"


def of_plant(plant: PlantCoordinator) -> dict[str, Any]:
    """Everything that its entities show, in one answer."""
    state, health = plant.data, plant.data.health
    return {
        "plant_id": plant.plant_id,
        "name": plant.definition.name,
        "species": plant.definition.species or None,
        "health": state.score,
        "problem": state.problem,
        "reasons": list(state.reasons),
        "limiting": health.limiting if health else None,
        "measured": {
            one: {"value": _rounded(now.value), "at": _iso(now.measured_at), "stale": now.stale}
            for one, now in state.inputs.items()
        },
        "dli": _rounded(state.dli),
        "dli_today": _rounded(state.dli_today),
        "vpd": _rounded(state.vpd),
        "last": {care: _iso(at) for care, at in state.last.items()},
        "next_watering": _iso(state.next_watering),
        "days_to_dry": _quantiles(state.days_to_dry),
        "next_feeding": _iso(state.next_feeding),
        "growth": _rounded(state.growth.weekly) if state.growth else None,
        "limits": {
            measure: {
                "minimum": band.minimum,
                "low": band.low,
                "high": band.high,
                "maximum": band.maximum,
            }
            for measure, band in state.thresholds.bands.items()
        },
    }


def why_not(plant: PlantCoordinator) -> str | None:
    """The key of why nothing, or not everything, can be said of when it will be dry."""
    drying = plant.data.drying
    return NOT_MEASURED if drying is None else drying.silence


def forecast_of(plant: PlantCoordinator) -> dict[str, Any]:
    """When it will be dry, how moist its soil will be until then, and when to water it next.

    All that is expected comes with its 10, 50 and 90 % quantiles, and holds if nobody waters.
    """
    state, drying = plant.data, plant.data.drying
    band = state.thresholds.bands.get(Measure.MOISTURE)
    moisture = state.inputs.get(Input.MOISTURE)
    earliest, latest = state.watering_between or (None, None)
    at = state.at if drying is None else drying.at
    return {
        "plant_id": plant.plant_id,
        "name": plant.definition.name,
        "at": _iso(at),
        "moisture": _rounded(moisture.value) if moisture else None,
        "dry_below": band.low if band else None,
        "days_to_dry": _quantiles(state.days_to_dry),
        "expected": [
            {"hours": hours, "at": _iso(at + 3600 * hours), **(_quantiles(level) or {})}
            for hours, level in (drying.levels if drying else {}).items()
        ],
        "learnt_days": drying.learnt_days if drying else None,
        "next_watering": _iso(state.next_watering),
        "earliest": _iso(earliest),
        "latest": _iso(latest),
        "why_not": why_not(plant),
    }


def care_of(plant: PlantCoordinator, start: float, end: float) -> list[dict[str, Any]]:
    """What was done for it from `start` until `end` (Unix seconds), the oldest first."""
    log = plant.memory.log
    return [{"care": str(care), "at": _iso(at)} for at, care in log if start <= at < end]


def local_iso(moment: float, timespec: str = "auto") -> str:
    """A moment, Unix seconds, as a clock in the house shows it, in ISO 8601 to the `timespec`."""
    return dt_util.as_local(dt_util.utc_from_timestamp(moment)).isoformat(timespec=timespec)


def _quantiles(found: Quantiles | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "low": _rounded(found.low),
        "median": _rounded(found.median),
        "high": _rounded(found.high),
    }


def _iso(seconds: float | None) -> str | None:
    return None if seconds is None else dt_util.utc_from_timestamp(seconds).isoformat()


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
