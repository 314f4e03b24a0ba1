"""Photos for the album's tests."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from homeassistant.core import HomeAssistant

from custom_components.plant_vita.model.photo import Greenness, Look, View
from custom_components.plant_vita.photos.album import Album, async_get_album
from custom_components.plant_vita.photos.kept import KeptPhoto, photo_id
from scripts.lab.clouds.pictures import jpeg, plant

PLANT = "01JALBUM0000000000000000AA"
AT = 1_780_000_000.0


@cache
def picture(seed: int = 1) -> bytes:
    """The file of a photo that says where it was taken."""
    return jpeg(plant(seed, (640, 480)), comment=b"52.3 N 4.9 E, Anna's window")


def kept(number: int = 0, taken_at: float | None = None, *, plant_id: str = PLANT) -> KeptPhoto:
    """What is known of a photo; each number is another picture, an hour after the last."""
    at = AT + 3600 * number if taken_at is None else taken_at
    digest = f"{number:012x}".ljust(64, "f")
    return KeptPhoto(
        plant_id=plant_id,
        photo_id=photo_id(at, digest),
        taken_at=at,
        source="camera.sill",
        width=640,
        height=480,
        digest=digest,
        file_digest=f"{number:012x}".ljust(64, "e"),
        look=Look(
            likeness=number,
            greenness=Greenness(area=20.0 + number, density=50.0, yellowing=None, threshold=20),
            view=View(luma=bytes(1024), green=bytes(1024)),
        ),
    )


async def _album(hass: HomeAssistant, tmp_path: Path) -> Album:
    hass.config.media_dirs = {"local": str(tmp_path / "media")}
    hass.config.config_dir = str(tmp_path / "config")
    (tmp_path / "config").mkdir()
    return await async_get_album(hass)


def album_fixture() -> Any:
    """The fixture of an album with nothing in it, to be given the name `album`."""
    return pytest.fixture(_album)
