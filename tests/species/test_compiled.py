"""What several databases say of a species, made one."""

import pytest

from custom_components.plant_vita.model.finding import Facts
from custom_components.plant_vita.model.species import (
    Band,
    Danger,
    Fact,
    Measure,
    Season,
    Source,
    SourceKind,
)
from custom_components.plant_vita.plants.profile import ORDINARY
from custom_components.plant_vita.species.compiled import compiled
from custom_components.plant_vita.species.thresholds import thresholds

BOOK = Facts(
    name="Alocasia zebrina",
    common_names=("Zebra plant",),
    limits={Measure.MOISTURE: (20.0, 60.0), Measure.TEMPERATURE: (15.0, 30.0)},
)
OTHER = Facts(
    name="Alocasia zebrina",
    common_names=("zebra plant", "Tiger taro"),
    family="Araceae",
    water_days=(7.0, 10.0),
    poisonous_to_pets=True,
    poisonous_to_humans=False,
    limits={Measure.MOISTURE: (1.0, 2.0), Measure.DLI: (4.0, 12.0)},
)


def test_each_figure_is_the_first_ones_who_has_it() -> None:
    species = compiled("Alocasia zebrina", [("Book", BOOK), ("Other", OTHER)], ORDINARY)
    assert (species.id, species.scientific_name) == ("alocasia_zebrina", "Alocasia zebrina")
    assert species.family == "Araceae"
    assert species.names == {"en": ("Zebra plant", "Tiger taro")}
    assert species.growing[Measure.MOISTURE] == Band(minimum=20, low=20, high=60, maximum=60)
    assert species.growing[Measure.DLI] == Band(minimum=4, low=4, high=12, maximum=12)
    # Nobody speaks of it: what most house plants bear.
    assert species.growing[Measure.HUMIDITY] == ORDINARY.growing[Measure.HUMIDITY]
    assert dict(species.water_days) == dict.fromkeys(Season, 8)
    assert (species.toxicity.cats, species.toxicity.dogs) == (Danger.TOXIC, Danger.TOXIC)
    assert species.toxicity.children is Danger.NONE
    book = Source(kind=SourceKind.DATABASE, name="Book")
    other = Source(kind=SourceKind.DATABASE, name="Other")
    assert species.sources[Fact.NAMES] == species.sources[Fact.MOISTURE] == book
    assert species.sources[Fact.WATERING] == species.sources[Fact.TOXICITY] == other
    assert species.sources[Fact.HUMIDITY] == Source(kind=SourceKind.GROUP)


def test_a_plant_of_it_has_limits_in_every_season() -> None:
    species = compiled("Alocasia zebrina", [("Book", BOOK)], ORDINARY)
    for season in Season:
        found = thresholds(species, season)
        assert found.bands[Measure.MOISTURE].low == 20
        assert found.water_days == ORDINARY.water_days[season]


@pytest.mark.parametrize(
    ("measure", "limits"),
    [
        (Measure.MOISTURE, (-1.0, 50.0)),
        (Measure.MOISTURE, (20.0, 101.0)),
        (Measure.TEMPERATURE, (15.0, 300.0)),
        (Measure.DLI, (9.0, 9.0)),
        (Measure.HUMIDITY, (float("nan"), 60.0)),
        (Measure.CONDUCTIVITY, (350.0, 1e9)),
    ],
)
def test_limits_that_nothing_could_bear_are_left_out(
    measure: Measure, limits: tuple[float, float]
) -> None:
    facts = Facts(name="Alocasia zebrina", limits={measure: limits})
    species = compiled("Alocasia zebrina", [("Book", facts)], ORDINARY)
    assert species.growing[measure] == ORDINARY.growing[measure]
    assert species.sources[Fact(measure)] == Source(kind=SourceKind.GROUP)


def test_who_knows_nothing_but_the_name_changes_no_limit() -> None:
    facts = Facts(name="Alocasia zebrina", water_days=(0.1, 0.2))
    species = compiled("Alocasia zebrina", [("Trefle", facts)], ORDINARY)
    assert dict(species.growing) == dict(ORDINARY.growing)
    assert species.names == {}
    assert species.toxicity.cats is Danger.UNKNOWN
    assert Fact.TOXICITY not in species.sources
    assert dict(species.water_days) == dict(ORDINARY.water_days)
