"""Takes the photos of the album to the store, one after the other, for as long as it takes.

What waits is what the album says: nothing is lost by a restart, an outage or a kill, and what was
not verified counts as not there.
"""

import json
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later

from ...const import LOGGER
from ...model.errors import (
    AlbumError,
    ProviderAnswerError,
    ProviderError,
    ProviderForbiddenError,
    ProviderKeyError,
)
from ..album import SIGNAL_ALBUM, Album, async_get_album
from ..kept import KeptPhoto, as_stored
from ..retention import MOST
from .account import CONF_REMOVE, object_name
from .issues import async_failing, async_works
from .opening import store_of

type ArchiveConfigEntry = ConfigEntry[Archiver]

AT_START_S: Final = 120.0
"""Others have enough to do right after a start."""
_SOON_S: Final = 10.0
_AGAIN_S: Final = 60.0
_AGAIN_MOST_S: Final = 3600.0
LASTING_S: Final = 86_400.0
"""A failure that lasts as long is told to somebody; one that a key or a right causes, at once."""
_AT_ONCE: Final = 20


class Archiver:
    """One store. `waiting` is how many photos were left when it was looked last."""

    def __init__(self, hass: HomeAssistant, entry: ArchiveConfigEntry) -> None:
        self._hass, self._entry = hass, entry
        self._store = store_of(hass, entry.data)
        self._timer: CALLBACK_TYPE | None = None
        self._running = self._more = False
        self.failing_since: float | None = None
        self.failed_by: str | None = None
        self.wait_s = _AGAIN_S
        self.done = 0

    @callback
    def async_start(self) -> None:
        """Begin in a while, and again with each photo."""
        self._entry.async_on_unload(
            async_dispatcher_connect(self._hass, SIGNAL_ALBUM, self._async_album_changed)
        )
        self._entry.async_on_unload(self._async_wait_no_more)
        self._async_begin_in(AT_START_S)

    @callback
    def _async_album_changed(self, _: str) -> None:
        # After a failure the wait is kept: each photo must not be another try.
        if self._running:
            self._more = True
        elif self.failing_since is None and self._timer is None:
            self._async_begin_in(_SOON_S)

    @callback
    def _async_begin_in(self, seconds: float) -> None:
        self._async_wait_no_more()
        self._timer = async_call_later(self._hass, seconds, self._async_begin)

    @callback
    def _async_wait_no_more(self) -> None:
        if self._timer is not None:
            self._timer()
        self._timer = None

    @callback
    def _async_begin(self, _: datetime) -> None:
        self._timer = None
        self._running, self._more = True, False
        self._entry.async_create_background_task(
            self._hass, self._async_run(), "plant_vita archive"
        )

    async def _async_run(self) -> None:
        try:
            await self._async_all()
        except (ProviderError, AlbumError) as error:
            self._failed(error)
        else:
            self._worked()
        finally:
            self._running = False

    async def _async_all(self) -> None:
        """Until nothing waits. A photo that the disk does not give up is left for the next time."""
        album = await async_get_album(self._hass)
        left: set[tuple[str, str]] = set()
        while True:
            waiting = await album.async_waiting(_AT_ONCE + len(left))
            todo = [one for one in waiting if (one.plant_id, one.photo_id) not in left]
            if not todo:
                return
            for photo in todo:
                try:
                    await self._async_archive(photo)
                except AlbumError as error:
                    left.add((photo.plant_id, photo.photo_id))
                    LOGGER.warning("A photo is not archived this time: %s", error)

    async def _async_archive(self, photo: KeptPhoto) -> None:
        """Copy one photo and what is known of it; only what reads the same there counts."""
        album = await async_get_album(self._hass)
        jpeg = await album.async_read(photo)
        for name, data, content_type in _objects(photo, jpeg):
            place = object_name(self._entry.data, name)
            await self._store.put(place, data, content_type)
            if await self._store.get(place) != data:
                raise ProviderAnswerError("what was written is not what is read")
        await album.async_archived(photo, time.time())
        self.done += 1
        if self._entry.data[CONF_REMOVE]:
            await _async_remove_copied(album, photo.plant_id)

    @callback
    def _worked(self) -> None:
        if self.failing_since is not None:
            LOGGER.info("%s: photos are archived again", self._entry.title)
        self.failing_since = self.failed_by = None
        self.wait_s = _AGAIN_S
        async_works(self._hass, self._entry)
        if self._more:
            self._async_begin_in(_SOON_S)

    @callback
    def _failed(self, error: ProviderError | AlbumError) -> None:
        now = time.time()
        if self.failing_since is None:
            self.failing_since = now
            LOGGER.warning("%s: photos are not archived now: %s", self._entry.title, error)
        self.failed_by = error.key
        if isinstance(error, ProviderKeyError):
            self._entry.async_start_reauth(self._hass)
        lasting = now - self.failing_since >= LASTING_S
        if lasting or isinstance(error, ProviderForbiddenError):
            async_failing(self._hass, self._entry, self.failing_since)
        self._async_begin_in(self.wait_s)
        self.wait_s = min(self.wait_s * 2, _AGAIN_MOST_S)


async def _async_remove_copied(album: Album, plant_id: str) -> None:
    """Remove here what is there; the newest stays, to be shown and to be compared with."""
    older = (await album.async_list(plant_id, limit=MOST))[1:]
    copied = [one.photo_id for one in older if one.archived_at is not None]
    if copied:
        await album.async_remove(plant_id, copied)


def _objects(photo: KeptPhoto, jpeg: bytes) -> Iterator[tuple[str, bytes, str]]:
    """What is written of a photo: the picture, and then what is known of it."""
    name = f"{photo.plant_id}/{photo.photo_id}"
    yield f"{name}.jpg", jpeg, "image/jpeg"
    yield f"{name}.json", json.dumps(as_stored(photo)).encode(), "application/json"
