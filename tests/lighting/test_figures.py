"""What is shown of a plant's lamp, and what that was decided from."""

import pytest

from tests.lighting.shelf import FERN, MOSS, Shelf, shelf_fixture

shelf = shelf_fixture()


async def test_of_measured_light(shelf: Shelf) -> None:
    shelf.sun_ppfd = 100.0
    plant = await shelf.grow(FERN | {"lighting": {"automatic": "advice"}})
    await shelf.pass_minutes(60, step=10)
    shown = shelf.state(plant, "sensor", "light_state")
    assert shown.state == "later"
    told = dict(shown.attributes)
    assert told["decided_by"] == "measurement"
    assert told["light_so_far"] == pytest.approx(0.33, abs=0.04)
    assert told["light_wanted"] == 2.2
    assert told["light_to_come"] == 0.0
    assert told["lamp_hours_left"] == pytest.approx((2.2 - told["light_so_far"]) / 0.36, abs=0.06)
    assert told["lamp_brightness"] is None, "nobody has seen it yet"


async def test_by_time(shelf: Shelf) -> None:
    plant = await shelf.grow(MOSS)
    await shelf.pass_time(minutes=10)
    shown = dict(shelf.state(plant, "sensor", "light_state").attributes)
    assert (shown["decided_by"], shown["lamp_hours_left"]) == ("time", 4.0)
    assert (shown["light_so_far"], shown["light_wanted"]) == (None, None)


async def test_a_plant_that_is_not_lit_says_only_that(shelf: Shelf) -> None:
    plant = await shelf.grow({"title": "Moss", "grow_light": MOSS["grow_light"]})
    await shelf.pass_time(minutes=10)
    shown = shelf.state(plant, "sensor", "light_state")
    assert shown.state == "off"
    assert "decided_by" not in shown.attributes
