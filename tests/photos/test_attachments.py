"""What a model of the house is given is there for as long as it is asked, and for nobody else."""

import asyncio
import os
import stat
import tempfile
import threading
from pathlib import Path

import pytest
from homeassistant.components.media_source import Unresolvable
from homeassistant.core import HomeAssistant

from custom_components.plant_vita.photos import attachments
from custom_components.plant_vita.photos.attachments import async_asked, async_attached
from tests.providers.asked import photo


def rooms(folder: Path) -> list[int]:
    """Who may enter each folder that is there."""
    return [stat.S_IMODE(room.stat().st_mode) for room in folder.iterdir()]


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


async def test_the_files_are_there_while_it_is_open_and_gone_after_it(
    hass: HomeAssistant, folder: Path
) -> None:
    async with async_attached(hass, (photo(1), photo(2))) as media:
        assert len(set(media)) == 2
        for one, sent in zip(media, (photo(1), photo(2)), strict=True):
            assert one.startswith("media-source://plant_vita/asking/")
            found = await async_asked(hass, one.removeprefix("media-source://plant_vita/"))
            assert (found.url, found.mime_type) == ("", "image/jpeg")
            assert found.path is not None
            assert found.path.read_bytes() == sent.jpeg
        assert rooms(folder) == [0o700]
    assert rooms(folder) == []
    with pytest.raises(Unresolvable) as raised:
        await async_asked(hass, media[0].removeprefix("media-source://plant_vita/"))
    assert raised.value.translation_key == "photo_gone"


@pytest.mark.parametrize("name", ["asking/", "asking/x", "asking/../../etc/passwd", "x"])
async def test_what_nobody_asks_about_is_nothing(hass: HomeAssistant, name: str) -> None:
    with pytest.raises(Unresolvable):
        await async_asked(hass, name)


async def test_without_photos_nothing_is_written(hass: HomeAssistant, folder: Path) -> None:
    async with async_attached(hass, ()) as media:
        assert media == []
        assert rooms(folder) == []


async def test_an_error_in_between_leaves_nothing(hass: HomeAssistant, folder: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        async with async_attached(hass, (photo(),)):
            raise ZeroDivisionError
    assert rooms(folder) == []


async def test_who_is_cancelled_while_they_are_written_leaves_nothing(
    hass: HomeAssistant, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    write = attachments._write

    def slowly(*told: object) -> None:
        begun.set()
        go_on.wait(30)
        write(*told)

    monkeypatch.setattr(attachments, "_write", slowly)

    async def attach() -> None:
        async with async_attached(hass, (photo(),)):
            pass

    task = hass.async_create_task(attach())
    await asyncio.get_running_loop().run_in_executor(None, begun.wait, 30)
    task.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    await hass.async_block_till_done()
    assert rooms(folder) == []


async def test_a_disk_that_is_full_is_said(
    hass: HomeAssistant, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "none"))
    with pytest.raises(OSError, match="none"):
        async with async_attached(hass, (photo(),)):
            pass


async def test_what_was_left_behind_by_a_power_cut_goes(hass: HomeAssistant, folder: Path) -> None:
    old, new, other = (folder / name for name in ("plant_vita-1", "plant_vita-2", "somebody"))
    for one in (old, new, other):
        one.mkdir(mode=0o700)
        (one / "photo.jpg").write_bytes(b"x")
    for one in (old, other):
        os.utime(one, (1_000_000_000, 1_000_000_000))
    async with async_attached(hass, (photo(),)):
        assert not old.exists()
    # Another Home Assistant may be asking just now, and what is not ours is none of our business.
    assert (new.exists(), other.exists()) == (True, True)
