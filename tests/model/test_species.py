import pytest

from custom_components.plant_vita.model.quantity import QUANTITIES
from custom_components.plant_vita.model.species import (
    Band,
    Danger,
    Measure,
    Season,
    Source,
    SourceKind,
    Species,
    Toxicity,
)


def test_a_band_rises() -> None:
    Band(minimum=1, low=2, high=3, maximum=4)
    Band(minimum=1, low=1, high=4, maximum=4)


@pytest.mark.parametrize("figures", [(2, 1, 3, 4), (1, 3, 2, 4), (1, 2, 4, 3)])
def test_a_band_that_does_not_rise_is_refused(figures: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="not rising"):
        Band(**dict(zip(("minimum", "low", "high", "maximum"), figures, strict=True)))


def test_what_is_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not rising"):
        Band(minimum=1, low=float("nan"), high=3, maximum=4)


def test_measures_are_called_as_the_quantities_that_a_node_measures() -> None:
    measured = {quantity.key for quantity in QUANTITIES}
    assert set(Measure) - measured == {Measure.DLI}


def test_seasons_stand_in_the_order_of_the_year() -> None:
    assert list(Season) == ["spring", "summer", "autumn", "winter"]


def test_a_record_of_a_database_that_knows_little() -> None:
    species = Species(
        id="somebase_monstera deliciosa",
        scientific_name="Monstera deliciosa",
        growing={Measure.MOISTURE: Band(minimum=15, low=15, high=60, maximum=60)},
        sources={},
    )
    assert species.toxicity == Toxicity(
        cats=Danger.UNKNOWN, dogs=Danger.UNKNOWN, children=Danger.UNKNOWN
    )
    assert species.feeding is None
    assert species.rests_in == frozenset()
    assert Source(kind=SourceKind.DATABASE, name="somebase").name == "somebase"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", "Fensterblatt"),
        ("de-AT", "Fensterblatt"),
        ("NL", "Gatenplant"),
        ("it", "Swiss cheese plant"),
        ("fr", "Swiss cheese plant"),
        ("", "Swiss cheese plant"),
    ],
)
def test_the_name_people_use(language: str, expected: str) -> None:
    species = Species(
        id="m",
        scientific_name="Monstera deliciosa",
        names={
            "en": ("Swiss cheese plant", "monstera"),
            "de": ("Fensterblatt",),
            "nl": ("gatenplant",),
            "fr": (),
        },
    )
    assert species.common_name(language) == expected


def test_the_name_of_what_nobody_calls_by_a_name() -> None:
    species = Species(id="p", scientific_name="Philodendron gloriosum")
    assert species.common_name("de") == "Philodendron gloriosum"
