import pytest

from benchmarks.closed_loop import as_much, best


def test_the_best_threshold_takes_the_least_water_for_nearly_all_the_yield() -> None:
    assert best({20: (50, 9.0), 40: (100, 9.91), 60: (150, 9.95), 80: (300, 10.0)}) == 40


def test_the_water_of_a_fixed_threshold_for_the_same_yield() -> None:
    fixed = {0: (0.0, 2.0), 40: (100.0, 10.0), 60: (200.0, 12.0)}
    assert as_much(fixed, 11.0) == pytest.approx(150)
    assert as_much(fixed, 6.0) == pytest.approx(50)
    assert as_much(fixed, 13.0) != as_much(fixed, 13.0)
