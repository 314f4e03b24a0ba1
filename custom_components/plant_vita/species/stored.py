"""A species as JSON types, for those that were learnt from databases."""

from typing import Any

from ..model.species import (
    Band,
    Danger,
    Fact,
    Feeding,
    Measure,
    Season,
    Source,
    SourceKind,
    Species,
    Toxicity,
)


def as_stored(species: Species) -> dict[str, Any]:
    """What `compiled` knows of a species."""
    feeding, toxicity = species.feeding, species.toxicity
    return {
        "id": species.id,
        "scientific_name": species.scientific_name,
        "family": species.family,
        "names": {language: list(names) for language, names in species.names.items()},
        "growing": {
            str(measure): [band.minimum, band.low, band.high, band.maximum]
            for measure, band in species.growing.items()
        },
        "water_days": {str(season): days for season, days in species.water_days.items()},
        "feeding": [feeding.days, sorted(feeding.seasons)] if feeding else None,
        "repot_years": species.repot_years,
        "toxicity": [str(one) for one in (toxicity.cats, toxicity.dogs, toxicity.children)],
        "sources": {
            str(fact): [str(source.kind), source.name] for fact, source in species.sources.items()
        },
    }


def from_stored(stored: dict[str, Any]) -> Species:
    """The species of what `as_stored` returned, also after a turn as JSON.

    Raises AttributeError, LookupError, TypeError or ValueError when another version wrote it.
    """
    cats, dogs, children = map(Danger, stored["toxicity"])
    feeding = stored["feeding"]
    return Species(
        id=stored["id"],
        scientific_name=stored["scientific_name"],
        family=stored["family"],
        names={language: tuple(names) for language, names in stored["names"].items()},
        growing={Measure(measure): _band(*edges) for measure, edges in stored["growing"].items()},
        water_days={Season(season): days for season, days in stored["water_days"].items()},
        feeding=Feeding(days=feeding[0], seasons=frozenset(map(Season, feeding[1])))
        if feeding
        else None,
        repot_years=stored["repot_years"],
        toxicity=Toxicity(cats=cats, dogs=dogs, children=children),
        sources={
            Fact(fact): Source(kind=SourceKind(kind), name=name)
            for fact, (kind, name) in stored["sources"].items()
        },
    )


def _band(minimum: float, low: float, high: float, maximum: float) -> Band:
    return Band(minimum=minimum, low=low, high=high, maximum=maximum)
