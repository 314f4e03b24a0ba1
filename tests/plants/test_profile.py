"""What is good for a plant on a day, in a place, for its owner."""

from datetime import date

import pytest

from custom_components.plant_vita.model.species import Measure, Season
from custom_components.plant_vita.plants.definition import PlantDefinition
from custom_components.plant_vita.plants.profile import (
    NEEDS,
    ORDINARY,
    chores,
    limits,
    season_at,
)
from custom_components.plant_vita.plants.state import Care
from custom_components.plant_vita.species import catalogue

SPECIES = catalogue.load()
BASIL = SPECIES["ocimum_basilicum"]
JULY = date(2026, 7, 15)


def plant(**own: float) -> PlantDefinition:
    return PlantDefinition(plant_id="p", name="P", limits=own)


@pytest.mark.parametrize(
    ("latitude", "season"), [(52, Season.SUMMER), (-35, Season.WINTER), (1.3, Season.SUMMER)]
)
def test_the_season_where_it_stands(latitude: float, season: Season) -> None:
    found = season_at(JULY, latitude)
    assert getattr(found, "season", found) is season


def test_in_the_tropics_it_is_always_summer() -> None:
    assert season_at(date(2026, 1, 15), -3.0) is Season.SUMMER


def test_an_unknown_species_gets_what_most_house_plants_bear() -> None:
    found = limits(plant(), None, Season.SUMMER)
    assert found.bands == ORDINARY.growing
    assert (found.water_days, found.feed_days) == (7, 28)
    assert limits(plant(), None, Season.WINTER).feed_days is None


def test_a_known_species_gets_its_own() -> None:
    found = limits(plant(), BASIL, Season.SUMMER)
    assert found.bands[Measure.TEMPERATURE] == BASIL.growing[Measure.TEMPERATURE]


def test_what_a_person_has_set_comes_first() -> None:
    found = limits(plant(moisture_low=31.0, water_days=4), BASIL, Season.SUMMER)
    assert found.bands[Measure.MOISTURE].low == 31.0
    assert found.water_days == 4
    assert found.overridden == {"moisture_low", "water_days"}


def test_limits_that_cannot_hold_are_left_out_and_told(caplog: pytest.LogCaptureFixture) -> None:
    found = limits(plant(moisture_low=80.0, moisture_high=20.0), BASIL, Season.SUMMER)
    assert found.overridden == frozenset()
    assert found.bands[Measure.MOISTURE] == BASIL.growing[Measure.MOISTURE]
    assert "its own limits are not used" in caplog.text


def test_every_measure_needs_something_bound() -> None:
    assert set(NEEDS) == set(Measure)


@pytest.mark.parametrize(
    ("species", "outdoors", "expected"),
    [
        ("", False, {Care.REPOTTED: 731, Care.ROTATED: 30, Care.CLEANED: 60}),
        ("ficus_elastica", False, {Care.REPOTTED: 1096, Care.ROTATED: 30, Care.CLEANED: 60}),
        # An annual is not repotted, a herb not dusted.
        ("ocimum_basilicum", False, {Care.ROTATED: 30}),
        ("ficus_elastica", True, {Care.REPOTTED: 1096}),
    ],
)
def test_chores_of_a_kind(species: str, *, outdoors: bool, expected: dict[Care, int]) -> None:
    grown = PlantDefinition(plant_id="p", name="P", outdoors=outdoors)
    assert chores(grown, SPECIES.get(species)) == expected


def test_a_person_says_how_often_and_nought_is_never() -> None:
    own = plant(rotate_days=0, clean_days=7, repot_months=18)
    assert chores(own, None) == {Care.REPOTTED: 548, Care.CLEANED: 7}
