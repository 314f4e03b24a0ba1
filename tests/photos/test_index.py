"""Finding photos."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from custom_components.plant_vita.photos.index import Index
from tests.photos.album_photos import AT, PLANT, kept


@pytest.fixture
def index(tmp_path: Path) -> Index:
    index = Index(tmp_path / "new" / "album.db")
    index.open()
    return index


def test_photos_are_found_newest_first(index: Index) -> None:
    photos = [kept(number) for number in range(5)]
    index.put([*photos, kept(9, plant_id="other")])
    assert index.newest(PLANT) == photos[::-1]
    assert index.newest(PLANT, 2, AT + 3600 * 3) == [photos[2], photos[1]]
    assert index.photo(PLANT, photos[1].photo_id) == photos[1]
    assert index.photo(PLANT, kept(9).photo_id) is None
    assert index.same(PLANT, photos[4].digest, "") == photos[4]
    assert index.same(PLANT, "", photos[4].file_digest) == photos[4]
    nameless = replace(kept(7), file_digest="")
    index.put([nameless])
    assert index.same(PLANT, "", "") is None
    index.drop(PLANT, [nameless.photo_id])
    assert index.same("other", photos[4].digest, photos[4].file_digest) is None
    index.drop(PLANT, [photos[4].photo_id, "nothing"])
    assert index.same(PLANT, photos[4].digest, photos[4].file_digest) is None
    assert len(index.names()) == 5


def test_what_waits_for_the_archive_is_the_oldest_first(index: Index) -> None:
    index.put([kept(2), kept(0), replace(kept(1), archived_at=AT)])
    assert index.waiting(5) == [kept(0), kept(2)]
    assert index.waiting(1) == [kept(0)]


def test_one_that_is_harmed_is_told_and_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "album.db"
    path.write_bytes(b"no database at all" * 500)
    index = Index(path)
    with pytest.raises(sqlite3.DatabaseError):
        index.open()
    index.discard()
    index.open()
    assert index.names() == set()


def test_one_of_a_later_version_is_not_written_into(tmp_path: Path) -> None:
    path = tmp_path / "album.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(sqlite3.DatabaseError, match="version"):
        Index(path).open()
