"""A Raspberry Pi node on a bench: its real processes, and pins that stay as they are driven."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path

from tests.firmware import rig

FOLDER = rig.ROOT / "firmware" / "raspberry_pi"
START = Path(__file__).with_name("pi_start.py")
PUMP_PIN, SECOND_PIN, LIGHT_PIN, TANK_PIN, LEAK_PIN = 17, 27, 18, 22, 23
SOIL = '[[part]]\nkind = "soil"\nchannel = 0\nlabel = "Basil"\n'
PARTS = {
    "soil": SOIL,
    "soil2": '[[part]]\nkind = "soil"\nchannel = 5\nlabel = "Fern"\n',
    "pump": f'[[part]]\nkind = "pump"\npin = {PUMP_PIN}\n',
    "second": f'[[part]]\nkind = "pump"\npin = {SECOND_PIN}\n',
    "light": f'[[part]]\nkind = "light"\npin = {LIGHT_PIN}\n',
    "tank": f'[[part]]\nkind = "tank"\npin = {TANK_PIN}\n',
    "camera": f'[[part]]\nkind = "camera"\nflash = {SECOND_PIN}\nflip = true\nlabel = "Bed"\n',
    "air": '[[part]]\nkind = "bme280"\nlabel = "Shelf"\n',
    "leak": f'[[part]]\nkind = "leak"\npin = {LEAK_PIN}\n',
}


def package():
    """Make the node's own programs importable."""
    if str(FOLDER) not in sys.path:
        sys.path.insert(0, str(FOLDER))


class Board:
    """The Raspberry Pi: its card, its pins, and the processes on it."""

    def __init__(self, folder: Path, *, python: str = sys.executable) -> None:
        self.folder, self.python = folder, python
        self.env: dict[str, str] = {}
        self.inputs: dict[str, int] = {}
        self.edges: list[tuple[float, int, float | None]] = []  # seconds, pin, level
        self.told: list[list] = []
        self.output: list[str] = []
        self.pids: dict[str, int] = {}
        self.writers: dict[str, asyncio.StreamWriter] = {}
        self.process = self.server = None
        self.readers: list[asyncio.Task] = []

    def write(self, *, url: str = "", parts=("soil", "pump"), more: str = "") -> None:
        """The file of settings, as a person writes it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        text = f'converter = "mcp3008"\n{more}\n' + (f'url = "{url}"\n' if url else "")
        self.config.write_text(text + "".join(PARTS[part] for part in parts))

    @property
    def config(self) -> Path:
        return self.folder.with_name(self.folder.name + ".toml")

    def environment(self) -> dict[str, str]:
        return (
            os.environ
            | {
                "PLANT_VITA_NODE_CONFIG": str(self.config),
                "STATE_DIRECTORY": str(self.folder),
                "PLANTNODE_BENCH": str(self.server.sockets[0].getsockname()[1]),
                "PYTHONUNBUFFERED": "1",
            }
            | self.env
        )

    async def start(self) -> None:
        """Power up; again after `power_cut`."""
        self.edges.clear()
        self.told.clear()
        self.output.clear()
        self.pids.clear()
        if self.server is None:
            self.server = await asyncio.start_server(self._bench, "127.0.0.1", 0)
        self.process = await self.command("run")
        self.readers.append(asyncio.create_task(self._read(self.process)))

    async def command(self, *words: str) -> asyncio.subprocess.Process:
        """Run one of the commands."""
        return await asyncio.create_subprocess_exec(
            self.python, str(START), *words, env=self.environment(), cwd=self.folder,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip

    async def _read(self, process) -> None:
        async for line in process.stdout:
            self.output.append(line.decode(errors="replace").rstrip())

    async def _bench(self, reader, writer) -> None:
        _, who, pid, _ = json.loads(await reader.readline())
        self.pids[who], self.writers[who] = pid, writer
        writer.write(json.dumps({"in": self.inputs}).encode() + b"\n")
        with contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                what = json.loads(line)
                self.told.append(what)
                if what[0] == "pin":
                    self.edges.append((what[3], what[1], what[2]))
        writer.close()

    def order(self, **orders) -> None:
        """Tell the node's process something."""
        self.writers["node"].write(json.dumps(orders).encode() + b"\n")

    def drive(self, pin: int, level: int) -> None:
        """Put a level on an input pin."""
        self.inputs[str(pin)] = level
        self.order(**{"in": {str(pin): level}})

    def level(self, pin: int) -> float:
        """What lies on an output pin; a resistor holds it at 0 while nobody drives it."""
        return next((level for _, number, level in reversed(self.edges) if number == pin), 0) or 0

    def pulses(self, pin: int) -> list[tuple[float, float]]:
        """When a pin was on: ms, ms."""
        found, began = [], None
        for at, number, level in self.edges:
            if number != pin:
                continue
            if level and began is None:
                began = at * 1000
            elif not level and began is not None:
                found.append((began, at * 1000))
                began = None
        return found

    async def until(self, check, seconds: float = 15.0):
        """Wait until `check()` is true, and give what it gave."""
        end = time.monotonic() + seconds
        while not (value := check()):
            if time.monotonic() > end:
                raise TimeoutError("\n".join(self.output[-30:]))
            await asyncio.sleep(0.005)
        return value

    async def printed(self, text: str, seconds: float = 15.0) -> str:
        """Wait for a line of the journal."""
        return await self.until(
            lambda: next((line for line in self.output if text in line), None), seconds
        )

    def kill(self, who: str) -> float:
        """`kill -9` of the guardian ("run") or of the node; when."""
        os.kill(self.pids[who], signal.SIGKILL)
        return time.monotonic()

    async def power_cut(self) -> None:
        """Pull the plug: both processes, and then nothing is driven any more."""
        for who in ("run", "node"):
            if who in self.pids:
                with contextlib.suppress(ProcessLookupError):
                    self.kill(who)
        await self.process.wait()
        await asyncio.gather(*self.readers)
        self.readers.clear()
        for writer in self.writers.values():
            writer.close()
        self.writers.clear()

    async def end(self) -> None:
        """Leave nothing behind."""
        await self.power_cut()
        self.server.close()


@contextlib.asynccontextmanager
async def paired(
    folder: Path, *, parts=("soil", "pump"), python=sys.executable, home=None, more="", **env
):
    """A running node in a session with the little Home Assistant: (board, home, talk)."""
    home, board = home or rig.Home(), Board(folder / "node", python=python)
    await home.start()
    home.keys[1] = os.urandom(32)
    board.write(url=home.url, parts=parts, more=more)
    rig.Board(board.folder).provision(key=home.keys[1])
    board.inputs.update({str(TANK_PIN): 0, str(LEAK_PIN): 1})
    board.env.update(env)
    await board.start()
    try:
        talk = await home.talk(seconds=30)
        await talk.wait("state")
        yield board, home, talk
    finally:
        await board.end()
        await home.stop()
