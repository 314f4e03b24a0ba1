"""Photos for a model of the house, which takes pictures only as media of this machine.

Each has a random id that is told to nobody else, is in no list, and stands for nothing once the
model has answered. The files are in a folder that only Home Assistant's own user can read.
"""

import asyncio
import secrets
import shutil
import tempfile
import time
from asyncio import Future
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..model.photo import Photo

if TYPE_CHECKING:
    from homeassistant.components.media_source import PlayMedia

ASKING: Final = "asking/"
"""What the ids of these media begin with, below those of the album."""
JPEG: Final = "image/jpeg"
_NOBODY_ASKS_S: Final = 3600.0
"""Any question is over by then; another Home Assistant may share the folder for such files."""
DATA_ASKED: HassKey[dict[str, Path]] = HassKey(f"{DOMAIN}_asked")


@asynccontextmanager
async def async_attached(hass: HomeAssistant, photos: Sequence[Photo]) -> AsyncGenerator[list[str]]:
    """The media ids of photos, as long as this is open. Raises OSError if they cannot be written.

    A caller that is cancelled, even while they are written, leaves nothing behind either.
    """
    if not photos:
        yield []
        return
    asked = hass.data.setdefault(DATA_ASKED, {})
    names = [secrets.token_urlsafe(24) for _ in photos]
    folder = Path(tempfile.gettempdir()) / f"{DOMAIN}-{secrets.token_hex(8)}"
    writing = hass.async_add_executor_job(_write, folder, names, photos)
    try:
        await asyncio.shield(writing)
        asked.update({name: folder / f"{name}.jpg" for name in names})
        yield [f"media-source://{DOMAIN}/{ASKING}{name}" for name in names]
    finally:
        for name in names:
            asked.pop(name, None)
        await asyncio.shield(hass.async_create_task(_async_clear(hass, writing, folder)))


async def _async_clear(hass: HomeAssistant, writing: Future[None], folder: Path) -> None:
    await asyncio.wait({writing})
    await hass.async_add_executor_job(shutil.rmtree, folder, True)  # noqa: FBT003 - by position


def _write(folder: Path, names: Sequence[str], photos: Sequence[Photo]) -> None:
    _sweep(folder.parent)
    folder.mkdir(mode=0o700)
    for name, photo in zip(names, photos, strict=True):
        (folder / f"{name}.jpg").write_bytes(photo.jpeg)


def _sweep(parent: Path) -> None:
    """Remove what a Home Assistant left behind that was killed while it asked."""
    long_ago = time.time() - _NOBODY_ASKS_S
    for left in parent.glob(f"{DOMAIN}-*"):
        with suppress(OSError):
            if left.stat().st_mtime < long_ago:
                shutil.rmtree(left, ignore_errors=True)


async def async_asked(hass: HomeAssistant, identifier: str) -> PlayMedia:
    """The file behind an id, while its question is open. Raises Unresolvable.

    It has no address: nothing serves it, and whoever reads it does so on this machine.
    """
    # Whoever asks has loaded it; a house whose photos no model is asked about need not.
    from homeassistant.components.media_source import PlayMedia, Unresolvable  # noqa: PLC0415

    path = hass.data.get(DATA_ASKED, {}).get(identifier.removeprefix(ASKING))
    if path is None:
        raise Unresolvable(translation_domain=DOMAIN, translation_key="photo_gone")
    return PlayMedia(url="", mime_type=JPEG, path=path)
