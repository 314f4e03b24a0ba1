"""Which plants a phrase is about."""

import pytest

from custom_components.plant_vita.voice.naming import Called
from custom_components.plant_vita.voice.seen import Seen
from custom_components.plant_vita.voice.whom import at_place, whom


def plant(name: str, *areas: str) -> Seen:
    return Seen(
        plant=None,  # type: ignore[arg-type]
        name=name,
        called=Called(own=(name,)),
        device_id=name,
        areas=areas,
    )


SEEN = {
    "basil": plant("Basil", "Kitchen", "galley"),
    "fern1": plant("Boston fern", "Kitchen", "galley"),
    "fern2": plant("Sword fern", "Living room"),
    "odd": plant("Kitchen ivy", "Living room"),
    "named": plant("Rose in the kitchen", "Balcony"),
    "none": plant("Nowhere palm"),
}


@pytest.mark.parametrize(
    ("phrase", "names", "together"),
    [
        ("the basil", ["Basil"], False),
        ("my basil in the kitchen", ["Basil"], False),
        ("basil in the living room", [], False),
        ("the fern", ["Boston fern", "Sword fern"], False),
        ("the fern in the living room", ["Sword fern"], False),
        ("the plants in the kitchen", ["Basil", "Boston fern"], True),
        ("everything in the galley", ["Basil", "Boston fern"], True),
        ("the kitchen plants", [], False),
        ("kitchen ivy", ["Kitchen ivy"], False),
        ("the rose in the kitchen", ["Rose in the kitchen"], False),
        ("all my plants", [], False),
        ("the plants", [], False),
        ("the", [], False),
        ("", [], False),
    ],
)
def test_who_is_meant(phrase: str, names: list[str], together: bool) -> None:
    found = whom(phrase, SEEN, "en")
    assert sorted(one.name for one in found.plants) == names
    assert found.together is together


def test_a_guess_is_no_certainty() -> None:
    assert whom("the basil", SEEN, "en").sure
    assert not whom("the basol", SEEN, "en").sure


def test_a_language_that_is_not_known_is_read_as_english() -> None:
    assert [one.name for one in whom("the basil", SEEN, "pl").plants] == ["Basil"]


def test_who_stands_where() -> None:
    found = at_place("the living room", SEEN, "en")
    assert found is not None
    assert [one.name for one in found] == ["Sword fern", "Kitchen ivy"]
    assert at_place("the cellar", SEEN, "en") is None
