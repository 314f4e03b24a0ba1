"""A plant node at the other end of a cable: a pseudo terminal, or a server that lends its port.

It shares nothing with the integration: its lines are those of the golden vectors.
"""

import asyncio
import json
import os
import tty
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from firmware.vectors.lines import crc, line

HARDWARE_ID = "avr0123456789abcdef"

type Json = dict[str, Any]
# What a node answers to a command: an `ack` without its id, or None for silence.
type Answer = Callable[[Json], Json | None]


def obeys(_command: Json) -> Json:
    """Accept every command."""
    return {"ok": 1}


def open_files() -> list[str]:
    """What this process has open, but for the journal of readings, which opens when it likes."""
    found = []
    for name in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            found.append(str(name.readlink()))
    return sorted(one for one in found if "/.storage/" not in one)


def open_terminals() -> int:
    """How many ends of serial ports this process has open now."""
    return sum(one.startswith("/dev/pt") for one in open_files())


def boot_number(count: int) -> str:
    """The boot id of the so-manieth start."""
    return f"{0xA0000000 + count:08x}"


@dataclass(kw_only=True)
class CableNode:
    """What runs on the board. `heard` holds every message since it was made.

    `deaf` is how many questions go unheard after each start, as in a boot loader. `noise` is said
    at each start. `silent` is a board that is no node.
    """

    hardware_id: str = HARDWARE_ID
    name: str | None = "Fern"
    model: str = "uno"
    firmware: str = "0.1.0"
    every: int = 60
    starts: int = 0
    channels: list[list[Any]] = field(default_factory=lambda: [[0, "m", None, "A0"], [7, "pump"]])
    slots: int = 8
    joins: bool = False
    answer: Answer = obeys
    deaf: int = 0
    noise: bytes = b""
    silent: bool = False
    beats: bool = True
    number: int = 0
    heard: list[Json] = field(default_factory=list)
    broken: list[bytes] = field(default_factory=list)
    send: Callable[[bytes], None] | None = None
    _rest: bytes = b""
    _unheard: int = 0
    greeted: bool = False

    def start(self) -> None:
        """Power comes, or reset: what was begun is forgotten."""
        self.starts += 1
        self.number, self._rest, self.greeted = 0, b"", False
        self._unheard = self.deaf
        if self.noise:
            self.say_bytes(self.noise)
        if not self.deaf:
            self.hello()

    def say_bytes(self, data: bytes) -> None:
        """Send bytes as they are, if there is a cable."""
        if self.send is not None and not self.silent:
            self.send(data)

    def say(self, message: Json) -> None:
        """Send one message."""
        text = json.dumps(message, separators=(",", ":"), ensure_ascii=False)
        self.say_bytes(line(text.encode()))

    def hello(self) -> None:
        """Say who this is."""
        about: Json = {
            "t": "hello",
            "v": 1,
            "id": self.hardware_id,
            "model": self.model,
            "fw": self.firmware,
            "boot": boot_number(self.starts),
            "up": 100,
            "every": self.every,
            "sleep": 0,
            "ch": self.channels,
        }
        if self.name:
            about["name"] = self.name
        if self.slots:
            about["slots"] = self.slots
        if self.joins:
            about["net"] = 1
        self.say(about)

    def measure(self, values: dict[int, float | str], age: int = 0) -> None:
        """Send one new set of readings."""
        self.number += 1
        named = {str(index): value for index, value in values.items()}
        self.say({"t": "tele", "n": self.number, "age": age, "r": named})

    def report(self, remaining: dict[int, int]) -> None:
        """Say what the outputs do: milliseconds left by channel."""
        named = {str(index): left for index, left in remaining.items()}
        self.say({"t": "state", "a": named, "why": "cmd"})

    def take(self, data: bytes) -> None:
        """Bytes have come over the cable."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for one in lines:
            if not one:
                if self.beats:
                    self.say_bytes(b"\n")
            elif one[-5:] != f"*{crc(one[:-5]):04X}".encode() or len(one) > 1029:
                self.broken.append(one)
            else:
                self._hear(json.loads(one[:-5]))

    def _hear(self, message: Json) -> None:
        self.heard.append(message)
        if message["t"] == "cmd" and message["op"] == "ping" and "c" not in message:
            if self._unheard:
                self._unheard -= 1
            else:
                self.hello()
        elif message["t"] == "hi":
            self.greeted = True
        elif "c" in message:
            reply = self.answer(message)
            if reply is not None:
                self.say({"t": "ack", "c": message["c"], **reply})

    @property
    def commands(self) -> list[Json]:
        """The commands it was given, without what differs each time."""
        return [
            {name: value for name, value in message.items() if name not in {"t", "c"}}
            for message in self.heard
            if message["t"] == "cmd" and "c" in message
        ]

    def joined(self) -> list[Json]:
        """The networks it was told to join."""
        return [message for message in self.heard if message["t"] == "join"]


@dataclass
class Cable:
    """A pseudo terminal under a name that stays, as /dev/serial/by-id has it."""

    path: Path
    node: CableNode | None = None
    _ends: tuple[int, int] | None = None

    @property
    def port(self) -> str:
        """What Home Assistant opens."""
        return str(self.path)

    @property
    def plugged(self) -> bool:
        """Whether the port is there."""
        return self._ends is not None

    def plug(self, node: CableNode | None = None) -> None:
        """Connect a board; it starts."""
        self.node = node or self.node
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        self._ends = master, slave
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(slave))
        asyncio.get_running_loop().add_reader(master, self._read)
        if self.node is not None:
            self.node.send = self._write
            self.node.start()

    def unplug(self) -> None:
        """Pull the cable: the port is gone at once."""
        if self._ends is None:
            return
        master, slave = self._ends
        asyncio.get_running_loop().remove_reader(master)
        self.path.unlink(missing_ok=True)
        for end in (slave, master):
            os.close(end)
        self._ends = None
        if self.node is not None:
            self.node.send = None

    def _read(self) -> None:
        assert self._ends is not None
        try:
            data = os.read(self._ends[0], 65_536)
        except OSError:
            return
        if self.node is not None:
            self.node.take(data)

    def _write(self, data: bytes) -> None:
        assert self._ends is not None
        # Who does not listen loses it, as on a real cable.
        with suppress(BlockingIOError):
            os.write(self._ends[0], data)


@dataclass
class LentPort:
    """A serial server on the network, as ser2net: one caller at a time."""

    node: CableNode
    _server: asyncio.Server | None = None
    _callers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def open(self) -> str:
        """Listen; gives the URL of the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"socket://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._callers.append(writer)
        self.node.send = writer.write
        with suppress(OSError):
            while data := await reader.read(4096):
                self.node.take(data)
        writer.close()

    async def close(self) -> None:
        """Hang up on everybody."""
        assert self._server is not None
        self._server.close()
        for writer in self._callers:
            writer.close()
        self.node.send = None
