"""What a plant was: means, minima and maxima of each hour or day.

From the recorder's long-term statistics of the entities it is bound to, and where those know
nothing from what the plant has noticed itself (`track.py`): of entities that have no statistics,
without a recorder, and for the hour that is not over yet.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any, Final

import numpy as np
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import DATA_INSTANCE
from sqlalchemy.exc import SQLAlchemyError

from ..analysis.lamps import Source as Lamp
from ..analysis.series import HOUR_S, NOTHING, Floats, Series
from ..const import DOMAIN, LOGGER
from .coordinator import PlantCoordinator
from .definition import Input, Scale
from .recorded import Hours, get_recorded
from .units import POSSIBLE, conversion, unchanged

HEALTH: Final = "health"
MEASURES: Final = (*Input, HEALTH)
UNITS: Final[Mapping[str, str]] = {
    Input.MOISTURE: "%",
    Input.LIGHT: "μmol/m²/s",
    Input.TEMPERATURE: "°C",
    Input.HUMIDITY: "%",
    Input.CONDUCTIVITY: "μS/cm",
    HEALTH: "%",
}
# A database that does not answer must not keep anybody waiting.
PATIENCE_S: Final = 10.0
# An entity that reports changes only holds its value for so many hours.
_HELD_HOURS = 3
_DIGITS = 2
# The hours of a month, and some more.
_NAMES_KEPT = 1000


class Period(StrEnum):
    """What is taken together."""

    HOUR = "hour"
    DAY = "day"


class From(StrEnum):
    """Where values come from."""

    STATISTICS = "statistics"
    PLANT = "plant"


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Cells of time: `edges` (n + 1,) in Unix seconds, rising, and what each cell is called."""

    edges: Floats
    names: tuple[str, ...]

    @property
    def start(self) -> float:
        """When the first cell begins."""
        return float(self.edges[0])

    @property
    def end(self) -> float:
        """When the last cell ends."""
        return float(self.edges[-1])


@dataclass(frozen=True, kw_only=True, slots=True)
class Meter:
    """One entity that measures, and what is known of what it says."""

    entity_id: str
    scale: Scale | None = None
    lamp: Lamp = Lamp.SUNLIGHT


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Bound:
    """One measure of a plant: the entities whose statistics tell it, and what it has noticed."""

    measure: str
    meters: tuple[Meter, ...]
    noticed: Series = NOTHING


def span(start: datetime, end: datetime, period: Period, zone: tzinfo) -> Span:
    """The whole hours or local days that hold `start` to `end`: days may have 23 or 25 hours.

    Where a zone is not whole hours from UTC, hours are still those of UTC, as the recorder's are.
    """
    if period is Period.HOUR:
        first, last = start.timestamp() // HOUR_S, -(-end.timestamp() // HOUR_S)
        edges = np.arange(first, last + 1, dtype=np.float64) * HOUR_S
        names = [_hour_name(edge, zone) for edge in edges[:-1].tolist()]
    else:
        day, last_day = start.astimezone(zone).date(), end.astimezone(zone)
        moments = []
        while (midnight := datetime(day.year, day.month, day.day, tzinfo=zone)) < last_day:
            moments.append(midnight)
            day += timedelta(days=1)
        edges = np.array([moment.timestamp() for moment in (*moments, midnight)], dtype=np.float64)
        names = [moment.isoformat() for moment in moments]
    return Span(edges=edges, names=tuple(names))


@lru_cache(maxsize=_NAMES_KEPT)
def _hour_name(hour: float, zone: tzinfo) -> str:
    """What the hour is called that begins then; all plants have the same ones."""
    return datetime.fromtimestamp(hour, zone).isoformat()


async def async_past(
    hass: HomeAssistant, plant: PlantCoordinator, cells: Span, measures: Collection[str]
) -> dict[str, Any]:
    """What each of the measures that it has was, by its name; plain data, times in ISO 8601."""
    bound = _bound(hass, plant, measures)
    if (recorder := hass.data.get(DATA_INSTANCE)) is not None and recorder.is_alive():
        entity_ids = {meter.entity_id for one in bound for meter in one.meters}
        read = partial(get_recorded(hass).read, hass, recorder, entity_ids, cells.start, cells.end)
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await recorder.async_add_executor_job(_told, bound, cells, read)
        except (SQLAlchemyError, RuntimeError, TimeoutError) as error:
            # It may be busy with a new version of its tables, or gone.
            LOGGER.warning("Statistics cannot be read, plants tell what they know: %s", error)
    return await hass.async_add_executor_job(_told, bound, cells, dict)


def _bound(hass: HomeAssistant, plant: PlantCoordinator, measures: Collection[str]) -> list[Bound]:
    tracks = plant.memory.tracks
    bound = [
        Bound(
            measure=one,
            meters=tuple(
                Meter(entity_id=source.entity_id, scale=source.scale, lamp=source.lamp)
                for source in plant.sources.of(one)
                if source.entity_id
            ),
            noticed=tracks[one].series if one in tracks else NOTHING,
        )
        for one in Input
        if one in measures and plant.definition.has(one)
    ]
    shown = er.async_get(hass).async_get_entity_id(
        Platform.SENSOR, DOMAIN, f"{plant.plant_id}_{HEALTH}"
    )
    if HEALTH in measures and shown:
        bound.append(Bound(measure=HEALTH, meters=(Meter(entity_id=shown),)))
    return bound


