"""An ESPHome node in the laboratory: checked, and built as a program of this machine.

ESPHome lives in an environment of its own (`scripts/setup --esphome`), because it pins what Home
Assistant pins otherwise.
"""

import asyncio
import fcntl
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

from scripts.environment.commands import clean_environment, run
from scripts.environment.layout import CACHE, ROOT
from scripts.environment.stamps import digest, finish, is_current
from scripts.environment.venvs import ESPHOME

from .process import LabError

SOURCES = ROOT / "firmware" / "esphome"
_BUILDS = CACHE / "esphome-builds"
# What ESPHome itself leaves in a folder, and what its user keeps there.
_NOT_SOURCES = {".esphome", "secrets.yaml", "__pycache__"}
_BUILD_S, _CHECK_S, _STOP_S = 550.0, 120.0, 10.0
_POLL_S = 0.01
_SECRETS = """\
api_key: "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="
wifi_ssid: laboratory
wifi_password: nobody's secret
"""
_PIN = re.compile(r"\[pin:\d+\]: pump (ON|OFF) at (\d+) ms")


def _program() -> Path:
    """ESPHome's own command; raises `LabError` if it was not set up."""
    program = ESPHOME.folder / "bin" / "esphome"
    if not program.exists():
        raise LabError("ESPHome is not set up: scripts/setup --esphome")
    return program


def _sources() -> list[Path]:
    files = [file for file in SOURCES.rglob("*") if file.is_file()]
    return sorted(file for file in files if not _NOT_SOURCES & set(file.parts))


def copied(folder: Path) -> Path:
    """The sources in a folder where ESPHome may write, with secrets; the folder."""
    for file in _sources():
        copy = folder / file.relative_to(SOURCES)
        copy.parent.mkdir(parents=True, exist_ok=True)
        # An unchanged file keeps its age, and what was made from it is not made again.
        if not copy.is_file() or copy.read_bytes() != file.read_bytes():
            shutil.copyfile(file, copy)
    (folder / "secrets.yaml").write_text(_SECRETS)
    return folder


def check(folder: Path, *names: str, changed: Mapping[str, str] | None = None) -> str:
    """What `esphome config` says of configurations in a folder, which was copied.

    changed: substitutions that are not as the file has them. Raises `SetUpError` if one is wrong.
    """
    words: list[str | Path] = [_program()]
    for name, value in (changed or {}).items():
        words += ["--substitution", name, value]
    return run([*words, "config", *names], cwd=folder, timeout=_CHECK_S)


def built(name: str = "simulated-node") -> Path:
    """The program of a configuration for this machine; one builds, others wait.

    What was built from the same sources is used again. Raises `SetUpError` with what the compiler
    says.
    """
    folder = _BUILDS / name
    folder.mkdir(parents=True, exist_ok=True)
    key = digest([*map(str, _sources()), *_sources(), ESPHOME.requirements, _compiler()])
    with (_BUILDS / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_current(folder, key):
            command: list[str | Path] = [_program(), "compile", f"{name}.yaml"]
            run(command, cwd=copied(folder), timeout=_BUILD_S)
            finish(folder, key)
    found = list(folder.glob(".esphome/build/*/.pioenvs/*/program"))
    if len(found) != 1:
        raise LabError(f"ESPHome has built {len(found)} programs of {name}")
    return found[0]


def _compiler() -> str:
    return run(["g++", "--version"], timeout=30)


class EspHomeNode:
    """The program of an ESPHome node that runs; a context manager.

    It listens at port 6053 of all addresses there are, so run it in a network namespace. `folder`
    is its flash. environment: further variables, for instance a clock that runs faster.
    """

    def __init__(
        self, program: Path, folder: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        """Nothing runs yet."""
        self._command: Sequence[str | Path] = (program,)
        self._folder = folder
        self._log = folder / "node.log"
        self._environment = dict(environment or {})
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Switch it on."""
        self._folder.mkdir(parents=True, exist_ok=True)
        settings = {**self._environment, "ESPHOME_PREFDIR": str(self._folder)}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=clean_environment(settings),
            )

    def stop(self) -> None:
        """Take its power away; nothing is written any more."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(_STOP_S)
            self._process = None

    @property
    def pid(self) -> int:
        """Of the process that runs."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """All that it has said, over all its starts."""
        with suppress(FileNotFoundError):
            return self._log.read_text(errors="replace")
        return ""

    @property
    def edges(self) -> list[tuple[bool, int]]:
        """When its pump's pin went on or off, in ms since it was switched on: (on, when)."""
        return [(level == "ON", int(at)) for level, at in _PIN.findall(self.log)]

    @property
    def runs_ms(self) -> list[int]:
        """How long the pump has run each time, so far as it was turned off again."""
        edges = self.edges
        return [
            off - on for (is_on, on), (still_on, off) in pairwise(edges) if is_on and not still_on
        ]

    async def until(self, look: Callable[[], bool], what: str, within: float = 20.0) -> None:
        """Wait for something of it; raises `LabError` with the end of its log."""
        try:
            async with asyncio.timeout(within):
                while not look():  # noqa: ASYNC110 - another process changes it
                    await asyncio.sleep(_POLL_S)
        except TimeoutError as error:
            raise LabError(f"not within {within:g} s: {what}\n{self.log[-4000:]}") from error

    def __enter__(self) -> Self:
        """Switch it on."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Switch it off."""
        self.stop()
