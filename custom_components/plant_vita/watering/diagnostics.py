"""What may be shown of pumps to others: no names of plants, rooms or entities."""

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .outlet import Outlet
    from .waterworks import Waterworks


def of_pumps(works: Waterworks, plant_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Every pump, with the numbers of the plants it waters."""
    return [_of_pump(works, outlet, plant_ids) for outlet in works.outlets.values()]


def _of_pump(works: Waterworks, outlet: Outlet, plant_ids: Sequence[str]) -> dict[str, Any]:
    status, facts = outlet.status, outlet.facts
    watered = [plant for plant in facts.plants if plant in plant_ids] if facts else []
    memory, moment = works.books.memory(outlet.pump_id), works.books.moment()
    at, _, result = outlet.last or (None, None, None)
    return {
        "present": outlet.pump is not None,
        "facts": dataclasses.asdict(facts)
        | {"plants": len(facts.plants), "sensed": len(facts.sensed)}
        if facts
        else None,
        "phase": status.phase,
        "on": status.on,
        "queued": status.queued,
        "blocked": status.blocked,
        "locked": status.locked,
        "misses": sorted(memory.misses.values()),
        "used_ms": works.books.ledger.used_ms(outlet.pump_id, moment),
        "spent_until": works.books.ledger.spent_until(moment),
        "last": {"at": at, **dataclasses.asdict(result)} if result else None,
        "plants": [_of_plant(works, outlet, plant_ids, one) for one in watered],
    }


def _of_plant(
    works: Waterworks, outlet: Outlet, plant_ids: Sequence[str], plant_id: str
) -> dict[str, Any]:
    binding, said = works.bound.get(plant_id), works.decisions.get(plant_id)
    ledger, moment = works.books.ledger, works.books.moment()
    return {
        "plant": plant_ids.index(plant_id),
        "automatic": binding.wishes.automatic if binding else None,
        "used_ml": ledger.used_ml([plant_id], outlet.pump_id, moment),
        "decided": dataclasses.asdict(said) if said else None,
    }
