"""Keeping a photo by an action, and what cannot be kept."""

from pathlib import Path
from typing import Any

import pytest
from homeassistant.exceptions import HomeAssistantError

from tests.actions.asking import ask, device
from tests.photos.album_photos import picture
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


@pytest.fixture
async def basil(growing: Growing, tmp_path: Path) -> str:
    growing.hass.config.media_dirs = {"local": str(tmp_path)}
    growing.hass.config.config_dir = str(tmp_path)
    growing.hass.config.allowlist_external_dirs = {str(tmp_path)}
    (tmp_path / "basil.jpg").write_bytes(picture())
    (tmp_path / "text.jpg").write_bytes(b"no photo")
    return device(growing, await growing.grow({"title": "Basil"}))


async def test_a_photo_is_kept_and_removed(growing: Growing, basil: str, tmp_path: Path) -> None:
    kept = await ask(growing, "keep_photo", device_id=basil, file=str(tmp_path / "basil.jpg"))
    assert set(kept) == {"photo", "green", "yellowing", "growth", "complaint"}
    assert kept["green"] > 1
    plant_id = next(iter(growing.entry.subentries))
    folder = tmp_path / "plant_vita" / plant_id
    assert [one.name for one in folder.glob("*.jpg")] == [f"{kept['photo']}.jpg"]
    for photo, removed in ((["nothing"], 0), (["../../basil"], 0), ([kept["photo"]], 1)):
        answer = await ask(growing, "delete_photos", device_id=basil, photo=photo)
        assert answer == {"removed": removed}
    assert await ask(growing, "delete_photos", device_id=basil) == {"removed": 0}
    assert not folder.exists()


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({}, "photo_one"),
        ({"file": "/a.jpg", "entity_id": "camera.sill"}, "photo_one"),
        ({"file": "a.jpg"}, "photo_forbidden"),
        ({"file": "/etc/passwd"}, "photo_forbidden"),
        ({"media": "http://elsewhere/a.jpg"}, "photo_not_media"),
        ({"entity_id": "camera.none"}, "photo_unavailable"),
        ({"file": "{folder}/text.jpg"}, "photo_type"),
    ],
)
async def test_what_cannot_be_kept(
    growing: Growing, basil: str, tmp_path: Path, data: dict[str, Any], key: str
) -> None:
    if "file" in data:
        data = {**data, "file": data["file"].format(folder=tmp_path)}
    with pytest.raises(HomeAssistantError) as raised:
        await ask(growing, "keep_photo", device_id=basil, **data)
    assert raised.value.translation_key == key
    assert not (tmp_path / "plant_vita").exists()


async def test_a_media_folder_that_cannot_be_written(
    growing: Growing, basil: str, tmp_path: Path
) -> None:
    (tmp_path / "plant_vita").write_bytes(b"a file is in the way")
    with pytest.raises(HomeAssistantError) as raised:
        await ask(growing, "keep_photo", device_id=basil, file=str(tmp_path / "basil.jpg"))
    assert raised.value.translation_key == "album_failed"
    with pytest.raises(HomeAssistantError) as raised:
        await ask(growing, "keep_photo", device_id="nothing", file="/a.jpg")
    assert raised.value.translation_key == "not_a_plant"
