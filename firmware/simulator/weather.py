"""Air and light around a plant, from recorded hours of weather (see data/README.md)."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

RECORD = Path(__file__).parent / "data" / "greensboro.csv"
HOUR = 3600
DAY = 24 * HOUR
LUX_PER_WATT = 110  # daylight, per W/m² of global radiation


@dataclass(frozen=True, kw_only=True)
class Air:
    """What surrounds a leaf: °C, % relative humidity, hPa, W/m² of daylight, lx of all light."""

    temperature: float
    humidity: float
    pressure: float
    radiation: float
    light: float

    @property
    def vpd(self) -> float:
        """Vapour pressure deficit in kPa."""
        return saturation(self.temperature) * (1 - self.humidity / 100)


class Climate(Protocol):
    """A place with weather; `seconds` count from midnight of the first day of the record."""

    def at(self, seconds: float) -> Air:
        """The air at this moment."""


def saturation(temperature: float) -> float:
    """Saturation vapour pressure over water in kPa (Magnus, coefficients of Alduchov 1996)."""
    return 0.61094 * math.exp(17.625 * temperature / (temperature + 243.04))


@cache
def _record(month: int) -> tuple[tuple[float, ...], ...]:
    with RECORD.open(encoding="ascii", newline="") as file:
        rows = [row for row in csv.DictReader(file) if int(row["month"]) == month]
    if not rows:
        raise ValueError(f"no weather is recorded for month {month}")
    keys = ("temperature", "humidity", "radiation", "pressure")
    return tuple(tuple(float(row[key]) for key in keys) for row in rows)


def _between(rows: Sequence[tuple[float, ...]], seconds: float) -> list[float]:
    """The row at this time; an hour's values stand for its middle, the record repeats."""
    place = seconds / HOUR - 0.5
    first = math.floor(place)
    share = place - first
    before, after = rows[first % len(rows)], rows[(first + 1) % len(rows)]
    return [a + (b - a) * share for a, b in zip(before, after, strict=True)]


class Outdoors:
    """A balcony: the weather as it was recorded, in `shade` (1 = full sky)."""

    def __init__(self, month: int = 6, *, shade: float = 0.5) -> None:
        self._rows = _record(month)
        self._shade = shade

    def at(self, seconds: float) -> Air:
        """The air on the balcony."""
        temperature, humidity, radiation, pressure = _between(self._rows, seconds)
        seen = max(0.0, radiation) * self._shade
        return Air(
            temperature=temperature,
            humidity=humidity,
            pressure=pressure,
            radiation=seen,
            light=seen * LUX_PER_WATT,
        )


class Indoors:
    """A heated room behind a window: slow, mild, dim; a lamp in the evening."""

    def __init__(self, month: int = 11, *, window: float = 0.06, lamp: float = 150.0) -> None:
        self._window = window
        self._lamp = lamp
        self._rows = _damped(_record(month))

    def at(self, seconds: float) -> Air:
        """The air in the room."""
        temperature, humidity, radiation, pressure = _between(self._rows, seconds)
        seen = max(0.0, radiation) * self._window
        evening = 17.5 <= seconds / HOUR % 24 <= 22.5
        return Air(
            temperature=temperature,
            humidity=humidity,
            pressure=pressure,
            radiation=seen,
            light=seen * LUX_PER_WATT + (self._lamp if evening else 2.0),
        )


def _damped(rows: tuple[tuple[float, ...], ...]) -> tuple[tuple[float, ...], ...]:
    """Walls take out the day, heating the cold; vapour comes in with the air and from people."""
    slow_warmth = sum(row[0] for row in rows) / len(rows)
    slow_vapour = sum(saturation(row[0]) * row[1] / 100 for row in rows) / len(rows)
    inside = []
    for hour, (warmth, damp, radiation, pressure) in enumerate(rows):
        slow_warmth += (warmth - slow_warmth) / 30
        slow_vapour += (saturation(warmth) * damp / 100 - slow_vapour) / 8
        heating = 0.0 if hour % 24 in range(6) else 1.2
        room = max(18.5, 19.0 + 0.25 * (slow_warmth - 12)) + heating + 0.0025 * radiation
        humidity = 100 * (slow_vapour + 0.22) / saturation(room)
        inside.append((room, min(78.0, max(25.0, humidity)), radiation, pressure))
    return tuple(inside)
