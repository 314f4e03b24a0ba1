"""Wishes are kept one by one, and a time that makes no sense is none."""

from datetime import time

import pytest

from custom_components.plant_vita.care.quiet import Hours
from custom_components.plant_vita.plants.wishes import async_keep, hours_of, time_of
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


async def test_one_wish_leaves_the_others_and_the_plant_as_they_were(growing: Growing) -> None:
    growing.make({"title": "Fern", "pump": "switch.pump"}, {"title": "Moss"})
    fern, moss = growing.entry.subentries
    async_keep(growing.hass, growing.entry, fern, "water", daily_ml=300)
    async_keep(growing.hass, growing.entry, fern, "water", automatic="advice")
    async_keep(growing.hass, growing.entry, fern, "lighting", hours=4)
    async_keep(growing.hass, growing.entry, fern, "lighting", hours=6)
    assert growing.entry.subentries[fern].title == "Fern"
    assert growing.entry.subentries[fern].data == {
        "pump": "switch.pump",
        "water": {"daily_ml": 300, "automatic": "advice"},
        "lighting": {"hours": 6},
    }
    assert growing.entry.subentries[moss].data == {}


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("20:30:00", time(20, 30)),
        ("05:00", time(5)),
        ("noon", None),
        ("25:00", None),
        (7, None),
        (None, None),
    ],
)
def test_what_is_no_time_of_the_day_is_none(stored: object, expected: time | None) -> None:
    assert time_of(stored) == expected


def test_hours_have_two_ends() -> None:
    assert hours_of("22:00:00", "07:30:00") == Hours(start=time(22), end=time(7, 30))
    assert hours_of("22:00:00", None) is None
    assert hours_of("late", "07:30:00") is None
