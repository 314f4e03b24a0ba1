import numpy as np
import pytest
from hypothesis import given, settings

from custom_components.plant_vita.analysis.rise import Rise, explained
from custom_components.plant_vita.analysis.series import HOUR_S, Series, series
from tests.analysis.readings import NOW, readings

BEGIN = NOW - 12 * HOUR_S
POURED = 480
MINUTES = np.arange(720)
SINCE = np.maximum(MINUTES - POURED, 0)
DRYING = 30 - MINUTES / 400


def rise(
    values: np.ndarray, *, every: int = 10, about: int = POURED, until: int = 720
) -> Rise | None:
    moisture = series(BEGIN + 60 * MINUTES[:until:every], values[:until:every])
    return explained(moisture, about=BEGIN + 60 * about, now=BEGIN + 60 * until)


def soaked(size: float, at_once: float = 0.4, soaking: float = 12.0) -> np.ndarray:
    """Twelve hours once a minute, water after eight."""
    course = at_once + (1 - at_once) * (1 - np.exp(-SINCE / soaking))
    return DRYING + size * course * (MINUTES >= POURED)


def pushed(size: float) -> np.ndarray:
    return DRYING + size * (MINUTES >= POURED)


def noisy(values: np.ndarray, sigma: float, seed: int) -> np.ndarray:
    return values + np.random.default_rng(seed).normal(0, sigma, len(values))


@pytest.mark.parametrize("every", [1, 5, 10, 30])
def test_water_where_and_how_much(every: int) -> None:
    found = rise(noisy(soaked(12), 0.3, 1), every=every)
    assert found is not None
    assert found.chance > 0.9
    assert found.at - (BEGIN + 60 * POURED) == pytest.approx(0, abs=900 + 30 * every)
    assert found.before == pytest.approx(28.8, abs=0.6)
    assert found.size == pytest.approx(12, abs=1.2)


@pytest.mark.parametrize("size", [5, 10, 15])
@pytest.mark.parametrize("every", [1, 10])
def test_another_level_at_once_is_a_probe_that_was_pushed(size: float, every: int) -> None:
    for seed in range(4):
        found = rise(noisy(pushed(size), 0.5, seed), every=every)
        assert found is None or found.chance < 0.3


@pytest.mark.parametrize("every", [1, 5, 10])
def test_no_probe_is_pushed_to_where_it_is_wetter_by_25_points(every: int) -> None:
    found = rise(noisy(pushed(25), 0.3, 1), every=every)
    assert found is not None
    assert found.chance > 0.9


def test_the_clearer_the_surer() -> None:
    chances = [
        np.mean([one.chance if (one := rise(noisy(soaked(size), 1.5, k))) else 0 for k in range(6)])
        for size in (3, 6, 20)
    ]
    assert chances[0] < chances[1] < chances[2]
    assert chances[0] < 0.5
    assert chances[2] > 0.95


@pytest.mark.parametrize("every", [1, 10])
def test_noise_and_wild_readings_are_nothing(every: int) -> None:
    for seed in range(6):
        dice = np.random.default_rng(seed)
        wild = (dice.random(720) < 0.12) * dice.normal(0, 12, 720)
        found = rise(noisy(DRYING, 1.5, seed) + wild, every=every)
        assert found is None or found.chance < 0.3


@pytest.mark.parametrize(("sigma", "fell", "about"), [(0.3, 360, 480), (1.0, 280, 400)])
def test_what_fell_before_does_not_rise(sigma: float, fell: int, about: int) -> None:
    """Two hours before, a probe was pushed to where it is drier: no drying alone looks like it."""
    found = rise(noisy(DRYING - 9.0 * (fell < MINUTES), sigma, 0), about=about)
    assert found is None or found.chance < 0.01


def test_a_reading_of_air_before_it_speaks_for_a_hand() -> None:
    # All there with the next reading, as a probe that is put back has it.
    poured = noisy(soaked(10, at_once=0.55, soaking=6), 1.0, 3)
    water = rise(poured)
    poured[POURED - 12 : POURED] = 1.0
    hand = rise(poured)
    assert water is not None
    assert hand is not None
    assert water.chance > 0.9
    assert hand.chance < 0.5
    # Many of them leave no doubt.
    many = rise(poured, every=1)
    assert many is None or many.chance < 0.01


def test_a_wild_reading_of_air_some_time_before_is_none() -> None:
    poured = noisy(soaked(14, soaking=20), 1.0, 3)
    poured[POURED - 30] = 1.0
    found = rise(poured)
    assert found is not None
    assert found.chance > 0.9


def test_a_probe_that_comes_to_the_end_of_its_scale_was_watered() -> None:
    found = rise(np.clip(soaked(30, soaking=6) + 56, 0, 100), every=5)
    assert found is not None
    assert found.chance > 0.9
    assert found.before == pytest.approx(84.8, abs=0.6)


def test_a_rise_elsewhere_is_not_taken_for_one_here() -> None:
    assert rise(soaked(15), about=600) is None
    assert rise(soaked(15), about=600, every=1) is None


def test_nothing_is_said_before_enough_was_seen() -> None:
    assert rise(soaked(20), until=POURED + 30) is None
    # Nor where nothing is known of the hour before.
    later = series(BEGIN + 60 * MINUTES[450::5], soaked(20)[450::5])
    assert explained(later, about=BEGIN + 60 * POURED, now=NOW) is None


def test_a_minute_each_is_looked_at_in_steps_of_three() -> None:
    """A hundred readings whose errors are alike are not surer than ten."""
    often, seldom = rise(soaked(4), every=1), rise(soaked(4), every=3)
    assert often is not None
    assert seldom is not None
    assert often.size == pytest.approx(seldom.size, abs=0.4)
    assert often.chance == pytest.approx(seldom.chance, abs=0.05)


@settings(max_examples=60, deadline=None)
@given(readings(0, 100, most=60))
def test_any_readings(moisture: Series) -> None:
    found = explained(moisture, about=NOW - 2 * HOUR_S, now=NOW)
    if found is not None:
        assert 0 <= found.chance <= 1
        assert 2.0 < found.size <= 100
        assert NOW - 3 * HOUR_S <= found.at <= NOW - HOUR_S / 2
