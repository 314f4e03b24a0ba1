import pytest
from hypothesis import given, strategies as st

from custom_components.plant_vita.species.distance import letter_positions, typing_distance


def distance(pattern: str, text: str) -> tuple[int, int]:
    return typing_distance(letter_positions(pattern), len(pattern), text)


@pytest.mark.parametrize(
    ("pattern", "text", "whole", "beginning"),
    [
        ("monstera", "monstera", 0, 0),
        ("monsterra", "monstera", 1, 1),
        ("monstra", "monstera", 1, 1),
        ("monstwra", "monstera", 1, 1),
        ("mosntera", "monstera", 1, 1),  # neighbours swapped are one mistake
        ("mon", "monstera", 5, 0),
        ("mno", "monstera", 6, 1),
        ("abc", "", 3, 3),
        ("ab", "xyz", 3, 2),
        ("ca", "abc", 3, 1),  # optimal string alignment: nothing is mended within a swap
        ("a" * 80, "a" * 79 + "b", 1, 1),
    ],
)
def test_mistakes(pattern: str, text: str, whole: int, beginning: int) -> None:
    assert distance(pattern, text) == (whole, beginning)


def table(pattern: str, text: str) -> tuple[int, int]:
    """The same by the book, for comparison."""
    rows = [[0] * (len(text) + 1) for _ in range(len(pattern) + 1)]
    rows[0] = list(range(len(text) + 1))
    for i in range(1, len(pattern) + 1):
        rows[i][0] = i
        for j in range(1, len(text) + 1):
            wrong = pattern[i - 1] != text[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + wrong)
            if i > 1 and j > 1 and pattern[i - 2 : i] == text[j - 1] + text[j - 2]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1], min(rows[-1])


@given(st.text("abc", min_size=1, max_size=12), st.text("abc", max_size=12))
def test_it_agrees_with_the_table(pattern: str, text: str) -> None:
    assert distance(pattern, text) == table(pattern, text)


@given(st.text(min_size=1, max_size=90), st.text(max_size=90))
def test_it_agrees_with_the_table_for_any_signs(pattern: str, text: str) -> None:
    assert distance(pattern, text) == table(pattern, text)
