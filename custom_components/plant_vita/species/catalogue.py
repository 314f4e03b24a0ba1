"""Read the built-in catalogue from `data/`.

One file for each group of similar plants: what holds for all of them stands once under "group",
and a species says only what differs. `classes.json` turns words such as "shade" or "top_dry" into
figures. So an entry shows what is known of the species itself, and `Species.sources` follows from
where a figure was found: nobody has to claim it. The figures and names are general horticultural
knowledge, written down for this project; no database was copied, nothing was measured.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..model.species import (
    Agent,
    Band,
    Danger,
    Fact,
    Feeding,
    Form,
    Habit,
    Measure,
    Part,
    Season,
    Source,
    SourceKind,
    Species,
    Substrate,
    Toxicity,
)

DATA = Path(__file__).with_name("data")
LANGUAGES = ("en", "de", "nl", "fr", "es")
# In this order search prefers what is else equally good: what people have at home comes first.
GROUPS = (
    "aroids",
    "foliage_trees",
    "foliage_small",
    "marantaceae",
    "flowering_indoor",
    "orchids",
    "succulents",
    "cacti",
    "palms",
    "ferns",
    "herbs",
    "vegetables",
    "fruit",
    "citrus",
    "balcony",
    "patio",
    "bulbs",
    "carnivores",
    "bonsai",
)

type Record = Mapping[str, Any]

_SEASONS = tuple(Season)
_SOURCES = {kind: Source(kind=kind) for kind in SourceKind}
_BY_CLASS = {
    Measure.DLI: Fact.DLI,
    Measure.HUMIDITY: Fact.HUMIDITY,
    Measure.CONDUCTIVITY: Fact.CONDUCTIVITY,
}


def load(folder: Path = DATA) -> dict[str, Species]:
    """Every species of the catalogue by its id. Reads some 350 kB of files.

    Raises `OSError` if a file is missing, `ValueError` or `KeyError` if one is damaged.
    """
    classes = _Classes(json.loads((folder / "classes.json").read_bytes()))
    found: dict[str, Species] = {}
    for name in GROUPS:
        group = json.loads((folder / f"{name}.json").read_bytes())
        for record in group["species"]:
            species = _species(record, group["group"], classes)
            if species.id in found:
                raise ValueError(f"twice in the catalogue: {species.id}")
            found[species.id] = species
    return found


def slug(scientific_name: str) -> str:
    """The id of an accepted scientific name: "Citrus × limon" is citrus_limon."""
    words = scientific_name.lower().replace("×", " ").replace("-", " ").replace(".", "").split()
    return "_".join(words)


class _Classes:
    """The figures behind the words: (measure, word) to a band in each of the two phases."""

    def __init__(self, raw: Record) -> None:
        self.growing: dict[tuple[Measure, str], Band] = {}
        self.resting: dict[tuple[Measure, str], Band] = {}
        self.water_days: dict[str, Mapping[Season, int]] = {}
        for section, words in raw.items():
            measure = Measure.MOISTURE if section == "habit" else Measure(section)
            for word, figures in words.items():
                for phase, bands in (("growing", self.growing), ("resting", self.resting)):
                    if figures.get(phase):
                        bands[measure, word] = _band(figures[phase])
        for word, figures in raw["habit"].items():
            self.water_days[word] = _by_season(figures["water_days"])


def _species(record: Record, group: Record, classes: _Classes) -> Species:
    merged = {**group, **record}
    growing, resting = _bands(record, group, classes)
    water_days = merged.get("water_days")
    return Species(
        id=slug(record["name"]),
        scientific_name=record["name"],
        synonyms=tuple(record.get("synonyms", ())),
        family=record["family"],
        names={language: tuple(record[language]) for language in LANGUAGES},
        form=Form(record["form"]),
        habit=Habit(merged["habit"]),
        substrate=Substrate(merged["substrate"]),
        growing=growing,
        resting=resting,
        rests_in=frozenset(map(Season, merged["rests_in"])),
        water_days=_by_season(water_days) if water_days else classes.water_days[merged["habit"]],
        feeding=_feeding(merged["feeding"]),
        repot_years=merged["repot_years"],
        toxicity=_toxicity(merged.get("toxicity")),
        sources=_sources(record, group),
    )


def _bands(
    record: Record, group: Record, classes: _Classes
) -> tuple[dict[Measure, Band], dict[Measure, Band]]:
    merged = {**group, **record}
    growing = {Measure.TEMPERATURE: _band(merged["temperature"])}
    resting = {Measure.TEMPERATURE: _resting_temperature(record, group)}
    words = {measure: merged[measure.value] for measure in _BY_CLASS}
    for measure, word in {Measure.MOISTURE: merged["habit"], **words}.items():
        if (measure, word) in classes.growing:
            growing[measure] = classes.growing[measure, word]
        if (measure, word) in classes.resting:
            resting[measure] = classes.resting[measure, word]
    # A species with a habit of its own does not rest as dry, or as wet, as its group.
    of_group = {} if "habit" in record else group.get("resting", {})
    moisture = record.get("resting", {}).get("moisture") or of_group.get("moisture")
    if moisture:
        resting[Measure.MOISTURE] = _band(moisture)
    return growing, resting


def _resting_temperature(record: Record, group: Record) -> Band:
    """Its own figures, else its growing ones moved as far as the group's move for their rest."""
    own = record.get("resting", {}).get("temperature")
    if own:
        return _band(own)
    growing = record.get("temperature", group["temperature"])
    moves = zip(growing, group["temperature"], group["resting"]["temperature"], strict=True)
    return _band([figure - awake + asleep for figure, awake, asleep in moves])


