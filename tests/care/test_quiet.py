from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from custom_components.plant_vita.care.quiet import Hours, last_time, next_time

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Hours(start=time(22), end=time(7))
NOON = Hours(start=time(12), end=time(14, 30))


def at(text: str, zone=BERLIN) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


@pytest.mark.parametrize(
    ("hours", "clock", "inside"),
    [
        (NIGHT, "21:59", False),
        (NIGHT, "22:00", True),
        (NIGHT, "00:00", True),
        (NIGHT, "06:59", True),
        (NIGHT, "07:00", False),
        (NOON, "11:59", False),
        (NOON, "12:00", True),
        (NOON, "14:30", False),
        (Hours(start=time(8), end=time(8)), "08:00", False),
        (Hours(start=time(8), end=time(8)), "20:00", False),
    ],
)
def test_hours_hold_also_over_midnight(hours, clock, inside) -> None:
    assert hours.hold(at(f"2026-11-21T{clock}"), BERLIN) is inside


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-21T23:00", "2026-11-22T07:00"),
        ("2026-11-22T03:00", "2026-11-22T07:00"),
        ("2026-11-22T07:00", "2026-11-23T07:00"),
    ],
)
def test_the_end_of_the_hours(now, end) -> None:
    assert NIGHT.end_after(at(now), BERLIN) == at(end)


def test_a_night_lasts_an_hour_less_when_the_clock_is_put_forward() -> None:
    evening = at("2026-03-28T22:00")
    assert NIGHT.end_after(evening, BERLIN) - evening == 8 * 3600


def test_a_night_lasts_an_hour_more_when_the_clock_is_put_back() -> None:
    evening = at("2026-10-24T22:00")
    assert NIGHT.end_after(evening, BERLIN) - evening == 10 * 3600


def test_a_time_that_is_skipped_comes_an_hour_later() -> None:
    # At two o'clock it becomes three: 02:30 by the old clock is 01:30 UTC.
    skipped = next_time(time(2, 30), at("2026-03-29T00:00"), BERLIN)
    assert datetime.fromtimestamp(skipped, UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_time_that_comes_twice_ends_hours_twice_but_begins_a_day_once() -> None:
    half_past_two = time(2, 30)
    first = next_time(half_past_two, at("2026-10-25T00:00"), BERLIN)
    second = next_time(half_past_two, first, BERLIN)
    assert second - first == 3600
    assert last_time(half_past_two, second + 60, BERLIN) == first


def test_the_last_time_may_be_yesterday() -> None:
    assert last_time(time(7), at("2026-11-21T06:59"), BERLIN) == at("2026-11-20T07:00")
    assert last_time(time(7), at("2026-11-21T07:00"), BERLIN) == at("2026-11-21T07:00")
