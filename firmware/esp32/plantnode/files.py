"""The only place that touches the file system, so that a power cut can be injected at every step.

`write` is atomic: the new content is on the medium under a temporary name before it takes the real
one.
"""

import os

NEW = ".new"
OLD = ".old"
_MISSING, _THERE = 2, 17  # ENOENT, EEXIST
_IS_FOLDER = 0x4000  # in the mode of a file


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

    def piece(self, path: str, at: int, count: int) -> bytes:
        """At most `count` bytes of a file from `at` on."""
        with open(path, "rb") as file:
            file.seek(at)
            return file.read(count)

    def stream(self, path: str, at: int):
        """A file to be read from `at` on, and closed."""
        file = open(path, "rb")  # noqa: SIM115 - whoever asks for it closes it
        file.seek(at)
        return file

    def size(self, path: str) -> int:
        """How many bytes a file has."""
        return os.stat(path)[6]

    def make(self, path: str) -> None:
        """Make a folder; OSError if there is one."""
        os.mkdir(path)

    def clear(self, path: str) -> None:
        """Remove a folder and all that is in it."""
        for name in os.listdir(path):
            inner = path + "/" + name
            if os.stat(inner)[0] & _IS_FOLDER:
                self.clear(inner)
            else:
                self.remove(inner)
        os.rmdir(path)

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


def piece(name: str, at: int, count: int) -> bytes:
    """At most `count` bytes of a file from `at` on; raises OSError."""
    return _State.medium.piece(_State.root + name, at, count)


def stream(name: str, at: int):
    """A file to be read from `at` on, and closed by whoever reads; raises OSError."""
    return _State.medium.stream(_State.root + name, at)


def size(name: str) -> int:
    """How many bytes a file has; 0 if there is none."""
    try:
        return _State.medium.size(_State.root + name)
    except OSError:
        return 0


def make(folder: str) -> None:
    """Let there be a folder, and those it lies in; raises OSError."""
    path = _State.root
    for name in folder.split("/"):
        path += name
        try:
            _State.medium.make(path)
        except OSError as error:
            if error.errno != _THERE:
                raise
        path += "/"


def clear(folder: str) -> None:
    """Remove a folder and all that is in it; no error if there is none, else raises OSError."""
    try:
        _State.medium.clear(_State.root + folder)
    except OSError as error:
        if error.errno != _MISSING:
            raise


def names() -> list:
    """The names of all files of the node."""
    return sorted(_State.medium.names(_State.root))


def free() -> int:
    """Free bytes for files."""
    return _State.medium.free(_State.root)
