from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from custom_components.plant_vita.model.species import Season
from custom_components.plant_vita.species.seasons import TimeOfYear, season_of, time_of_year

SPRING, SUMMER, AUTUMN, WINTER = Season
YEAR = [date(2028, 1, 1) + timedelta(days=day) for day in range(366)]


@pytest.mark.parametrize(
    ("month", "day", "north", "south"),
    [
        (1, 1, WINTER, SUMMER),
        (2, 29, WINTER, SUMMER),
        (3, 1, SPRING, AUTUMN),
        (5, 31, SPRING, AUTUMN),
        (6, 1, SUMMER, WINTER),
        (8, 31, SUMMER, WINTER),
        (9, 1, AUTUMN, SPRING),
        (11, 30, AUTUMN, SPRING),
        (12, 1, WINTER, SUMMER),
        (12, 31, WINTER, SUMMER),
    ],
)
def test_seasons_of_both_halves_of_the_earth(
    month: int, day: int, north: Season, south: Season
) -> None:
    assert season_of(date(2028, month, day)) is north
    assert season_of(date(2028, month, day), southern=True) is south


@pytest.mark.parametrize(
    ("month", "day", "season", "following", "share"),
    [
        (1, 15, WINTER, SPRING, 0),
        (2, 15, WINTER, SPRING, 0),
        (2, 22, WINTER, SPRING, 0.25),
        (3, 1, WINTER, SPRING, 0.5),
        (3, 8, WINTER, SPRING, 0.75),
        (3, 15, SPRING, SUMMER, 0),
        (5, 18, SPRING, SUMMER, 0),
        (5, 25, SPRING, SUMMER, 0.25),
        (11, 24, AUTUMN, WINTER, 0.25),
        (12, 8, AUTUMN, WINTER, 0.75),
        (12, 31, WINTER, SPRING, 0),
    ],
)
def test_a_season_comes_within_four_weeks(
    month: int, day: int, season: Season, following: Season, share: float
) -> None:
    found = time_of_year(date(2027, month, day))
    assert found == TimeOfYear(season=season, following=following, share=share)


def weights(now: TimeOfYear) -> dict[Season, float]:
    return {now.following: now.share, now.season: 1 - now.share}


@pytest.mark.parametrize("southern", [False, True])
def test_no_day_brings_a_jump(southern: bool) -> None:
    for day in YEAR:
        before = weights(time_of_year(day - timedelta(days=1), southern=southern))
        now = weights(time_of_year(day, southern=southern))
        moved = [abs(now.get(season, 0) - before.get(season, 0)) for season in Season]
        assert max(moved) <= 0.04, day


def test_the_south_has_the_other_half() -> None:
    other = {SPRING: AUTUMN, AUTUMN: SPRING, SUMMER: WINTER, WINTER: SUMMER}
    for day in YEAR:
        north, south = time_of_year(day), time_of_year(day, southern=True)
        assert south.season is other[north.season]
        assert south.following is other[north.following]
        assert south.share == north.share


def test_most_of_the_year_one_season_holds_alone() -> None:
    assert sum(time_of_year(day).share == 0 for day in YEAR) == 366 - 4 * 27 - 1


@given(st.dates(), st.booleans())
def test_every_day_there_is_has_a_season(day: date, southern: bool) -> None:
    found = time_of_year(day, southern=southern)
    assert 0 <= found.share < 1
    assert season_of(day, southern=southern) in {found.season, found.following}
