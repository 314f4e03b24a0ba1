"""What may be shown of lamps to others: no names of plants, rooms or entities."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .lamp import Lamp
    from .lamps import Lamps


def of_lamps(lamps: Lamps, plant_ids: Sequence[str], now: float) -> list[dict[str, Any]]:
    """Every lamp, with the numbers of the plants under it."""
    return [_of_lamp(lamp, plant_ids, now) for lamp in lamps]


def _of_lamp(lamp: Lamp, plant_ids: Sequence[str], now: float) -> dict[str, Any]:
    custody, socket = lamp.custody, lamp.socket
    return {
        "domain": socket.entity_id.partition(".")[0] if socket else None,
        "bounded": socket.bounded if socket else None,
        "on": custody.on,
        "ours": custody.ours,
        "told_at": custody.told_at,
        "letting_go": custody.letting_go,
        "rests_until": custody.rests_until,
        "silent": custody.silent(now),
        "plants": [_of_plant(lamp, plant_ids, one) for one in lamp.under],
    }


def _of_plant(lamp: Lamp, plant_ids: Sequence[str], plant_id: str) -> dict[str, Any]:
    _, wishes = lamp.under[plant_id]
    outlook = lamp.outlooks.get(plant_id)
    said = outlook.decision if outlook else None
    return {
        "plant": plant_ids.index(plant_id),
        "automatic": wishes.automatic,
        "standing": lamp.standing(plant_id),
        "measured": outlook.light.facts is not None if outlook else None,
        "learnt": outlook.light.learnt if outlook else None,
        "wanted": said.on if said else None,
        "why": said.why if said else None,
        "until": said.until if said else None,
        "planned": [[one.start, one.end] for one in outlook.planned] if outlook else [],
    }
