"""Find uv, the installer, or fetch it into a private environment."""

import re
import shutil
import sys
from pathlib import Path

from . import system_packages
from .commands import run, say, works
from .layout import REQUIREMENTS, TOOLS
from .stamps import digest, finish, is_current, start

FLOOR = (0, 8)


def find_uv() -> Path:
    """Return uv from the PATH when it is new enough, else from PyPI."""
    installed = shutil.which("uv")
    if installed:
        answer = re.match(r"uv (\d+)\.(\d+)", works([installed, "--version"]) or "")
        if answer and tuple(map(int, answer.groups())) >= FLOOR:
            return Path(installed)
    return _private_uv()


def _private_uv() -> Path:
    wanted = REQUIREMENTS / "tools.txt"
    key = digest([wanted, Path(__file__), sys.version])
    if not is_current(TOOLS, key):
        say("fetching uv from PyPI into a private environment")
        if works([sys.executable, "-c", "import ensurepip, venv"]) is None:
            system_packages.ensure(["python3-venv"])
        start(TOOLS)
        run([sys.executable, "-m", "venv", TOOLS], timeout=120)
        pip: list[str | Path] = [
            TOOLS / "bin/python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
        ]
        run([*pip, "--require-hashes", "--requirement", wanted], timeout=300)
        finish(TOOLS, key)
    return TOOLS / "bin/uv"
