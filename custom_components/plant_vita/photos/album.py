"""The photos of each plant and what was found in them, kept in the media folder.

Importing it loads neither numpy nor Pillow; the first photo does, in a thread.
"""

import hashlib
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.importlib import async_import_module
from homeassistant.helpers.singleton import singleton
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER
from ..model.errors import AlbumError, PhotoGoneError
from .kept import KeptPhoto, cleaned, is_photo_id, is_plant_id, photo_id
from .retention import async_retention, retention_of

if TYPE_CHECKING:
    from ..vision.prepare import Examined
    from .shelf import Shelf

SIGNAL_ALBUM: Final = f"{DOMAIN}_album"
"""Sent with the id of a plant when its photos have changed."""
INDEX: Final = f"{DOMAIN}.album.db"
_SOURCE_MAX: Final = 255
DATA_ALBUM: HassKey[Album] = HassKey(f"{DOMAIN}_album")


class Album:
    """All photos of all plants. What the disk refuses is an AlbumError."""

    def __init__(self, hass: HomeAssistant, shelf: Shelf) -> None:
        self._hass, self._shelf = hass, shelf

    async def async_keep(
        self,
        plant_id: str,
        data: bytes,
        *,
        taken_at: float | None = None,
        findings: Sequence[Mapping[str, Any]] = (),
        source: str = "",
    ) -> KeptPhoto:
        """Keep a photo of a plant, rebuilt from its pixels, with what was found in it.

        `data` is any JPEG, PNG or WebP. A picture that is kept already stays as it is, and the
        findings are added. Raises PhotoError for what is no photo; one of bad quality is kept,
        with what is wrong in `complaint`.
        """
        decoding = await async_import_module(self._hass, f"{__package__}.decoding")
        examined = await decoding.async_examined(self._hass, data)
        return await self.async_keep_examined(
            plant_id, examined, taken_at=taken_at, findings=findings, source=source
        )

    async def async_keep_examined(
        self,
        plant_id: str,
        examined: Examined,
        *,
        taken_at: float | None = None,
        findings: Sequence[Mapping[str, Any]] = (),
        source: str = "",
    ) -> KeptPhoto:
        """The same of a photo that was decoded already."""
        decoding = await async_import_module(self._hass, f"{__package__}.decoding")
        photo, now = examined.photo, time.time()
        taken_at = now if taken_at is None else min(taken_at, now)
        if not is_plant_id(plant_id):
            raise AlbumError("not the id of a plant")
        complaint = examined.quality.complaint
        new = KeptPhoto(
            plant_id=plant_id,
            photo_id=photo_id(taken_at, photo.digest),
            taken_at=taken_at,
            source=source[:_SOURCE_MAX],
            width=photo.width,
            height=photo.height,
            digest=photo.digest,
            file_digest=hashlib.sha256(photo.jpeg).hexdigest(),
            look=examined.look,
            complaint=None if complaint is None else str(complaint),
            findings=cleaned(findings),
        )
        small = await self._hass.async_add_executor_job(decoding.thumbnail, photo.jpeg)
        keep = partial(self._shelf.keep, new, photo.jpeg, small, examined.file_digest)
        kept = await self._hass.async_add_executor_job(keep)
        await self._async_thin(plant_id)
        self._tell(plant_id)
        return kept

    async def _async_thin(self, plant_id: str) -> None:
        """Remove what is kept no longer; a disk that refuses is asked again with the next photo."""
        retention = async_retention(self._hass)
        thin = partial(self._shelf.thin, plant_id, retention, time.time())
        try:
            await self._hass.async_add_executor_job(thin)
        except AlbumError as error:
            LOGGER.warning("Photos that are no longer kept could not be removed: %s", error)

    async def async_list(
        self, plant_id: str, *, limit: int = 50, before: float | None = None
    ) -> list[KeptPhoto]:
        """The photos of a plant, newest first; only those taken `before` (Unix seconds)."""
        newest = partial(self._shelf.newest, plant_id, max(limit, 0), before)
        return await self._hass.async_add_executor_job(newest)

    async def async_latest(self, plant_id: str) -> KeptPhoto | None:
        """The newest photo of a plant."""
        return next(iter(await self.async_list(plant_id, limit=1)), None)

    async def async_photo(self, plant_id: str, photo_id: str) -> KeptPhoto | None:
        """One photo; None where there is none of that name."""
        if not is_photo_id(photo_id):
            return None
        return await self._hass.async_add_executor_job(self._shelf.photo, plant_id, photo_id)

    async def async_read(self, photo: KeptPhoto, *, thumbnail: bool = False) -> bytes:
        """The JPEG of a photo. Raises PhotoGoneError when its file was removed by hand."""
        read = partial(self._shelf.read, photo, small=thumbnail)
        try:
            return await self._hass.async_add_executor_job(read)
        except PhotoGoneError:
            if not thumbnail:
                self._tell(photo.plant_id)
            raise

    def path(self, photo: KeptPhoto) -> Path:
        """Where the JPEG of a photo is."""
        return self._shelf.files.picture(photo.plant_id, photo.photo_id)

    async def async_add_findings(
        self, photo: KeptPhoto, findings: Sequence[Mapping[str, Any]]
    ) -> KeptPhoto:
        """Add what was found later."""
        add = partial(self._shelf.add_findings, photo, cleaned(findings))
        changed = await self._hass.async_add_executor_job(add)
        self._tell(photo.plant_id)
        return changed

    async def async_remove(self, plant_id: str, photo_ids: Collection[str] | None = None) -> int:
        """Remove photos of a plant, all of them by default; how many there were."""
        remove = partial(self._shelf.remove, plant_id, photo_ids)
        removed = await self._hass.async_add_executor_job(remove)
        if removed:
            self._tell(plant_id)
        return removed

    async def async_waiting(self, limit: int) -> list[KeptPhoto]:
        """Photos without a verified copy in the archive, the oldest first."""
        return await self._hass.async_add_executor_job(self._shelf.waiting, limit)

    async def async_archived(self, photo: KeptPhoto, at: float) -> None:
        """Note that a copy of a photo was verified."""
        await self._hass.async_add_executor_job(self._shelf.archived, photo, at)

    def _tell(self, plant_id: str) -> None:
        async_dispatcher_send(self._hass, SIGNAL_ALBUM, plant_id)


async def async_forget_plants(
    hass: HomeAssistant, options: Mapping[str, Any], plant_ids: Iterable[str]
) -> None:
    """Remove the photos of plants that are gone, if the options of their garden say so."""
    if not retention_of(options).forget:
        return
    album = await async_get_album(hass)
    for plant_id in plant_ids:
        try:
            await album.async_remove(plant_id)
        except AlbumError as error:
            LOGGER.warning("The photos of a plant that is gone could not be removed: %s", error)


@singleton(DATA_ALBUM, async_=True)
async def async_get_album(hass: HomeAssistant) -> Album:
    """The one album. Nothing is read or written until somebody wants a photo."""
    await async_import_module(hass, f"{__package__}.shelf")
    from .files import Files  # noqa: PLC0415 - imported already
    from .index import Index  # noqa: PLC0415 - imported already
    from .shelf import Shelf  # noqa: PLC0415 - imported already

    media = hass.config.media_dirs
    folder = Path(media.get("local") or next(iter(media.values()), hass.config.path("media")))
    # The index is beside what else Home Assistant keeps: media may be a share of a network, on
    # which SQLite does not lock.
    index = Index(Path(hass.config.path(STORAGE_DIR, INDEX)))
    return Album(hass, Shelf(Files(folder / DOMAIN), index))
