"""The files of the album: `<plant>/<photo>.jpg`, what is known of it, and a small picture.

A photo is there once its `.jpg` is, which is written last and removed first: whatever a kill leaves
half done is no photo, and is swept away. Call it in a thread.
"""

import errno
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from homeassistant.util.file import WriteError, write_utf8_file_atomic

from ..const import LOGGER
from ..model.errors import AlbumError, AlbumFullError, PhotoGoneError
from .kept import KeptPhoto, as_stored, from_stored, is_photo_id, is_plant_id

# Home Assistant's media browser does not show what begins with a dot.
HIDDEN: Final = ".plant_vita"
PART: Final = ".part"
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Files:
    """All photos below one folder. Methods raise AlbumError, or AlbumFullError without room."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def picture(self, plant_id: str, photo_id: str) -> Path:
        """Where the photo itself is."""
        return self._plant(plant_id) / f"{_checked(photo_id)}.jpg"

    def thumbnail(self, plant_id: str, photo_id: str) -> Path:
        """Where its small picture is."""
        return self._plant(plant_id) / HIDDEN / f"{_checked(photo_id)}.jpg"

    def _known(self, plant_id: str, photo_id: str) -> Path:
        return self._plant(plant_id) / HIDDEN / f"{_checked(photo_id)}.json"

    def _plant(self, plant_id: str) -> Path:
        if not is_plant_id(plant_id):
            raise PhotoGoneError("not the id of a plant")
        return self.folder / plant_id

    def write(self, photo: KeptPhoto, jpeg: bytes, small: bytes) -> None:
        """Write all three files, or none."""
        names = photo.plant_id, photo.photo_id
        try:
            with translated("kept"):
                self._known(*names).parent.mkdir(parents=True, exist_ok=True)
                _write(self.thumbnail(*names), small)
                self._write_known(photo)
                # Through a hidden file: what a kill leaves of it is not seen, and swept away.
                part = self._known(*names).with_suffix(PART)
                _write(part, jpeg)
                part.replace(self.picture(*names))
        except AlbumError:
            self._discard(*names)
            raise

    def note(self, photo: KeptPhoto) -> None:
        """Write anew what is known of a photo that is there."""
        with translated("written down"):
            self._write_known(photo)

    def _write_known(self, photo: KeptPhoto) -> None:
        _write(self._known(photo.plant_id, photo.photo_id), json.dumps(as_stored(photo)).encode())

    def read(self, plant_id: str, photo_id: str, *, small: bool = False) -> bytes:
        """The bytes of a photo. Raises PhotoGoneError when the file is not there any more."""
        path = (self.thumbnail if small else self.picture)(plant_id, photo_id)
        try:
            return path.read_bytes()
        except FileNotFoundError as error:
            raise PhotoGoneError(photo_id) from error
        except OSError as error:
            raise AlbumError(f"{photo_id} cannot be read") from error

    def remove(self, plant_id: str, photo_id: str) -> None:
        """Remove a photo and what is known of it; that it is gone already is no fault."""
        with translated("removed"):
            self.picture(plant_id, photo_id).unlink(missing_ok=True)
            self._discard(plant_id, photo_id)
            for folder in (self._plant(plant_id) / HIDDEN, self._plant(plant_id)):
                if folder.is_dir() and not any(folder.iterdir()):
                    folder.rmdir()

    def _discard(self, plant_id: str, photo_id: str) -> None:
        """What is of no use without the photo; what cannot be removed now is swept away later."""
        known = self._known(plant_id, photo_id)
        for path in (known, known.with_suffix(PART), self.thumbnail(plant_id, photo_id)):
            try:
                path.unlink(missing_ok=True)
            except OSError:
                LOGGER.debug("%s is left over", path.name)

    def names(self) -> set[tuple[str, str]]:
        """Plant and photo of every photo that is there; what others have put here is left out."""
        with translated("looked at"):
            if not self.folder.is_dir():
                return set()
            return {
                (plant.name, file.stem)
                for plant in self.folder.iterdir()
                if is_plant_id(plant.name) and plant.is_dir()
                for file in plant.glob("*.jpg")
                if is_photo_id(file.stem) and file.is_file()
            }

    def known(self, plant_id: str, photo_id: str) -> KeptPhoto | None:
        """What is known of a photo; None where that was lost."""
        try:
            photo = from_stored(json.loads(self._known(plant_id, photo_id).read_bytes()))
        except OSError, ValueError, RecursionError:
            return None
        # Where somebody has moved it, that is where it belongs now.
        return photo if (photo.plant_id, photo.photo_id) == (plant_id, photo_id) else None

    def sweep(self) -> None:
        """Remove what is left of photos that were never finished, or whose file was removed."""
        there = self.names()
        with translated("swept"):
            for hidden in self.folder.glob(f"*/{HIDDEN}"):
                for file in hidden.iterdir():
                    half = file.suffix == PART or file.name.startswith("tmp")
                    gone = (hidden.parent.name, file.stem) not in there and is_photo_id(file.stem)
                    if (half or gone) and file.is_file():
                        file.unlink(missing_ok=True)


def _checked(photo_id: str) -> str:
    """No name leads out of the folder."""
    if not is_photo_id(photo_id):
        raise PhotoGoneError("not the id of a photo")
    return photo_id


def _write(path: Path, data: bytes) -> None:
    write_utf8_file_atomic(str(path), data, mode="wb")


@contextmanager
def translated(done: str) -> Iterator[None]:
    """Say of whatever the disk refuses that the photo could not be `done`."""
    try:
        yield
    except (OSError, WriteError) as error:
        cause = error if isinstance(error, OSError) else error.__cause__
        number = cause.errno if isinstance(cause, OSError) else None
        kind = AlbumFullError if number in _NO_ROOM else AlbumError
        raise kind(f"a photo could not be {done}") from error
