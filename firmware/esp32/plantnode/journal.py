"""Unconfirmed readings on flash: small append-only segments, one boot each, a checksum a line.

The time a boot began is kept beside them once Home Assistant has told us the time, so that the age
of a reading is right after a reboot too. Room is made by dropping the oldest segment: the ledger
needs it more.
"""

import json
from binascii import crc32

from plantnode import files

PREFIX = "past-"
ANCHORS = "past.json"
_SEGMENT_BYTES = 4096
_SEGMENTS_MAX = 192
_RESERVE_BYTES = 65536
_DRIFT_MS = 5000
_ATTEMPTS = 4


class Segment:
    """One file; `last` is the highest number in it, 0 while unknown."""

    def __init__(self, number: int, boot: str) -> None:
        self.number, self.boot = number, boot
        self.size = self.last = 0

    def name(self) -> str:
        """The file's name: sorting by it is sorting by age."""
        return "{}{:08x}-{}".format(PREFIX, self.number, self.boot)

    def read(self) -> list:
        """[[number, up ms, [channel, value, …]]]; torn or damaged lines are left out."""
        sets = []
        for line in (files.read(self.name()) or b"").split(b"\n"):
            try:
                body = line[8:]
                if int(line[:8], 16) != crc32(body):
                    continue
                entry = json.loads(body)
            except ValueError:
                continue
            sets.append(entry)
            self.last = max(self.last, entry[0])
        return sets


def _line(entry: list) -> bytes:
    body = json.dumps(entry, separators=(",", ":")).encode()
    return "{:08x}".format(crc32(body)).encode() + body + b"\n"


class Journal:
    """All segments, oldest first; new sets go into segments of `boot`."""

    def __init__(self, boot: str) -> None:
        self.boot = boot
        self.dropped = 0  # sets lost to a full flash, or without a known time
        self.segments = []
        for name in files.names():
            if not name.startswith(PREFIX) or len(name) != len(PREFIX) + 17:
                continue
            try:
                number = int(name[len(PREFIX) : len(PREFIX) + 8], 16)
            except ValueError:
                continue
            self.segments.append(Segment(number, name[-8:]))
        self.anchors = self._read_anchors()
        self.current = None  # type: Segment

    def _read_anchors(self) -> dict:
        try:
            anchors = json.loads(files.read(ANCHORS) or b"{}")
        except ValueError:
            return {}
        return anchors if isinstance(anchors, dict) else {}

    def anchor(self, wall_at_boot: int) -> None:
        """Home Assistant has told the time: this boot began at `wall_at_boot`."""
        if abs(self.anchors.get(self.boot, 0) - wall_at_boot) <= _DRIFT_MS:
            return
        boots = [segment.boot for segment in self.segments]
        self.anchors = {boot: self.anchors[boot] for boot in self.anchors if boot in boots}
        self.anchors[self.boot] = wall_at_boot
        try:
            files.write(ANCHORS, json.dumps(self.anchors).encode())
        except OSError:
            pass

    def append(self, entries: list) -> None:
        """Put sets on flash with few writes, dropping the oldest where there is no room."""
        chunk, last, count = b"", 0, 0
        for entry in entries:
            line = _line(entry)
            held = self.current.size if self.current else 0
            if chunk and held + len(chunk) + len(line) > _SEGMENT_BYTES:
                self._write(chunk, last, count)
                chunk, count = b"", 0
            chunk, last, count = chunk + line, entry[0], count + 1
        if chunk:
            self._write(chunk, last, count)

    def _write(self, chunk: bytes, last: int, count: int) -> None:
        for _ in range(_ATTEMPTS):
            if self.current is None or self.current.size + len(chunk) > _SEGMENT_BYTES:
                self._open()
            segment = self.current
            try:
                files.append(segment.name(), chunk)
            except OSError:
                self.current = None  # whatever it left are torn lines at a segment's end
                if not self._drop_oldest():
                    break
                continue
            segment.size += len(chunk)
            segment.last = last
            return
        self.dropped += count

    def _open(self) -> None:
        while len(self.segments) >= _SEGMENTS_MAX or files.free() < _RESERVE_BYTES:
            if not self._drop_oldest():
                break
        number = self.segments[-1].number + 1 if self.segments else 1
        self.current = Segment(number, self.boot)
        self.segments.append(self.current)

    def _drop_oldest(self) -> bool:
        if not self.segments:
            return False
        self.dropped += max(1, len(self.segments[0].read()))
        self.remove(self.segments[0])
        return True

    def remove(self, segment: Segment) -> None:
        """Forget one segment."""
        self.segments.remove(segment)
        files.remove(segment.name())
        if segment is self.current:
            self.current = None

    def confirm(self, boot: str, number: int) -> None:
        """Home Assistant has stored every set of `boot` up to `number`."""
        for segment in list(self.segments):
            if segment.boot != boot:
                continue
            if segment.last == 0:
                segment.read()
            if segment.last <= number:
                self.remove(segment)

    def wall(self, boot: str) -> int | None:
        """When `boot` began, in Unix ms, if that is known."""
        value = self.anchors.get(boot)
        return value if type(value) is int else None
