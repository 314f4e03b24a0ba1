"""Which plant somebody means who types or speaks with mistakes."""

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from custom_components.plant_vita.species import catalogue
from custom_components.plant_vita.voice.naming import SURE, Called, Meant, meant, sounding
from tests.voice.utterances import NAMES

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


KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def slips(name: str) -> Iterator[str]:
    """A name with one slip of a finger: a letter missing, twice, swapped, or the key beside it."""
    for at, letter in enumerate(name):
        before, after = name[:at], name[at + 1 :]
        if not letter.isalpha():
            continue
        yield before + after
        yield before + letter + letter + after
        if after[:1].isalpha() and after[:1] != letter:
            yield before + after[0] + letter + after[1:]
        for row in KEYS:
            place = row.find(letter.lower())
            if place >= 0:
                beside = (*row[max(0, place - 1) : place], *row[place + 1 : place + 2])
                yield from (before + key + after for key in beside)


def judged(found: Meant, wanted: str) -> str:
    if found.plant_ids == (wanted,):
        return "sure" if found.score >= SURE else "right"
    if wanted in found.plant_ids:
        return "asked"
    sure = found.score >= SURE and len(found.plant_ids) == 1
    return "wrong" if sure else "unclear" if found.plant_ids else "unknown"


def test_one_slip_of_a_finger_hides_no_plant() -> None:
    found: Counter[str] = Counter()
    for *names, _, _ in NAMES.values():
        called = {name: Called(own=(name,)) for name in names}
        found.update(
            judged(meant(said, called), name) for name in names for said in set(slips(name))
        )
    assert found == {"sure": 883, "right": 115}


@pytest.mark.parametrize("language", NAMES)
def test_among_thirty_plants_no_slip_means_another_one(language: str) -> None:
    named = [one.names[language][0] for one in catalogue.load().values() if one.names.get(language)]
    dice = random.Random(1)
    garden = dice.sample(sorted(set(named)), 30)
    called = {name: Called(own=(name,)) for name in garden}
    tried = [(name, said) for name in garden for said in dice.sample(sorted(set(slips(name))), 4)]
    found = Counter(judged(meant(said, called), name) for name, said in tried)
    assert found["wrong"] == found["unclear"] == 0
    assert found["sure"] + found["right"] >= 0.98 * len(tried)
