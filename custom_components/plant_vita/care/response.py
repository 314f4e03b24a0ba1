"""Whether the soil answers to water; after two times of nothing, no more of it (W14)."""

from dataclasses import replace

from ..model.watering import Cause, Memory, PumpFacts, Soil, Watch
from .senses import RANGE

ENOUGH_ML = 100.0
WAIT_S = 1800.0
ANSWER = 3.0  # points of moisture
MISSES = 2
# Doses too small to be judged add up, but not over days: meanwhile the soil dries.
_TOGETHER_S = 86_400.0
_SOME = 0.5
_IN_AIR = 5.0


def poured(
    memory: Memory, plant_id: str, *, ml: float, before: float, began: float, ended: float
) -> Memory:
    """Remember that `ml` were given, with `before` % in the soil; times are the budget's own."""
    known = memory.watches.get(plant_id)
    if known and known.ml < ENOUGH_ML and began - known.began >= _TOGETHER_S:
        known = None
    watch = Watch(before=before, ml=ml, began=began, ended=ended)
    if known:
        drier = before < known.before
        watch = Watch(
            before=before if drier else known.before,
            ml=known.ml + ml,
            began=known.began,
            ended=ended,
            # A rise above what was there later is no answer to it.
            best=None if drier else known.best,
        )
    return replace(memory, watches={**memory.watches, plant_id: watch})


def measured(memory: Memory, soil: Soil, at: float, facts: PumpFacts) -> Memory:
    """What a reading says of the water given before; `at` is the budget's own time of it."""
    watch = memory.watches.get(soil.plant_id)
    if watch is None or at <= watch.began:
        return memory
    if soil.moisture > RANGE[1] and soil.moisture - watch.before >= ANSWER:
        return memory  # no moisture (W12), so no answer; soaked soil, so no proof of none either
    best = soil.moisture if watch.best is None else max(watch.best, soil.moisture)
    if best - watch.before >= ANSWER and not soil.flawed:
        return _answered(memory, soil.plant_id)
    watch = replace(watch, best=best)
    if not is_due(watch, at):
        return replace(memory, watches={**memory.watches, soil.plant_id: watch})
    misses = memory.misses.get(soil.plant_id, 0) + 1
    locked = memory.locked
    if misses >= MISSES and locked is None:
        locked = cause(watch, soil, facts)
    return replace(
        memory,
        locked=locked,
        misses={**memory.misses, soil.plant_id: misses},
        watches=_without(memory.watches, soil.plant_id),
    )


def is_due(watch: Watch, time: float) -> bool:
    """Whether an answer should have come."""
    return watch.ml >= ENOUGH_ML and time - watch.ended >= WAIT_S


def owes_answer(memory: Memory, plant_id: str) -> bool:
    """Whether the soil still owes an answer: whoever goes by the soil waits for it."""
    watch = memory.watches.get(plant_id)
    return watch is not None and watch.ml >= ENOUGH_ML


def cause(watch: Watch, soil: Soil, facts: PumpFacts) -> Cause:
    """What is most likely the matter."""
    if soil.out_of_soil or soil.flawed or not soil.moisture >= _IN_AIR:
        return Cause.PROBE_OUT
    if watch.best is not None and watch.best - watch.before >= _SOME:
        return Cause.CLOGGED
    return Cause.PUMP_DEAD if facts.tank_watched else Cause.TANK_EMPTY


def only(memory: Memory, plant_ids: frozenset[str]) -> Memory:
    """Forget the watches of plants that have no sensor any more; misses and the lock stay."""
    gone = set(memory.watches) - plant_ids
    watches = {plant: watch for plant, watch in memory.watches.items() if plant not in gone}
    return replace(memory, watches=watches) if gone else memory


def _answered(memory: Memory, plant_id: str) -> Memory:
    misses = {plant: count for plant, count in memory.misses.items() if plant != plant_id}
    watches = _without(memory.watches, plant_id)
    return replace(memory, misses=misses, watches=watches)


def _without(watches: dict[str, Watch], plant_id: str) -> dict[str, Watch]:
    return {plant: watch for plant, watch in watches.items() if plant != plant_id}
