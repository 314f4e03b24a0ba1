"""Find the interpreters that the project runs on: CPython 3.14 and MicroPython 1.26."""

import shutil
from pathlib import Path

from . import debian
from .commands import SetUpError, run, say, works
from .layout import PYTHONS

PYTHON_FLOOR = (3, 14, 2)  # what Home Assistant 2026.10 asks for
MICROPYTHON_FLOOR = (1, 26)
DOWNLOAD_SECONDS = 180

PYTHON_PROBE = """
import ctypes, sqlite3, ssl, sys, sysconfig
assert not sysconfig.get_config_var("Py_GIL_DISABLED")
print(*sys.version_info[:3])
"""
MICROPYTHON_PROBE = "import sys, asyncio, cryptolib, tls; print(*sys.implementation.version[:2])"


def find_python(uv: Path) -> Path:
    """Return a CPython 3.14: installed, downloaded by uv, or unpacked from Debian packages."""
    installed = shutil.which("python3.14")
    if installed and _meets([installed, "-c", PYTHON_PROBE], PYTHON_FLOOR):
        return Path(installed)
    if debian.PYTHON.is_file():
        debian.ensure()
        return debian.PYTHON
    downloaded = _download_with(uv)
    if downloaded:
        return downloaded
    debian.ensure()
    return debian.PYTHON


def find_micropython() -> Path:
    """Return a MicroPython for this machine: installed, or unpacked from Debian packages."""
    installed = shutil.which("micropython")
    if installed and _meets([installed, "-c", MICROPYTHON_PROBE], MICROPYTHON_FLOOR):
        return Path(installed)
    debian.ensure()
    return debian.MICROPYTHON


def _meets(probe: list[str], floor: tuple[int, ...]) -> bool:
    answer = works(probe)
    if answer is None:
        return False
    words = answer.split()
    return all(word.isdigit() for word in words) and tuple(map(int, words)) >= floor


def _download_with(uv: Path) -> Path | None:
    ours = next(PYTHONS.glob("cpython-3.14*/bin/python3.14"), None)
    if ours and _meets([str(ours), "-c", PYTHON_PROBE], PYTHON_FLOOR):
        return ours
    say("no Python 3.14 on this machine: asking uv for one")
    limits = {"UV_HTTP_TIMEOUT": "20", "UV_HTTP_RETRIES": "1"}
    install: list[str | Path] = [uv, "python", "install", "--no-bin", "--install-dir", PYTHONS]
    try:
        run([*install, "3.14"], timeout=DOWNLOAD_SECONDS, env=limits)
    except SetUpError as error:
        say(f"uv could not download it ({str(error).splitlines()[-1].strip()})")
        return None
    return next(PYTHONS.glob("cpython-3.14*/bin/python3.14"), None)
