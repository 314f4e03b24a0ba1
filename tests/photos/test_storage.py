"""What must be on disk is there, or it is said that it is not."""

import stat
from pathlib import Path

import pytest
from homeassistant.core import HomeAssistant

from custom_components.plant_vita.model.errors import StoreError
from custom_components.plant_vita.photos.storage import FileStorage


@pytest.fixture
def path(hass: HomeAssistant, tmp_path: Path) -> Path:
    hass.config.config_dir = str(tmp_path)
    return tmp_path / ".storage" / "plant_vita.calls"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(text)


async def test_what_was_saved_is_loaded_and_private(hass: HomeAssistant, path: Path) -> None:
    assert await FileStorage(hass, "calls").load() is None
    await FileStorage(hass, "calls").save({"books": {"a": 1}})
    assert await FileStorage(hass, "calls").load() == {"books": {"a": 1}}
    assert mode(path) == 0o600


@pytest.mark.parametrize("text", ["{", "[1]", "\x00", "[" * 100_000])
async def test_a_damaged_file_begins_anew(hass: HomeAssistant, path: Path, text: str) -> None:
    write(path, text)
    assert await FileStorage(hass, "calls").load() is None


async def test_a_disk_that_takes_nothing_is_told(hass: HomeAssistant, path: Path) -> None:
    write(path / "in the way", "")
    with pytest.raises(StoreError):
        await FileStorage(hass, "calls").save({})