def _told(
    bound: Iterable[Bound], cells: Span, read: Callable[[], Mapping[str, Hours]]
) -> dict[str, Any]:
    recorded = read()
    return {one.measure: _of_measure(one, cells, recorded) for one in bound}


def _of_measure(bound: Bound, cells: Span, recorded: Mapping[str, Hours]) -> dict[str, Any]:
    """Unit, where the values come from, and the values of the cells of which anything is known."""
    first = -(-cells.start // HOUR_S) * HOUR_S
    count = max(0, round((-(-cells.end // HOUR_S) * HOUR_S - first) / HOUR_S))
    told = [
        _in_unit(bound.measure, meter, hours)
        for meter in bound.meters
        if (hours := recorded.get(meter.entity_id)) is not None
    ]
    table = _together(told, first, count)
    by_recorder = np.isfinite(table[:, 0])
    noticed = _together([_hourly(bound.noticed)], first, count)
    by_plant = np.isfinite(noticed[:, 0]) & ~by_recorder
    table[by_plant] = noticed[by_plant]
    sides = {From.STATISTICS: by_recorder.any(), From.PLANT: by_plant.any()}
    return {
        "unit": UNITS[bound.measure],
        "from": [str(one) for one, any_of_it in sides.items() if any_of_it],
        "values": _values(table, first, cells),
    }


def _in_unit(measure: str, meter: Meter, hours: Hours) -> Floats:
    """(n, 4) in the unit of the measure, without what cannot be true; empty if nobody knows it."""
    if measure == HEALTH:
        return hours.rows
    one, rows = Input(measure), hours.rows
    if (convert := conversion(one, hours.unit, meter.scale, meter.lamp)) is None:
        return rows[:0]
    mean, least, most = rows[:, 1:].T
    if convert is not unchanged:
        columns = [[convert(value) for value in each.tolist()] for each in (mean, least, most)]
        mean, least, most = np.array(columns, dtype=np.float64).reshape(3, -1)
    low, high = POSSIBLE[one]
    true = (mean >= low) & (mean <= high)
    # A scale may run backwards, and then the least comes from the most.
    ends = np.minimum(least, most), np.maximum(least, most)
    kept: Floats = np.stack((rows[:, 0], mean, *ends), axis=1)[true]
    return kept


def _hourly(readings: Series) -> Floats:
    """(n, 4) of the hours in which, or shortly before which, anything was noticed."""
    if not len(readings):
        return np.empty((0, 4))
    hours, first, size = np.unique(readings.times // HOUR_S, return_index=True, return_counts=True)
    rows = np.stack(
        (
            hours * HOUR_S,
            np.add.reduceat(readings.values, first) / size,
            np.minimum.reduceat(readings.values, first),
            np.maximum.reduceat(readings.values, first),
        ),
        axis=1,
    )
    held = [rows]
    missing = np.append(np.diff(hours), np.inf)
    for ahead in range(1, _HELD_HOURS + 1):
        before = np.flatnonzero(missing > ahead)
        last = readings.values[first[before] + size[before] - 1]
        held.append(np.stack(((hours[before] + ahead) * HOUR_S, last, last, last), axis=1))
    return np.concatenate(held)


def _together(parts: Iterable[Floats], first: float, count: int) -> Floats:
    """(count, 3) mean of the means, least and most of all parts in each hour from `first` on."""
    total, number = np.zeros(count), np.zeros(count)
    least, most = np.full(count, np.inf), np.full(count, -np.inf)
    for rows in parts:
        hour = np.rint((rows[:, 0] - first) / HOUR_S).astype(np.int64)
        inside = (hour >= 0) & (hour < count)
        hour, known = hour[inside], rows[inside]
        total[hour] += known[:, 1]
        number[hour] += 1
        least[hour] = np.minimum(least[hour], known[:, 2])
        most[hour] = np.maximum(most[hour], known[:, 3])
    table = np.full((count, 3), np.nan)
    some = number > 0
    table[some] = np.stack((total[some] / number[some], least[some], most[some]), axis=1)
    return table


def _values(table: Floats, first: float, cells: Span) -> list[dict[str, Any]]:
    """One mapping for each cell of which anything is known; all hours of a day count alike."""
    known = np.flatnonzero(np.isfinite(table[:, 0]))
    table = table[known]
    if not len(known):
        return []
    at = np.searchsorted(cells.edges, first + HOUR_S * known, side="right") - 1
    where, start, size = np.unique(at, return_index=True, return_counts=True)
    columns = (
        np.add.reduceat(table[:, 0], start) / size,
        np.minimum.reduceat(table[:, 1], start),
        np.maximum.reduceat(table[:, 2], start),
    )
    figures = (np.round(column, _DIGITS).tolist() for column in columns)
    names = [cells.names[cell] for cell in where.tolist()]
    return [
        {"start": name, "mean": mean, "min": least, "max": most}
        for name, mean, least, most in zip(names, *figures, strict=True)
    ]
