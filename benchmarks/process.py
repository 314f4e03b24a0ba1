"""A real Home Assistant in a process of its own, the load's process, and how to talk to them."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from . import configuration
from .configuration import Setup

_BOOT_LIMIT_S = 180.0
_STOP_LIMIT_S = 60.0
_INITIALIZED = re.compile(r"Home Assistant initialized in ([0-9.]+)s")

type Json = dict[str, Any]


class BenchmarkError(Exception):
    """Something under test did not do what the benchmark needs; the text says what."""


def _environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and name != "PYTHONDONTWRITEBYTECODE"
    }


class Home:
    """Home Assistant on a throw-away configuration folder; a context manager."""

    def __init__(self, setup: Setup) -> None:
        """Write the folder; nothing runs yet."""
        self._folder = tempfile.TemporaryDirectory(prefix="plant-vita-bench-")
        self.folder = Path(self._folder.name)
        self.setup = setup
        self.port = configuration.write(self.folder, setup)
        self.initialized_s = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._probe: tuple[IO[bytes], IO[bytes]] | None = None

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> Path:
        """What it printed."""
        return self.folder / "stdout.log"

    def start(self) -> Self:
        """Boot; `initialized_s` is what Home Assistant itself says it took, in seconds."""
        command = [sys.executable, "-m", "homeassistant", "-c", str(self.folder), "--skip-pip"]
        (self.folder / "probe.sock").unlink(missing_ok=True)
        with self.log.open("wb") as out:
            self._process = subprocess.Popen(
                command, stdout=out, stderr=out, env=_environment(), cwd=self.folder
            )
        until = time.monotonic() + _BOOT_LIMIT_S
        while not (found := _INITIALIZED.search(self.log.read_text(errors="replace"))):
            if self._process.poll() is not None or time.monotonic() > until:
                raise BenchmarkError("Home Assistant did not start:\n" + self.tail())
            time.sleep(0.05)
        if "recovery mode" in self.log.read_text(errors="replace"):
            raise BenchmarkError("Home Assistant is in recovery mode:\n" + self.tail())
        self.initialized_s = float(found[1])
        with socket.socket(socket.AF_UNIX) as link:
            link.connect(str(self.folder / "probe.sock"))
            self._probe = link.makefile("wb"), link.makefile("rb")
        return self

    def tail(self, lines: int = 40) -> str:
        """The end of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def ask(self, do: str, **fields: object) -> Json:
        """Ask the probe; raises `BenchmarkError` with what it says went wrong."""
        assert self._probe is not None
        return _exchange(*self._probe, {"do": do, **fields})

    def stop(self) -> None:
        """Ask it to stop, and make it if it does not."""
        if self._probe is not None:
            for end in self._probe:
                end.close()
            self._probe = None
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(_STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def remove(self) -> None:
        """Stop if need be, and delete the folder."""
        self.stop()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        """Start."""
        try:
            return self.start()
        except BaseException:
            self.remove()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop and remove the folder."""
        if error is not None and self.log.exists():
            sys.stderr.write(self.tail() + "\n")
        self.remove()


class Generator:
    """The load generator's process."""

    def __init__(self) -> None:
        """Start it."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.generator"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
            # The repository's root, for `-m`; Home Assistant must not see it, or it would load the
            # integration from there instead of its own copy.
            cwd=configuration.ROOT,
        )

    def ask(self, do: str, **fields: object) -> Json:
        """Have it carry out a command; raises `BenchmarkError`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return _exchange(self._process.stdin, self._process.stdout, {"do": do, **fields})

    def stop(self) -> None:
        """Close its input, which ends it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        """It runs already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()


def _exchange(to: IO[bytes], back: IO[bytes], message: Json) -> Json:
    to.write(json.dumps(message).encode() + b"\n")
    to.flush()
    line = back.readline()
    if not line:
        raise BenchmarkError(f"no answer to {message['do']}")
    answer: Json = json.loads(line)
    if "error" in answer:
        raise BenchmarkError(f"{message['do']}: {answer['error']}")
    return answer
