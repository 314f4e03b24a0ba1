import numpy as np
import pytest
from hypothesis import given, strategies as st

from custom_components.plant_vita.analysis.lamps import Source
from custom_components.plant_vita.analysis.light import daily_light, expected
from custom_components.plant_vita.analysis.series import DAY_S, HOUR_S, NOTHING, Series, series
from tests.analysis.readings import NOW, readings

MIDNIGHT = NOW // DAY_S * DAY_S
QUARTERS = MIDNIGHT + 900 * np.arange(97)
DAY = (MIDNIGHT, MIDNIGHT + DAY_S)


def one(values: np.ndarray | list[float], source: Source | None = None, **more: object) -> object:
    moments = more.pop("times", QUARTERS)
    usual: dict[str, object] = {"now": MIDNIGHT + 2 * DAY_S}
    return daily_light(series(moments, values), DAY, source=source, **(usual | more))[0]


def test_a_constant_lamp_golden() -> None:
    # 200 µmol/(m² s) × 86,400 s = 17.28 mol/m².
    day = one(np.full(97, 200.0))
    assert day.dli == pytest.approx(17.28)
    assert day.known == 1
    assert day.over
    assert day.estimate == pytest.approx(17.28)


def test_sunlight_in_lux_golden() -> None:
    # 10,000 lx × 0.0185 = 185 µmol/(m² s); twelve hours of it are 7.992 mol/m².
    lit = np.where(
        (QUARTERS >= MIDNIGHT + 6 * HOUR_S) & (QUARTERS < MIDNIGHT + 18 * HOUR_S), 1e4, 0
    )
    assert one(lit, Source.SUNLIGHT).dli == pytest.approx(7.992, abs=0.01)


def test_a_white_led_in_lux_golden() -> None:
    # 10,000 lx × 0.015 = 150 µmol/(m² s); sixteen hours are 8.64 mol/m².
    lit = np.where(QUARTERS < MIDNIGHT + 16 * HOUR_S, 1e4, 0)
    assert one(lit, Source.LED_WHITE).dli == pytest.approx(8.64, abs=0.1)


def test_a_clear_summer_day_golden() -> None:
    # Half a sine over 16 hours up to 2000 µmol/(m² s): 2000 · 57,600 · 2/π µmol/m² = 73.3 mol/m².
    sun = 2000 * np.maximum(0, np.sin((QUARTERS - MIDNIGHT - 4 * HOUR_S) / (16 * HOUR_S) * np.pi))
    sun[QUARTERS > MIDNIGHT + 20 * HOUR_S] = 0
    assert one(sun).dli == pytest.approx(73.3, abs=0.1)


def test_a_gap_is_neither_light_nor_dark() -> None:
    times = np.concatenate([QUARTERS[:33], QUARTERS[64:]])  # 8 to 16 o'clock are missing
    day = one(np.full(len(times), 200.0), times=times)
    assert day.known == pytest.approx(2 / 3, abs=0.01)
    assert day.dli == pytest.approx(17.28 * 2 / 3, abs=0.2)
    assert day.estimate is None


def by_changes(*, dawn: float = 6.0, first: float = 5.0) -> tuple[np.ndarray, np.ndarray]:
    """A sensor that says nothing while nothing changes: 200 μmol/(m² s) from 6 to 18 o'clock."""
    lit = MIDNIGHT + np.arange(dawn * HOUR_S + 900, 18 * HOUR_S, 900)
    times = [MIDNIGHT - 6 * HOUR_S, MIDNIGHT + dawn * HOUR_S, *lit, MIDNIGHT + 18 * HOUR_S]
    values = [0.0, first, *np.full(len(lit), 200.0), 0.0]
    return np.array(times), np.array(values)


def test_a_sensor_that_is_silent_at_night_has_a_daily_light_integral() -> None:
    times, values = by_changes()
    day = one(values, times=times)
    assert day.known == 1
    assert day.estimate == pytest.approx(200 * 12 * 3600 / 1e6, abs=0.2)
    # A lamp that turns on at once leaves it open how long it had been on.
    times, values = by_changes(first=200.0)
    assert one(values, times=times).estimate is None


