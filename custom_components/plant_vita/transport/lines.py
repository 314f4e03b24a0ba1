r"""Lines on a serial cable: bytes that carry a checksum, and nothing else is known about them.

A line is `payload*HHHH\n`, where `HHHH` is the CRC-16/CCITT-FALSE of the payload in upper-case hex
(docs/protocol.md §9). An empty line is a heartbeat and carries nothing.
"""

from binascii import crc_hqx
from collections.abc import Iterator
from enum import StrEnum

_CRC_START = 0xFFFF
# "*" and four digits.
_TAIL = 5


class Dropped(StrEnum):
    """Why a line was thrown away."""

    TOO_LONG = "too_long"
    CHECKSUM = "crc"
    TEXT = "utf8"


def framed(payload: bytes) -> bytes:
    """The line that carries `payload`, with its line feed."""
    return payload + b"*%04X\n" % crc_hqx(payload, _CRC_START)


class LineReader:
    """Cuts what comes out of a port into payloads, however it was cut before.

    It never holds more than one line of the longest payload, whatever comes. `dropped` counts the
    lines that were thrown away.
    """

    def __init__(self, longest: int) -> None:
        """`longest` is the size of the longest payload in bytes."""
        self.dropped = dict.fromkeys(Dropped, 0)
        self._longest = longest
        # A carriage return before the line feed does not count.
        self._room = longest + _TAIL + 1
        self._begun = bytearray()
        self._skipping = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The payloads of the lines that end within `data`."""
        start = 0
        while (end := data.find(b"\n", start)) >= 0:
            self._take(data, start, end)
            start = end + 1
            if (payload := self._ended()) is not None:
                yield payload
        self._take(data, start, len(data))

    def _take(self, data: bytes, start: int, end: int) -> None:
        if self._skipping:
            return
        if len(self._begun) + end - start > self._room:
            # Nothing of it is kept, and the next line feed begins anew.
            self._skipping = True
            self._begun.clear()
            return
        self._begun += data[start:end]

    def _ended(self) -> bytes | None:
        if self._skipping:
            self._skipping = False
            self.dropped[Dropped.TOO_LONG] += 1
            return None
        line = bytes(self._begun).removesuffix(b"\r")
        self._begun.clear()
        if not line:
            return None
        if (why := self._fault(line)) is not None:
            self.dropped[why] += 1
            return None
        return line[:-_TAIL]

    def _fault(self, line: bytes) -> Dropped | None:
        payload = line[:-_TAIL]
        if len(payload) > self._longest:
            return Dropped.TOO_LONG
        if not payload or framed(payload)[:-1] != line:
            return Dropped.CHECKSUM
        try:
            payload.decode()
        except UnicodeDecodeError:
            return Dropped.TEXT
        return None
