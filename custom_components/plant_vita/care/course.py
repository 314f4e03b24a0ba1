"""One watering on its way: which pulses a dose is made of, and how far it has come."""

import math
from dataclasses import dataclass, field, replace

from ..model.watering import UNATTENDED, Booking, Demand, PumpFacts, Source, Why

# Small pumps give 0.5 to 30 ml/s; what nobody has measured must not be counted too low.
ASSUMED_ML_PER_S = 30.0
# From one drip emitter to a garden hose; anything else was mistyped.
_RATES = (0.1, 500.0)
_CAP_MS = 30_000  # of a node's firmware (W2)
_FOREIGN_CAP_MS = 600_000
SHORTEST_MS = 50
LARGEST_ML = 10_000.0


def sound(facts: PumpFacts) -> PumpFacts:
    """The facts with every figure that makes no sense replaced by the careful one."""
    return replace(
        facts,
        ml_per_s=_within(facts.ml_per_s, *_RATES),
        cap_ms=int(_clipped(facts.cap_ms, 1_000, _longest(facts), _CAP_MS)),
        pause_s=_clipped(facts.pause_s, 1.0, 3600.0, 60.0),
        daily_ml=_clipped(facts.daily_ml, 0.0, LARGEST_ML, 0.0),
        most_ml=_clipped(facts.most_ml, 0.0, LARGEST_ML, LARGEST_ML),
        soak_s=_clipped(facts.soak_s, 60.0, 86_400.0, 1800.0),
        daily_ms=None if facts.daily_ms is None else int(_clipped(facts.daily_ms, 0, 86.4e6, 0)),
    )


def _longest(facts: PumpFacts) -> int:
    return _CAP_MS if facts.bounded_by_hardware else _FOREIGN_CAP_MS


def _within(value: float | None, low: float, high: float) -> float | None:
    return value if value is not None and low <= value <= high else None


def _clipped(value: float, low: float, high: float, careful: float) -> float:
    return careful if math.isnan(value) else min(max(value, low), high)


def rate(facts: PumpFacts) -> float:
    """ml/s to count with."""
    return facts.ml_per_s or ASSUMED_ML_PER_S


def dose_ms(demand: Demand, facts: PumpFacts) -> int:
    """How long the pump has to run for the whole dose; 0 for a dose that is none."""
    if demand.ms is not None:
        return demand.ms if demand.ml is None and demand.ms > 0 else 0
    if demand.ml is None or not 0 < demand.ml <= LARGEST_ML:
        return 0
    return math.floor(demand.ml / rate(facts) * 1000)


def ml_of(ms: float, facts: PumpFacts) -> float:
    """How much water so many ms are."""
    return ms * rate(facts) / 1000


def flow_elsewhere(before: PumpFacts, after: PumpFacts) -> bool:
    """Whether what is being given would be counted for others, or as something else."""
    return (before.plants, before.ml_per_s, before.bounded_by_hardware) != (
        after.plants,
        after.ml_per_s,
        after.bounded_by_hardware,
    )


@dataclass(kw_only=True, slots=True)
class Pulse:
    """The pulse that was booked last, until it is known to be over; times by the steady clock.

    `sent_at` and `acked_at` are None before. `seen_on` is when it was last reported to run.
    """

    booking: Booking
    booked_at: float
    sent_at: float | None = None
    acked_at: float | None = None
    seen_on: float | None = None

    @property
    def length_s(self) -> float:
        """How long it lasts."""
        return self.booking.ms / 1000

    def gave_at_most_ms(self, now: float, told_ms: int | None) -> int:
        """What it can have given, now that it is over; what was told is not believed blindly."""
        sent_at = self.booked_at if self.sent_at is None else self.sent_at
        upper = math.ceil((now - sent_at) * 1000)
        seen = (self.seen_on or 0.0) - (self.acked_at or 0.0)
        ms = upper if told_ms is None else max(told_ms, math.ceil(seen * 1000))
        return min(self.booking.ms, ms) if ms >= 0 else self.booking.ms

    def is_natural_end(self, now: float, told_ms: int | None) -> bool:
        """Whether it is over because its time was, not because somebody ended it."""
        ran = now - (self.sent_at or 0.0) if told_ms is None else told_ms / 1000
        return ran >= self.length_s - 0.25


@dataclass(kw_only=True, slots=True)
class Watering:
    """One demand that owns the pump; of its `whole_ms`, `left_ms` have not been booked yet.

    `given_ms` and `given_ml` are what went out at most, `sure_ml` what certainly did; with `sure`
    False the fate of a pulse is not known. `before` is each plant's moisture in % at the first
    pulse, which began at `first_at` of the budget's own time. `began` and `not_before` are by the
    steady clock.
    """

    demand: Demand
    facts: PumpFacts
    began: float
    whole_ms: int
    left_ms: int
    pulses: int = 0
    retries: int = 0
    not_before: float = 0.0
    given_ms: int = 0
    given_ml: float = 0.0
    sure_ml: float = 0.0
    sure: bool = True
    told_started: bool = False
    ending: Why | None = None
    first_at: float = 0.0
    before: dict[str, float] = field(default_factory=dict)

    @property
    def plant_ids(self) -> tuple[str, ...]:
        """Everybody who gets wet, whoever it is meant for."""
        return tuple(dict.fromkeys((*self.facts.plants, *self.demand.plant_ids)))

    @property
    def touched(self) -> bool:
        """Whether a drop may have been given."""
        return self.given_ms > 0 or not self.sure

    @property
    def beside(self) -> bool:
        """Whether somebody waits for a first drop from a node, who is better told at once."""
        person = self.demand.source not in UNATTENDED
        return person and not self.touched and self.facts.bounded_by_hardware

    def next_ms(self, cap_ms: int) -> int:
        """The next pulse: all that remain are about as long."""
        return math.ceil(self.left_ms / math.ceil(self.left_ms / cap_ms)) if self.left_ms else 0


def nothing(pump_id: str, facts: PumpFacts) -> Watering:
    """Nobody's demand for nothing, to ask what holds in any case."""
    nobody = Demand(demand_id="", pump_id=pump_id, plant_ids=(), source=Source.MANUAL, asked_at=0.0)
    return Watering(demand=nobody, facts=facts, began=0.0, whole_ms=0, left_ms=0)
