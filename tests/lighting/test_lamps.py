"""Which lamp each plant stands under: followed at once, and never one that moves water."""

from types import MappingProxyType
from typing import Any

from homeassistant.helpers import entity_registry as er

from custom_components.plant_vita.care.automatic import Mode
from tests.lighting.shelf import FERN, LAMP, MOSS, Shelf, shelf_fixture

shelf = shelf_fixture()

LONG = MOSS | {"lighting": {"automatic": "on", "hours": 15}}


async def rebind(shelf: Shelf, plant: str, **data: Any) -> None:
    subentry = shelf.entry.subentries[plant]
    changed = {key: value for key, value in (dict(subentry.data) | data).items() if value}
    shelf.hass.config_entries.async_update_subentry(
        shelf.entry, subentry, data=MappingProxyType(changed)
    )
    await shelf.hass.async_block_till_done()


async def test_a_plant_without_a_lamp_has_none(shelf: Shelf) -> None:
    plant = await shelf.grow({"title": "Cactus"})
    assert shelf.lamps.of(plant) is None
    assert shelf.lamps.wishes(plant).automatic is Mode.OFF


async def test_of_several_plants_under_one_lamp_the_neediest_is_served(shelf: Shelf) -> None:
    less = MOSS | {"title": "Less", "lighting": {"automatic": "on", "hours": 1}}
    idle = MOSS | {"title": "Idle", "lighting": {"automatic": "off", "night_from": "20:00:00"}}
    plant = await shelf.grow(less, LONG, idle)
    ids = list(shelf.entry.subentries)
    assert shelf.lamp(plant) is shelf.lamp(ids[1]) is shelf.lamp(ids[2])
    await shelf.pass_time(minutes=10)
    assert shelf.lit == "on"
    assert [shelf.standing(one) for one in ids] == ["shines", "shines", "off"]
    # Nobody's night is cut, not even that of one that is not lit by itself.
    shelf.freezer.move_to("2026-11-10 19:55:00+00:00")
    await shelf.pass_minutes(10)
    assert shelf.lit == "off"
    assert [shelf.standing(one) for one in ids] == ["night", "night", "off"]


async def test_what_one_of_them_has_enough_of_another_does_not_get(shelf: Shelf) -> None:
    # This one has had all it can bear: 8 mol.
    shelf.sun_ppfd = 1200.0
    shade = FERN | {"title": "Shade", "lighting": {"automatic": "off"}}
    await shelf.grow(LONG, shade)
    for _ in range(10):
        await shelf.pass_minutes(10)
        await shelf.turn("off")
    for _ in range(6):
        await shelf.pass_minutes(10, step=10)
    plant, _ = shelf.entry.subentries
    shelf.lamp(plant).async_begin_anew()
    await shelf.pass_minutes(10, step=10)
    assert (shelf.lit, shelf.standing(plant)) == ("off", "full")


async def test_a_lamp_that_is_taken_away_is_switched_off_and_forgotten(shelf: Shelf) -> None:
    plant = await shelf.grow(LONG)
    await shelf.pass_time(minutes=10)
    assert shelf.lit == "on"
    await rebind(shelf, plant, grow_light="")
    assert shelf.lit == "off"
    assert shelf.lamps.of(plant) is None
    assert shelf.entity_id(plant, "select", "automatic_light") is None
    assert shelf.entity_id(plant, "time", "night_from") is None


async def test_another_name_changes_nothing(shelf: Shelf) -> None:
    registry = er.async_get(shelf.hass)
    light = registry.async_get_or_create("light", "test", "x", suggested_object_id="shelf")
    shelf.hass.states.async_set("light.shelf", "on")
    first = MOSS | {"grow_light": light.id}
    same = MOSS | {"grow_light": "light.shelf"}
    plant = await shelf.grow(first, same)
    await shelf.pass_time(minutes=1)
    assert shelf.standing(plant) == "by_hand"
    other = list(shelf.entry.subentries)[1]
    assert shelf.lamp(other) is shelf.lamp(plant), "however it is bound"
    registry.async_update_entity("light.shelf", new_entity_id="light.window")
    shelf.hass.states.async_set("light.window", "on")
    shelf.hass.states.async_remove("light.shelf")
    await shelf.hass.async_block_till_done()
    await shelf.pass_time(minutes=1)
    assert shelf.standing(plant) == "by_hand"
    registry.async_remove("light.window")
    await shelf.hass.async_block_till_done()
    await shelf.pass_time(minutes=1)
    assert shelf.standing(plant) == "no_lamp"


async def test_what_waters_a_plant_is_no_lamp(shelf: Shelf) -> None:
    plant = await shelf.grow(LONG, {"title": "Basil", "pump": LAMP})
    calls = shelf.calls()
    for _ in range(3):
        await shelf.pass_time(minutes=10)
    assert (shelf.lit, shelf.standing(plant)) == ("off", "no_lamp")
    assert [call for call in calls if call.data["domain"] == "input_boolean"] == []


async def test_a_garden_that_is_unloaded_twice_and_stopped_ends_once(shelf: Shelf) -> None:
    await shelf.grow(LONG)
    await shelf.pass_time(minutes=10)
    lamps = shelf.lamps
    await shelf.stop()
    assert shelf.lit == "off"
    await lamps.async_stop()
    await lamps.async_follow()
    await shelf.pass_time(minutes=30)
    assert shelf.lit == "off"


async def test_what_is_known_of_lamps_goes_with_the_garden(shelf: Shelf) -> None:
    await shelf.grow(LONG)
    await shelf.pass_time(minutes=10)
    assert shelf.is_written
    assert await shelf.hass.config_entries.async_remove(shelf.entry.entry_id)
    await shelf.hass.async_block_till_done()
    assert not shelf.is_written


async def test_every_change_is_told(shelf: Shelf) -> None:
    await shelf.grow(LONG)
    heard: list[int] = []
    stop = shelf.lamps.async_listen(lambda: heard.append(1))
    await shelf.turn("on")
    told = len(heard)
    assert told
    stop()
    await shelf.turn("off")
    assert len(heard) == told
