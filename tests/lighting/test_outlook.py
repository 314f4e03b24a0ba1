"""What is decided for all plants under a lamp, today and on the days that come."""

from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.plant_vita.lighting.outlook import async_days_ahead, async_outlooks
from custom_components.plant_vita.lighting.register import Record
from tests.lighting.shelf import MOSS, Shelf, shelf_fixture

shelf = shelf_fixture()

SEVEN = datetime(2026, 11, 10, 7, tzinfo=UTC).timestamp()
HOUR, DAY = 3600.0, 86_400.0


def moss(automatic: str, **wishes: Any) -> dict[str, Any]:
    return MOSS | {"lighting": {"automatic": automatic, "hours": 4, **wishes}}


def prices(shelf: Shelf, cheap: int) -> None:
    hours = [
        {"start": f"2026-11-10T{hour:02}:00:00+00:00", "price": 0.1 if hour == cheap else 0.4}
        for hour in range(24)
    ]
    shelf.hass.states.async_set("sensor.price", "0.4", {"prices_today": hours})
    options = {"price": "sensor.price"}
    shelf.hass.config_entries.async_update_entry(shelf.entry, options=options)


async def test_advice_is_what_would_be_if_it_were_lit_and_moves_nothing(shelf: Shelf) -> None:
    await shelf.grow(moss("advice", hours=15), moss("off"), moss("on", hours=0))
    advised, off, lit = shelf.entry.subentries
    under = shelf.lamp(advised).under
    decision, found = await async_outlooks(shelf.hass, under, Record(), SEVEN, is_on=False)
    assert decision is not None
    assert decision.on is found[lit].decision.on is False
    assert found[advised].decision.on is True
    assert off not in found


async def test_nobody_to_be_lit(shelf: Shelf) -> None:
    plant = await shelf.grow(moss("off"))
    found = await async_outlooks(shelf.hass, shelf.lamp(plant).under, Record(), SEVEN, is_on=False)
    assert found == (None, {})


@pytest.mark.parametrize("state", ["", "unavailable"])
async def test_prices_decide_as_long_as_they_are_known(shelf: Shelf, state: str) -> None:
    plant = await shelf.grow(moss("on", hours=1))
    prices(shelf, cheap=13)
    under = shelf.lamp(plant).under
    _, found = await async_outlooks(shelf.hass, under, Record(), SEVEN, is_on=False)
    [shine] = found[plant].planned
    assert (shine.start, shine.end) == (SEVEN + 6 * HOUR, SEVEN + 7 * HOUR)
    if state:
        shelf.hass.states.async_set("sensor.price", state)
    else:
        shelf.hass.states.async_remove("sensor.price")
    options = {**shelf.entry.options, "light_from": "09:00:00", "light_to": "10:00:00"}
    shelf.hass.config_entries.async_update_entry(shelf.entry, options=options)
    _, found = await async_outlooks(shelf.hass, under, Record(), SEVEN, is_on=False)
    [shine] = found[plant].planned
    assert (shine.start, shine.end) == (SEVEN + 2 * HOUR, SEVEN + 3 * HOUR)


async def test_the_days_that_come(shelf: Shelf) -> None:
    plant = await shelf.grow(moss("on"))
    under = shelf.lamp(plant).under
    planned = await async_days_ahead(shelf.hass, under, Record(), SEVEN, count=3)
    assert [(one.start, one.end) for one in planned] == [
        (SEVEN + 11 * HOUR + day * DAY, SEVEN + 15 * HOUR + day * DAY) for day in range(3)
    ]
    # At night the first of them is the day that comes.
    night = SEVEN + 17 * HOUR
    assert await async_days_ahead(shelf.hass, under, Record(), night, count=1) == planned[1:2]
