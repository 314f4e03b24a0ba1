"""The catalogue's entries obey the rules of `rules.py`, and the rules find what breaks them."""

from dataclasses import replace

import pytest

from custom_components.plant_vita.model.species import (
    Agent,
    Band,
    Danger,
    Feeding,
    Form,
    Habit,
    Measure,
    Season,
    Source,
    SourceKind,
    Species,
    Substrate,
    Toxicity,
)
from tests.species.rules import contradictions, problems

HARMLESS = Toxicity(cats=Danger.NONE, dogs=Danger.NONE, children=Danger.NONE)
DEADLY = Toxicity(
    cats=Danger.SEVERE, dogs=Danger.SEVERE, children=Danger.SEVERE, agent=Agent.CYCASIN
)


def test_every_entry_obeys_every_rule(plants: dict[str, Species]) -> None:
    found = [wrong for species in plants.values() for wrong in problems(species)]
    assert not found, "\n".join(found)


def test_entries_do_not_contradict_each_other(plants: dict[str, Species]) -> None:
    found = contradictions(plants.values())
    assert not found, "\n".join(found)


@pytest.mark.parametrize("words", [Agent, Form, Habit, Substrate], ids=lambda words: words.__name__)
def test_every_word_is_in_use(plants: dict[str, Species], words: type) -> None:
    used = {
        *(species.toxicity.agent for species in plants.values()),
        *(species.form for species in plants.values()),
        *(species.habit for species in plants.values()),
        *(species.substrate for species in plants.values()),
    }
    assert not set(words) - used


BROKEN = {
    "flat": (
        "monstera_deliciosa",
        "growing",
        Measure.DLI,
        Band(minimum=1, low=1, high=2, maximum=3),
    ),
    "hot": (
        "monstera_deliciosa",
        "growing",
        Measure.TEMPERATURE,
        Band(minimum=10, low=20, high=40, maximum=60),
    ),
    "warm winter": (
        "crassula_ovata",
        "resting",
        Measure.TEMPERATURE,
        Band(minimum=3, low=20, high=30, maximum=40),
    ),
    "frost": (
        "crassula_ovata",
        "resting",
        Measure.TEMPERATURE,
        Band(minimum=-9, low=5, high=15, maximum=40),
    ),
    "wet desert": (
        "aloe_vera",
        "growing",
        Measure.MOISTURE,
        Band(minimum=20, low=35, high=65, maximum=80),
    ),
    "dark desert": (
        "aloe_vera",
        "growing",
        Measure.DLI,
        Band(minimum=1, low=2, high=7, maximum=12),
    ),
    "bright fern": (
        "asplenium_nidus",
        "growing",
        Measure.DLI,
        Band(minimum=8, low=12, high=28, maximum=45),
    ),
    "salty carnivore": (
        "dionaea_muscipula",
        "growing",
        Measure.CONDUCTIVITY,
        Band(minimum=50, low=150, high=700, maximum=1200),
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_wrong_band_is_found(plants: dict[str, Species], case: str) -> None:
    name, phase, measure, band = BROKEN[case]
    species = plants[name]
    assert not problems(species)
    assert problems(replace(species, **{phase: {**getattr(species, phase), measure: band}}))


ODD = {
    "winter drinker": ("echeveria_elegans", {"water_days": dict.fromkeys(Season, 9)}),
    "drinks most asleep": (
        "monstera_deliciosa",
        {"water_days": dict(zip(Season, (8, 9, 9, 6), strict=True))},
    ),
    "never watered": ("monstera_deliciosa", {"water_days": dict.fromkeys(Season, 0)}),
    "no winter": ("monstera_deliciosa", {"water_days": {Season.SUMMER: 6}}),
    "never rests": ("monstera_deliciosa", {"rests_in": frozenset()}),
    "fed asleep": (
        "monstera_deliciosa",
        {"feeding": Feeding(days=14, seasons=frozenset({Season.WINTER}))},
    ),
    "fed carnivore": (
        "dionaea_muscipula",
        {"feeding": Feeding(days=14, seasons=frozenset({Season.SUMMER}))},
    ),
    "fed every day": (
        "monstera_deliciosa",
        {"feeding": Feeding(days=1, seasons=frozenset({Season.SUMMER}))},
    ),
    "harmless aroid": ("dieffenbachia_seguine", {"toxicity": HARMLESS}),
    "harmless oleander": ("nerium_oleander", {"toxicity": HARMLESS}),
    "harmless cycad": ("cycas_revoluta", {"toxicity": HARMLESS}),
    "harmless lily": ("lilium_longiflorum", {"toxicity": HARMLESS}),
    "harmless chives": ("allium_schoenoprasum", {"toxicity": HARMLESS}),
    "deadly orchid": ("phalaenopsis_amabilis", {"toxicity": DEADLY}),
    "harmless by something": (
        "chlorophytum_comosum",
        {"toxicity": replace(HARMLESS, agent=Agent.SAPONINS)},
    ),
    "harmful by nothing": ("hedera_helix", {"toxicity": replace(DEADLY, agent=None)}),
    "one word": ("monstera_deliciosa", {"scientific_name": "Monstera"}),
    "small": ("monstera_deliciosa", {"scientific_name": "monstera deliciosa"}),
    "other id": ("monstera_deliciosa", {"id": "monstera"}),
    "no family": ("monstera_deliciosa", {"family": "Aroids"}),
    "bad synonym": ("monstera_deliciosa", {"synonyms": ("the Monstera",)}),
    "misted in soil": ("monstera_deliciosa", {"habit": Habit.MIST}),
    "no pot": ("monstera_deliciosa", {"substrate": Substrate.NONE}),
    "yearly pot": ("monstera_deliciosa", {"repot_years": 9}),
}


@pytest.mark.parametrize("case", ODD)
def test_an_odd_entry_is_found(plants: dict[str, Species], case: str) -> None:
    name, change = ODD[case]
    assert not problems(plants[name])
    assert problems(replace(plants[name], **change))


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("nl", ()),
        ("de", ("fensterblatt",)),
        ("en", ("monstera", "Monstera")),
        ("en", ("monstera ",)),
        ("en", ("monstera, big",)),
        ("en", ("",)),
    ],
)
def test_a_bad_name_is_found(
    plants: dict[str, Species], language: str, names: tuple[str, ...]
) -> None:
    species = plants["monstera_deliciosa"]
    assert problems(replace(species, names={**species.names, language: names}))


