"""What must be true of an entry of the catalogue; each rule says what is wrong, or nothing."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from custom_components.plant_vita.model.species import (
    Agent,
    Danger,
    Fact,
    Form,
    Habit,
    Measure,
    Season,
    SourceKind,
    Species,
    Substrate,
)
from custom_components.plant_vita.species.catalogue import LANGUAGES, slug
from custom_components.plant_vita.species.folding import folded

type Rule = Callable[[Species], Iterator[str]]

ACCEPTED = re.compile(r"(× )?[A-Z][a-z]+ (× )?[a-z]+(-[a-z]+)*( (subsp\.|var\.) [a-z]+(-[a-z]+)*)?")
SYNONYM = re.compile(r"(× )?[A-Z][a-z]+( ×)?( [a-z]+(-[a-z]+)*){1,2}( (subsp\.|var\.) [a-z-]+)?")
NAME = re.compile(r"[\w'’.-]+( [\w'’.-]+)*")
# Of one genus or family, but living on trees in rain forests, not in deserts.
RAINFOREST_CACTI = {"Schlumbergera", "Rhipsalidopsis", "Rhipsalis", "Epiphyllum", "Disocactus"}
HARMFUL = {Danger.MILD, Danger.TOXIC, Danger.SEVERE}
# Genera that lists of poison centres call harmless, in families that are harmful as a rule.
HARMLESS_GENERA = {
    "Petunia",  # Solanaceae
    "Calibrachoa",
    "Hoya",  # Apocynaceae
    "Stephanotis",
    "Ceropegia",
    "Trachelospermum",
}
HARMFUL_FAMILIES = {
    "Amaryllidaceae",
    "Apocynaceae",
    "Araceae",
    "Begoniaceae",
    "Buxaceae",
    "Cycadaceae",
    "Euphorbiaceae",
    "Liliaceae",
    "Ranunculaceae",
    "Solanaceae",
    "Zamiaceae",
}
HARMLESS_FAMILIES = {
    "Arecaceae",
    "Aspleniaceae",
    "Bromeliaceae",
    "Cactaceae",
    "Gesneriaceae",
    "Marantaceae",
    "Nepenthaceae",
    "Nephrolepidaceae",
    "Orchidaceae",
    "Piperaceae",
    "Polypodiaceae",
    "Pteridaceae",
    "Urticaceae",
}


def bands(species: Species) -> Iterator[str]:
    for phase in (species.growing, species.resting):
        for measure, band in phase.items():
            if not band.minimum < band.low < band.high < band.maximum:
                yield f"{measure} does not rise: {band}"
    warm, cool = species.growing[Measure.TEMPERATURE], species.resting.get(Measure.TEMPERATURE)
    if not -30 <= warm.minimum <= 15 or not 20 <= warm.maximum <= 45:
        yield f"no plant of a house or a balcony lives at {warm}"
    if cool and Season.WINTER in species.rests_in and cool.low > warm.low:
        yield "its winter rest is warmer than its summer"
    if cool and cool.minimum < warm.minimum:
        yield "asleep it dies at another frost than awake"


def rest(species: Species) -> Iterator[str]:
    days = species.water_days
    if set(days) != set(Season) or not all(1 <= day <= 60 for day in days.values()):
        yield f"waterings every {days} days"
        return
    # What flowers outside in the cold needs little water there, though it grows.
    hardy = species.growing[Measure.TEMPERATURE].minimum < -10
    awake = [days[season] for season in Season if season not in species.rests_in]
    asleep = [days[season] for season in species.rests_in]
    if not species.rests_in or len(species.rests_in) > 2:
        yield "rests never, or more than half of the year"
    elif max(asleep) < max(awake) and not (hardy and Season.SUMMER in species.rests_in):
        yield f"is watered most rarely while it grows: {days}"
    if Season.SUMMER not in species.rests_in and days[Season.WINTER] < days[Season.SUMMER]:
        yield f"is watered more in winter: {days}"
    fed = species.feeding
    if fed is None or (fed.days, bool(fed.seasons)) != (fed.days, 4 < fed.days <= 60):
        yield f"feeding: {fed}"
    elif fed.seasons & species.rests_in:
        yield "is fed while it rests"
    if species.repot_years is not None and not 1 <= species.repot_years <= 5:
        yield f"repotted every {species.repot_years} years"


def water(species: Species) -> Iterator[str]:
    moisture = species.growing.get(Measure.MOISTURE)
    if (moisture is None) != (species.habit is Habit.MIST):
        yield "moisture and habit disagree"
    if (species.substrate is Substrate.NONE) != (species.habit is Habit.MIST):
        yield "habit and substrate disagree"
    genus = species.scientific_name.split()[0]
    dry = species.form in {Form.CACTUS, Form.SUCCULENT} and genus not in RAINFOREST_CACTI
    if dry and (moisture is None or moisture.low > 12 or moisture.maximum > 60):
        yield f"too wet for a plant of deserts: {moisture}"
    if dry and species.water_days[Season.WINTER] < 12 and Season.WINTER in species.rests_in:
        yield "a plant of deserts drinks too often in its winter"
    if species.form is Form.FERN and species.habit in {Habit.DRY_OUT, Habit.BOG}:
        yield "no fern for a pot lives like that"


def light(species: Species) -> Iterator[str]:
    band = species.growing[Measure.DLI]
    genus = species.scientific_name.split()[0]
    if (
        species.form in {Form.CACTUS, Form.SUCCULENT}
        and genus not in RAINFOREST_CACTI
        and band.high < 11
    ):
        yield f"too dark for a plant of deserts: {band}"
    if species.form is Form.FERN and band.high > 16:
        yield f"too bright for a fern: {band}"
    if species.form is Form.CARNIVORE:
        if species.growing[Measure.CONDUCTIVITY].maximum > 200:
            yield "salts kill the roots of carnivores"
        if species.feeding and species.feeding.seasons:
            yield "a carnivore is not given fertiliser"


def toxicity(species: Species) -> Iterator[str]:
    toxic = species.toxicity
    levels = {toxic.cats, toxic.dogs, toxic.children}
    pets = {toxic.cats, toxic.dogs}
    genus = species.scientific_name.split()[0]
    if levels == {Danger.NONE} and (toxic.agent or toxic.part):
        yield "harmless, but by what?"
    if levels & HARMFUL and not (toxic.agent and toxic.part):
        yield "harmful, but by what?"
    if species.family in HARMFUL_FAMILIES and genus not in HARMLESS_GENERA and not pets & HARMFUL:
        yield f"a harmless one of the {species.family}"
    if species.family in HARMLESS_FAMILIES and pets != {Danger.NONE}:
        yield f"a harmful one of the {species.family}"
    if species.family == "Araceae" and toxic.agent is not Agent.CALCIUM_OXALATE:
        yield "an aroid without oxalate"
    if genus == "Lilium" and toxic.cats is not Danger.SEVERE:
        yield "lilies kill cats"
    if genus == "Allium" and Danger.TOXIC not in pets:
        yield "onions are toxic to cats and dogs"
    if species.family in {"Cycadaceae", "Zamiaceae"} and levels != {Danger.SEVERE}:
        yield "cycads kill"
    if (levels == {Danger.UNKNOWN}) == (Fact.TOXICITY in species.sources):
        yield "a danger without a source, or a source of nothing"


def names(species: Species) -> Iterator[str]:
    if not ACCEPTED.fullmatch(species.scientific_name):
        yield "not a binomial"
    if species.id != slug(species.scientific_name):
        yield "the id is not the name's"
    if not re.fullmatch(r"[A-Z][a-z]+aceae", species.family):
        yield f"no family: {species.family}"
    yield from (f"no binomial: {old}" for old in species.synonyms if not SYNONYM.fullmatch(old))
    if tuple(species.names) != LANGUAGES:
        yield f"languages: {list(species.names)}"
    for language, known in species.names.items():
        if not known or len(known) > 5 or len(set(map(folded, known))) != len(known):
            yield f"{language}: none, too many, or one twice: {known}"
        yield from (f"{language}: {name!r}" for name in known if not NAME.fullmatch(name))
    yield from (f"de: {name} is small" for name in species.names["de"] if name[0].islower())


def sources(species: Species) -> Iterator[str]:
    missing = set(Fact) - set(species.sources) - {Fact.TOXICITY}
    if missing:
        yield f"no source for {missing}"
        return
    for fact in (Fact.DLI, Fact.HUMIDITY, Fact.CONDUCTIVITY):
        if species.sources[fact].kind not in {SourceKind.CLASS, SourceKind.GROUP}:
            yield f"nobody measured the {fact} of it"
    if species.sources[Fact.MOISTURE].kind is SourceKind.HORTICULTURE:
        yield "growers do not speak in percents of a probe"


RULES: tuple[Rule, ...] = (bands, rest, water, light, toxicity, names, sources)


def problems(species: Species) -> list[str]:
    return [f"{species.id}: {wrong}" for rule in RULES for wrong in rule(species)]


def contradictions(catalogue: Iterable[Species]) -> list[str]:
    """What is wrong between entries: names that two of them claim, a genus in two families."""
    owners: dict[str, set[str]] = defaultdict(set)
    shown: dict[tuple[str, str], set[str]] = defaultdict(set)
    families: dict[str, set[str]] = defaultdict(set)
    for species in catalogue:
        for latin in (species.scientific_name, *species.synonyms):
            owners[folded(latin)].add(species.id)
        for language, known in species.names.items():
            shown[language, folded(known[0])].add(species.id)
        families[species.scientific_name.replace("× ", "").split()[0]].add(species.family)
    found = [f"{name}: {sorted(who)}" for name, who in owners.items() if len(who) > 1]
    found += [f"{name}: first name of {sorted(who)}" for name, who in shown.items() if len(who) > 1]
    return found + [f"{genus} in {sorted(of)}" for genus, of in families.items() if len(of) > 1]
