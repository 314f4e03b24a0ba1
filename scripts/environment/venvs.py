"""The virtual environments: one for each Home Assistant release that is tested, one for ESPHome."""

import platform
from dataclasses import dataclass
from pathlib import Path

from . import debian, system_packages
from .commands import run, say
from .layout import DEVICE_STUBS, ESPHOME as ESPHOME_FOLDER, REQUIREMENTS, VENV, VENV_LATEST
from .stamps import digest, finish, is_current, start

INSTALL_SECONDS = 1500


@dataclass(frozen=True, kw_only=True)
class Environment:
    """A folder and the hash-pinned file it is installed from."""

    folder: Path
    requirements: Path

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.folder / "bin/python"


TEST = Environment(folder=VENV, requirements=REQUIREMENTS / "test.txt")
LATEST = Environment(folder=VENV_LATEST, requirements=REQUIREMENTS / "latest.txt")
ESPHOME = Environment(folder=ESPHOME_FOLDER, requirements=REQUIREMENTS / "esphome.txt")


def ensure(environment: Environment, *, uv: Path, python: Path) -> None:
    """Create or refresh an environment; nothing that is not pinned stays in it."""
    version = run([python, "-VV"], timeout=30)
    base = digest([str(python), version])
    key = digest([environment.requirements, Path(__file__), base])
    if is_current(environment.folder, key):
        return
    system_packages.ensure(["build-essential"])
    say(f"installing {environment.requirements.name} into {environment.folder.name}/")
    marker = environment.folder / ".plant-vita-base"
    if not (marker.is_file() and marker.read_text() == base and environment.python.exists()):
        start(environment.folder)
        run([uv, "venv", "--quiet", "--python", python, environment.folder], timeout=120)
        marker.write_text(base)
    install: list[str | Path] = [uv, "pip", "sync", "--quiet", "--python", environment.python]
    headers = {"CPATH": debian.header_paths()} if python == debian.PYTHON else {}
    # Compiled now, because Home Assistant's first start would else take twice as long.
    options: list[str | Path] = ["--require-hashes", "--compile-bytecode", environment.requirements]
    run([*install, *options], timeout=INSTALL_SECONDS, env=headers)
    finish(environment.folder, key)


def ensure_device_stubs(*, uv: Path) -> None:
    """Install the typing stubs of the device's Python into a folder of their own.

    They redefine parts of the standard library, so they must not lie in an environment.
    """
    wanted = REQUIREMENTS / "device-stubs.txt"
    key = digest([wanted, Path(__file__), platform.python_version()])
    if is_current(DEVICE_STUBS, key):
        return
    say(f"installing {wanted.name} into {DEVICE_STUBS.name}/")
    start(DEVICE_STUBS)
    install: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", TEST.python]
    install += ["--target", DEVICE_STUBS]
    run([*install, "--require-hashes", "--no-deps", "--requirement", wanted], timeout=300)
    finish(DEVICE_STUBS, key)


def link_program(program: Path) -> None:
    """Put a program beside the test environment's interpreter, where tests look for it."""
    link = VENV / "bin" / program.name
    if link.is_symlink() and link.readlink() == program:
        return
    link.unlink(missing_ok=True)
    link.symlink_to(program)
