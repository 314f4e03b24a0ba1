import numpy as np
import pytest
from hypothesis import given, settings

from custom_components.plant_vita.analysis.series import DAY_S, HOUR_S, Series, series
from custom_components.plant_vita.analysis.waterings import waterings
from custom_components.plant_vita.model.plant import Watering
from tests.analysis.readings import NOW, readings

BEGIN = NOW - 12 * HOUR_S
POURED = 480
MINUTES = np.arange(720)


def found(values: np.ndarray, after: float = BEGIN, every: int = 1) -> tuple[Watering, ...]:
    moisture = series(BEGIN + 60 * MINUTES[::every], values[::every])
    return waterings(moisture, after=after, now=NOW)


def soaked(size: float, at_once: float = 0.4, soaking: float = 12.0) -> np.ndarray:
    """Twelve hours once a minute, water after eight."""
    since = np.maximum(MINUTES - POURED, 0)
    rise = at_once + (1 - at_once) * (1 - np.exp(-since / soaking))
    return 30 - MINUTES / 400 + size * rise * (MINUTES >= POURED) * np.exp(-since / 3000)


@pytest.mark.parametrize("size", [4, 8, 20, 45])
@pytest.mark.parametrize("every", [1, 5, 10])
def test_a_watering_its_time_and_its_size(size: float, every: int) -> None:
    (event,) = found(soaked(size), every=every)
    assert event.at - (BEGIN + 60 * POURED) == pytest.approx(0, abs=900 + 60 * every)
    assert event.size == pytest.approx(size, rel=0.15, abs=0.5)
    assert event.before == pytest.approx(28.9, abs=0.5)
    assert 0 < event.confidence <= 1


def test_what_may_be_a_hand_is_told_later() -> None:
    # All there soon, and in the noise: within an hour a probe that was pushed is nearly as likely.
    values = soaked(9, at_once=0.5, soaking=5) + np.random.default_rng(4).normal(0, 0.8, 720)
    moisture = series(BEGIN + 60 * MINUTES[::10], values[::10])

    def told(after_min: int) -> tuple[Watering, ...]:
        now = BEGIN + 60 * (POURED + after_min)
        return waterings(moisture.between(BEGIN, now), after=BEGIN, now=now)

    assert told(60) == ()
    (event,) = told(180)
    assert event.at - (BEGIN + 60 * POURED) == pytest.approx(0, abs=900)
    assert event.confidence > 0.9


def test_small_ones_are_found_in_slow_and_noisy_readings() -> None:
    sizes = {9: 0, 15: 0}
    for size in sizes:
        for seed in range(6):
            values = soaked(size) + np.random.default_rng(seed).normal(0, 1.5, 720)
            sizes[size] += len(found(values, every=10))
    assert sizes[9] >= 4
    assert sizes[15] == 6


def test_through_noise_and_wild_readings() -> None:
    dice = np.random.default_rng(2)
    values = (
        soaked(10) + dice.normal(0, 1.5, 720) + (dice.random(720) < 0.1) * dice.normal(0, 14, 720)
    )
    (event,) = found(values)
    assert event.at - (BEGIN + 60 * POURED) == pytest.approx(0, abs=1200)


def test_each_is_told_once_and_the_next_as_well() -> None:
    values = soaked(10) + 12 * (MINUTES >= 200) * (1 - np.exp(-np.maximum(MINUTES - 200, 0) / 9))
    first, second = found(values)
    assert (second.at - first.at) / 60 == pytest.approx(280, abs=20)
    assert found(values, after=first.at + HOUR_S) == (second,)
    assert found(values, after=second.at) == ()


