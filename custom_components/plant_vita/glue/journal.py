"""Where readings are safe before the node is told to forget them.

Readings are appended to a segment file and synced in batches; only then are they confirmed. A
segment is deleted when the recorder has committed what it holds; what is left after a crash is
read back and settled into statistics (`glue/statistics.py`). Every line carries its own checksum,
so a torn write costs nothing but the line that was being written, which was never confirmed.
"""

import os
import threading
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from ..coordinator import LATE_MS
from ..model.node import Fault, Reading
from ..protocol.messages import ReadingSet

_SUFFIX = ".log"
_SUM_CHARS = 8
_FAULTS = {str(fault): fault for fault in Fault}


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """New sets of one boot of one node; `sets` are `[number, age_ms, {channel: value}]`."""

    hardware_id: str
    boot: str
    received_at: float
    sets: Sequence[tuple[int, int, Mapping[int, float | str]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """What earlier runs left, by hardware id.

    `highest` are the highest numbers of each boot, `latest` the newest present reading of each
    channel index, as it came; `kept` are the readings that may not be settled.
    """

    highest: dict[str, dict[str, int]] = field(default_factory=dict)
    latest: dict[str, dict[int, Reading]] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)

    def take(self, entry: Kept) -> None:
        """Read one line on; the lines come in the order in which they were received."""
        self.kept.append(entry)
        highest = max(number for number, *_ in entry.sets)
        _raise_to(self.highest, {entry.hardware_id: {entry.boot: highest}})
        for _number, age_ms, values in entry.sets:
            if age_ms <= LATE_MS:
                moment = entry.received_at - age_ms / 1000
                readings = {index: (value, moment) for index, value in values.items()}
                _renew(self.latest, {entry.hardware_id: readings})


def journal_line(
    hardware_id: str, boot: str, received_at: float, sets: Sequence[ReadingSet]
) -> bytes:
    """A line for `Journal.append`; made at once, for bytes are nothing to the garbage collector."""
    return _line(
        {
            "id": hardware_id,
            "b": boot,
            "at": received_at,
            "s": [(one.number, one.age_ms, one.values) for one in sets],
        }
    )


def _line(record: dict[str, Any]) -> bytes:
    data = orjson.dumps(record, option=orjson.OPT_NON_STR_KEYS)
    return b"%08x %b\n" % (zlib.crc32(data), data)


def _head(highest: Mapping[str, dict[str, int]], latest: Mapping[str, dict[int, Reading]]) -> bytes:
    readings = {
        hardware_id: {index: tuple(reading) for index, reading in known.items()}
        for hardware_id, known in latest.items()
    }
    return _line({"highest": highest, "latest": readings})


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

    def load(self) -> Left:
        """What earlier runs left."""
        self._folder.mkdir(parents=True, exist_ok=True)
        left = Left()
        for path in self._paths():
            self._segment = int(path.stem)
            for record in _records(path):
                if "highest" in record:
                    _raise_to(left.highest, record["highest"])
                    _renew(left.latest, record.get("latest", {}))
                else:
                    left.take(_as_kept(record))
        return left

    def _paths(self) -> list[Path]:
        found = (path for path in self._folder.glob(f"*{_SUFFIX}") if path.stem.isdecimal())
        return sorted(found, key=lambda path: int(path.stem))

    def append(self, lines: Iterable[bytes]) -> None:
        """Write and sync; raises `OSError`, and then nothing of it may be confirmed."""
        data = b"".join(lines)
        with self._turn:
            descriptor = self._open({}, {}) if self._descriptor is None else self._descriptor
            self._write(descriptor, data)

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

    def start_segment(
        self, highest: Mapping[str, dict[str, int]], latest: Mapping[str, dict[int, Reading]]
    ) -> None:
        """Open the next segment, headed by what is safe or shown so far; raises `OSError`.

        The head outlives the lines of the segments before it.
        """
        with self._turn:
            self._open(highest, latest)

    def _open(
        self, highest: Mapping[str, dict[str, int]], latest: Mapping[str, dict[int, Reading]]
    ) -> int:
        self._close()
        self._segment += 1
        descriptor = self._descriptor = os.open(
            self._folder / f"{self._segment}{_SUFFIX}",
            os.O_WRONLY | os.O_CREAT | os.O_APPEND,
            0o600,
        )
        self._write(descriptor, _head(highest, latest))
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


def _renew(
    latest: dict[str, dict[int, Reading]],
    news: Mapping[str, Mapping[Any, Sequence[Any]]],
) -> None:
    for hardware_id, readings in news.items():
        mine = latest.setdefault(hardware_id, {})
        for index, (value, moment) in readings.items():
            # A newer version may have had words that are not known here.
            read = _FAULTS.get(value) if isinstance(value, str) else float(value)
            if read is not None:
                mine[int(index)] = Reading(read, float(moment))
