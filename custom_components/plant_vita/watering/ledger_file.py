"""The ledger of every watering, on disk before any water flows (W10).

A line is the checksum and the JSON of one record, numbered so that a line which is missing is
noticed too. What cannot be read in full is damaged: then nobody knows how much was given, and the
budgets count as spent for a day (W18). The damaged file is kept beside the new one.
"""

import os
import threading
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import orjson

VERSION: Final = 1
_HEAD: Final = "plant_vita_ledger"
_SUM_BYTES: Final = 8 + 1
# Far more than a year of waterings; a file that is larger is none of ours.
_BYTES_MAX: Final = 16_000_000

type Record = Mapping[str, Any]


class Found(StrEnum):
    """In which state the file was."""

    MISSING = "missing"
    GOOD = "good"
    DAMAGED = "damaged"


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """What was read; `records` are those that can be trusted, also of a damaged file."""

    found: Found
    records: tuple[Record, ...] = ()


def line_of(number: int, record: Record) -> bytes:
    """One line of the file."""
    data = orjson.dumps([number, record])
    return b"%b%b\n" % (_sum_of(data), data)


def _sum_of(data: bytes) -> bytes:
    """What a line begins with, up to the blank: it is compared whole, or a harmed blank passes."""
    return b"%08x " % zlib.crc32(data)


def read(data: bytes) -> Loaded:
    """Read a whole file: every line must be there, in its place, and end.

    What is whole of a damaged file counts all the same: it is water that was given.
    """
    lines = data.split(b"\n")
    is_torn = lines.pop() != b""
    whole = [one for one in map(_parsed, lines) if one is not None]
    records = [record for _, record in whole]
    numbers = [number for number, _ in whole]
    if is_torn or not records or numbers != list(range(len(lines))):
        found = Found.DAMAGED
    else:
        found = Found.GOOD if records[0].get(_HEAD) == VERSION else Found.DAMAGED
    return Loaded(found=found, records=tuple(one for one in records if _HEAD not in one))


def _parsed(line: bytes) -> tuple[int, Record] | None:
    data = line[_SUM_BYTES:]
    try:
        if line[:_SUM_BYTES] != _sum_of(data):
            return None
        number, record = orjson.loads(data)
    except ValueError, TypeError:
        return None
    return (number, record) if isinstance(number, int) and isinstance(record, dict) else None


class LedgerFile:
    """The file of one Home Assistant. Blocking: call it in an executor; calls wait for each other.

    A failed write leaves nothing behind that a later one could trip over: before the next record is
    written the whole file is written anew, from what is known to be in it.
    """

    def __init__(self, path: Path) -> None:
        """Nothing is touched before `load`."""
        self._path = path
        self._records: list[Record] = []
        self._descriptor: int | None = None
        self._turn = threading.Lock()

    @property
    def damaged_path(self) -> Path:
        """Where a file that could not be read in full is kept for whoever wants to look."""
        return self._path.with_name(f"{self._path.name}.damaged")

    def load(self) -> Loaded:
        """What earlier runs wrote; never raises."""
        with self._turn:
            try:
                if self._path.stat().st_size > _BYTES_MAX:
                    loaded = Loaded(found=Found.DAMAGED)
                else:
                    loaded = read(self._path.read_bytes())
            except FileNotFoundError:
                loaded = Loaded(found=Found.MISSING)
            except OSError:
                loaded = Loaded(found=Found.DAMAGED)
            if loaded.found is Found.DAMAGED:
                with suppress(OSError):
                    self._path.replace(self.damaged_path)
            self._records = list(loaded.records)
            return loaded

    def append(self, *records: Record) -> None:
        """Write and sync; raises `OSError`, and then no water may flow for it."""
        with self._turn:
            if self._descriptor is None or self._is_gone(self._descriptor):
                self._rewrite([*self._records, *records])
                return
            first = len(self._records) + 1
            lines = b"".join(line_of(first + n, record) for n, record in enumerate(records))
            before = os.fstat(self._descriptor).st_size
            try:
                _write(self._descriptor, lines)
            except OSError:
                with suppress(OSError):
                    # Half a line would be damage to whoever reads it after a crash.
                    os.ftruncate(self._descriptor, before)
                self._close()
                raise
            self._records += records

    def compact(self, records: Sequence[Record]) -> None:
        """Have these records in the file and no others; raises `OSError`, the older file stays."""
        with self._turn:
            self._rewrite(list(records))

    def _rewrite(self, records: list[Record]) -> None:
        self._close()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(f"{self._path.name}.new")
        data = b"".join(
            line_of(number, record) for number, record in enumerate([{_HEAD: VERSION}, *records])
        )
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        try:
            _write(descriptor, data)
            fresh.replace(self._path)
            _sync_folder(self._path.parent)
        except OSError:
            os.close(descriptor)
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise
        self._descriptor, self._records = descriptor, records

    @staticmethod
    def _is_gone(descriptor: int) -> bool:
        """Whether somebody deleted the file: what is appended to it then is lost."""
        return os.fstat(descriptor).st_nlink == 0

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._close()

    def _close(self) -> None:
        if self._descriptor is not None:
            with suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None


def _write(descriptor: int, data: bytes) -> None:
    written = 0
    while written < len(data):
        written += os.write(descriptor, data[written:])
    os.fsync(descriptor)


def _sync_folder(path: Path) -> None:
    """A file is not safe before its name is."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
