"""Files and index stay one album, whatever happens to either."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from custom_components.plant_vita.model.errors import AlbumFullError, PhotoGoneError
from custom_components.plant_vita.photos.files import Files
from custom_components.plant_vita.photos.index import Index
from custom_components.plant_vita.photos.retention import Retention
from custom_components.plant_vita.photos.shelf import Shelf
from tests.photos.album_photos import AT, PLANT, kept

FINDING = {"kind": "identify", "title": "Basil", "confidence": 0.9, "text": "", "providers": []}


def shelf(folder: Path) -> Shelf:
    """As after a start of Home Assistant."""
    return Shelf(Files(folder / "media"), Index(folder / "album.db"))


def fill(folder: Path, count: int) -> Shelf:
    filled = shelf(folder)
    for number in range(count):
        filled.keep(kept(number), b"large", b"small")
    return filled


def test_a_lost_or_harmed_index_is_made_anew_from_the_files(tmp_path: Path) -> None:
    before = fill(tmp_path, 3).newest(PLANT)
    assert len(before) == 3
    for harm in (b"", b"garbage" * 999, None):
        if harm is None:
            (tmp_path / "album.db").unlink()
        else:
            (tmp_path / "album.db").write_bytes(harm)
        assert shelf(tmp_path).newest(PLANT) == before


def test_an_index_that_is_harmed_while_running_is_made_anew(tmp_path: Path) -> None:
    running = fill(tmp_path, 3)
    for ending in ("-wal", "-shm"):
        (tmp_path / f"album.db{ending}").unlink(missing_ok=True)
    (tmp_path / "album.db").write_bytes(b"garbage" * 999)
    assert len(running.newest(PLANT)) == 3


def test_what_somebody_removed_by_hand_is_forgotten(tmp_path: Path) -> None:
    running = fill(tmp_path, 2)
    photo = running.newest(PLANT)[0]
    running.files.picture(PLANT, photo.photo_id).unlink()
    with pytest.raises(PhotoGoneError):
        running.read(photo)
    assert [one.photo_id for one in running.newest(PLANT)] == [kept(0).photo_id]
    running.files.picture(PLANT, kept(0).photo_id).unlink()
    with pytest.raises(PhotoGoneError):
        running.change(kept(0))
    assert shelf(tmp_path).newest(PLANT) == []


def test_the_same_picture_is_one_photo_with_all_findings(tmp_path: Path) -> None:
    one = shelf(tmp_path)
    photo = one.keep(kept(), b"large", b"small")
    later = replace(kept(), taken_at=AT + 5, findings=(FINDING,))
    for _ in range(2):
        assert one.keep(later, b"large", b"small") == replace(photo, findings=(FINDING,))
    assert len(one.newest(PLANT)) == 1


def test_an_index_without_room_leaves_no_photo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = fill(tmp_path, 1)

    def full(*_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(running._index, "put", full)
    with pytest.raises(AlbumFullError):
        running.keep(kept(1), b"large", b"small")
    assert running.files.names() == {(PLANT, kept(0).photo_id)}


def test_many_threads_keep_at_once(tmp_path: Path) -> None:
    one = shelf(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        kept_at_once = [
            pool.submit(one.keep, kept(number % 6), b"large", b"small") for number in range(12)
        ]
        assert all(done.result() for done in kept_at_once)
    assert len(one.newest(PLANT)) == 6


def test_old_photos_go_and_an_archived_one_is_noted(tmp_path: Path) -> None:
    running = fill(tmp_path, 4)
    running.archived(kept(0), AT)
    assert running.waiting(9) == [kept(1), kept(2), kept(3)]
    assert running.thin(PLANT, Retention(kept=1, days=1), AT + 10 * 86_400) == 3
    assert [one.photo_id for one in running.newest(PLANT)] == [kept(3).photo_id]
    assert running.remove(PLANT, ["nothing"]) == 0
    assert running.remove(PLANT, None) == 1
