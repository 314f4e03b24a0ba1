"""A plant as plain data, for actions that answer: times in ISO 8601, units as in `units.py`."""

from typing import TYPE_CHECKING, Any

from homeassistant.util import dt as dt_util

if TYPE_CHECKING:
    from .coordinator import PlantCoordinator


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
        "days_to_dry": {
            "low": _rounded(state.days_to_dry.low),
            "median": _rounded(state.days_to_dry.median),
            "high": _rounded(state.days_to_dry.high),
        }
        if state.days_to_dry
        else None,
        "next_feeding": _iso(state.next_feeding),
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


def _iso(seconds: float | None) -> str | None:
    return None if seconds is None else dt_util.utc_from_timestamp(seconds).isoformat()


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
