"""Where readings are safe before the node is told to forget them.

Readings are appended to a segment file and synced in batches; only then are they confirmed. A
segment is deleted when the recorder has committed what it holds; what is left after a crash is
read back and settled into statistics (`glue/statistics.py`). Every line carries its own checksum,
so a torn write costs nothing but the line that was being written, which was never confirmed.
"""

import os
import threading
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

_SUFFIX = ".log"
_SUM_CHARS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """New sets of one boot of one node; `sets` are `[number, age_ms, {channel: value}]`."""

    hardware_id: str
    boot: str
    received_at: float
    sets: list[tuple[int, int, dict[int, float | str]]]


def _line(record: dict[str, Any]) -> bytes:
    data = orjson.dumps(record, option=orjson.OPT_NON_STR_KEYS)
    return b"%08x %b\n" % (zlib.crc32(data), data)


def _records(path: Path) -> Iterable[dict[str, Any]]:
    for line in path.read_bytes().split(b"\n"):
        data = line[_SUM_CHARS + 1 :]
        try:
            if int(line[:_SUM_CHARS], 16) != zlib.crc32(data):
                continue
            yield orjson.loads(data)
        except ValueError:
            continue


class Journal:
    """The segment files of one Home Assistant. Blocking: call it in an executor.

    Calls wait for one another: one that nobody waits for any more is still running.
    """

    def __init__(self, folder: Path) -> None:
        """Nothing is touched before the first call."""
        self._folder = folder
        self._segment = -1
        self._descriptor: int | None = None
        self._turn = threading.Lock()

    def load(self) -> tuple[dict[str, dict[str, int]], list[Kept]]:
        """What earlier runs left.

        The highest numbers of each node and boot, and unsettled readings.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        highest: dict[str, dict[str, int]] = {}
        kept: list[Kept] = []
        for path in self._paths():
            self._segment = int(path.stem)
            for record in _records(path):
                if "highest" in record:
                    _raise_to(highest, record["highest"])
                    continue
                entry = _as_kept(record)
                kept.append(entry)
                _raise_to(
                    highest,
                    {entry.hardware_id: {entry.boot: max(number for number, *_ in entry.sets)}},
                )
        return highest, kept

    def _paths(self) -> list[Path]:
        found = (path for path in self._folder.glob(f"*{_SUFFIX}") if path.stem.isdecimal())
        return sorted(found, key=lambda path: int(path.stem))

    def append(self, entries: Iterable[Kept]) -> None:
        """Write and sync; raises `OSError`, and then nothing of it may be confirmed."""
        lines = b"".join(
            _line(
                {
                    "id": entry.hardware_id,
                    "b": entry.boot,
                    "at": entry.received_at,
                    "s": entry.sets,
                }
            )
            for entry in entries
        )
        with self._turn:
            descriptor = self._open({}) if self._descriptor is None else self._descriptor
            self._write(descriptor, lines)

    def _write(self, descriptor: int, lines: bytes) -> None:
        written = 0
        try:
            while written < len(lines):
                written += os.write(descriptor, lines[written:])
            os.fdatasync(descriptor)
        except OSError:
            # A half-written line would swallow the next one: what comes goes into a file of its
            # own.
            self._close()
            raise

    def start_segment(self, highest: dict[str, dict[str, int]]) -> None:
        """Open the next segment, headed by what is safe so far; raises `OSError`."""
        with self._turn:
            self._open(highest)

    def _open(self, highest: dict[str, dict[str, int]]) -> int:
        self._close()
        self._segment += 1
        descriptor = self._descriptor = os.open(
            self._folder / f"{self._segment}{_SUFFIX}",
            os.O_WRONLY | os.O_CREAT | os.O_APPEND,
            0o600,
        )
        self._write(descriptor, _line({"highest": highest}))
        # A file is not safe before its name is.
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return descriptor

    def drop_older(self) -> None:
        """Delete every segment but the present one: all they hold is in the recorder or settled."""
        with self._turn:
            for path in self._paths():
                if int(path.stem) < self._segment:
                    path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the present segment."""
        with self._turn:
            self._close()

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _as_kept(record: dict[str, Any]) -> Kept:
    return Kept(
        hardware_id=record["id"],
        boot=record["b"],
        received_at=record["at"],
        sets=[
            (number, age, {int(index): value for index, value in values.items()})
            for number, age, values in record["s"]
        ],
    )


def _raise_to(highest: dict[str, dict[str, int]], news: dict[str, dict[str, int]]) -> None:
    for hardware_id, boots in news.items():
        mine = highest.setdefault(hardware_id, {})
        for boot, number in boots.items():
            mine[boot] = max(mine.get(boot, 0), number)
