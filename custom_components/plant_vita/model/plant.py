"""A plant: how it is, what happened to it, and when it will be dry. Times are Unix seconds."""

from dataclasses import dataclass
from enum import StrEnum

from .species import Measure


class Status(StrEnum):
    """Where one measure of a plant stands. What is not known is never good."""

    GOOD = "good"
    LOW = "low"
    TOO_LOW = "too_low"
    HIGH = "high"
    TOO_HIGH = "too_high"
    STALE = "stale"
    FAULTY = "faulty"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Factor:
    """What one measure contributes to the health of a plant.

    `score` is 0–100, None where `status` is STALE, FAULTY or UNKNOWN;
    `value` is in the measure's unit.
    """

    measure: Measure
    status: Status
    score: float | None
    value: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """Health 0–100, or None where nothing is known.

    `limiting` is the measure that keeps it down, None when all is good. `problem` is None when it
    cannot be told. `complete` is False while a measure that the plant is judged by is not known.
    """

    score: int | None
    factors: tuple[Factor, ...]
    limiting: Measure | None
    problem: bool | None
    complete: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Watering:
    """A watering that the soil showed.

    `at` is when the moisture began to rise, `before`, `after` and `size` are in points of
    moisture, `confidence` is 0–1.
    """

    at: float
    before: float
    after: float
    confidence: float

    @property
    def size(self) -> float:
        """By how many points the moisture rose."""
        return self.after - self.before


@dataclass(frozen=True, kw_only=True, slots=True)
class Quantiles:
    """The 10, 50 and 90 % quantiles of a forecast; None lies beyond what is forecast."""

    low: float | None
    median: float | None
    high: float | None


class Silence(StrEnum):
    """Why there is no forecast."""

    NO_READINGS = "no_readings"
    STALE = "stale"
    FAULTY = "faulty"
    TOO_SHORT = "too_short"
    NO_THRESHOLD = "no_threshold"
    ALREADY_DRY = "already_dry"
    NOT_DRYING = "not_drying"


FARTHEST_DAYS = 45
"""A forecast beyond this is not one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DryForecast:
    """How long until the soil is dry, if nobody waters.

    `days` is None where nothing can be said, and `silence` is then why; ALREADY_DRY comes with
    zero days. `levels` maps hours from `at` to the moisture expected then, in %. `learnt_days` is
    how many days of this plant's own drying the forecast knows: 0 is the prior alone.
    """

    at: float
    days: Quantiles | None
    silence: Silence | None
    levels: dict[int, Quantiles]
    learnt_days: float

    @property
    def beyond(self) -> bool:
        """Whether all that can be said is that it will not be dry as far as is looked ahead."""
        known = self.days is not None and self.days.median is None
        return known or self.silence is Silence.NOT_DRYING


class Flaw(StrEnum):
    """What is wrong with a sensor; the worst is told."""

    MISSING = "missing"  # nothing was ever read
    STALE = "stale"
    OPEN = "open"
    SHORT = "short"
    OUT_OF_RANGE = "out_of_range"
    JUMP = "jump"
    FLAT = "flat"
    AIR = "air"  # a soil probe that is not in the soil


# With one of these a sensor says something, but nothing that can be true.
FAULTS = frozenset({Flaw.OPEN, Flaw.SHORT, Flaw.OUT_OF_RANGE, Flaw.FLAT, Flaw.AIR})


class Direction(StrEnum):
    """Which way something goes over weeks; UNKNOWN while there is too little to tell."""

    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Trend:
    """Change a week in the values' unit, with its 90 % interval; None while unknown."""

    direction: Direction = Direction.UNKNOWN
    weekly: float | None = None
    low: float | None = None
    high: float | None = None


class AnomalyKind(StrEnum):
    """What may be wrong around a plant."""

    LEAK = "leak"
    DEAD_PROBE = "dead_probe"
    PROBE_OUT = "probe_out_of_soil"
    DRAINAGE_BLOCKED = "drainage_blocked"
    HEATING_NEAR = "heating_near"


@dataclass(frozen=True, kw_only=True, slots=True)
class Anomaly:
    """One thing that looks wrong; `since` is when it began, `value` the figure that shows it."""

    kind: AnomalyKind
    since: float
    value: float
