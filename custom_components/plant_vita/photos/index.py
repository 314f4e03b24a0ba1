"""The index of the album: found quickly here, but true is what stands beside the files.

It is made anew from there whenever it cannot be read, so that nothing hangs on it. Every call opens
and closes it: photos are few, and nothing is left open when Home Assistant is killed. Call it in a
thread.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from .kept import KeptPhoto, as_stored, from_stored

_VERSION: Final = 2
_BUSY_S: Final = 10.0
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS photos (
    plant_id TEXT NOT NULL,
    photo_id TEXT NOT NULL,
    taken_at REAL NOT NULL,
    digest TEXT NOT NULL,
    file_digest TEXT NOT NULL,
    source TEXT NOT NULL,
    green REAL NOT NULL,
    yellowing REAL,
    growth REAL,
    archived_at REAL,
    stored TEXT NOT NULL,
    PRIMARY KEY (plant_id, photo_id)
) WITHOUT ROWID
"""
_BY_TIME: Final = "CREATE INDEX IF NOT EXISTS by_time ON photos (plant_id, taken_at DESC)"


class Index:
    """Rows of photos in one SQLite file. Every method raises sqlite3.Error."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=_BUSY_S, autocommit=False)
        try:
            yield connection
            connection.commit()
        finally:
            # This takes back what was not committed. A rollback of its own would fail after a full
            # disk, where SQLite has done so already, and hide what was the matter.
            connection.close()

    def open(self) -> None:
        """Make it ready. Raises sqlite3.Error also for one that is harmed or of another version."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=_BUSY_S, autocommit=True)
        try:
            # A write-ahead log would have to be made anew by each reader: on a full disk nothing
            # could be looked up. There is one writer only.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute(_TABLE)
            connection.execute(_BY_TIME)
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("harmed")
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version not in {0, _VERSION}:
                raise sqlite3.DatabaseError("of another version")
            if version != _VERSION:
                # Nothing is written without need: that must work while the disk is full.
                connection.execute(f"PRAGMA user_version = {_VERSION}")
        finally:
            connection.close()

    def discard(self) -> None:
        """Remove the file, to begin anew."""
        for ending in ("", "-journal", "-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)

    def put(self, photos: Iterable[KeptPhoto]) -> None:
        """Write rows; one that is there is replaced."""
        rows = [
            (
                one.plant_id,
                one.photo_id,
                one.taken_at,
                one.digest,
                one.file_digest,
                one.source,
                one.green,
                one.yellowing,
                one.growth,
                one.archived_at,
                json.dumps(as_stored(one)),
            )
            for one in photos
        ]
        with self._opened() as rows_of:
            rows_of.executemany(
                "REPLACE INTO photos VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
            )

    def drop(self, plant_id: str, photo_ids: Iterable[str]) -> None:
        """Remove rows; those that are not there are no fault."""
        rows = [(plant_id, photo_id) for photo_id in photo_ids]
        with self._opened() as rows_of:
            rows_of.executemany("DELETE FROM photos WHERE plant_id = ? AND photo_id = ?", rows)

    def newest(
        self, plant_id: str, limit: int = -1, before: float | None = None
    ) -> list[KeptPhoto]:
        """The photos of a plant, newest first; only those taken `before`, if that is given."""
        until = float("inf") if before is None else before
        return self._read(
            "SELECT stored FROM photos WHERE plant_id = ? AND taken_at < ?"
            " ORDER BY taken_at DESC, photo_id DESC LIMIT ?",
            (plant_id, until, limit),
        )

    def photo(self, plant_id: str, photo_id: str) -> KeptPhoto | None:
        """One photo."""
        found = self._read(
            "SELECT stored FROM photos WHERE plant_id = ? AND photo_id = ?", (plant_id, photo_id)
        )
        return found[0] if found else None

    def same(self, plant_id: str, digest: str, file_digest: str) -> KeptPhoto | None:
        """The photo of a plant that was made of just these pixels, or that is this file itself."""
        found = self._read(
            "SELECT stored FROM photos WHERE plant_id = ?"
            " AND (digest = ? OR (file_digest = ? AND file_digest <> ''))",
            (plant_id, digest, file_digest),
        )
        return found[0] if found else None

    def names(self) -> set[tuple[str, str]]:
        """Plant and photo of every row."""
        with self._opened() as rows_of:
            return set(rows_of.execute("SELECT plant_id, photo_id FROM photos").fetchall())

    def waiting(self, limit: int) -> list[KeptPhoto]:
        """Photos without a verified copy in the archive, the oldest first."""
        return self._read(
            "SELECT stored FROM photos WHERE archived_at IS NULL ORDER BY taken_at LIMIT ?",
            (limit,),
        )

    def _read(self, query: str, values: Sequence[object]) -> list[KeptPhoto]:
        with self._opened() as rows_of:
            rows = rows_of.execute(query, values).fetchall()
        try:
            return [from_stored(json.loads(stored)) for (stored,) in rows]
        except ValueError as error:
            # Readable pages with unreadable rows: harmed all the same.
            raise sqlite3.DatabaseError("a row that is no photo") from error
