from math import inf

import pytest
from hypothesis import given as over, strategies as st

from custom_components.plant_vita.care import dose
from custom_components.plant_vita.care.dose import Given, answer, ml_per_point


def answers(*pairs: tuple[float, float]) -> tuple[Given, ...]:
    """`ml` given, and by how many points the soil rose."""
    return tuple(Given(at=0.0, ml=ml, before=20.0, after=20.0 + rise) for ml, rise in pairs)


def test_a_pot_of_14_cm_holds_about_a_litre_and_a_half() -> None:
    assert dose.pot_ml(14) == pytest.approx(1421, abs=1)


def test_the_first_guess_comes_from_the_pot_and_is_too_small_rather_than_too_large() -> None:
    # 1.4 litres take 14 ml for a point of their volume.
    assert ml_per_point((), 1400.0) == pytest.approx(8.4)
    assert ml_per_point((), None) == pytest.approx(6.0)


def test_it_is_learnt_from_what_the_soil_answered() -> None:
    assert ml_per_point(answers(*[(100, 10)] * 5), 1000.0) == pytest.approx(10.0)


def test_one_wrong_answer_does_no_harm() -> None:
    right = [(100, 10)] * 6
    assert ml_per_point(answers(*right, (100, 60)), 1000.0) == pytest.approx(10.0)
    assert ml_per_point(answers(*right, (100, 2.1)), 1000.0) == pytest.approx(10.0)


def test_a_first_answer_alone_moves_the_guess_only_little() -> None:
    assert ml_per_point(answers((100, 5)), 1000.0) == pytest.approx(6.0)


def test_soil_that_did_not_answer_teaches_nothing() -> None:
    assert ml_per_point(answers(*[(200, 0.1)] * 9), 1000.0) == pytest.approx(6.0)
    assert ml_per_point(answers(*[(200, -4)] * 9), 1000.0) == pytest.approx(6.0)
    silent = tuple(Given(at=0.0, ml=100, before=None, after=50.0) for _ in range(9))
    assert ml_per_point(silent, 1000.0) == pytest.approx(6.0)


@over(
    st.lists(
        st.tuples(
            st.floats(0, 1e6), st.floats(-100, 200, allow_nan=False).filter(lambda r: abs(r) < inf)
        ),
        max_size=30,
    ),
    st.none() | st.floats(50, 1e6),
)
def test_it_never_leaves_its_bounds(pairs, pot) -> None:
    guess = ml_per_point((), pot)
    assert guess / 4.001 <= ml_per_point(answers(*pairs), pot) <= guess * 4.001


def test_the_answer_are_medians_of_half_an_hour_before_and_after_the_soak() -> None:
    readings = [(-1900.0, 90.0), (-600.0, 20.0), (-300.0, 21.0), (0.0, 95.0)]
    readings += [(900.0, 60.0), (1860.0, 41.0), (2400.0, 40.0), (3000.0, 2.0), (9000.0, 30.0)]
    assert answer(readings, start=0.0, end=60.0, soak_s=1800.0) == (21.0, 40.0)


def test_no_answer_without_readings_on_both_sides() -> None:
    assert answer([(-60.0, 20.0)], start=0.0, end=60.0, soak_s=1800.0) is None
    assert answer([(2000.0, 20.0)], start=0.0, end=60.0, soak_s=1800.0) is None


def test_a_part_is_a_tenth_of_the_pot() -> None:
    assert dose.part_ml(1500.0) == 150.0
    assert dose.part_ml(None) == 100.0
    assert dose.part_ml(30.0) == 10.0
