"""What a person has set, and what is made of what nobody can have set."""

from datetime import time
from typing import Any

import pytest
from homeassistant.helpers import entity_registry as er

from custom_components.plant_vita.care.automatic import Mode
from custom_components.plant_vita.care.quiet import Hours
from custom_components.plant_vita.lighting.wishes import (
    LightWishes,
    light_wishes_of,
    liked_of,
    price_of,
)
from tests.lighting.shelf import Shelf, shelf_fixture

shelf = shelf_fixture()


def test_the_usual_is_off_with_a_night_of_eight_hours() -> None:
    usual = light_wishes_of({})
    assert usual == LightWishes()
    assert (usual.automatic, usual.hours) == (Mode.OFF, 6.0)
    assert usual.night == Hours(start=time(22), end=time(6))


def test_what_was_set_is_read() -> None:
    stored = {"automatic": "advice", "night_from": "20:30:00", "night_to": "05:00", "hours": 3}
    assert light_wishes_of({"lighting": stored}) == LightWishes(
        automatic=Mode.ADVICE, night_from=time(20, 30), night_to=time(5), hours=3.0
    )


@pytest.mark.parametrize(
    ("stored", "wishes"),
    [
        ("on", LightWishes()),
        ({"automatic": "always"}, LightWishes()),
        ({"hours": "many"}, LightWishes()),
        ({"hours": None}, LightWishes()),
        ({"hours": 99}, LightWishes(hours=20.0)),
        ({"night_from": 7, "night_to": "noon"}, LightWishes()),
    ],
)
def test_what_makes_no_sense_is_as_usual(stored: Any, wishes: LightWishes) -> None:
    assert light_wishes_of({"lighting": stored}) == wishes


async def test_of_the_garden(shelf: Shelf) -> None:
    await shelf.grow()
    assert liked_of(shelf.entry) is None
    assert price_of(shelf.hass, shelf.entry) is None
    known = er.async_get(shelf.hass).async_get_or_create("sensor", "test", "price")
    options = {"light_from": "10:00:00", "light_to": "16:00:00", "price": known.id}
    shelf.hass.config_entries.async_update_entry(shelf.entry, options=options)
    assert liked_of(shelf.entry) == Hours(start=time(10), end=time(16))
    assert price_of(shelf.hass, shelf.entry) == known.entity_id
    er.async_get(shelf.hass).async_remove(known.entity_id)
    assert price_of(shelf.hass, shelf.entry) is None
