"""Start, stop and kill a real Home Assistant, each in a process of its own."""

import asyncio
import os
import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp

from scripts.environment.commands import clean_environment
from scripts.environment.layout import ROOT
from scripts.environment.venvs import LATEST, TEST

from .access import Access

START_SECONDS = 180.0
STOP_SECONDS = 60.0
POLL_SECONDS = 0.1
LOG_LINES = 40
LAST_PORT = 65535

PYTHON = TEST.python
PYTHON_LATEST = LATEST.python


class LabError(Exception):
    """Home Assistant did not do what it was asked; the message holds the end of its log."""


def free_port(first: int = 0) -> int:
    """Return a port of loopback that nobody listens on: `first` or the next free one, or any."""
    for port in range(first, LAST_PORT + 1) if first else (0,):
        with socket.socket() as probe:
            # As Home Assistant itself does; else a port it has just left would look taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise LabError(f"no free port from {first} on")


async def provision(folder: Path, *, port: int = 0, python: Path = PYTHON) -> Access:
    """Make a configuration folder, or give an existing one another port; see provision.py."""
    module = ("-m", "scripts.lab.provision", str(folder), "--port", str(port or free_port()))
    process = await asyncio.create_subprocess_exec(
        python,
        *module,
        cwd=ROOT,
        env=clean_environment({"PYTHONPATH": str(ROOT)}),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise LabError(f"{folder} could not be provisioned:\n{output.decode(errors='replace')}")
    return Access.load(folder)


@dataclass(kw_only=True)
class Home:
    """A provisioned folder and the Home Assistant that runs on it, or does not.

    python: the interpreter of the release to run (PYTHON or PYTHON_LATEST).
    environment: further variables, for instance LD_PRELOAD of libfaketime.
    As an async context manager it is running inside and stopped after.
    """

    folder: Path
    python: Path = PYTHON
    environment: Mapping[str, str] = field(default_factory=dict)
    _process: asyncio.subprocess.Process | None = field(default=None, init=False, repr=False)

    @property
    def access(self) -> Access:
        """The way in."""
        return Access.load(self.folder)

    @property
    def log(self) -> Path:
        """Everything that Home Assistant printed, over all its starts."""
        return self.folder / "stdout.log"

    @property
    def pid(self) -> int:
        """The process id; raises LabError when nothing runs."""
        if self._process is None or self._process.returncode is not None:
            raise LabError("Home Assistant is not running")
        return self._process.pid

    async def start(self, *, within: float = START_SECONDS) -> Self:
        """Start and wait until everything is set up, at most `within` seconds."""
        if self._process is not None and self._process.returncode is None:
            raise LabError("Home Assistant is running already")
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C in a terminal reaches only who started it.
            self._process = await asyncio.create_subprocess_exec(
                self.python,
                *("-m", "homeassistant", "--config", str(self.folder)),
                cwd=self.folder,
                env=clean_environment(self.environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(within):
                await self._until_running()
        except TimeoutError as error:
            await self.kill()
            raise LabError(self._with_log(f"not running after {within:.0f} s")) from error
        except BaseException:
            await self.kill()
            raise
        return self

    async def stop(self, *, within: float = STOP_SECONDS) -> int:
        """Ask it to stop and return its exit code; raises LabError when it had to be killed."""
        if self._process is None or self._process.returncode is not None:
            return self._process.returncode or 0 if self._process else 0
        self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(within):
                return await self._process.wait()
        except TimeoutError as error:
            await self.kill()
            raise LabError(self._with_log(f"did not stop within {within:.0f} s")) from error

    async def kill(self) -> None:
        """End it as a power cut would: no shutdown, nothing written."""
        if self._process is not None and self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()

    async def wait(self) -> int:
        """Wait for it to end by itself and return its exit code."""
        if self._process is None:
            raise LabError("Home Assistant was never started")
        return await self._process.wait()

    async def __aenter__(self) -> Self:
        """Start."""
        return await self.start()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        await self.stop()

    def tail(self) -> str:
        """The end of the log, for messages."""
        if not self.log.is_file():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-LOG_LINES:])

    def _with_log(self, text: str) -> str:
        return f"Home Assistant: {text}\n{self.tail()}"

    async def _until_running(self) -> None:
        assert self._process is not None
        access = self.access
        headers = {"Authorization": f"Bearer {access.token}"}
        async with aiohttp.ClientSession(headers=headers) as session:
            while not await self._is_running(session, access.url):
                if self._process.returncode is not None:
                    code = self._process.returncode
                    raise LabError(self._with_log(f"ended with exit code {code} while starting"))
                await asyncio.sleep(POLL_SECONDS)

    async def _is_running(self, session: aiohttp.ClientSession, url: str) -> bool:
        try:
            async with session.get(f"{url}/api/config") as response:
                if response.status != 200:
                    return False
                config = await response.json()
        except aiohttp.ClientError:
            return False
        if config["recovery_mode"]:
            raise LabError(self._with_log("in recovery mode"))
        return bool(config["state"] == "RUNNING")
