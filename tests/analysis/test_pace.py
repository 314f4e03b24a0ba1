"""The exponential of a whole dry-down: how its rate is found, and how much it counts."""

import numpy as np
import pytest

from custom_components.plant_vita.analysis.pace import (
    FLOOR,
    curve,
    fitted,
    learnt,
    missed,
    rate_of,
    shares,
    trusted,
)

PER_DAY = 4


def dried(rate: float, days: float = 10.0) -> np.ndarray:
    """A pot that dries from full at `rate` a day."""
    return FLOOR + (1.0 - FLOOR) * np.exp(-rate * np.arange(int(days * PER_DAY) + 1) / PER_DAY)


def test_the_rate_since_the_last_water() -> None:
    wetness = np.concatenate([dried(0.1, 4), dried(0.3, 5)])
    wet = np.zeros(len(wetness), dtype=np.bool_)
    wet[17] = True
    ends = np.array([16, 17, 20, 21, len(wetness) - 1])
    rates, spans = fitted(wetness, wet, PER_DAY, ends)
    assert rates == pytest.approx([0.1, np.nan, np.nan, 0.3, 0.3], nan_ok=True)
    assert spans.tolist() == [4.0, 0.0, 0.0, 1.0, 5.0]


def test_only_the_last_ten_days_and_what_was_heard_of_them() -> None:
    wetness = np.concatenate([dried(1.0, 10), np.full(41, np.nan)])
    wet = np.zeros(len(wetness), dtype=np.bool_)
    ends = np.array([len(wetness) - 1])
    assert np.isnan(fitted(wetness, wet, PER_DAY, ends)[0]).all()
    wetness[41:] = dried(0.2, 10)
    assert fitted(wetness, wet, PER_DAY, ends)[0] == pytest.approx([0.2])


def test_soil_that_does_not_dry_and_nonsense_have_a_rate_of_this_world() -> None:
    wet = np.zeros(21, dtype=np.bool_)
    for wetness in (np.full(21, 0.5), np.linspace(0, 1, 21), np.linspace(1, -50, 21)):
        (rate,), _ = fitted(wetness, wet, PER_DAY, np.array([20]))
        assert 0.01 <= rate <= 2.0


def test_a_short_dry_down_counts_beside_the_usual_rate() -> None:
    rates, spans = np.array([0.4, 0.4, np.nan]), np.array([2.5, 1e9, 0.0])
    # Half of each by the days, as a geometric mean; all its own; the usual one.
    assert trusted(rates, spans, 0.1) == pytest.approx([0.2, 0.4, 0.1])


def test_the_usual_rate_follows_the_pot() -> None:
    usual = 0.1
    for day in range(60):
        usual = learnt(usual, day, 0.3)
    assert usual == pytest.approx(0.3, rel=0.08)
    assert learnt(0.1, 0, 0.3) == pytest.approx(0.1 * 3**0.25)
    assert learnt(0.1, 1000, 0.3) == pytest.approx(0.1 * 3**0.05)


def test_a_curve_never_rises() -> None:
    found = curve(np.array([1.0, -0.5]), np.array([0.2, 0.2]), 45)
    assert found[7, 0] == pytest.approx(-0.2 + 1.2 * np.exp(-1.4))
    assert (found[:, 1] == -0.5).all()


def test_farther_ahead_the_curve_counts_more_and_more_where_it_was_better() -> None:
    fair = shares(45, np.zeros(2))[:, 0]
    assert fair[[0, 1, 3, 7]] == pytest.approx([0.0, 0.3, 0.38, 0.54])
    assert fair[20] == pytest.approx(0.8)
    worse = shares(45, np.array([0.0, 45.0]))[:, 0]
    better = shares(45, np.array([45.0, 0.0]))[:, 0]
    # A tenth of the misses, and a hundredth of the odds.
    assert worse[1] == pytest.approx(0.3 / 0.7 / 100, rel=0.01)
    assert better[1] == pytest.approx(1 - 0.7 / 0.3 / 100, rel=0.01)


def test_misses_fade() -> None:
    errors = np.array([[-0.5, 0.1], [0.5, -0.2]])
    assert missed(np.array([10.0, 20.0]), errors) == pytest.approx([10.9, 20.1])
    assert missed(np.array([10.0, 20.0]), np.empty((0, 2))) == pytest.approx([9.9, 19.8])


@pytest.mark.parametrize(
    ("water_days", "pot_cm", "days"), [(7, None, 7), (7, 14, 7), (7, 28, 14), (30, 7, 15)]
)
def test_what_a_species_and_a_pot_let_expect(
    water_days: float, pot_cm: float | None, days: float
) -> None:
    rate = rate_of(water_days, pot_cm)
    # After that time a full pot is down to a tenth.
    assert FLOOR + (1 - FLOOR) * np.exp(-rate * days) == pytest.approx(0.1)


def test_no_pot_is_out_of_this_world() -> None:
    assert rate_of(1, 0.5) == 2.0
    assert rate_of(365, 500) == 0.01
