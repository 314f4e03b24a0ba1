"""How to care for a plant at this time of the year, and who says so.

The catalogue comes first and needs nobody; databases and models say what they know beside it.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from homeassistant.core import HomeAssistant, ServiceResponse
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType

from ..const import DOMAIN
from ..model.finding import Facts, Task, Voice
from ..model.species import Band, Danger, Fact, Measure, Season, Source, SourceKind, Species
from ..plants.catalogue import async_get_catalogue
from ..plants.coordinator import PlantCoordinator
from ..plants.profile import ORDINARY, season_at
from ..providers.provider import Ask
from ..providers.registry import PROVIDERS
from .asking import async_hear, names_of, seats_of
from .panel import async_get_desk
from .said import left_the_house, of_voice

_CATALOGUE: Final = "Plant Vita"
_GROUP: Final = Source(kind=SourceKind.GROUP)
_OWN: Final = "own"
_TOPICS: Final = {
    Measure.MOISTURE: "watering",
    Measure.DLI: "light",
    Measure.TEMPERATURE: "temperature",
    Measure.HUMIDITY: "humidity",
    Measure.CONDUCTIVITY: "feeding",
}
# What services call a topic, where it is not our word.
_TOPIC_OF: Final = {
    "fertiliser": "feeding",
    "fertilization": "feeding",
    "pruning": "care",
    "soil": "repotting",
    "sunlight": "light",
}

type Note = dict[str, JsonValueType]


async def async_care_notes(
    hass: HomeAssistant,
    plant: PlantCoordinator,
    *,
    kinds: Collection[str] | None = None,
    language: str = "en",
) -> ServiceResponse:
    """What is good for the plant now, topic by topic, each with its source.

    A service that does not answer is named, and never an error: the catalogue is always there.
    """
    desk = await async_get_desk(hass)
    common = await async_get_translations(hass, language, "common", [DOMAIN])
    states = await async_get_translations(hass, language, "entity", [DOMAIN])
    words = _Words(common, states)
    species = (await async_get_catalogue(hass)).species.get(plant.definition.species)
    season = _season(hass)
    notes = [*_Own(plant, species, words).notes()]
    services: list[JsonValueType] = []
    left: dict[str, JsonValueType] = {"to": [], "photos": []}
    seats = seats_of(desk, Task.ENRICH, kinds) if plant.species_name else set()
    if seats:
        ask = Ask(task=Task.ENRICH, name=plant.species_name, language=language)
        finding = await async_hear(hass, desk, ask, seats, None, needed=False)
        names = names_of(hass, finding)
        services = [of_voice(voice, names) for voice in finding.voices]
        left = left_the_house(finding, names, ())
        for voice in finding.voices:
            notes += _of_service(voice, names.get(voice.seat, voice.kind), words)
    told: list[JsonValueType] = [*notes]
    return {
        "plant_id": plant.plant_id,
        "name": plant.definition.name,
        "species": plant.species_name or None,
        "season": str(season),
        "instructions": told,
        "services": services,
        "left_the_house": left,
    }


def _season(hass: HomeAssistant) -> Season:
    """Of the turn from one season to the next, the one that has come further."""
    found = season_at(dt_util.now().date(), hass.config.latitude)
    if isinstance(found, Season):
        return found
    return found.following if found.share >= 0.5 else found.season


class _Words:
    """Texts in the reader's language."""

    def __init__(self, common: Mapping[str, str], states: Mapping[str, str]) -> None:
        self._common, self._states = common, states

    def say(self, key: str, **figures: str) -> str:
        """A sentence."""
        return self._common.get(f"component.{DOMAIN}.common.care_{key}", key).format(**figures)

    def danger(self, danger: Danger) -> str:
        """How dangerous something is."""
        key = f"component.{DOMAIN}.entity.sensor.toxicity.state.{danger}"
        return self._states.get(key, str(danger))


def _note(topic: str, text: str, source: str, kind: str, **figures: float) -> Note:
    # Mapped one by one: JSON has more types than floats.
    numbers: dict[str, JsonValueType] = dict(figures.items())
    return {"topic": topic, "text": text, "figures": numbers, "source": source, "kind": kind}


