"""Photos on a disk that fills up, is killed, and is tidied by people."""

import errno
from pathlib import Path

import pytest

from custom_components.plant_vita.model.errors import AlbumError, AlbumFullError, PhotoGoneError
from custom_components.plant_vita.photos import files as module
from custom_components.plant_vita.photos.files import HIDDEN, Files
from tests.photos.album_photos import PLANT, kept


def test_a_photo_is_read_as_it_was_written(tmp_path: Path) -> None:
    files, photo = Files(tmp_path), kept()
    files.write(photo, b"large", b"small")
    assert files.names() == {(PLANT, photo.photo_id)}
    assert files.read(PLANT, photo.photo_id) == b"large"
    assert files.read(PLANT, photo.photo_id, small=True) == b"small"
    assert files.known(PLANT, photo.photo_id) == photo
    files.remove(PLANT, photo.photo_id)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(PhotoGoneError):
        files.read(PLANT, photo.photo_id)


@pytest.mark.parametrize("writes", [0, 1, 2])
def test_a_full_disk_is_told_and_leaves_nothing_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    files, before, photo = Files(tmp_path), kept(0), kept(1)
    files.write(before, b"before", b"small")
    real, left = module._write, [writes]

    def full(path: Path, data: bytes) -> None:
        if not left[0]:
            raise OSError(errno.ENOSPC, "no room")
        left[0] -= 1
        real(path, data)

    monkeypatch.setattr(module, "_write", full)
    with pytest.raises(AlbumFullError):
        files.write(photo, b"large", b"small")
    assert files.names() == {(PLANT, before.photo_id)}
    assert len([one for one in tmp_path.rglob("*") if one.is_file()]) == 3
    assert files.read(PLANT, before.photo_id) == b"before"


def test_another_fault_of_the_disk(tmp_path: Path) -> None:
    (tmp_path / PLANT).write_text("a file where a folder should be")
    with pytest.raises(AlbumError) as raised:
        Files(tmp_path).write(kept(), b"large", b"small")
    assert type(raised.value) is AlbumError


def test_what_a_kill_left_is_swept_and_strangers_stay(tmp_path: Path) -> None:
    files, photo, half = Files(tmp_path), kept(0), kept(1)
    files.write(photo, b"large", b"small")
    files.write(half, b"large", b"small")
    files.picture(PLANT, half.photo_id).unlink()
    hidden = tmp_path / PLANT / HIDDEN
    (hidden / "tmp1234").write_bytes(b"x")
    (hidden / f"{photo.photo_id}.part").write_bytes(b"x")
    strangers = [tmp_path / PLANT / "holiday; rm -rf.jpg", tmp_path / "..plant", hidden / "note"]
    for stranger in strangers:
        stranger.write_bytes(b"mine")
    files.sweep()
    assert {one.name for one in hidden.iterdir()} == {
        f"{photo.photo_id}.jpg",
        f"{photo.photo_id}.json",
        "note",
    }
    assert all(stranger.is_file() for stranger in strangers)
    assert files.names() == {(PLANT, photo.photo_id)}


@pytest.mark.parametrize(
    "names", [("..", kept().photo_id), (PLANT, "../../x"), ("a/b", "x"), (PLANT, "")]
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, names: tuple[str, str]) -> None:
    with pytest.raises(PhotoGoneError):
        Files(tmp_path).read(*names)
