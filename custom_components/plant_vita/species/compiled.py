"""A species of what online databases say of it, for a plant that the catalogue does not know.

They know less than the catalogue does: two limits where it has four, and mostly one interval for
the whole year. What none of them says is what most house plants bear.
"""

from collections.abc import Callable, Mapping, Sequence

from ..model.finding import Facts
from ..model.species import (
    Band,
    Danger,
    Fact,
    Measure,
    Season,
    Source,
    SourceKind,
    Species,
    Toxicity,
)
from .catalogue import slug
from .thresholds import INTERVALS, LIMITS, WATER_DAYS, Edge

type Told = Sequence[tuple[str, Facts]]
"""What each database says, with its name; the one that is believed most comes first."""

_NAMES = 5
_GROUP = Source(kind=SourceKind.GROUP)


def compiled(scientific_name: str, told: Told, ordinary: Species) -> Species:
    """One species; `ordinary` has what is taken where nobody says anything."""
    bands = {measure: _band(told, measure) for measure in Measure}
    water = _first(told, _water_days)
    toxicity, sources = _toxicity(told)
    if told:
        sources[Fact.NAMES] = _source(told[0][0])
    for measure in Measure:
        found = bands[measure]
        sources[Fact(measure)] = _source(found[0]) if found else _GROUP
    sources[Fact.WATERING] = _source(water[0]) if water else _GROUP
    sources[Fact.FEEDING] = sources[Fact.REPOTTING] = _GROUP
    growing = {measure: found[1] for measure, found in bands.items() if found}
    family = _first(told, lambda facts: facts.family)
    return Species(
        id=slug(scientific_name),
        scientific_name=scientific_name,
        family=family[1] if family else "",
        names={"en": names} if (names := _names(told)) else {},
        growing={**ordinary.growing, **growing},
        water_days=dict.fromkeys(Season, water[1]) if water else ordinary.water_days,
        feeding=ordinary.feeding,
        repot_years=ordinary.repot_years,
        toxicity=toxicity,
        sources=sources,
    )


def _source(name: str) -> Source:
    return Source(kind=SourceKind.DATABASE, name=name)


def _first[T](told: Told, find: Callable[[Facts], T | None]) -> tuple[str, T] | None:
    """What the first of them says who says anything, and who that is."""
    for name, facts in told:
        if (found := find(facts)) is not None:
            return name, found
    return None


def _band(told: Told, measure: Measure) -> tuple[str, Band] | None:
    """Limits that nothing on earth could bear are not looked at."""
    least = LIMITS[f"{measure}_{Edge.MINIMUM}"].minimum
    most = LIMITS[f"{measure}_{Edge.MAXIMUM}"].maximum

    def of(facts: Facts) -> Band | None:
        low, high = _pair(facts.limits, measure)
        if not least <= low < high <= most:
            return None
        return Band(minimum=low, low=low, high=high, maximum=high)

    return _first(told, of)


def _pair(limits: Mapping[Measure, tuple[float, float]], measure: Measure) -> tuple[float, float]:
    return limits.get(measure, (0.0, 0.0))


def _water_days(facts: Facts) -> int | None:
    """The middle of the interval."""
    if facts.water_days is None:
        return None
    days = round(sum(facts.water_days) / 2)
    least, most = INTERVALS[WATER_DAYS]
    return days if least <= days <= most else None


def _toxicity(told: Told) -> tuple[Toxicity, dict[Fact, Source]]:
    """Poisonous or not is all that databases say; not how much."""
    pets = _first(told, lambda facts: facts.poisonous_to_pets)
    humans = _first(told, lambda facts: facts.poisonous_to_humans)
    spoken = pets or humans
    animals = _danger(pets)
    toxicity = Toxicity(cats=animals, dogs=animals, children=_danger(humans))
    return toxicity, {Fact.TOXICITY: _source(spoken[0])} if spoken else {}


def _danger(said: tuple[str, bool] | None) -> Danger:
    if said is None:
        return Danger.UNKNOWN
    return Danger.TOXIC if said[1] else Danger.NONE


def _names(told: Told) -> tuple[str, ...]:
    """Each once, however it is spelt; all of them write English."""
    names: dict[str, str] = {}
    for name in (name for _, facts in told for name in facts.common_names):
        names.setdefault(name.casefold(), name)
    return tuple(names.values())[:_NAMES]