def test_a_silence_of_more_than_a_night_is_no_night() -> None:
    times, values = by_changes(dawn=11.0)
    assert one(values, times=times).known < 0.9


def test_the_evening_is_known_at_midnight() -> None:
    times, values = by_changes()
    assert one(values, times=times, now=MIDNIGHT + DAY_S).known == 1
    bright = times < MIDNIGHT + 18 * HOUR_S
    assert one(values[bright], times=times[bright], now=MIDNIGHT + DAY_S).known < 0.8


def test_a_short_gap_is_made_up_for() -> None:
    times = np.concatenate([QUARTERS[:41], QUARTERS[49:]])  # two and a quarter hours
    day = one(np.full(len(times), 200.0), times=times)
    assert day.dli < 16
    assert day.estimate == pytest.approx(17.28)


def test_today_is_not_over() -> None:
    day = one(np.full(97, 200.0), now=MIDNIGHT + 6 * HOUR_S)
    assert not day.over
    assert day.dli == pytest.approx(4.32)
    assert day.known == 1
    assert day.estimate is None


def test_the_last_reading_lasts_as_long_as_readings_do() -> None:
    day = one([200.0] * 5, times=QUARTERS[:5], now=MIDNIGHT + 12 * HOUR_S)
    assert day.dli == pytest.approx(200 * 75 * 60 / 1e6)


def test_days_of_23_and_25_hours_are_the_callers() -> None:
    boundaries = (MIDNIGHT, MIDNIGHT + 23 * HOUR_S, MIDNIGHT + 48 * HOUR_S)
    steady = series(MIDNIGHT + 900 * np.arange(200), np.full(200, 100.0))
    short, long = daily_light(steady, boundaries, now=MIDNIGHT + 50 * HOUR_S)
    assert short.dli == pytest.approx(100 * 23 * 3600 / 1e6)
    assert long.dli == pytest.approx(100 * 25 * 3600 / 1e6)


def test_what_no_sun_can_do_is_left_out() -> None:
    values = np.full(97, 200.0)
    values[40] = 50_000
    values[60] = -5
    day = one(values)
    assert day.dli == pytest.approx(17.28, abs=0.25)


@pytest.mark.parametrize("readings_", [NOTHING, series([NOW], [100])])
def test_nothing_known_is_nothing_said(readings_: Series) -> None:
    day = daily_light(readings_, DAY, now=NOW + DAY_S)[0]
    assert day.dli == 0
    assert day.known == 0
    assert day.estimate is None
    assert daily_light(readings_, (), now=NOW) == ()


@given(readings(), st.sampled_from([None, *Source]))
def test_no_day_is_brighter_than_its_brightest_moment(
    given_: Series, source: Source | None
) -> None:
    for day in daily_light(given_, (NOW - 2 * DAY_S, NOW - DAY_S, NOW), now=NOW, source=source):
        assert 0 <= day.known <= 1
        assert 0 <= day.dli <= 3000 * DAY_S / 1e6 + 1e-6
        assert day.estimate is None or day.estimate >= day.dli - 1e-9


def test_what_is_expected_is_the_median_of_what_was() -> None:
    # 100, 300 and 200 µmol/(m² s), a day each.
    hours = MIDNIGHT + HOUR_S * np.arange(73)
    light = series(hours, np.repeat([100.0, 300.0, 200.0], [24, 24, 25]))
    noons = [(day + 11 * HOUR_S, day + 13 * HOUR_S) for day in MIDNIGHT + DAY_S * np.arange(3)]
    now = MIDNIGHT + 3 * DAY_S
    assert expected(light, noons, now=now) == pytest.approx(200 * 7200 / 1e6)
    assert expected(light, noons[:1], now=now) == pytest.approx(100 * 7200 / 1e6)
    # Days of which nothing is known are left out; of nothing at all nothing is said.
    unknown = (MIDNIGHT - 2 * DAY_S, MIDNIGHT - 2 * DAY_S + HOUR_S)
    assert expected(light, [unknown, noons[0]], now=now) == pytest.approx(100 * 7200 / 1e6)
    assert expected(light, [unknown], now=now) is None
    assert expected(NOTHING, noons, now=now) is None
