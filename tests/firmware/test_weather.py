"""The recorded weather, and the room derived from it."""

import statistics

import pytest

from firmware.simulator.weather import DAY, HOUR, RECORD, Indoors, Outdoors, saturation


def hours(climate, days=30):
    return [climate.at(hour * HOUR) for hour in range(24 * days)]


def test_the_record_is_two_whole_months_and_small():
    lines = RECORD.read_text().splitlines()
    assert len(lines) == 1 + 2 * 30 * 24
    assert RECORD.stat().st_size < 60_000


def test_outdoors_is_what_was_recorded():
    air = Outdoors(6, shade=1).at(11.5 * HOUR)  # the hour from 11 to 12 on the first of June
    assert (air.temperature, air.humidity, air.radiation) == (31.1, 48, 916)


def test_a_month_that_is_not_there():
    with pytest.raises(ValueError, match="month 2"):
        Outdoors(2)


def test_saturation_at_twenty_degrees():
    assert saturation(20) == pytest.approx(2.339, abs=0.01)  # kPa, steam tables


def test_vapour_pressure_deficit():
    air = Outdoors(6, shade=1).at(11.5 * HOUR)
    assert air.vpd == pytest.approx(saturation(31.1) * 0.52)


def test_nights_are_dark():
    assert Outdoors(6).at(1 * HOUR).light == 0
    assert Indoors(11).at(2 * HOUR).light < 5


@pytest.mark.parametrize("month", [6, 11])
def test_a_room_is_milder_and_slower_than_the_weather(month):
    inside, outside = hours(Indoors(month)), hours(Outdoors(month))
    indoors = [air.temperature for air in inside]
    outdoors = [air.temperature for air in outside]
    assert statistics.stdev(indoors) < 0.5 * statistics.stdev(outdoors)
    assert min(indoors) > 16
    assert max(indoors) < 30


@pytest.mark.parametrize("month", [6, 11])
def test_a_room_is_dim_and_its_air_possible(month):
    inside = hours(Indoors(month))
    assert max(air.light for air in inside) < 12_000
    assert all(20 <= air.humidity <= 85 for air in inside)
    assert all(air.vpd > 0 for air in inside)


def test_the_month_repeats_without_a_jump():
    room = Indoors(11)
    assert room.at(30 * DAY + 5 * HOUR) == room.at(5 * HOUR + 30 * DAY)
    before, after = room.at(30 * DAY - 60), room.at(30 * DAY + 60)
    assert abs(before.temperature - after.temperature) < 0.2
