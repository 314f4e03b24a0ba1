"""What a person can set at a plant that has a grow light holds at once and stays."""

import pytest

from tests.lighting.shelf import MOSS, Shelf, shelf_fixture

shelf = shelf_fixture()

KEYS = (
    ("select", "automatic_light"),
    ("time", "night_from"),
    ("time", "night_to"),
    ("number", "lamp_hours"),
    ("sensor", "light_state"),
)


async def test_a_plant_without_a_lamp_has_nothing_to_set(shelf: Shelf) -> None:
    plant = await shelf.grow({"title": "Cactus"})
    assert [shelf.entity_id(plant, *one) for one in KEYS] == [None] * len(KEYS)


async def test_a_lamp_that_is_chosen_does_nothing_before_it_is_switched_to_automatic(
    shelf: Shelf,
) -> None:
    plant = await shelf.grow({"title": "Moss", "grow_light": MOSS["grow_light"]})
    await shelf.pass_time(minutes=10)
    assert shelf.lit == "off"
    assert [shelf.shown(plant, key, platform) for platform, key in KEYS] == [
        "off",
        "22:00:00",
        "06:00:00",
        "6.0",
        "off",
    ]


@pytest.mark.parametrize(
    ("action", "key", "data", "stored"),
    [
        ("select.select_option", "automatic_light", {"option": "advice"}, {"automatic": "advice"}),
        ("time.set_value", "night_from", {"time": "20:30:00"}, {"night_from": "20:30:00"}),
        ("time.set_value", "night_to", {"time": "04:15:00"}, {"night_to": "04:15:00"}),
        ("number.set_value", "lamp_hours", {"value": 9.5}, {"hours": 9.5}),
    ],
)
async def test_what_is_set_is_kept_with_the_plant(
    shelf: Shelf, action: str, key: str, data: dict[str, object], stored: dict[str, object]
) -> None:
    plant = await shelf.grow({"title": "Moss", "grow_light": MOSS["grow_light"]})
    platform, service = action.split(".")
    entity_id = shelf.entity_id(plant, platform, key)
    target = {"entity_id": entity_id, **data}
    await shelf.hass.services.async_call(platform, service, target, blocking=True)
    await shelf.hass.async_block_till_done()
    assert shelf.shown(plant, key, platform) == str(next(iter(data.values())))
    assert shelf.entry.subentries[plant].data["lighting"] == stored


async def test_the_plan_of_the_day_is_shown(shelf: Shelf) -> None:
    plant = await shelf.grow(MOSS)
    await shelf.pass_time(minutes=10)
    shown = shelf.state(plant, "select", "automatic_light").attributes
    assert shown["plan"] == [
        {"from": "2026-11-10T18:00:00+00:00", "to": "2026-11-10T22:00:00+00:00"}
    ]
    assert shown["looks_again"].isoformat() == "2026-11-10T07:20:00+00:00"


async def test_a_night_that_was_moved_is_kept_from_then_on(shelf: Shelf) -> None:
    plant = await shelf.grow(MOSS | {"lighting": {"automatic": "on", "hours": 15}})
    await shelf.pass_time(minutes=10)
    assert shelf.lit == "on"
    target = {"entity_id": shelf.entity_id(plant, "time", "night_to"), "time": "08:00:00"}
    await shelf.hass.services.async_call("time", "set_value", target, blocking=True)
    await shelf.pass_time(seconds=5)
    assert (shelf.lit, shelf.standing(plant)) == ("off", "night")