def _band(figures: list[float]) -> Band:
    minimum, low, high, maximum = figures
    return Band(minimum=minimum, low=low, high=high, maximum=maximum)


def _by_season(figures: list[int]) -> dict[Season, int]:
    return dict(zip(_SEASONS, figures, strict=True))


def _feeding(record: Record) -> Feeding:
    return Feeding(days=record["days"], seasons=frozenset(map(Season, record["seasons"])))


def _toxicity(record: Record | None) -> Toxicity:
    if record is None:
        return Toxicity()
    agent, part = record.get("agent"), record.get("part")
    return Toxicity(
        cats=Danger(record["cats"]),
        dogs=Danger(record["dogs"]),
        children=Danger(record["children"]),
        agent=None if agent is None else Agent(agent),
        part=None if part is None else Part(part),
    )


def _sources(record: Record, group: Record) -> dict[Fact, Source]:
    """Where each group of facts was found decides what it may claim to be."""

    def kind(key: str, own: SourceKind) -> SourceKind:
        return own if key in record else SourceKind.GROUP

    resting = record.get("resting", {})
    kinds = {
        Fact.NAMES: SourceKind.HORTICULTURE,
        Fact.HABIT: kind("habit", SourceKind.HORTICULTURE),
        Fact.MOISTURE: kind("habit", SourceKind.CLASS),
        Fact.TEMPERATURE: kind("temperature", SourceKind.HORTICULTURE),
        Fact.REST: SourceKind.HORTICULTURE if resting or "rests_in" in record else SourceKind.GROUP,
        Fact.WATERING: _watering_kind(record, group),
        Fact.FEEDING: kind("feeding", SourceKind.HORTICULTURE),
        Fact.REPOTTING: kind("repot_years", SourceKind.HORTICULTURE),
    }
    for measure, fact in _BY_CLASS.items():
        kinds[fact] = kind(measure.value, SourceKind.CLASS)
    if "moisture" in resting:
        kinds[Fact.MOISTURE] = SourceKind.ESTIMATE
    if "toxicity" in record:
        kinds[Fact.TOXICITY] = SourceKind.TOXICOLOGY
    elif "toxicity" in group:
        kinds[Fact.TOXICITY] = SourceKind.FAMILY
    return {fact: _SOURCES[kind] for fact, kind in kinds.items()}


def _watering_kind(record: Record, group: Record) -> SourceKind:
    if "water_days" in record:
        return SourceKind.HORTICULTURE
    if "water_days" not in group and "habit" in record:
        return SourceKind.CLASS
    return SourceKind.GROUP