def test_a_missing_source_is_found(plants: dict[str, Species]) -> None:
    species = plants["monstera_deliciosa"]
    found = problems(replace(species, sources={}))
    assert [wrong.partition(": ")[2][:9] for wrong in found] == ["a danger ", "no source"]
    horticulture = Source(kind=SourceKind.HORTICULTURE)
    assert (
        len(problems(replace(species, sources=dict.fromkeys(species.sources, horticulture)))) == 4
    )


def test_contradictions_are_found(plants: dict[str, Species]) -> None:
    jade, aloe = plants["crassula_ovata"], plants["aloe_vera"]
    assert not contradictions([jade, aloe])
    for change in (
        {"synonyms": ("Crassula argentea",)},
        {"names": {"de": ("Geldbaum",)}},
        {"scientific_name": "Crassula muscosa"},
    ):
        assert contradictions([jade, replace(aloe, **change)]), change


NONE, MILD, TOXIC, SEVERE = Danger.NONE, Danger.MILD, Danger.TOXIC, Danger.SEVERE


@pytest.mark.parametrize(
    ("name", "cats", "dogs", "children"),
    [
        ("lilium_longiflorum", SEVERE, MILD, MILD),
        ("cycas_revoluta", SEVERE, SEVERE, SEVERE),
        ("nerium_oleander", SEVERE, SEVERE, SEVERE),
        ("convallaria_majalis", SEVERE, SEVERE, SEVERE),
        ("brugmansia_suaveolens", SEVERE, SEVERE, SEVERE),
        ("dieffenbachia_seguine", TOXIC, TOXIC, TOXIC),
        ("spathiphyllum_wallisii", TOXIC, TOXIC, MILD),
        ("dracaena_trifasciata", TOXIC, TOXIC, MILD),
        ("aloe_vera", TOXIC, TOXIC, MILD),
        ("allium_schoenoprasum", TOXIC, TOXIC, NONE),
        ("chlorophytum_comosum", NONE, NONE, NONE),
        ("phalaenopsis_amabilis", NONE, NONE, NONE),
        ("chamaedorea_elegans", NONE, NONE, NONE),
        ("goeppertia_makoyana", NONE, NONE, NONE),
        ("ocimum_basilicum", NONE, NONE, NONE),
    ],
)
def test_who_is_in_danger(
    plants: dict[str, Species], name: str, cats: Danger, dogs: Danger, children: Danger
) -> None:
    toxicity = plants[name].toxicity
    assert (toxicity.cats, toxicity.dogs, toxicity.children) == (cats, dogs, children)


def test_who_wants_more_than_whom(plants: dict[str, Species]) -> None:
    def low(name: str, measure: Measure) -> float:
        return plants[name].growing[measure].low

    assert low("lavandula_angustifolia", Measure.DLI) > 5 * low("asplenium_nidus", Measure.DLI)
    assert low("adiantum_raddianum", Measure.HUMIDITY) > low("aloe_vera", Measure.HUMIDITY)
    assert low("sarracenia_purpurea", Measure.MOISTURE) > low("ocimum_basilicum", Measure.MOISTURE)
    assert low("ocimum_basilicum", Measure.MOISTURE) > low("salvia_rosmarinus", Measure.MOISTURE)
    tomato = plants["solanum_lycopersicum"].growing[Measure.CONDUCTIVITY]
    assert tomato.low > plants["dionaea_muscipula"].growing[Measure.CONDUCTIVITY].maximum
    cactus = plants["kroenleinia_grusonii"].water_days
    assert cactus[Season.WINTER] >= 4 * cactus[Season.SUMMER]
    cyclamen = plants["cyclamen_persicum"].water_days
    assert cyclamen[Season.SUMMER] > 3 * cyclamen[Season.WINTER]
