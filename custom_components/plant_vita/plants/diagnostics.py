"""What may be shown of plants to others: no names of plants, rooms or entities."""

import dataclasses
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .coordinator import PlantCoordinator
    from .garden import Garden


def of_garden(garden: Garden) -> dict[str, Any]:
    """Every plant, numbered."""
    return {"plants": [_of_plant(plant) for plant in garden.plants.values()]}


def _of_plant(plant: PlantCoordinator) -> dict[str, Any]:
    state, definition, now = plant.data, plant.definition, time.time()
    return {
        "species": definition.species if plant.knows_species else bool(definition.species),
        "outdoors": definition.outdoors,
        "pot_cm": definition.pot_cm,
        "limits": dict(definition.limits),
        "judged_at": state.at,
        "analysis_took_s": round(plant.took_s, 4),
        "problem": state.problem,
        "reasons": list(state.reasons),
        "score": state.score,
        "last": dict(state.last),
        "sources": [
            {
                "input": source.input,
                "value": source.value,
                "silent_s": round(source.as_stored(now)["silent_s"]),
                "patience_s": round(source.patience_s),
                "gone": source.gone,
                "flaw": source.flaw(now),
            }
            for source in plant.sources
        ],
        "quality": {
            one: {"stale": known.stale, "flaw": known.flaw, "fresh": known.fresh}
            for one, known in state.inputs.items()
        },
        "suspected": [dataclasses.asdict(one) for one in state.suspected],
        "trend": dataclasses.asdict(state.trend),
        "kept": {one: len(track) for one, track in plant.memory.tracks.items()},
    }
