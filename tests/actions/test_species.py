"""Which photos an action takes, and what a plant is said to be."""

from typing import Any

import pytest
import voluptuous as vol
from homeassistant.exceptions import HomeAssistantError

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.photos.album import async_get_album
from scripts.lab.clouds.plant_id import PlantIdCloud
from tests.actions.asking import ask, device
from tests.photos.accounts import House, house_fixture, picture
from tests.photos.test_diagnosing import causes, diagnose, planted
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()
house = house_fixture()


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({}, "photos_count"),
        ({"file": ["/a.jpg"] * 6}, "photos_count"),
        ({"file": ["/a.jpg"], "organs": ["leaf", "leaf"]}, "organs_count"),
        ({"media": ["http://elsewhere/a.jpg"]}, "photo_not_media"),
        ({"file": ["a.jpg"]}, "photo_forbidden"),
        ({"file": ["/a.jpg"]}, "provider_none"),
        ({"media": [{"media_content_id": "media-source://x/y", "z": 1}]}, "provider_none"),
    ],
)
async def test_what_cannot_be_asked(house: House, data: dict[str, Any], key: str) -> None:
    with pytest.raises(HomeAssistantError) as raised:
        await house.identify(**data)
    assert (raised.value.translation_domain, raised.value.translation_key) == (DOMAIN, key)


async def test_a_part_that_no_plant_has(house: House) -> None:
    with pytest.raises(vol.Invalid):
        await house.identify(file=["/a.jpg"], organs=["wing"])


@pytest.mark.parametrize("said", ["Monstera deliciosa", " monstera-deliciosa "])
async def test_a_plant_becomes_what_it_was_found_to_be(growing: Growing, said: str) -> None:
    plant_id = await growing.grow({"title": "Unknown"})
    told = await ask(growing, "find_species", query="Monstera deliciosa")
    species_id = next(one["id"] for one in told["species"] if one["sure"])
    wanted = species_id if said.strip().islower() else said
    answer = await ask(
        growing, "assign_species", device_id=device(growing, plant_id), species=wanted
    )
    await growing.hass.async_block_till_done()
    assert answer == {"species": species_id, "scientific_name": "Monstera deliciosa"}
    assert growing.plant(plant_id).definition.species == species_id
    assert growing.entry.subentries[plant_id].title == "Unknown"


async def test_a_name_that_may_be_several_changes_nothing(growing: Growing) -> None:
    plant_id = await growing.grow({"title": "Basil", "species": ""})
    before = dict(growing.entry.subentries[plant_id].data)
    with pytest.raises(HomeAssistantError) as raised:
        await ask(growing, "assign_species", device_id=device(growing, plant_id), species="qqqq")
    assert raised.value.translation_key == "species_unknown"
    assert dict(growing.entry.subentries[plant_id].data) == before


async def test_the_newest_photo_of_the_album_is_looked_at(house: House) -> None:
    house.hass.config.media_dirs = {"local": str(house.folder / "media")}
    entry = await planted(house, 2)
    await house.add("plant_id")
    cloud = house.clouds["plant_id"]
    assert isinstance(cloud, PlantIdCloud)
    without = await diagnose(house, entry, latest_photo=True)
    assert (without["latest_photo"], without["basis"]["photos"], cloud.posts) == (None, False, 0)
    (plant_id,) = entry.subentries
    album = await async_get_album(house.hass)
    await album.async_keep(plant_id, picture(1), taken_at=1_780_000_000.0)
    newest = await album.async_keep(plant_id, picture(2), taken_at=1_780_003_600.0)
    await house.settle()
    answer = await diagnose(house, entry, latest_photo=True)
    assert answer["latest_photo"] == f"media-source://plant_vita/{plant_id}/{newest.photo_id}"
    assert (answer["basis"]["photos"], cloud.posts) == (True, 1)
    assert list(causes(answer)) == ["under_watered", "over_watered", "fungus"]
    album.path(newest).unlink()
    with pytest.raises(HomeAssistantError) as raised:
        await diagnose(house, entry, latest_photo=True)
    assert raised.value.translation_key == "photo_gone"
