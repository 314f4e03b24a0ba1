"""The album on disk: files and index together, one change at a time. Call it in a thread."""

import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from threading import RLock
from typing import Final

from ..const import LOGGER
from ..model.errors import AlbumError, AlbumFullError, PhotoGoneError
from ..vision.growth import growth
from .files import Files, translated
from .index import Index
from .kept import FINDINGS_MAX, Finding, KeptPhoto
from .retention import Retention

_COMPARED: Final = 10
"""With so many photos before it a new one is compared, until one shows the same view."""


class Shelf:
    """Keeps photos. Every method may raise AlbumError; an index that is harmed is made anew."""

    def __init__(self, files: Files, index: Index) -> None:
        self.files, self._index = files, index
        self._lock = RLock()
        self._open = False

    def open(self) -> None:
        """Bring index and files in line: what counts is the files that are there."""
        with self._lock, translated("looked at"):
            try:
                self._index.open()
            except sqlite3.DatabaseError as error:
                LOGGER.warning("The index of the photos is made anew: %s", error)
                self._index.discard()
                self._index.open()
            self._reconcile()
            self._open = True

    def _reconcile(self) -> None:
        self.files.sweep()
        there, known = self.files.names(), self._index.names()
        for plant_id, photo_id in known - there:
            self._index.drop(plant_id, [photo_id])
        found = [self.files.known(*names) for names in there - known]
        self._index.put(one for one in found if one is not None)

    def _indexed[T](self, ask: Callable[[], T]) -> T:
        """What the index says; once more with a new one, if this one is harmed."""
        with self._lock:
            try:
                if not self._open:
                    self.open()
                try:
                    return ask()
                except sqlite3.OperationalError:
                    raise  # the disk's fault, not that of what is written there
                except sqlite3.DatabaseError:
                    self.open()
                    return ask()
            except sqlite3.Error as error:
                full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
                raise (AlbumFullError if full else AlbumError)("index") from error

    def keep(self, photo: KeptPhoto, jpeg: bytes, small: bytes, came_as: str = "") -> KeptPhoto:
        """Keep a photo; of one that is there already only what was found anew.

        `came_as` is the SHA-256 of the file that the photo came in: it may be one of the album's
        own, about which somebody has asked.
        """
        plant_id, digest = photo.plant_id, photo.digest
        with self._lock:
            same = self._indexed(lambda: self._index.same(plant_id, digest, came_as))
            if same is not None:
                return self.add_findings(same, photo.findings) if photo.findings else same
            photo = replace(photo, growth=self._growth(photo))
            self.files.write(photo, jpeg, small)
            try:
                self._indexed(lambda: self._index.put([photo]))
            except AlbumError:
                self.files.remove(photo.plant_id, photo.photo_id)
                raise
            return photo

    def _growth(self, photo: KeptPhoto) -> float | None:
        for before in self.newest(photo.plant_id, _COMPARED, photo.taken_at):
            found = growth(before.look, photo.look)
            if found is not None:
                return found.area
        return None

    def change(self, photo: KeptPhoto) -> KeptPhoto:
        """Write anew what is known of a photo."""
        with self._lock:
            if not self.files.picture(photo.plant_id, photo.photo_id).is_file():
                self._indexed(lambda: self._index.drop(photo.plant_id, [photo.photo_id]))
                raise PhotoGoneError(photo.photo_id)
            self.files.note(photo)
            self._indexed(lambda: self._index.put([photo]))
            return photo

    def add_findings(self, photo: KeptPhoto, findings: Sequence[Finding]) -> KeptPhoto:
        """Add what was found to whatever is known of the photo by now."""
        with self._lock:
            known = self.photo(photo.plant_id, photo.photo_id)
            if known is None:
                raise PhotoGoneError(photo.photo_id)
            found = _joined(known.findings, findings)
            # The copy in the archive does not know of it.
            return self.change(replace(known, findings=found, archived_at=None))

    def archived(self, photo: KeptPhoto, at: float) -> None:
        """Note that a copy was verified; not if more was found while it was made."""
        with self._lock:
            known = self.photo(photo.plant_id, photo.photo_id)
            if known is not None and known.findings == photo.findings:
                self.change(replace(known, archived_at=at))

    def newest(
        self, plant_id: str, limit: int = -1, before: float | None = None
    ) -> list[KeptPhoto]:
        """The photos of a plant, newest first."""
        return self._indexed(lambda: self._index.newest(plant_id, limit, before))

    def waiting(self, limit: int) -> list[KeptPhoto]:
        """Photos without a verified copy in the archive, the oldest first."""
        return self._indexed(lambda: self._index.waiting(limit))

    def photo(self, plant_id: str, photo_id: str) -> KeptPhoto | None:
        """One photo."""
        return self._indexed(lambda: self._index.photo(plant_id, photo_id))

    def read(self, photo: KeptPhoto, *, small: bool = False) -> bytes:
        """The bytes of a photo; one whose file was removed is forgotten."""
        try:
            return self.files.read(photo.plant_id, photo.photo_id, small=small)
        except PhotoGoneError:
            if not small:
                self._indexed(lambda: self._index.drop(photo.plant_id, [photo.photo_id]))
            raise

    def remove(self, plant_id: str, photo_ids: Collection[str] | None) -> int:
        """Remove photos of a plant, all of them by default; how many there were."""
        with self._lock:
            found = [
                photo.photo_id
                for photo in self.newest(plant_id)
                if photo_ids is None or photo.photo_id in photo_ids
            ]
            for photo_id in found:
                self.files.remove(plant_id, photo_id)
            self._indexed(lambda: self._index.drop(plant_id, found))
            return len(found)

    def thin(self, plant_id: str, retention: Retention, now: float) -> int:
        """Remove what is kept no longer; how many there were."""
        with self._lock:
            expired = retention.expired(self.newest(plant_id), now)
            return self.remove(plant_id, [one.photo_id for one in expired]) if expired else 0


def _joined(known: Sequence[Finding], new: Sequence[Finding]) -> tuple[Finding, ...]:
    """The newest findings last; what was found before is said once, as it was found last."""
    anew = {(one["kind"], one["title"]) for one in new}
    before = [one for one in known if (one["kind"], one["title"]) not in anew]
    return tuple([*before, *new][-FINDINGS_MAX:])
