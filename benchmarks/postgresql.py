"""A PostgreSQL of our own: in a temporary folder, reached only by a socket in it."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .process import BenchmarkError

_FOLDERS = "/usr/lib/postgresql"
_LIMIT_S = 60.0
# It does not run as root, and Debian brings this user along with it.
_USER = "postgres"
_BASE = "history"


def _program(name: str) -> Path:
    """Debian keeps the server's programs outside of PATH; the newest there is."""
    found = sorted(Path(_FOLDERS).glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    elsewhere = shutil.which(name)
    if found:
        return found[-1]
    if elsewhere is None:
        raise BenchmarkError(
            f"{name} of PostgreSQL is not on this machine: apt-get install postgresql"
        )
    return Path(elsewhere)


def _user() -> str | None:
    """Who it has to run as; None for whoever runs this."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(_USER).pw_name
    except KeyError:
        return "nobody"


def _run(command: Sequence[str | Path], user: str | None, folder: Path) -> None:
    done = subprocess.run(
        [str(word) for word in command],
        check=False,
        capture_output=True,
        text=True,
        timeout=_LIMIT_S,
        user=user,
        cwd=folder,
    )
    if done.returncode:
        raise BenchmarkError(f"PostgreSQL: {done.stdout}{done.stderr}")


@contextmanager
def server() -> Iterator[str]:
    """The address of an empty database, as Home Assistant's recorder takes it."""
    user = _user()
    with tempfile.TemporaryDirectory(prefix="plant-vita-pg-") as name:
        folder = Path(name)
        data, log = folder / "data", folder / "log"
        if user:
            shutil.chown(folder, user)
        new: list[str | Path] = [_program("initdb"), "-D", data, "-U", "bench", "-E", "UTF8"]
        _run([*new, "-A", "trust", "--locale=C", "--no-sync"], user, folder)
        control: list[str | Path] = [_program("pg_ctl"), "-D", data, "-w", "-t", "60"]
        options = f"-c listen_addresses= -c unix_socket_permissions=0700 -k {folder}"
        _run([*control, "-l", log, "-o", options, "start"], user, folder)
        try:
            _run(
                [_program("createdb"), "-h", folder, "-U", "bench", "-E", "UTF8", _BASE],
                user,
                folder,
            )
            yield f"postgresql://bench@/{_BASE}?host={folder}"
        finally:
            _run([*control, "-m", "immediate", "stop"], user, folder)
