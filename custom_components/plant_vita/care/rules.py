"""Why a pump may not run: one small function for each rule, the sternest first.

Each looks at a `Case` and returns a `Refusal`, or None where it has no objection. `START` are those
for a demand that has had no water yet, `PULSE` those for each further pulse of its dose.
"""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass

from ..model.watering import (
    BY_THE_SOIL,
    UNATTENDED,
    Demand,
    InterlockKind,
    Memory,
    Moment,
    PumpFacts,
    Refusal,
    Source,
    Why,
)
from . import course, response
from .ledger import Ledger
from .senses import Senses

LATE_S = 3600.0
AI_SHARE = 0.2
# Of a pump that waters no plant, so that no budget in ml bounds it.
PLANTLESS_MS = 120_000
_ROUNDING_ML = 1e-6

INTERLOCKS = {
    InterlockKind.LEAK: Why.LEAK,
    InterlockKind.TANK_EMPTY: Why.TANK_EMPTY,
    InterlockKind.OVERCURRENT: Why.OVERCURRENT,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """What is to be judged: `ms` more for `demand`, of which `plant_ids` all get wet."""

    demand: Demand
    ms: int
    plant_ids: tuple[str, ...]
    facts: PumpFacts
    ledger: Ledger
    senses: Senses
    memory: Memory
    locks: Collection[tuple[InterlockKind, str]]
    reachable: bool
    read_back: bool
    now: Moment

    @property
    def ml(self) -> float:
        """What the `ms` are counted as."""
        return course.ml_of(self.ms, self.facts)

    @property
    def sensed(self) -> tuple[str, ...]:
        """The plants that have a sensor."""
        return tuple(plant for plant in self.plant_ids if plant in self.facts.sensed)


type Rule = Callable[[Case], Refusal | None]


def interlocks(case: Case) -> Refusal | None:
    """W8, W16: a leak anywhere, an empty tank, too much current: whoever asks."""
    for kind, why in INTERLOCKS.items():
        if any(locked == kind for locked, _ in case.locks):
            return Refusal(why=why)
    return None


def locked(case: Case) -> Refusal | None:
    """W14: until a person has looked."""
    return Refusal(why=Why.LOCKED) if case.memory.locked else None


def ledger_sound(case: Case) -> Refusal | None:
    """W18: what is not known counts as spent for a day."""
    until = case.ledger.spent_until(case.now)
    return None if until is None else Refusal(why=Why.LEDGER_DAMAGED, until=until)


def reachable(case: Case) -> Refusal | None:
    """W11, W17: nothing before the pump has told what it does."""
    if not case.reachable:
        return Refusal(why=Why.NODE_GONE)
    return None if case.read_back else Refusal(why=Why.NOT_READ_BACK)


def well_formed(case: Case) -> Refusal | None:
    """A dose is some water, not more than a day's, for plants of this pump."""
    if set(case.demand.plant_ids) - set(case.facts.plants):
        return Refusal(why=Why.CHANGED)
    if case.ms < course.SHORTEST_MS:
        return Refusal(why=Why.TOO_SMALL)
    if case.plant_ids and case.ml > case.facts.daily_ml + _ROUNDING_ML:
        return Refusal(why=Why.TOO_MUCH)
    return None


def on_time(case: Case) -> Refusal | None:
    """W11: a schedule that was missed by an hour is not made up for; nor run before its time."""
    due = case.demand.due_at
    if due is None:
        return Refusal(why=Why.TOO_LATE) if case.demand.source is Source.SCHEDULE else None
    late = case.now.wall - due
    return None if -60.0 <= late < LATE_S else Refusal(why=Why.TOO_LATE)


def budget(case: Case) -> Refusal | None:
    """W13: the day's ml of each plant, over all sources and both clocks (W15)."""
    if not case.plant_ids:
        return None
    room = case.facts.daily_ml - case.ml
    used = case.ledger.used_ml(case.plant_ids, case.demand.pump_id, case.now)
    if used <= room + _ROUNDING_ML:
        return None
    until = case.ledger.free_at(case.plant_ids, case.demand.pump_id, case.now, max(0.0, room))
    return Refusal(why=Why.BUDGET_SPENT, until=until)


def pump_time(case: Case) -> Refusal | None:
    """So many ms a day, also of a switch that has no plant to count ml for; a node has its W4."""
    return Refusal(why=Why.PUMP_TIME_SPENT) if _time_left_ms(case) < case.ms else None


def left_ms(case: Case) -> float:
    """How long the pump may run until the day's ml of a plant, or its own time, is used up.

    Less than nothing where more is used up than there was.
    """
    most = _time_left_ms(case)
    if case.plant_ids:
        used = case.ledger.used_ml(case.plant_ids, case.demand.pump_id, case.now)
        most = min(most, (case.facts.daily_ml - used) / course.rate(case.facts) * 1000)
    return most


def _time_left_ms(case: Case) -> float:
    most = case.facts.daily_ms
    if not case.plant_ids:
        bounded = case.facts.bounded_by_hardware
        most = None if bounded else min(PLANTLESS_MS if most is None else most, PLANTLESS_MS)
    return math.inf if most is None else most - case.ledger.used_ms(case.demand.pump_id, case.now)


def artificial(case: Case) -> Refusal | None:
    """W13: a model has a fifth of the budget, if a person has allowed that at all."""
    if case.demand.source is not Source.AI:
        return None
    if not case.facts.ai_allowed:
        return Refusal(why=Why.AI_OFF)
    used = case.ledger.used_ml(case.plant_ids, case.demand.pump_id, case.now, Source.AI)
    if used + case.ml <= AI_SHARE * case.facts.daily_ml + _ROUNDING_ML:
        return None
    return Refusal(why=Why.AI_BUDGET)


def soaked(case: Case) -> Refusal | None:
    """W13: the soil gets its time before more; a person may know better."""
    if case.demand.source is Source.MANUAL:
        return None
    since = case.ledger.since_water(case.plant_ids, case.demand.pump_id, case.now)
    wait = case.facts.soak_s - since
    return Refusal(why=Why.SOAKING, until=case.now.wall + wait) if wait > 0 else None


def sensor(case: Case) -> Refusal | None:
    """W11, W12: nobody who is not there waters by a sensor that is not sane."""
    if case.demand.source not in UNATTENDED:
        return None
    if case.demand.source in BY_THE_SOIL and not case.sensed:
        return Refusal(why=Why.NO_READING)
    for plant in case.sensed:
        if flaw := case.senses.flaw(plant, case.now):
            return Refusal(why=flaw)
        if not case.senses.has_been_fresh(plant):
            return Refusal(why=Why.NOT_FRESH)
    return None


def answered(case: Case) -> Refusal | None:
    """W14: nobody who is not there waters again before the soil has answered, or failed to."""
    if case.demand.source in UNATTENDED and any(
        response.owes_answer(case.memory, plant) for plant in case.sensed
    ):
        return Refusal(why=Why.UNANSWERED)
    return None


PULSE: tuple[Rule, ...] = (
    interlocks,
    locked,
    ledger_sound,
    reachable,
    sensor,
    budget,
    pump_time,
    artificial,
)
START: tuple[Rule, ...] = (
    interlocks,
    locked,
    ledger_sound,
    reachable,
    well_formed,
    on_time,
    sensor,
    answered,
    soaked,
    artificial,
    budget,
    pump_time,
)
# What ends water that somebody turns on at the pump itself, once it is written down.
RUNNING: tuple[Rule, ...] = (interlocks, locked, ledger_sound, budget, pump_time)
# What holds whatever is asked for: shown beside a pump that would give nothing now.
STANDING: tuple[Rule, ...] = (interlocks, locked, ledger_sound, reachable)


def refusal(case: Case, rules: tuple[Rule, ...]) -> Refusal | None:
    """The first objection, None if there is none."""
    return next((found for rule in rules if (found := rule(case))), None)
