"""A kind of plant: its names, what it wants, what it does to those who eat it.

The same noun holds an entry of the built-in catalogue and a record of an online database: what a
source does not say is None, empty or `UNKNOWN`, and `sources` tells for each group of facts where
it comes from. Nothing here is text for people: forms, agents and parts are keys to translate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Season(StrEnum):
    """A quarter of the year as plants feel it: July is summer in Europe, winter in Chile."""

    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"
    WINTER = "winter"


class Form(StrEnum):
    """How a plant grows."""

    AIR_PLANT = "air_plant"
    BULB = "bulb"
    CACTUS = "cactus"
    CARNIVORE = "carnivore"
    CLIMBER = "climber"
    FERN = "fern"
    GRASS = "grass"
    HERB = "herb"
    ORCHID = "orchid"
    PALM = "palm"
    ROSETTE = "rosette"
    SHRUB = "shrub"
    SUCCULENT = "succulent"
    TRAILING = "trailing"
    TREE = "tree"
    UPRIGHT = "upright"


class Habit(StrEnum):
    """How a plant wants its water."""

    DRY_OUT = "dry_out"  # the whole pot dries, and stays dry for a while
    MOSTLY_DRY = "mostly_dry"  # most of the pot dries
    TOP_DRY = "top_dry"  # the upper centimetres dry
    EVENLY_MOIST = "evenly_moist"  # never dry, never standing in water
    BOG = "bog"  # stands in water while it grows; soft water if it is a carnivore
    SOAK = "soak"  # bark or moss: dipped, drained, nearly dry before the next time
    MIST = "mist"  # no soil at all: dipped or sprayed


class Substrate(StrEnum):
    """What it is potted in."""

    AQUATIC = "aquatic"
    BARK = "bark"
    BONSAI = "bonsai"
    CACTUS = "cactus"
    CITRUS = "citrus"
    ERICACEOUS = "ericaceous"
    GRITTY_LOAM = "gritty_loam"
    HERB = "herb"
    LOOSE_TROPICAL = "loose_tropical"
    NONE = "none"
    PEAT_AND_SAND = "peat_and_sand"
    POTTING = "potting"
    VEGETABLE = "vegetable"


class Measure(StrEnum):
    """What a plant has limits for. The keys are those of `quantity.py` where a node measures it.

    `DLI` is the daily light integral: mol of photons a square metre a day.
    """

    MOISTURE = "moisture"
    DLI = "dli"
    TEMPERATURE = "temperature"
    HUMIDITY = "humidity"
    CONDUCTIVITY = "conductivity"


class Danger(StrEnum):
    """What eating some of the plant does."""

    NONE = "none"
    MILD = "mild"  # an irritated mouth or skin, an upset stomach
    TOXIC = "toxic"  # call a vet or a poison centre
    SEVERE = "severe"  # can kill
    UNKNOWN = "unknown"


class Agent(StrEnum):
    """What in a plant does the harm, as far as a compound is known."""

    ALKALOIDS = "alkaloids"
    ALLIUM_SULPHIDES = "allium_sulphides"
    ANTHRAQUINONES = "anthraquinones"
    BUXINE = "buxine"
    CAFFEINE = "caffeine"
    CALCIUM_OXALATE = "calcium_oxalate"
    CAPSAICIN = "capsaicin"
    CARDIAC_GLYCOSIDES = "cardiac_glycosides"
    CYANOGENIC_GLYCOSIDES = "cyanogenic_glycosides"
    CYCASIN = "cycasin"
    DITERPENE_ESTERS = "diterpene_esters"
    ESSENTIAL_OILS = "essential_oils"
    FURANOCOUMARINS = "furanocoumarins"
    GENIPOSIDE = "geniposide"
    GINKGOTOXIN = "ginkgotoxin"
    GRAYANOTOXINS = "grayanotoxins"
    HEDERASAPONINS = "hederasaponins"
    IRRITANT_SAP = "irritant_sap"
    LANTADENES = "lantadenes"
    LECTINS = "lectins"
    LILY_NEPHROTOXIN = "lily_nephrotoxin"
    LYCORINE = "lycorine"
    PERSIN = "persin"
    PRIMIN = "primin"
    PROTOANEMONIN = "protoanemonin"
    PYRROLIZIDINE_ALKALOIDS = "pyrrolizidine_alkaloids"
    SALICYLATES = "salicylates"
    SAPONINS = "saponins"
    SESQUITERPENE_LACTONES = "sesquiterpene_lactones"
    SOLANINE = "solanine"
    SOLUBLE_OXALATES = "soluble_oxalates"
    TARTARIC_ACID = "tartaric_acid"
    TERPENOIDS = "terpenoids"
    TROPANE_ALKALOIDS = "tropane_alkaloids"
    TULIPALIN = "tulipalin"
    UNIDENTIFIED = "unidentified"


class Part(StrEnum):
    """Which part of a plant does the harm."""

    ALL = "all"
    BULB = "bulb"
    FRUIT = "fruit"
    LEAVES = "leaves"
    ROOT = "root"
    SAP = "sap"
    SEEDS = "seeds"
    UNRIPE_FRUIT = "unripe_fruit"


class Fact(StrEnum):
    """A group of facts that comes from one source."""

    NAMES = "names"
    MOISTURE = "moisture"
    DLI = "dli"
    TEMPERATURE = "temperature"
    HUMIDITY = "humidity"
    CONDUCTIVITY = "conductivity"
    REST = "rest"
    HABIT = "habit"
    WATERING = "watering"
    FEEDING = "feeding"
    REPOTTING = "repotting"
    TOXICITY = "toxicity"


class SourceKind(StrEnum):
    """How a group of facts came about, from the best known to the least.

    None of the catalogue's own kinds is a measurement, a copy of one publication, or checked
    against one entry by entry.
    """

    TOXICOLOGY = "toxicology"  # as poison centres and veterinary associations commonly list it
    HORTICULTURE = "horticulture"  # general horticultural knowledge of this very species
    DATABASE = "database"  # an online database, named in `Source.name`
    ESTIMATE = "estimate"  # a figure judged for this species; growers do not speak in this unit
    FAMILY = "family"  # a rule that holds for (nearly) the whole family or genus
    CLASS = "class"  # say, a plant of shade: the figures are those of all such plants
    GROUP = "group"  # taken from the group of similar plants as a whole


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where a group of facts comes from; `name` is the database's, else empty."""

    kind: SourceKind
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """Four limits of one measure, in its unit and rising: good between `low` and `high`.

    Outside `minimum` and `maximum` it takes harm. A source that knows two figures gives each of
    them twice. Raises `ValueError` if the figures do not rise.
    """

    minimum: float
    low: float
    high: float
    maximum: float

    def __post_init__(self) -> None:
        if not self.minimum <= self.low <= self.high <= self.maximum:
            raise ValueError(f"not rising: {self.minimum}, {self.low}, {self.high}, {self.maximum}")