class _Own:
    """What is known here: of the species, and what a person has set for this plant."""

    def __init__(self, plant: PlantCoordinator, species: Species | None, words: _Words) -> None:
        self._plant, self._words = plant, words
        self._species = species or ORDINARY

    def notes(self) -> Iterator[Note]:
        """Topic by topic."""
        species, say = self._species, self._words.say
        limits = self._plant.thresholds
        if species.habit is not None:
            yield self._said("watering", say(f"habit_{species.habit}"), Fact.HABIT)
        if limits.water_days is not None:
            text = say("water_days", days=str(limits.water_days))
            own = "water_days" in limits.overridden
            yield self._said("watering", text, Fact.WATERING, own=own, days=limits.water_days)
        for measure, band in limits.bands.items():
            own = any(key.startswith(f"{measure}_") for key in limits.overridden)
            figures = _figures(band)
            text = say(measure, **{name: _round(value) for name, value in figures.items()})
            yield self._said(_TOPICS[measure], text, Fact(measure), own=own, **figures)
        yield from self._rest()

    def _rest(self) -> Iterator[Note]:
        species, say = self._species, self._words.say
        limits = self._plant.thresholds
        if limits.feed_days is not None:
            text = say("feed_days", days=str(limits.feed_days))
            own = "feed_days" in limits.overridden
            yield self._said("feeding", text, Fact.FEEDING, own=own, days=limits.feed_days)
        elif species.feeding is not None:
            yield self._said("feeding", say("feed_not"), Fact.FEEDING)
        if species.repot_years:
            text = say("repot_years", years=str(species.repot_years))
            yield self._said("repotting", text, Fact.REPOTTING, years=species.repot_years)
        if species.substrate is not None:
            text = say(f"substrate_{species.substrate}")
            yield self._said("repotting", text, Fact.REPOTTING)
        toxicity = species.toxicity
        whom = {"cats": toxicity.cats, "dogs": toxicity.dogs, "children": toxicity.children}
        if any(danger is not Danger.UNKNOWN for danger in whom.values()):
            told = {name: self._words.danger(danger) for name, danger in whom.items()}
            yield self._said("toxicity", say("toxicity", **told), Fact.TOXICITY)

    def _said(
        self, topic: str, text: str, fact: Fact, *, own: bool = False, **figures: float
    ) -> Note:
        source = self._species.sources.get(fact, _GROUP)
        name, kind = source.name or _CATALOGUE, str(source.kind)
        if own:
            name, kind = self._words.say("own"), _OWN
        return _note(topic, text, name, kind, **figures)


def _figures(band: Band) -> dict[str, float]:
    return {
        "minimum": band.minimum,
        "low": band.low,
        "high": band.high,
        "maximum": band.maximum,
    }


def _round(value: float) -> str:
    return f"{value:.1f}" if value % 1 else f"{value:.0f}"


def _of_service(voice: Voice, name: str, words: _Words) -> Iterator[Note]:
    """What one service says; its texts are in the language that it writes."""
    facts, say = voice.reply, words.say
    if not isinstance(facts, Facts):
        return
    general = PROVIDERS[voice.kind].general
    kind = "model" if general else str(SourceKind.DATABASE)
    for topic, text in facts.texts.items():
        yield _note(_TOPIC_OF.get(topic, topic), text, name, kind)
    if facts.water_days is not None:
        low, high = facts.water_days
        text = say("water_between", low=_round(low), high=_round(high))
        yield _note("watering", text, name, kind, low=low, high=high)
    if facts.sunlight:
        yield _note("light", ", ".join(facts.sunlight), name, kind)
    for measure, (low, high) in facts.limits.items():
        text = say(f"{measure}_between", low=_round(low), high=_round(high))
        yield _note(_TOPICS[measure], text, name, kind, low=low, high=high)
    for whom, poisonous in (
        ("pets", facts.poisonous_to_pets),
        ("humans", facts.poisonous_to_humans),
    ):
        if poisonous is not None:
            text = say(f"{whom}_{'toxic' if poisonous else 'safe'}")
            yield _note("toxicity", text, name, kind)
    if facts.care_level:
        yield _note("care", say("level", level=facts.care_level), name, kind)