def test_nothing_is_told_before_it_has_stayed() -> None:
    moisture = series(BEGIN + 60 * MINUTES, soaked(20))
    early = BEGIN + 60 * POURED + 600
    assert waterings(moisture, after=BEGIN, now=early) == ()


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(30 - MINUTES / 400, id="drying"),
        pytest.param(30 + MINUTES / 240, id="drift of six points a day"),
        pytest.param(30 + 20.0 * ((MINUTES > 300) & (MINUTES < 306)), id="a spike"),
        pytest.param(30 + 25.0 * ((MINUTES > 300) & (MINUTES < 320)), id="a longer spike"),
        pytest.param(
            np.where((MINUTES > 300) & (MINUTES < 308), 1.0, 30 + 9.0 * (MINUTES >= 308)),
            id="pulled out and put back where it is wetter",
        ),
        pytest.param(
            np.where(
                (MINUTES > 300) & (MINUTES < 308),
                1.0,
                30 + (MINUTES >= 308) * (9 + 4 * (1 - np.exp(-(MINUTES - 308.0) / 15))),
            ),
            id="pulled out and pressed in, bit by bit",
        ),
        pytest.param(30 + 25.0 * ((MINUTES > 300) & (MINUTES < 330)), id="half an hour of sun"),
        pytest.param(30 + 9.0 * (MINUTES >= 308), id="pushed aside"),
        pytest.param(30 - 9.0 * (MINUTES >= 308), id="pushed to where it is drier"),
        pytest.param(30 + np.random.default_rng(1).normal(0, 2.5, 720), id="noise"),
        pytest.param(30 + 2 * np.sin(MINUTES / 229), id="the sun on the pot"),
    ],
)
def test_what_is_no_watering(values: np.ndarray) -> None:
    assert found(values) == ()


def test_wild_readings_once_in_ten_minutes_are_no_waterings() -> None:
    for seed in range(20):
        dice = np.random.default_rng(seed)
        values = 30 + dice.normal(0, 1.5, 720) + (dice.random(720) < 0.12) * dice.normal(0, 12, 720)
        assert found(values, every=10) == ()


def pushed(points: float) -> np.ndarray:
    """A probe that was pushed aside: another level at once, and then as before."""
    return 30 - MINUTES / 400 + points * (MINUTES >= POURED)


@pytest.mark.parametrize("every", [10, 14])
@pytest.mark.parametrize("sigma", [0.0, 0.3])
def test_a_probe_pushed_aside_between_two_slow_readings_is_no_watering(
    every: int, sigma: float
) -> None:
    noisy = pushed(12) + np.random.default_rng(4).normal(0, sigma, 720)
    assert found(noisy, every=every) == ()
    # The same size, soaking in, is one.
    poured = soaked(12, at_once=0.3, soaking=20) + np.random.default_rng(4).normal(0, sigma, 720)
    assert len(found(poured, every=every)) == 1


def test_a_dip_that_ends_is_no_watering() -> None:
    since = np.maximum(MINUTES - POURED, 0)
    dip = 30 - MINUTES / 400 - 9.0 * (MINUTES > POURED - 70) * np.exp(-since / 12)
    assert found(dip, every=10) == ()
    assert found(dip) == ()


def test_a_wild_reading_before_the_water_does_not_move_its_time() -> None:
    values = soaked(15)
    values[POURED - 60] += 40
    (event,) = found(values, every=10)
    assert event.at - (BEGIN + 60 * POURED) == pytest.approx(0, abs=900)


def test_a_probe_in_the_air_wavers() -> None:
    values = pushed(12) + np.random.default_rng(4).normal(0, 1.0, 720)
    values[POURED : POURED + 20] = 4.2
    assert found(values, every=10) == ()


def test_too_few_readings_say_nothing() -> None:
    assert waterings(series([NOW], [1]), after=BEGIN, now=NOW) == ()


@settings(max_examples=80, deadline=None)
@given(readings(0, 100, most=200))
def test_any_readings(moisture: Series) -> None:
    events = waterings(moisture, after=NOW - DAY_S, now=NOW)
    assert all(NOW - DAY_S < event.at <= NOW for event in events)
    assert all(event.size > 0 for event in events)
    assert list(events) == sorted(events, key=lambda event: event.at)
