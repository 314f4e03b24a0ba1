"""What was found stays with the photo it was found in, and a full disk spoils no answer."""

import time
from typing import Any

import pytest
from homeassistant.exceptions import HomeAssistantError

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.photos.album import Album
from custom_components.plant_vita.photos.images import label
from custom_components.plant_vita.plants.entry import device_of
from scripts.lab.clouds.pictures import jpeg, plant
from tests.photos.accounts import House, house_fixture
from tests.photos.album_photos import album_fixture
from tests.photos.test_diagnosing import diagnose, planted

house = house_fixture()
album = album_fixture()


def of_plant(house: House, entry: Any) -> dict[str, str]:
    (plant_id,) = entry.subentries
    device = device_of(house.hass, entry, plant_id)
    assert device is not None
    return {"device_id": device.id}


async def test_an_identified_photo_is_kept_with_its_species(house: House, album: Album) -> None:
    entry = await planted(house)
    await house.add("plant_id")
    await house.add("plantnet")
    await house.identify(file=house.photo(), **of_plant(house, entry))
    (photo,) = await album.async_list(next(iter(entry.subentries)))
    assert photo.source == "file"
    assert abs(photo.taken_at - time.time()) < 300
    (found,) = photo.findings
    assert (found["kind"], found["title"]) == ("identify", "Monstera deliciosa")
    assert found["confidence"] > 0.5
    assert found["providers"] == ["Plant.id", "Pl@ntNet"]
    # Asked once more, it is the same photo and the same finding.
    await house.identify(file=house.photo("copy.jpg"), **of_plant(house, entry))
    assert await album.async_list(photo.plant_id) == [photo]


async def test_without_a_plant_no_photo_is_kept(house: House, album: Album) -> None:
    await planted(house)
    await house.add("plant_id")
    await house.identify(file=house.photo())
    assert not album._shelf.files.folder.exists()


async def test_a_photo_of_the_album_is_not_kept_twice(house: House, album: Album) -> None:
    entry = await planted(house)
    kept = await album.async_keep(next(iter(entry.subentries)), jpeg(plant(1, (640, 480))))
    await house.add("plant_id")
    file = house.photo("again.jpg", await album.async_read(kept))
    await diagnose(house, entry, file=file)
    (photo,) = await album.async_list(kept.plant_id)
    assert photo.photo_id == kept.photo_id
    assert {one["kind"] for one in photo.findings} == {"diagnose"}
    found = {one["title"]: one for one in photo.findings}
    overwatered = found["Too much water (overwatering)"]
    assert overwatered["providers"] == ["Plant.id"]
    assert overwatered["text"].startswith("Roots that stand in water cannot breathe.")
    assert all(0 < one["confidence"] <= 1 for one in found.values())


async def test_what_sensors_alone_say_has_no_service(house: House, album: Album) -> None:
    entry = await planted(house, 2)
    await diagnose(house, entry, file=house.photo())
    (photo,) = await album.async_list(next(iter(entry.subentries)))
    assert photo.findings[0]["title"] == "Too little water"
    assert "drier than" in photo.findings[0]["text"]
    assert photo.findings[0]["providers"] == []


async def test_nothing_wrong_is_a_finding_too(house: House, album: Album) -> None:
    entry = await planted(house, 45)
    await diagnose(house, entry, file=house.photo())
    (photo,) = await album.async_list(next(iter(entry.subentries)))
    assert [one["title"] for one in photo.findings] == ["Nothing wrong found"]


async def test_a_diagnosis_without_photos_keeps_none(house: House, album: Album) -> None:
    entry = await planted(house, 2)
    await diagnose(house, entry)
    assert await album.async_list(next(iter(entry.subentries))) == []


async def test_an_album_that_refuses_spoils_no_answer(
    house: House, album: Album, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await planted(house, 2)
    folder = album._shelf.files.folder
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where the folder of the photos should be")
    answer = await diagnose(house, entry, file=house.photo())
    assert answer["findings"][0]["cause"] == "under_watered"
    assert "is not kept" in caplog.text
    await assign(house, entry, "Monstera deliciosa")


async def assign(house: House, entry: Any, species: str) -> None:
    await house.hass.services.async_call(
        DOMAIN, "assign_species", {**of_plant(house, entry), "species": species}, blocking=True
    )
    await house.settle()


async def test_a_species_that_a_person_names_is_written_to_the_newest_photo(
    house: House, album: Album
) -> None:
    entry = await planted(house)
    plant_id = next(iter(entry.subentries))
    await assign(house, entry, "Monstera deliciosa")
    assert await album.async_list(plant_id) == []
    found = {"kind": "identify", "title": "Monstera deliciosa", "confidence": 0.9}
    photo = await album.async_keep(plant_id, jpeg(plant(1, (640, 480))), findings=[found])
    # A service has said so already, and how sure it was.
    await assign(house, entry, "Monstera deliciosa")
    assert await album.async_list(plant_id) == [photo]
    await assign(house, entry, "Ocimum basilicum")
    (now,) = await album.async_list(plant_id)
    assert now.findings[-1] == {
        "kind": "identify",
        "title": "Ocimum basilicum",
        "confidence": None,
        "text": "",
        "providers": [],
    }


async def test_what_is_no_plant_is_refused(house: House, album: Album) -> None:
    entry = await planted(house)
    with pytest.raises(HomeAssistantError) as error:
        await house.identify(file=house.photo(), device_id="no plant")
    assert error.value.translation_key == "not_a_plant"
    assert await album.async_list(next(iter(entry.subentries))) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"bytes", "upload"),
        ("media-source://media_source/local/Anna.jpg", "media"),
        ("/media/Anna.jpg", "file"),
        ("camera.sill", "camera.sill"),
    ],
)
def test_a_path_is_not_written_down(source: str | bytes, said: str) -> None:
    assert label(source) == said
