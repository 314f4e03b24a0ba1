import numpy as np
from hypothesis import given

from custom_components.plant_vita.analysis.history import (
    Drivers,
    History,
    cells_a_day,
    daily_drivers,
    history,
    wettings,
)
from custom_components.plant_vita.analysis.series import DAY_S, HOUR_S, NOTHING, series
from tests.analysis.readings import NOW, readings


def test_as_fine_as_the_readings_allow() -> None:
    def every(seconds: float) -> int:
        return cells_a_day(series(np.arange(20) * seconds, np.arange(20)))

    assert [every(s) for s in (60, HOUR_S, 3 * HOUR_S, 6 * HOUR_S, 12 * HOUR_S)] == [8, 8, 8, 4, 2]
    assert [every(s) for s in (DAY_S, DAY_S + 600, 5 * DAY_S)] == [1, 1, 1]
    assert cells_a_day(NOTHING) == 1


def test_aligned_histories_share_their_cells() -> None:
    moisture = series(NOW - np.arange(2000) * 600, 40 + np.arange(2000) / 100)
    first = history(moisture, Drivers(), end=NOW, days=10, aligned=True)
    later = history(moisture, Drivers(), end=NOW + 5000, days=10, aligned=True)
    assert first.end % (3 * HOUR_S) == 0
    assert first.moment(len(first) - 1) == first.end
    shift = round((later.end - first.end) / (3 * HOUR_S))
    assert first.moisture[5 + shift : 40].tolist() == later.moisture[5 : 40 - shift].tolist()


def test_the_newest_reading_is_in_the_last_cell() -> None:
    daily = series(NOW - DAY_S * np.arange(10), np.arange(10.0))
    past = history(daily, Drivers(), end=NOW, days=3, aligned=False)
    assert past.per_day == 1
    assert past.moisture.tolist() == [2, 1, 0]


def test_drivers_stand_beside_the_moisture() -> None:
    hourly = NOW - HOUR_S * np.arange(72)
    drivers = Drivers(temperature=series(hourly, np.full(72, 21.0)))
    past = history(series(hourly, np.full(72, 40.0)), drivers, end=NOW, days=2, aligned=False)
    assert past.drivers.shape == (16, 3)
    assert past.drivers[:, 0].tolist() == [21.0] * 16
    assert np.isnan(past.drivers[:, 1:]).all()
    assert daily_drivers(past)[-1][0] == 21


def test_water_is_a_rise_within_two_cells() -> None:
    level = np.array([30, 29.5, 30.4, 31.2, 31.0, 50, 49, np.nan, 48.0])
    assert wettings(level, span=20).tolist() == [False] * 3 + [True, False, True] + [False] * 3
    # In a pot that goes up and down by 100 points, four of them are noise.
    assert np.flatnonzero(wettings(level, span=100)).tolist() == [5]


@given(readings())
def test_any_readings_make_a_history(moisture: object) -> None:
    past = history(moisture, Drivers(light=moisture), end=NOW, days=20, aligned=True)
    assert isinstance(past, History)
    assert len(past) == 20 * past.per_day == len(wettings(past.moisture, 10.0))
    assert daily_drivers(past).shape == (len(past), 3)
