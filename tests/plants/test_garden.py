"""Plants come, go and change while everything runs, and nothing else is disturbed."""

from types import MappingProxyType
from typing import Any

import pytest
from homeassistant.config_entries import ConfigSubentry
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.photos.album import Album
from custom_components.plant_vita.plants.entry import device_of
from custom_components.plant_vita.plants.state import Care
from tests.photos.album_photos import album_fixture, picture
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()
album = album_fixture()
MOIST = {"moisture": ["sensor.soil"]}


def another(title: str, **data: Any) -> ConfigSubentry:
    return ConfigSubentry(
        data=MappingProxyType(data), subentry_type="plant", title=title, unique_id=None
    )


async def test_a_plant_is_a_device_of_its_own(growing: Growing) -> None:
    plant_id = await growing.grow({"title": "Basil", "species": "ocimum_basilicum"})
    device = device_of(growing.hass, growing.entry, plant_id)
    assert device is not None
    assert (device.name, device.model) == ("Basil", "Ocimum basilicum")
    assert device.config_subentry_id == plant_id


async def test_a_species_that_nobody_knows_is_shown_as_typed(growing: Growing) -> None:
    plant_id = await growing.grow({"species": "Grandma's green one"})
    device = device_of(growing.hass, growing.entry, plant_id)
    assert device is not None
    assert device.model == "Grandma's green one"


async def test_a_plant_is_added_without_touching_the_others(growing: Growing) -> None:
    first = await growing.grow(MOIST)
    before = growing.plant(first)
    fern = another("Fern")
    growing.hass.config_entries.async_add_subentry(growing.entry, fern)
    await growing.hass.async_block_till_done()
    assert growing.plant(first) is before
    assert growing.shown(fern.subentry_id, "last_watered") == "unknown"
    assert growing.plant(fern.subentry_id).definition.name == "Fern"


