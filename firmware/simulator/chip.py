"""The process that stands for the chip: its wire, its console, its ways to end."""

import asyncio
import contextlib
import json
import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .radio import Radio

ROOT = Path(__file__).parents[2]
FLASH = ROOT / "firmware" / "esp32"
PORT = Path(__file__).parent / "port"
UNPACKED = ROOT / ".cache" / "debian" / "usr" / "bin" / "micropython"
HEAP = "1M"  # objects of a 64-bit port are twice as large as the chip's
PSRAM_HEAP = "8M"  # a board with a camera has some, 4 MB at least
START_S, END_S = 15.0, 5.0
WATCHDOG, RESET, SLEEP, UNPLUGGED = 70, 71, 72, 73

type Listener = Callable[[list[Any]], None]


def find_micropython() -> str:
    """The interpreter: MICROPYTHON in the environment, the one set up in this clone, or PATH."""
    named = os.environ.get("MICROPYTHON")
    if named:
        return named
    if UNPACKED.exists():
        return str(UNPACKED)
    found = shutil.which("micropython")
    if found is None:
        raise FileNotFoundError("micropython: set MICROPYTHON, or run scripts/setup")
    return found


class Chip:
    """One power-up of a board, from start to exit; `radio` is its Bluetooth, if it has any."""

    def __init__(
        self,
        directory: Path,
        heard: Listener,
        printed: Callable[[str], None],
        radio: Radio | None = None,
    ) -> None:
        self._directory, self._radio = directory, radio
        self._heard = heard
        self._printed = printed
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._attached = asyncio.Event()
        self._token = secrets.token_hex(8)

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return self._process.pid if self._process else None

    async def start(
        self, birth: dict[str, Any], *, speed: int, flash: Path = FLASH, psram: bool = False
    ) -> None:
        """Power: returns when the program has reached the wire; raises TimeoutError or OSError."""
        self._birth = birth
        if self._radio is not None:
            self._radio.attach(self.send, birth["id"])
        server = await asyncio.start_server(self._attach, "127.0.0.1", 0, limit=1 << 20)
        try:
            port = server.sockets[0].getsockname()[1]
            self._process = await self._spawn(port, speed, flash, PSRAM_HEAP if psram else HEAP)
            self._tasks.append(asyncio.create_task(self._read_console(self._process)))
            async with asyncio.timeout(START_S):
                await self._attached.wait()
        except BaseException:
            await self.end()
            raise
        finally:
            server.close()

    async def _spawn(
        self, port: int, speed: int, flash: Path, heap: str
    ) -> asyncio.subprocess.Process:
        micropython = find_micropython()
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "MICROPYPATH": f"{PORT}:{flash}:.frozen",
            "PLANTNODE_BENCH": str(port),
            "PLANTNODE_TOKEN": self._token,
            "PLANTNODE_SPEED": str(speed),
        }
        return await asyncio.create_subprocess_exec(
            micropython, "-X", f"heapsize={heap}", str(PORT / "power_up.py"), str(flash),
            cwd=self._directory,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip

    async def _attach(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        token = await reader.readline()
        if token.decode().strip() != self._token or self._writer is not None:
            writer.close()
            return
        self._writer = writer
        self.send(self._birth)
        self._tasks.append(asyncio.create_task(self._listen(reader)))
        self._attached.set()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                if line.endswith(b"\n"):
                    self._take(json.loads(line))

    def _take(self, words: list[Any]) -> None:
        if words[0] != "ble":
            self._heard(words)
        elif self._radio is not None:
            self._radio.hear(words[1:-1])

    async def _read_console(self, process: asyncio.subprocess.Process) -> None:
        while process.stdout is not None and (line := await process.stdout.readline()):
            self._printed(line.decode(errors="replace").rstrip())

    def send(self, order: dict[str, Any]) -> None:
        """To the hardware thread of the chip; nothing happens once it is gone."""
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(json.dumps(order).encode() + b"\n")

    def type(self, data: bytes) -> None:
        """Bytes for the serial console; lost while there is no power, as on a cable."""
        stdin = self._process.stdin if self._process is not None else None
        if stdin is not None and not stdin.is_closing():
            stdin.write(data)

    async def ended(self) -> int:
        """Wait for the end of the program: its exit code, or the signal as a negative number."""
        code = await self._process.wait() if self._process is not None else 0
        await self._drain()
        return code

    async def _drain(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=END_S)
        if self._radio is not None:
            self._radio.fall()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        if self._writer is not None:
            self._writer.close()

    def kill(self) -> None:
        """No power from this moment on."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def end(self) -> None:
        """Kill, and leave nothing behind."""
        self.kill()
        if self._process is not None:
            await self._process.wait()
        await self._drain()
