"""The album is killed while it writes, and its disk is full: what was kept is kept, whole.

Processes are forked and killed with SIGKILL; the full disk is a real one of 1 MB, mounted where
only the forked process sees it, and beside it a limit on the size of files, for which nobody needs
a permission.
"""

import hashlib
import multiprocessing
import os
import random
import resource
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from custom_components.plant_vita.model.errors import AlbumFullError
from custom_components.plant_vita.photos.files import HIDDEN, Files
from custom_components.plant_vita.photos.index import Index
from custom_components.plant_vita.photos.kept import KeptPhoto
from custom_components.plant_vita.photos.shelf import Shelf
from tests.photos.album_photos import PLANT, kept

ROUNDS = 60 if os.environ.get("PLANT_VITA_FULL") == "1" else 8
FORK = multiprocessing.get_context("fork")
FINDING = {"kind": "identify", "title": "Basil", "confidence": 0.9, "text": "", "providers": []}
_DISK = 1_000_000
_LONGEST = 100_000


def jpeg(number: int) -> bytes:
    """Not a picture, but as long as one; each is another."""
    return random.Random(number).randbytes(60_000)


def photo(number: int) -> KeptPhoto:
    return replace(kept(number), file_digest=hashlib.sha256(jpeg(number)).hexdigest())


def shelf(media: Path, index: Path) -> Shelf:
    return Shelf(Files(media), Index(index / "album.db"))


def forked(work: Callable[..., None], *given: Any) -> tuple[Any, Connection]:
    here, there = FORK.Pipe(duplex=False)
    process = FORK.Process(target=work, args=(there, *given), daemon=True)
    process.start()
    there.close()
    return process, here


def keep_on(promise: Connection, folder: Path, first: int) -> None:
    """Keep one photo after the other, note what is found, and remove every fourth."""
    album = shelf(folder / "media", folder)
    for number in range(first, first + 1000):
        one = album.keep(photo(number), jpeg(number), b"small" * 500)
        promise.send(("kept", number))
        album.add_findings(one, (FINDING,))
        promise.send(("noted", number))
        if number % 4 == 3:
            promise.send(("removing", number))
            album.remove(PLANT, [one.photo_id])
            promise.send(("removed", number))


def test_killed_at_any_moment_it_has_what_it_said(tmp_path: Path) -> None:
    dice, first = random.Random(7), 0
    said: dict[int, str] = {}
    for _ in range(ROUNDS):
        process, promised = forked(keep_on, tmp_path, first)
        for _ in range(dice.randrange(2, 14)):
            what, number = promised.recv()
            said[number] = what
        time.sleep(dice.random() * 0.02)
        process.kill()
        process.join()
        while promised.poll():
            try:
                what, number = promised.recv()
            except EOFError:
                break
            said[number] = what
        first = max(said) + 2
        check(tmp_path, said)


def check(folder: Path, said: dict[int, str]) -> None:
    """As the next start finds it."""
    album = shelf(folder / "media", folder)
    there = {one.photo_id: one for one in album.newest(PLANT)}
    for number, what in said.items():
        one = photo(number)
        if what == "removed":
            assert one.photo_id not in there
        elif what != "removing":
            assert album.read(one) == jpeg(number)
            assert there[one.photo_id].findings == ((FINDING,) if what == "noted" else ()) or (
                what == "kept"
            )
    for one in there.values():
        assert hashlib.sha256(album.read(one)).hexdigest() == one.file_digest
    # Nothing half done is left, and nothing is there that the index does not know.
    plant = folder / "media" / PLANT
    assert {one.stem for one in plant.glob("*.jpg")} == set(there)
    left = {one.name for one in (plant / HIDDEN).iterdir()} if there else set()
    assert left == {f"{name}.{kind}" for name in there for kind in ("jpg", "json")}


def mounted(folder: Path) -> None:
    """A real disk of 1 MB, for this process alone; root inside if it is not outside."""
    if os.geteuid() != 0:
        mine = os.geteuid()
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNS)
        Path("/proc/self/uid_map").write_text(f"0 {mine} 1")
    else:
        os.unshare(os.CLONE_NEWNS)
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    size = f"size={_DISK}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "album", folder], check=True)


def limited(_: Path) -> None:
    """No file of this process may be longer than this; the index is not, with a few photos."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LONGEST, _LONGEST))


def fill(told: Connection, folder: Path, disk: str, full: Callable[[Path], None]) -> None:
    """Keep photos until there is no room; say what became of it."""
    media, index = folder / "media", folder / "index"
    for one in (media, index):
        one.mkdir()
    try:
        full(media if disk == "media" else index if disk == "index" else folder)
        for one in (media, index):
            one.mkdir(exist_ok=True)
    except (OSError, subprocess.CalledProcessError) as error:
        told.send(("no disk", repr(error)))
        return
    ballast = index / "ballast"
    ballast.write_bytes(bytes(50_000))
    album, done = shelf(media, index), 0
    try:
        for number in range(2000):
            data = jpeg(number) * (2 if disk == "limited" and number == 3 else 1)
            album.keep(photo(number), data[:100] if disk == "index" else data, b"small")
            done += 1
    except AlbumFullError:
        told.send(("full", done))
    else:
        told.send(("endless", done))
    names = {one.photo_id for one in Shelf(album.files, Index(index / "album.db")).newest(PLANT)}
    sound = all(len(album.read(photo(number))) >= 100 for number in range(done))
    on_disk = {one.stem for one in (media / PLANT).glob("*.jpg")} if done else set()
    told.send((len(names), sound, names == on_disk))
    # Somebody makes room: by deleting photos, or something else where only the index is.
    if disk == "index":
        ballast.unlink()
    else:
        album.remove(PLANT, [photo(0).photo_id, photo(1).photo_id])
    album.keep(photo(5000), jpeg(5000)[:100], b"small")
    told.send(("room", album.photo(PLANT, photo(5000).photo_id) is not None))


@pytest.mark.parametrize("disk", ["media", "index", "both"])
def test_a_full_disk_spoils_nothing_and_has_room_again(tmp_path: Path, disk: str) -> None:
    _, told = forked(fill, tmp_path, disk, mounted)
    what, done = told.recv()
    if what == "no disk":
        pytest.skip(f"this machine mounts nothing for its users: {done}")
    assert what == "full"
    assert done > 3
    assert told.recv() == (done, True, True)
    assert told.recv() == ("room", True)


def test_a_file_that_may_not_grow_is_a_full_disk(tmp_path: Path) -> None:
    _, told = forked(fill, tmp_path, "limited", limited)
    assert told.recv() == ("full", 3)
    assert told.recv() == (3, True, True)
    assert told.recv() == ("room", True)
