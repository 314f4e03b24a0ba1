"""The memory of a plant: kept without its secrets, found again, and gone when it should be."""

import asyncio
import io
import tarfile
from pathlib import Path

import pytest
from homeassistant.components.backup import DOMAIN as BACKUP
from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.setup import async_setup_component

from custom_components.plant_vita.model.errors import AlbumError, PhotoError, PhotoGoneError
from custom_components.plant_vita.photos.album import INDEX, SIGNAL_ALBUM, Album, async_get_album
from custom_components.plant_vita.photos.files import Files
from custom_components.plant_vita.photos.index import Index
from custom_components.plant_vita.photos.shelf import Shelf
from tests.photos.album_photos import AT, PLANT, album_fixture, picture

FINDING = {"kind": "identify", "title": "Basil", "confidence": 0.9, "text": "", "providers": []}


album = album_fixture()


def all_files(folder: Path) -> list[bytes]:
    return [one.read_bytes() for one in folder.rglob("*") if one.is_file()]


async def test_a_photo_is_kept_without_what_else_was_in_its_file(
    hass: HomeAssistant, album: Album, tmp_path: Path
) -> None:
    told: list[str] = []
    async_dispatcher_connect(hass, SIGNAL_ALBUM, told.append)
    photo = await album.async_keep(
        PLANT, picture(), taken_at=AT, findings=[FINDING], source="camera.sill"
    )
    assert photo.taken_at == AT
    assert photo.findings == (FINDING,)
    assert album.path(photo).parent == tmp_path / "media" / "plant_vita" / PLANT
    assert b"Anna" in picture()
    files = all_files(tmp_path)
    assert len(files) >= 4
    assert not [one for one in files if b"Anna" in one]
    assert (await album.async_read(photo)).startswith(b"\xff\xd8")
    assert len(await album.async_read(photo, thumbnail=True)) < 30_000
    await hass.async_block_till_done()
    assert told == [PLANT]
    assert await album.async_latest(PLANT) == photo
    assert await album.async_photo(PLANT, photo.photo_id) == photo
    assert await album.async_photo(PLANT, "../x") is None


async def test_two_at_once_are_one_photo(album: Album) -> None:
    both = await asyncio.gather(*(album.async_keep(PLANT, picture()) for _ in range(2)))
    assert both[0].photo_id == both[1].photo_id
    assert len(await album.async_list(PLANT)) == 1


async def test_what_is_no_photo_changes_nothing(album: Album) -> None:
    with pytest.raises(PhotoError):
        await album.async_keep(PLANT, b"no photo")
    with pytest.raises(AlbumError):
        await album.async_keep("../evil", picture())
    assert await album.async_list(PLANT) == []


async def test_findings_come_later_and_photos_go(hass: HomeAssistant, album: Album) -> None:
    photo = await album.async_keep(PLANT, picture(), taken_at=AT)
    other = await album.async_keep(PLANT, picture(2), taken_at=AT + 60)
    changed = await album.async_add_findings(photo, [FINDING])
    assert await album.async_list(PLANT) == [other, changed]
    assert await album.async_list(PLANT, before=AT + 60) == [changed]
    assert await album.async_waiting(5) == [changed, other]
    await album.async_archived(changed, AT)
    assert await album.async_waiting(5) == [other]
    assert await album.async_remove(PLANT, [photo.photo_id]) == 1
    with pytest.raises(PhotoGoneError):
        await album.async_read(photo)
    assert await album.async_remove(PLANT) == 1
    assert await album.async_latest(PLANT) is None


async def test_a_backup_of_home_assistant_has_the_album(
    hass: HomeAssistant, tmp_path: Path
) -> None:
    """Outside of a container the media folder is a part of the configuration."""
    hass.config.config_dir = str(tmp_path)
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    (tmp_path / "configuration.yaml").touch()
    album = await async_get_album(hass)
    photo = await album.async_keep(PLANT, picture(), taken_at=AT, findings=[FINDING])
    assert await async_setup_component(hass, BACKUP, {})
    await hass.async_block_till_done(wait_background_tasks=True)
    await hass.services.async_call(BACKUP, "create", blocking=True)
    (backup,) = (tmp_path / "backups").glob("*.tar")
    with tarfile.open(backup) as outer:
        (name,) = [one for one in outer.getnames() if "homeassistant.tar" in one]
        inner = outer.extractfile(name)
        assert inner is not None
        with tarfile.open(fileobj=io.BytesIO(inner.read())) as saved:
            saved.extractall(tmp_path / "restored", filter="data")
    data = tmp_path / "restored" / "data"
    restored = Shelf(Files(data / "media" / "plant_vita"), Index(data / ".storage" / INDEX))
    assert restored.newest(PLANT) == [photo]
    assert restored.read(photo) == album.path(photo).read_bytes()
