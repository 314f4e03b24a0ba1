"""What is kept of an input over weeks."""

import json

import numpy as np
import pytest

from custom_components.plant_vita.plants.track import Days, Track

HOUR, DAY = 3600, 86_400
MIDNIGHT = 20_000 * DAY


def test_a_minute_becomes_one_mean() -> None:
    track = Track()
    for second, value in ((0, 10.0), (20, 20.0), (59, 60.0), (60, 5.0)):
        track.add(MIDNIGHT + second, value)
    assert track.series.times.tolist() == [MIDNIGHT + 59, MIDNIGHT + 60]
    assert track.series.values.tolist() == [30.0, 5.0]


def test_what_comes_late_is_left_out() -> None:
    track = Track()
    track.add(MIDNIGHT + 600, 1.0)
    track.add(MIDNIGHT, 9.0)
    track.add(MIDNIGHT + 599, 9.0)
    assert track.series.values.tolist() == [1.0]


def test_half_a_day_old_minutes_become_five() -> None:
    track = Track()
    for minute in range(24 * 60):
        track.add(MIDNIGHT + minute * 60, minute)
    track.thin(MIDNIGHT + DAY)
    assert len(track) == 12 * 60 + 12 * 12
    assert track.series.values[0] == 2.0
    assert track.series.times[0] == MIDNIGHT + 4 * 60


def test_old_readings_become_hourly_means_and_older_ones_are_forgotten() -> None:
    track = Track()
    # One reading every ten minutes for thirty days; the value is the day.
    for step in range(30 * 144):
        track.add(MIDNIGHT + step * 600, step // 144)
    now = MIDNIGHT + 30 * DAY
    track.thin(now)
    ages = (now - track.series.times) / DAY
    assert ages.max() < 21
    assert np.sum(ages <= 2) == 288
    assert len(track) == pytest.approx(288 + 19 * 24, abs=1)
    assert set(track.series.values.tolist()) == set(range(9, 30))


def test_the_ends_of_a_long_silence_are_not_mixed_with_what_was_before_and_after() -> None:
    """A light sensor that only reports changes: the night that it was silent must stay one."""
    track = Track()
    dusk = ((0, 90.0), (600, 40.0), (1200, 5.0), (1800, 0.0))
    dawn = ((9 * HOUR, 8.0), (9 * HOUR + 600, 50.0), (9 * HOUR + 1200, 90.0))
    for second, value in dusk + dawn:
        track.add(MIDNIGHT + second, value)
    # The first time in the middle of the night that was silent.
    for now in (2 * DAY + 4 * HOUR, 3 * DAY, 4 * DAY):
        track.thin(MIDNIGHT + now)
        if now < 3 * DAY:
            continue
        seconds = (track.series.times - MIDNIGHT).tolist()
        assert list(zip(seconds, track.series.values.tolist(), strict=True)) == [
            (1200, 45.0),
            (1800, 0.0),
            (9 * HOUR, 8.0),
            (9 * HOUR + 1200, 70.0),
        ]


def test_nothing_can_be_thinned() -> None:
    track = Track()
    track.thin(MIDNIGHT)
    assert len(track) == 0


def test_thinning_twice_changes_nothing_more() -> None:
    track = Track()
    for step in range(1000):
        track.add(MIDNIGHT + step * 600, step)
    now = MIDNIGHT + 7 * DAY
    track.thin(now)
    once = track.as_stored()
    track.thin(now)
    assert track.as_stored() == once


def test_nothing_stays_nothing() -> None:
    track = Track()
    track.thin(MIDNIGHT)
    assert track.as_stored() == {"times": [], "values": []}


def test_it_goes_on_where_it_was() -> None:
    track = Track()
    track.add(MIDNIGHT + 0.4, 1.00049)
    again = Track(**track.as_stored())
    again.add(MIDNIGHT + 600, 2.0)
    assert again.series.times.tolist() == [MIDNIGHT, MIDNIGHT + 600]
    assert again.series.values.tolist() == [1.0, 2.0]


def test_days_keep_one_mean_each_for_six_weeks() -> None:
    days = Days()
    for hour in range(24 * 50):
        days.add(hour * 3600.0, float(hour // 24) + (hour % 2))
    found = days.series
    assert len(found) == 42
    assert found.times[-1] == 49.5 * 86_400
    assert found.values[-1] == pytest.approx(49.5)
    again = Days(json.loads(json.dumps(days.as_stored())))
    again.add(49.9 * 86_400, 49.5)
    assert again.series.values[-1] == pytest.approx(49.5, abs=0.01)


def test_what_a_clock_that_was_ahead_has_left_is_forgotten() -> None:
    track = Track()
    track.add(MIDNIGHT, 1.0)
    track.add(MIDNIGHT + DAY, 2.0)
    track.add(MIDNIGHT + 600, 3.0)
    track.thin(MIDNIGHT + 600)
    track.add(MIDNIGHT + 1200, 4.0)
    assert track.series.values.tolist() == [1.0, 4.0]
