"""The world of the scripted year: weather, pots, people and sensors, and what is true of them.

Nothing here knows the product. Everything stands on a grid of twenty minutes that begins at
`BEGIN`; an index of it is a step. What is true follows from what was scripted, never from what is
shown.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]

BERLIN = ZoneInfo("Europe/Berlin")
BEGIN = datetime(2026, 1, 5, tzinfo=BERLIN)
STEP_S = 1200
HOUR = 3
DAY = 24 * HOUR
STEPS = 366 * DAY

SILENT = np.nan
UNAVAILABLE = np.inf

# The limits that every plant is given: what is bad in this world, in %, °C and μS/cm.
DRY, FROST, HEAT = 15.0, 2.0, 38.0
HOLIDAY = ("2026-07-09 09:00", "2026-07-26 17:00")


def step_of(local: str) -> int:
    """The step of a local time such as "2026-03-29 01:30"."""
    moment = datetime.fromisoformat(local).replace(tzinfo=BERLIN)
    return int((moment.timestamp() - BEGIN.timestamp()) // STEP_S)


def moment_of(step: int) -> datetime:
    """When a step is, in local time."""
    return datetime.fromtimestamp(BEGIN.timestamp() + step * STEP_S, BERLIN)


def between(first: str, last: str) -> slice:
    """The steps from one local time to another."""
    return slice(step_of(first), step_of(last))


class Fault(Enum):
    """How a probe fails."""

    SILENT = "says nothing"
    UNAVAILABLE = "is unavailable"
    STUCK = "repeats itself"


@dataclass(kw_only=True)
class Sensor:
    """An entity, what it says at each step (SILENT, UNAVAILABLE or a number), and its rhythm."""

    entity_id: str
    unit: str | None
    every: int
    says: Floats

    def break_down(self, fault: Fault, when: slice) -> None:
        """Fail for some time."""
        if fault is Fault.STUCK:
            known = self.says[: when.start]
            heard = self.says[when]
            heard[~np.isnan(heard)] = known[np.isfinite(known)][-1]
        else:
            self.says[when] = SILENT if fault is Fault.SILENT else UNAVAILABLE


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something that is clearly wrong at some steps, and may be unnoticed for `allowed` steps.

    `edge` is where it is beyond its limit by however little: each change of it is a true one.
    """

    name: str
    bad: Flags
    allowed: int
    edge: Flags


@dataclass(kw_only=True)
class Pot:
    """A plant: its subentry, its sensors, what is wrong when, and what a person tells of it."""

    name: str
    data: dict[str, object]
    sensors: list[Sensor] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    told: dict[int, str] = field(default_factory=dict)
    watered: list[int] = field(default_factory=list)


class Climate:
    """Berlin and a flat in it: (STEPS,) of °C, %, and μmol/(m² s)."""

    def __init__(self, dice: np.random.Generator) -> None:
        seconds = BEGIN.timestamp() + np.arange(STEPS) * STEP_S
        days = (seconds - BEGIN.timestamp()) / 86400 + 5
        hours = (seconds / 3600 + 1) % 24  # solar time, near enough
        year = np.cos(2 * np.pi * (days - 20) / 365)
        moods = np.convolve(dice.normal(0, 3.0, 400), (0.5, 0.3, 0.2), "same")
        mood = np.interp(days, np.arange(400), moods)
        swing = -np.cos(2 * np.pi * (hours - 3) / 24)
        self.outside = 10 - 10 * year + mood + (4 - 1.5 * year) * swing
        self.outside[between("2026-04-21 21:00", "2026-04-22 08:00")] = -3.0
        self.outside[between("2026-07-18 12:00", "2026-07-18 17:00")] = 41.0
        heated = 20.5 + 1.2 * swing
        self.heating = self.outside < 14
        self.inside = np.where(self.heating, heated, np.clip(self.outside + 4, 20, 29))
        dry_air = np.where(self.heating, 36.0, 52.0)
        self.humidity = np.clip(dry_air + mood + 3 * swing, 30, 75)
        tilt = np.radians(23.44) * np.sin(2 * np.pi * (days - 81) / 365)
        place = np.radians(52.5)
        high = np.sin(place) * np.sin(tilt) + np.cos(place) * np.cos(tilt) * np.cos(
            2 * np.pi * (hours - 12.4) / 24
        )
        cloud = np.interp(days, np.arange(400), dice.uniform(0.35, 1.0, 400))
        self.sun = np.maximum(2000 * high * cloud, 0.0)


def soil(
    dice: np.random.Generator, climate: Climate, pot: Pot, *, days: float, thirsty: float
) -> Floats:
    """The true moisture (%): dries within `days`, watered in some evenings, seldom forgotten."""
    demand = (0.6 + climate.sun / 1500 + (climate.inside - 18) / 20).clip(0.3, 2.0)
    away = between(*HOLIDAY)
    level, rising, moisture = 50.0, 0, np.empty(STEPS)
    for step in range(STEPS):
        level -= (level - 4) * demand[step] / (days * DAY)
        if rising:
            level, rising = level + (66 - level) * 0.5, rising - 1
        evening = step % DAY == 18 * HOUR + int(dice.integers(0, HOUR))
        here = not away.start <= step < away.stop
        if evening and level < thirsty and here and dice.random() < 0.75:
            rising = 3
            pot.watered.append(step)
        moisture[step] = level
    return moisture


def heard(truth: Floats, every: int, dice: np.random.Generator, noise: float) -> Floats:
    """What a sensor says of the truth in its rhythm, with noise, rounded to tenths."""
    says = np.full(STEPS, SILENT)
    at = slice(int(dice.integers(0, every)), None, every)
    said = truth[at] + dice.normal(0, noise, STEPS)[at]
    # No sensor of light, moisture or air goes below nothing; a thermometer does.
    says[at] = np.round(np.maximum(said, 0) if truth.min() >= 0 else said, 1)
    return says


def spiked(says: Floats, dice: np.random.Generator, low: float, high: float) -> Floats:
    """One wild reading in about a week."""
    for step in dice.choice(STEPS, 50, replace=False):
        if np.isfinite(says[step]):
            says[step] = dice.choice((low, high))
    return says


def flags(*when: slice) -> Flags:
    """True within these."""
    out = np.zeros(STEPS, dtype=np.bool_)
    for one in when:
        out[one] = True
    return out
