"""The only place that touches the file system, so that a power cut can be injected at every step.

`write` is atomic: the new content is on the medium under a temporary name before it takes the real
one.
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
    """The operations of a file system that we use.

    A test's medium fails or stops at any of them.
    """

    def read(self, path: str) -> bytes:
        """All bytes of a file."""
        with open(path, "rb") as file:
            return file.read()

    def store(self, path: str, data: bytes, mode: str = "wb") -> None:
        """Write, or with mode "ab" append, and wait until it is on the medium."""
        with open(path, mode) as file:
            file.write(data)
            file.flush()
            if hasattr(os, "fsync"):
                os.fsync(file.fileno())
        if hasattr(os, "sync"):
            os.sync()

    def rename(self, old: str, new: str) -> None:
        """Give a file another name, whatever had it."""
        getattr(os, "replace", os.rename)(old, new)

    def remove(self, path: str) -> None:
        """Remove a file."""
        os.remove(path)

    def names(self, folder: str) -> list:
        """The files of a folder."""
        return os.listdir(folder or ".")

    def free(self, folder: str) -> int:
        """Free bytes of the file system."""
        status = os.statvfs(folder or ".")
        if hasattr(status, "f_bavail"):
            return status.f_bavail * status.f_frsize
        return status[0] * status[4]


class _State:
    """Which medium and which folder are in use."""

    medium = Medium()
    root = root()


def use(medium: Medium, folder: str) -> Medium:
    """Put another medium in place (tests); returns the one before."""
    before = _State.medium
    _State.medium = medium
    _State.root = folder
    return before


def read(name: str) -> bytes | None:
    """The bytes of a file, or None if there is none."""
    try:
        return _State.medium.read(_State.root + name)
    except OSError:
        return None


def write(name: str, data: bytes, *, keep: bool = False) -> None:
    """Replace a file: old or new content after a power cut.

    `keep` leaves the generation before as `.old`.
    """
    medium, path = _State.medium, _State.root + name
    medium.store(path + NEW, data)
    if keep:
        try:
            medium.rename(path, path + OLD)
        except OSError:
            pass  # there was none yet
    medium.rename(path + NEW, path)


def append(name: str, data: bytes) -> None:
    """Add bytes at the end of a file; a power cut may leave a part of them."""
    _State.medium.store(_State.root + name, data, "ab")


def remove(name: str) -> None:
    """Remove a file; no error if there is none."""
    try:
        _State.medium.remove(_State.root + name)
    except OSError:
        pass


def names() -> list:
    """The names of all files of the node."""
    return sorted(_State.medium.names(_State.root))


def free() -> int:
    """Free bytes for files."""
    return _State.medium.free(_State.root)
