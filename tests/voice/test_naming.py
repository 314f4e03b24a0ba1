"""Which plant somebody means who types or speaks with mistakes."""

import pytest

from custom_components.plant_vita.voice.naming import SURE, Called, meant, sounding

GARDEN = {
    "basil": Called(own=("Basil",), kinds=("Ocimum basilicum", "sweet basil")),
    "thai": Called(own=("Thai basil",)),
    "ficus": Called(own=("Ficus", "Fred"), kinds=("Ficus elastica", "rubber plant")),
    "monstera": Called(own=("Monstera",)),
    "fern1": Called(own=("Boston fern",)),
    "fern2": Called(own=("Sword fern",)),
    "geranium": Called(own=("Geranie",), kinds=("Pelargonie",)),
}


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("basil", ["basil"]),
        ("  BASIL! ", ["basil"]),
        ("bazil", ["basil"]),
        ("thai basel", ["thai"]),
        ("sweet basil", ["basil"]),
        ("fikus", ["ficus"]),
        ("phicus", ["ficus"]),
        ("Fred", ["ficus"]),
        ("rubber plant", ["ficus"]),
        ("monsterra", ["monstera"]),
        ("mosntera", ["monstera"]),
        ("fern", ["fern1", "fern2"]),
        ("boston", ["fern1"]),
        ("pelargonie", ["geranium"]),
        ("cactus", []),
        ("monster truck", []),
        ("fig", []),
        ("", []),
        ("!?", []),
        ("b" * 10_000, []),
    ],
)
def test_who_is_meant(said: str, who: list[str]) -> None:
    assert sorted(meant(said, GARDEN).plant_ids) == who


def test_two_plants_of_one_name_are_both_meant() -> None:
    twins = {"one": Called(own=("Basil",)), "two": Called(own=("basil ",))}
    assert sorted(meant("basil", twins).plant_ids) == ["one", "two"]


def test_what_is_like_two_names_is_neither_for_sure() -> None:
    alike = {"one": Called(own=("Mina",)), "two": Called(own=("Mino",))}
    assert sorted(meant("mine", alike).plant_ids) == ["one", "two"]


@pytest.mark.parametrize(
    ("said", "sure"),
    [("basil", True), ("bazil", True), ("monstero", True), ("basin", False), ("monstirra", False)],
)
def test_a_short_word_with_a_mistake_is_not_sure(said: str, sure: bool) -> None:
    found = meant(said, GARDEN)
    assert len(found.plant_ids) == 1
    assert (found.score >= SURE) is sure


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ficus", "fikus"), ("Philodendron", "filodendron"), ("Yucca", "juka"), ("Zamia", "samia")],
)
def test_what_sounds_alike(one: str, other: str) -> None:
    assert (sounding(one) == sounding(other)) is (one != "Yucca")
