"""A plant as the card draws it: plain data, small, times in whole Unix seconds."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from homeassistant.const import UnitOfConductivity, UnitOfRatio, UnitOfTemperature
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import TemperatureConverter

from ..analysis.light import expected
from ..analysis.series import DAY_S, HOUR_S, Series
from ..model.species import Measure, Species
from .definition import Input
from .state import Care, PlantState

if TYPE_CHECKING:
    from .coordinator import PlantCoordinator

# More than a phone has pixels for.
_POINTS: Final = 240
# The fan ends with the week that the axis has for it, however far the forecast looks.
_AHEAD_S: Final = 7 * DAY_S

# What the sky still gives today is what it gave in the same hours of so many days.
_DAYS_BACK: Final = 3

# What a card shows of each input. Light is shown as its sum over the day.
_SHOWN = {
    Input.MOISTURE: Measure.MOISTURE,
    Input.TEMPERATURE: Measure.TEMPERATURE,
    Input.HUMIDITY: Measure.HUMIDITY,
    Input.CONDUCTIVITY: Measure.CONDUCTIVITY,
}

type Json = dict[str, Any]


def shown(plant: PlantCoordinator, species: Species | None, language: str) -> Json:
    """Everything but the curves; a measure is there when the plant has anything bound to it."""
    state = plant.data
    return {
        "plant_id": plant.plant_id,
        "name": plant.definition.name,
        "species": species.scientific_name if species else plant.definition.species,
        "common_name": species.common_name(language) if species else "",
        "form": species.form if species else None,
        "at": round(state.at),
        "health": state.score,
        "limiting": state.health.limiting if state.health else None,
        "problem": state.problem,
        "reasons": list(state.reasons),
        "measures": dict(_measures(plant, state)),
        "light": _light(plant) if plant.definition.has(Input.LIGHT) else None,
        "last": {care: round(at) for care, at in state.last.items()},
        "next_watering": _whole(state.next_watering),
        "between": [_whole(at) for at in state.watering_between or (None, None)],
        "next_feeding": _whole(state.next_feeding),
    }


def chart(plant: PlantCoordinator, now: float, days: int) -> Json:
    """The moisture of the last `days` days, its forecast and the waterings.

    `history` is [[time, %], …] of at most 240 points, `forecast` [[time, low, median, high], …]
    with its 10, 50 and 90 % quantiles, `target` [low, high] or None.
    """
    start = now - days * DAY_S
    track = plant.memory.tracks.get(Input.MOISTURE)
    band = plant.data.thresholds.bands.get(Measure.MOISTURE)
    return {
        "now": round(now),
        "start": round(start),
        "target": [band.low, band.high] if band else None,
        "history": [] if track is None else _thinned(track.series.between(start, now), start, now),
        "forecast": list(_fan(plant.data)),
        "watered": [
            round(at) for at, care in plant.memory.log if care is Care.WATERED and at > start
        ],
    }


def _measures(plant: PlantCoordinator, state: PlantState) -> Iterator[tuple[str, Json]]:
    status = (
        {factor.measure: factor.status for factor in state.health.factors} if state.health else {}
    )
    for one, measure in _SHOWN.items():
        if (known := state.inputs.get(one)) is None:
            continue
        unit, convert = _in_house(measure, plant.hass)
        yield (
            measure,
            {
                "value": None if known.value is None else round(convert(known.value), 1),
                "unit": unit,
                "at": _whole(known.measured_at),
                "stale": known.stale,
                "status": status.get(measure),
                "band": [convert(edge) for edge in _band(state, measure) or ()] or None,
                "entities": [bound.entity_id for bound in plant.sources.of(one) if bound.entity_id],
            },
        )


def _in_house(measure: Measure, hass: HomeAssistant) -> tuple[str, Callable[[float], float]]:
    """The unit that people of this house read, and how to come to it."""
    if measure is Measure.TEMPERATURE:
        house = hass.config.units.temperature_unit
        return house, TemperatureConverter.converter_factory(UnitOfTemperature.CELSIUS, house)
    if measure is Measure.CONDUCTIVITY:
        return UnitOfConductivity.MICROSIEMENS_PER_CM, float
    return UnitOfRatio.PERCENTAGE, float


def _light(plant: PlantCoordinator) -> Json:
    state = plant.data
    known, evening = state.inputs.get(Input.LIGHT), _by_evening(plant)
    return {
        "today": None if state.dli_today is None else round(state.dli_today, 2),
        "by_evening": None if evening is None else round(evening, 2),
        "yesterday": None if state.dli is None else round(state.dli, 2),
        "stale": known is None or known.stale,
        "band": _band(state, Measure.DLI),
    }


def _by_evening(plant: PlantCoordinator) -> float | None:
    """The light that today will have brought (mol/m²) if the rest of it is as it usually is."""
    track = plant.memory.tracks.get(Input.LIGHT)
    if track is None or plant.data.dli_today is None:
        return None
    now = dt_util.utc_from_timestamp(plant.data.at).astimezone(dt_util.get_default_time_zone())
    spans = []
    for back in range(1, _DAYS_BACK + 1):
        # The same hour by the clock, whatever was done to the clock meanwhile.
        then = now - timedelta(days=back)
        midnight = dt_util.start_of_local_day(then.date() + timedelta(days=1))
        spans.append((then.timestamp(), midnight.timestamp()))
    since = plant.data.at - (_DAYS_BACK + 1) * DAY_S
    coming = expected(track.series.between(since, plant.data.at), spans, now=plant.data.at)
    return None if coming is None else plant.data.dli_today + coming


def _band(state: PlantState, measure: Measure) -> list[float] | None:
    band = state.thresholds.bands.get(measure)
    return None if band is None else [band.minimum, band.low, band.high, band.maximum]


def _fan(state: PlantState) -> Iterator[list[float]]:
    drying = state.drying
    known = state.inputs.get(Input.MOISTURE)
    if drying is None or not drying.levels or known is None or known.value is None:
        return
    value = round(known.value, 1)
    yield [round(drying.at), value, value, value]
    for hours, level in sorted(drying.levels.items()):
        if hours * HOUR_S > _AHEAD_S or None in (level.low, level.median, level.high):
            return
        yield [
            round(drying.at + hours * HOUR_S),
            *(
                round(float(one), 1)
                for one in (level.low, level.median, level.high)
                if one is not None
            ),
        ]


def _thinned(readings: Series, start: float, end: float) -> list[list[float]]:
    """One mean for each stretch of time that holds anything, at its newest reading."""
    if not len(readings):
        return []
    cells = ((readings.times - start) // ((end - start) / _POINTS)).astype(np.int64)
    _, first, size = np.unique(cells, return_index=True, return_counts=True)
    times = readings.times[first + size - 1].astype(np.int64).tolist()
    values = np.round(np.add.reduceat(readings.values, first) / size, 1).tolist()
    return [list(pair) for pair in zip(times, values, strict=True)]


def _whole(at: float | None) -> int | None:
    return None if at is None else round(at)