type Bands = Mapping[Measure, Band]


@dataclass(frozen=True, kw_only=True, slots=True)
class Feeding:
    """Fertiliser every `days` days in `seasons`, else none; no seasons: never."""

    days: int
    seasons: frozenset[Season]


@dataclass(frozen=True, kw_only=True, slots=True)
class Toxicity:
    """How dangerous it is to whom, by which agent in which part (None: not known)."""

    cats: Danger = Danger.UNKNOWN
    dogs: Danger = Danger.UNKNOWN
    children: Danger = Danger.UNKNOWN
    agent: Agent | None = None
    part: Part | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Species:
    """One kind of plant.

    `id` is the accepted scientific name in lower case with underscores, whatever the source: when
    the catalogue comes to know a species of a database, it is the catalogue's. `names` maps a
    language ("en", "de", "nl", "fr", "es", …) to common names, the most usual first. `synonyms`
    are other scientific names, also those that only the trade uses.

    `growing` holds the bands of the time in which it grows, `resting` those that differ in the
    seasons of `rests_in`. A measure that makes no sense for it (moisture of an air plant) or that
    the source does not know is absent. `water_days` is the usual number of days between waterings
    in a pot of 12 to 17 cm; `repot_years` is None for what is not repotted, or not known.
    """

    id: str
    scientific_name: str
    synonyms: tuple[str, ...] = ()
    family: str = ""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    form: Form | None = None
    habit: Habit | None = None
    substrate: Substrate | None = None
    growing: Bands = field(default_factory=dict)
    resting: Bands = field(default_factory=dict)
    rests_in: frozenset[Season] = frozenset()
    water_days: Mapping[Season, int] = field(default_factory=dict)
    feeding: Feeding | None = None
    repot_years: int | None = None
    toxicity: Toxicity = field(default_factory=Toxicity)
    sources: Mapping[Fact, Source] = field(default_factory=dict)

    def common_name(self, language: str) -> str:
        """What people call it in `language` ("de", "de-CH", …), else in English, else in Latin."""
        for known in (language.partition("-")[0].lower(), "en"):
            if self.names.get(known):
                name = self.names[known][0]
                return name[0].upper() + name[1:]
        return self.scientific_name
