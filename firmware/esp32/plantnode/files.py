"""The only place that touches the file system, so that a power cut can be injected at every step.

`write` is atomic: the new content is on the medium under a temporary name before it takes the real one.
"""

import os

NEW = ".new"
OLD = ".old"


def root() -> str:
    """The folder of this node, with a trailing slash; empty for the working directory."""
    getenv = getattr(os, "getenv", None)
    folder = getenv("PLANTNODE_DIR") if getenv else None
    return folder.rstrip("/") + "/" if folder else ""


class Medium:
    """The operations of a file system that we use; a test's medium fails or stops at any of them."""

    def read(self, path: str) -> bytes:
        with open(path, "rb") as file:
            return file.read()

    def store(self, path: str, data: bytes, mode: str = "wb") -> None:
        with open(path, mode) as file:
            file.write(data)
            file.flush()
            if hasattr(os, "fsync"):
                os.fsync(file.fileno())
        if hasattr(os, "sync"):
            os.sync()

    def rename(self, old: str, new: str) -> None:
        getattr(os, "replace", os.rename)(old, new)

    def remove(self, path: str) -> None:
        os.remove(path)

    def names(self, folder: str) -> list:
        return os.listdir(folder or ".")

    def free(self, folder: str) -> int:
        """Free bytes of the file system."""
        status = os.statvfs(folder or ".")
        if hasattr(status, "f_bavail"):
            return status.f_bavail * status.f_frsize
        return status[0] * status[4]


_state = {"medium": Medium(), "root": root()}


def use(medium: Medium, folder: str) -> Medium:
    """Put another medium in place (tests); returns the one before."""
    before = _state["medium"]
    _state["medium"] = medium
    _state["root"] = folder
    return before


def read(name: str) -> bytes | None:
    """The bytes of a file, or None if there is none."""
    try:
        return _state["medium"].read(_state["root"] + name)
    except OSError:
        return None


def write(name: str, data: bytes, *, keep: bool = False) -> None:
    """Replace a file: old or new content after a power cut; `keep` leaves the generation before as `.old`."""
    medium, path = _state["medium"], _state["root"] + name
    medium.store(path + NEW, data)
    if keep:
        try:
            medium.rename(path, path + OLD)
        except OSError:
            pass  # there was none yet
    medium.rename(path + NEW, path)


def append(name: str, data: bytes) -> None:
    """Add bytes at the end of a file; a power cut may leave a part of them."""
    _state["medium"].store(_state["root"] + name, data, "ab")


def remove(name: str) -> None:
    """Remove a file; no error if there is none."""
    try:
        _state["medium"].remove(_state["root"] + name)
    except OSError:
        pass


def names() -> list:
    """The names of all files of the node."""
    return sorted(_state["medium"].names(_state["root"]))


def free() -> int:
    """Free bytes for files."""
    return _state["medium"].free(_state["root"])