async def test_a_plant_is_removed_with_everything_it_has(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    first = await growing.grow(MOIST, {"title": "Fern"})
    fern = list(growing.entry.subentries)[1]
    await growing.plant(first).async_shutdown()
    key = f"{DOMAIN}.plant.{first}"
    assert key in growing.hass_storage
    growing.hass.config_entries.async_remove_subentry(growing.entry, first)
    await growing.hass.async_block_till_done()
    assert list(growing.garden.plants) == [fern]
    assert key not in growing.hass_storage
    assert growing.entity_id(first, "sensor", "health") is None
    assert device_of(growing.hass, growing.entry, first) is None
    # What nobody listens to any more disturbs nobody.
    growing.say("sensor.soil", 50)
    await growing.settle()
    assert growing.shown(fern, "last_watered") == "unknown"


async def test_a_plant_moved_to_another_sensor_stays_the_same(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(MOIST)
    coordinator = growing.plant(plant_id)
    entity_id = growing.entity_id(plant_id, "sensor", "health")
    growing.say("sensor.other", 3)
    subentry = growing.entry.subentries[plant_id]
    growing.hass.config_entries.async_update_subentry(
        growing.entry, subentry, title="Sweet basil", data={"moisture": ["sensor.other"]}
    )
    await growing.hass.async_block_till_done()
    assert growing.plant(plant_id) is coordinator
    assert growing.entity_id(plant_id, "sensor", "health") == entity_id
    shown = growing.state(plant_id, "sensor", "health")
    assert shown.attributes["factors"]["moisture"]["value"] == 3
    assert shown.name == "Sweet basil Health"
    # The past is the plant's, not the sensor's.
    assert len(coordinator.memory.tracks["moisture"]) == 1
    growing.say("sensor.soil", 99)
    await growing.settle()
    assert (
        growing.state(plant_id, "sensor", "health").attributes["factors"]["moisture"]["value"] == 3
    )


async def test_entities_come_and_go_with_what_is_bound(growing: Growing) -> None:
    plant_id = await growing.grow(MOIST)
    assert growing.entity_id(plant_id, "sensor", "dli") is None
    subentry = growing.entry.subentries[plant_id]
    change = growing.hass.config_entries.async_update_subentry
    change(growing.entry, subentry, data={**MOIST, "light": ["sensor.lux"]})
    await growing.hass.async_block_till_done()
    dli = growing.entity_id(plant_id, "sensor", "dli")
    assert dli is not None
    er.async_get(growing.hass).async_update_entity(dli, new_entity_id="sensor.my_light")
    await growing.hass.async_block_till_done()
    change(growing.entry, subentry, data=MOIST)
    await growing.hass.async_block_till_done()
    assert growing.entity_id(plant_id, "sensor", "dli") is None
    assert growing.entity_id(plant_id, "sensor", "health") is not None
    change(growing.entry, subentry, data={"light": ["sensor.lux"]})
    await growing.hass.async_block_till_done()
    assert growing.entity_id(plant_id, "sensor", "dli") == "sensor.my_light"


async def test_an_area_is_set_once_and_then_left_to_the_person(growing: Growing) -> None:
    areas = ar.async_get(growing.hass)
    kitchen, hall = areas.async_create("Kitchen").id, areas.async_create("Hall").id
    plant_id = await growing.grow({"area": kitchen})
    devices = dr.async_get(growing.hass)

    def standing() -> str | None:
        device = device_of(growing.hass, growing.entry, plant_id)
        assert device is not None
        return device.area_id

    assert standing() == kitchen
    device = device_of(growing.hass, growing.entry, plant_id)
    assert device is not None
    devices.async_update_device(device.id, area_id=hall)
    subentry = growing.entry.subentries[plant_id]
    growing.hass.config_entries.async_update_subentry(growing.entry, subentry, title="Mint")
    await growing.hass.async_block_till_done()
    assert standing() == hall
    growing.hass.config_entries.async_update_subentry(growing.entry, subentry, data={})
    await growing.hass.async_block_till_done()
    assert standing() is None


@pytest.mark.parametrize("times", [1, 3])
async def test_reloading_changes_nothing(growing: Growing, times: int) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow(MOIST)
    before = growing.state(plant_id, "sensor", "health")
    for _ in range(times):
        assert await growing.hass.config_entries.async_reload(growing.entry.entry_id)
        await growing.hass.async_block_till_done()
    after = growing.state(plant_id, "sensor", "health")
    assert (after.state, after.attributes["factors"]) == (
        before.state,
        before.attributes["factors"],
    )


async def test_removing_the_garden_removes_its_files(growing: Growing) -> None:
    plant_id = await growing.grow(MOIST)
    await growing.stop()
    assert f"{DOMAIN}.plant.{plant_id}" in growing.hass_storage
    await growing.hass.config_entries.async_remove(growing.entry.entry_id)
    await growing.hass.async_block_till_done()
    assert f"{DOMAIN}.plant.{plant_id}" not in growing.hass_storage


async def test_the_chores_are_shown_anew_only_when_they_or_the_day_have_changed(
    growing: Growing,
) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})
    told: list[str] = []
    stop = growing.garden.async_on_chores(lambda: told.append("chores"))
    plant = growing.plant(plant_id)
    await plant.async_refresh()
    told.clear()
    await plant.async_refresh()
    assert told == []
    await plant.async_cared(Care.FED, growing.freezer().timestamp())
    assert told == ["chores"]
    growing.freezer.tick(86_400)
    await plant.async_refresh()
    await plant.async_refresh()
    assert told == ["chores", "chores"]
    growing.hass.config_entries.async_remove_subentry(growing.entry, plant_id)
    await growing.hass.async_block_till_done()
    assert told == ["chores"] * 3
    stop()


@pytest.mark.parametrize("forget", [False, True])
async def test_photos_go_with_their_plant_only_if_that_is_wanted(
    growing: Growing, album: Album, *, forget: bool
) -> None:
    basil = await growing.grow({"title": "Basil"}, {"title": "Fern"})
    fern = list(growing.entry.subentries)[1]
    growing.hass.config_entries.async_update_entry(growing.entry, options={"photos_forget": forget})
    await growing.settle()
    kept = [await album.async_keep(one, picture()) for one in (basil, fern)]
    growing.hass.config_entries.async_remove_subentry(growing.entry, basil)
    await growing.settle()
    assert [album.path(one).exists() for one in kept] == [not forget, True]
    await growing.hass.config_entries.async_remove(growing.entry.entry_id)
    assert [album.path(one).exists() for one in kept] == [not forget, not forget]


async def test_a_plant_goes_even_if_its_photos_cannot(growing: Growing, album: Album) -> None:
    basil = await growing.grow({"title": "Basil"})
    growing.hass.config_entries.async_update_entry(growing.entry, options={"photos_forget": True})
    album._shelf._index._path.mkdir(parents=True)
    growing.hass.config_entries.async_remove_subentry(growing.entry, basil)
    await growing.settle()
    assert growing.garden.plants == {}
