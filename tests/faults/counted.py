"""A node whose every reading is a different number, and both ends' records of them."""

import asyncio
import struct
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import orjson

from firmware.simulator.bench import SimulatedNode

LIGHT_AT = 0x23  # the light sensor's address
LIGHT = 11  # and its channel, on every board
HIGH = 30_000  # each second reading is that much brighter: the filter takes each for news
PARTS = ("soil", "bh1750", "pump")
POLL_S = 0.1


class Numbered:
    """A light sensor that counts: its k-th measurement is `lux(k)`."""

    def __init__(self) -> None:
        self.asked: list[float] = []  # when, by our clock

    def write(self, data: bytes) -> None:
        """Commands change nothing."""

    def read(self, count: int) -> bytes:
        """Counts, 1.2 a lux, as the part gives them."""
        self.asked.append(time.time())
        return struct.pack(">H", round(lux(len(self.asked)) * 1.2))[:count]


def lux(number: int) -> int:
    """What the light sensor shows at its k-th measurement."""
    return number + HIGH * (number % 2)


def number_of(value: float) -> int:
    """Which measurement a value comes from."""
    return round(value) % HIGH


def counting(node: SimulatedNode) -> Numbered:
    """Put the counting sensor into the place of the real one; before the node is started."""
    sensor = Numbered()
    node.world.bus[LIGHT_AT] = ("bh1750", sensor)
    return sensor


def _lines(path: Path) -> Iterator[Any]:
    """The good lines of a file in which each has its own checksum."""
    for line in path.read_bytes().split(b"\n"):
        body = line[8:].lstrip(b" ")
        try:
            if int(line[:8], 16) == zlib.crc32(body):
                yield orjson.loads(body)
        except ValueError:
            continue


def kept_by(node: SimulatedNode) -> set[int]:
    """The measurements that a node has in its flash."""
    kept = set()
    for path in node.directory.glob("past-*"):
        for _number, _up, flat in _lines(path):
            values = {int(key): value for key, value in zip(flat[::2], flat[1::2], strict=True)}
            if LIGHT in values:
                kept.add(number_of(values[LIGHT]))
    return kept


class JournalWatch:
    """Reads Home Assistant's journal while it is written, and remembers every line of it.

    sets: how often each set is in it, by node, boot and number. measured: how often each
    measurement of the counting sensor is, by node.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / ".storage" / "plant_vita"
        self._seen: dict[Path, set[int]] = {}
        self._task: asyncio.Task[None] | None = None
        self.sets: Counter[tuple[str, str, int]] = Counter()
        self.measured: dict[str, Counter[int]] = {}

    async def __aenter__(self) -> Self:
        """Begin."""
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        """A last look."""
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self.look()

    async def _watch(self) -> None:
        while True:
            self.look()
            await asyncio.sleep(POLL_S)

    def follow(self, node: SimulatedNode) -> None:
        """Count the measurements of this node."""
        self.measured[node.id] = Counter()

    def look(self) -> None:
        """Take in what is new."""
        for path in self._folder.glob("[0-9]*.log"):
            seen = self._seen.setdefault(path, set())
            try:
                records = list(enumerate(_lines(path)))
            except FileNotFoundError:
                continue  # it has just been dropped
            for place, record in records:
                if place not in seen:
                    seen.add(place)
                    self._take(record)

    def _take(self, record: dict[str, Any]) -> None:
        if "highest" in record:
            return
        node, boot = record["id"], record["b"]
        for number, _age, values in record["s"]:
            self.sets[node, boot, number] += 1
            if node in self.measured and str(LIGHT) in values:
                self.measured[node][number_of(values[str(LIGHT)])] += 1
