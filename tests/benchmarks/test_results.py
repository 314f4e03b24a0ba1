from pathlib import Path

import pytest

from benchmarks.results import Report, Table, Target, keep, number, percentile


@pytest.mark.parametrize(
    ("measured", "reached"),
    [(3.0, True), (2.99, False), (None, False), (float("nan"), False)],
)
def test_a_target_is_reached_only_by_a_figure_that_reaches_it(measured, reached) -> None:
    assert Target(text="rate", measured=measured, least=3).reached is reached


def test_a_target_that_falls_short_says_so() -> None:
    line = Target(text="cost", measured=1.8, most=1.5).line()
    assert line == "- **falls short**: cost; measured 1.8"


def test_a_table_is_aligned() -> None:
    table = Table(title="T", columns=("path", "rate"), rows=[("a", 1234.5), ("longer", None)])
    assert table.markdown() == (
        "**T**\n\n| path   | rate  |\n|--------|-------|\n| a      | 1,234 |\n| longer | –     |"
    )


@pytest.mark.parametrize(
    ("cell", "text"),
    [(0.04567, "0.0457"), (12.345, "12.3"), (12345.6, "12,346"), (7, "7"), (float("nan"), "–")],
)
def test_numbers_have_three_digits(cell, text) -> None:
    assert number(cell) == text


def test_percentiles_are_nearest_rank() -> None:
    assert percentile([5, 1, 3, 2, 4], 0.5) == 3
    assert percentile([5, 1, 3, 2, 4], 0.99) == 5


def test_a_run_replaces_only_its_own_section(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    keep(Report(name="one", summary="AAA1"), path)
    keep(Report(name="two", summary="BBB1"), path)
    keep(Report(name="one", summary="AAA2"), path)
    text = path.read_text()
    assert "AAA1" not in text
    assert text.index("AAA2") < text.index("BBB1")
    assert text.count("<!-- one -->") == 1
