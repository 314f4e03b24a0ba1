"""Photos that are taken by themselves: in good light, when they are due, and only good ones."""

from pathlib import Path
from typing import Any

import pytest
from homeassistant.components.camera import DOMAIN as CAMERA, Image
from homeassistant.exceptions import HomeAssistantError

from custom_components.plant_vita.photos.album import Album
from scripts.lab.clouds.pictures import jpeg, plant
from tests.photos.album_photos import album_fixture
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()
album = album_fixture()
BASIL = {"title": "Basil", "camera": "camera.sill", "snapshot_days": 1}
SIZE = (320, 240)


class Cameras:
    """What the cameras of a house show: bytes, or the error they give instead."""

    def __init__(self) -> None:
        self.shown: dict[str, bytes | Exception] = {}
        self.asked: list[str] = []

    async def get(self, hass: Any, entity_id: str) -> Image:
        self.asked.append(entity_id)
        shown = self.shown[entity_id]
        if isinstance(shown, Exception):
            raise shown
        return Image("image/jpeg", shown)


@pytest.fixture
def cameras(growing: Growing, monkeypatch: pytest.MonkeyPatch) -> Cameras:
    """In the place of Home Assistant's own camera and image integrations."""
    cameras = Cameras()
    growing.hass.config.longitude = 0.0
    growing.hass.config.components.add(CAMERA)
    for component in (CAMERA, "image"):
        monkeypatch.setattr(f"homeassistant.components.{component}.async_get_image", cameras.get)
    return cameras


def good(seed: int) -> bytes:
    return jpeg(plant(seed, SIZE))


def dark() -> bytes:
    return jpeg(plant(1, SIZE, light=0.02))


async def photos(album: Album, plant_id: str) -> list[str]:
    return [one.source for one in await album.async_list(plant_id)]


async def test_one_a_day_and_none_at_the_start(
    growing: Growing, album: Album, cameras: Cameras
) -> None:
    cameras.shown["camera.sill"] = good(1)
    basil = await growing.grow(BASIL, {"title": "Fern", "camera": "camera.fern"})
    await growing.pass_time(minutes=1)
    assert cameras.asked == []
    await growing.pass_time(minutes=10)
    assert await photos(album, basil) == ["camera.sill"]
    for _ in range(12):
        await growing.pass_time(minutes=10)
    assert cameras.asked == ["camera.sill"]
    # The next day, as soon as the light is right again; nothing in the night.
    cameras.shown["camera.sill"] = good(2)
    for _ in range(24):
        await growing.pass_time(hours=1)
    assert cameras.asked == ["camera.sill"] * 2
    assert await photos(album, basil) == ["camera.sill"] * 2
    first, second = reversed(await album.async_list(basil))
    assert 20 * 3600 < second.taken_at - first.taken_at < 28 * 3600


async def test_a_restart_changes_nothing(growing: Growing, album: Album, cameras: Cameras) -> None:
    cameras.shown["camera.sill"] = good(1)
    basil = await growing.grow({**BASIL, "snapshot_days": 3})
    await growing.pass_time(minutes=11)
    for hours in (1, 23, 24):
        await growing.stop()
        await growing.start()
        await growing.pass_time(hours=hours)
    assert cameras.asked == ["camera.sill"]
    await growing.stop()
    await growing.start()
    cameras.shown["camera.sill"] = good(2)
    await growing.pass_time(hours=24)
    assert len(await photos(album, basil)) == 2


async def test_a_bad_photo_is_tried_again_and_replaces_none(
    growing: Growing, album: Album, cameras: Cameras, caplog: pytest.LogCaptureFixture
) -> None:
    cameras.shown["camera.sill"] = good(1)
    basil = await growing.grow(BASIL)
    await growing.pass_time(minutes=11)
    before = await album.async_latest(basil)
    cameras.shown["camera.sill"] = dark()
    await growing.pass_time(hours=24)
    await growing.pass_time(minutes=10)
    assert cameras.asked == ["camera.sill"] * 2
    assert await album.async_latest(basil) == before
    assert caplog.text.count("No photo of Basil can be taken") == 1
    cameras.shown["camera.sill"] = HomeAssistantError("unplugged")
    await growing.pass_time(minutes=30)
    cameras.shown["camera.sill"] = b"an error page of the camera"
    await growing.pass_time(minutes=31)
    assert len(cameras.asked) == 4
    assert await album.async_latest(basil) == before
    cameras.shown["camera.sill"] = good(2)
    await growing.pass_time(minutes=31)
    assert len(await photos(album, basil)) == 2
    assert caplog.text.count("No photo of Basil can be taken") == 1
    assert "Photos of Basil are taken again" in caplog.text


async def test_one_camera_that_fails_is_in_nobodys_way(
    growing: Growing, album: Album, cameras: Cameras
) -> None:
    cameras.shown |= {
        "camera.sill": HomeAssistantError("unplugged"),
        "image.fern": good(1),
        "camera.none": b"",
    }
    await growing.grow(
        BASIL,
        {"title": "Gone", "camera": "0" * 32, "snapshot_days": 1},
        {"title": "Empty", "camera": "camera.none", "snapshot_days": 1},
        {"title": "Fern", "camera": "image.fern", "snapshot_days": 1},
    )
    await growing.pass_time(minutes=11)
    assert await photos(album, list(growing.entry.subentries)[3]) == ["image.fern"]


async def test_a_picture_that_never_changes_is_kept_once(
    growing: Growing, album: Album, cameras: Cameras
) -> None:
    cameras.shown["camera.sill"] = good(1)
    basil = await growing.grow(BASIL)
    await growing.pass_time(minutes=11)
    for _ in range(9):
        await growing.pass_time(hours=8)
    assert len(await photos(album, basil)) == 1
    assert len(cameras.asked) == 4


async def test_what_an_automation_has_kept_of_the_camera_counts(
    growing: Growing, album: Album, cameras: Cameras
) -> None:
    basil = await growing.grow(BASIL)
    await album.async_keep(basil, good(1), source="camera.sill")
    await growing.pass_time(minutes=11)
    assert cameras.asked == []


async def test_a_disk_that_refuses_is_asked_again(
    growing: Growing, album: Album, cameras: Cameras, tmp_path: Path
) -> None:
    cameras.shown["camera.sill"] = good(1)
    basil = await growing.grow(BASIL)
    folder = album._shelf.files.folder
    folder.parent.mkdir()
    folder.write_text("where the folder should be")
    await growing.pass_time(minutes=11)
    assert not folder.is_dir()
    folder.unlink()
    await growing.pass_time(minutes=31)
    assert await photos(album, basil) == ["camera.sill"]
