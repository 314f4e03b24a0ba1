"""The node's files on an SD card."""

import os
from pathlib import Path

from plantnode import files


class Card(files.Medium):  # type: ignore[misc]  # of the device's code, which has no types
    """One file at a time reaches the card; the whole system's could take seconds."""

    def store(self, path: str, data: bytes, mode: str = "wb") -> None:
        """Write or append, and wait until it is on the card."""
        with Path(path).open(mode) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def rename(self, old: str, new: str) -> None:
        """Give a file another name, whatever had it, and wait until that is on the card."""
        folder = os.open(Path(old).replace(new).parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
