"""Remember what a folder was made from, so that a second set-up takes no time."""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from .layout import ROOT

STAMP = ".plant-vita-stamp"


def digest(parts: Iterable[Path | str]) -> str:
    """Return one hash for the contents of files and for plain words.

    This clone's own path is part of it: what is unpacked holds absolute paths, so a moved or
    copied clone has to be set up anew.
    """
    total = hashlib.sha256(str(ROOT).encode())
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part.encode()
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


def is_current(folder: Path, key: str) -> bool:
    """Tell whether a folder was completed from exactly these inputs."""
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text() == key


def start(folder: Path) -> None:
    """Remove a folder that is stale or half made."""
    if folder.exists():
        shutil.rmtree(folder)


def finish(folder: Path, key: str) -> None:
    """Write the stamp; do this last, so that an interrupted set-up starts over."""
    (folder / STAMP).write_text(key)
