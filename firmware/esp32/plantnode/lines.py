"""One message a line for a cable (docs/protocol.md §9): `{json}*HHHH` and a line feed.

Between them words for a person may stand: what is no message and no word is counted and dropped.
"""

TAIL = 5  # * and four digits
WORD_MAX = 64
_HEX = b"0123456789ABCDEF"
# First byte of a UTF-8 sequence, from … to, how many bytes follow, and the range of the next one
# (RFC 3629, §4). MicroPython's own check lets overlong forms and surrogates pass.
_UTF8 = (
    (0xC2, 0xDF, 1, 0x80, 0xBF),
    (0xE0, 0xE0, 2, 0xA0, 0xBF),
    (0xE1, 0xEC, 2, 0x80, 0xBF),
    (0xED, 0xED, 2, 0x80, 0x9F),
    (0xEE, 0xEF, 2, 0x80, 0xBF),
    (0xF0, 0xF0, 3, 0x90, 0xBF),
    (0xF1, 0xF3, 3, 0x80, 0xBF),
    (0xF4, 0xF4, 3, 0x80, 0x8F),
)


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 1021, start FFFF, not reflected; 29B1 for `123456789`."""
    crc = 0xFFFF
    for byte in data:
        crc = (crc >> 8) | (crc << 8 & 0xFF00)
        crc ^= byte
        crc ^= (crc & 0xFF) >> 4
        crc ^= crc << 12 & 0xF000
        crc ^= (crc & 0xFF) << 5
    return crc


def _sequence(data: bytes, at: int) -> int:
    """The length of the UTF-8 sequence at `at`, 0 if there is none."""
    for first, last, more, low, high in _UTF8:
        if first <= data[at] <= last:
            rest = data[at + 1 : at + 1 + more]
            if len(rest) < more or not low <= rest[0] <= high:
                return 0
            return 1 + more if all(byte & 0xC0 == 0x80 for byte in rest) else 0
    return 0


def is_utf8(data: bytes) -> bool:
    """Whether these bytes are UTF-8, as RFC 3629 has it."""
    at = 0
    while at < len(data):
        step = 1 if data[at] < 0x80 else _sequence(data, at)
        if not step:
            return False
        at += step
    return True


def framed(payload: bytes) -> bytes:
    """A message as a line, without the line feed."""
    return payload + b"*%04X" % crc16(payload)


def payload(line: bytes, most: int) -> bytes | None:
    """The JSON of a line without its line feed, at most `most` bytes; None: no right message."""
    if line[-1:] == b"\r":
        line = line[:-1]
    body = line[:-TAIL]
    if not body or len(body) > most or line[-TAIL:] != b"*%04X" % crc16(body):
        return None
    return body if is_utf8(body) else None


def like_message(line: bytes) -> bool:
    """Whether this was meant as a message, whole or not, and so can never be a word."""
    tail = line[-TAIL:]
    return line[:1] == b"{" or (tail[:1] == b"*" and all(byte in _HEX for byte in tail[1:]))


def word(line: bytes) -> str | None:
    """What a person typed, lower case without spaces around it; None: no word."""
    if len(line) > WORD_MAX or like_message(line):
        return None
    if not all(0x20 <= byte < 0x7F or byte == 0x09 for byte in line):
        return None
    return line.decode().strip().lower()


class Lines:
    """Bytes to lines, holding no more of one than a message needs."""

    def __init__(self, most: int) -> None:
        self.most = most + TAIL + 2
        self.line = bytearray()
        self.dropped = 0
        self._long = self._returned = False

    def feed(self, byte: int) -> bytes | None:
        """One byte; gives the line it ends.

        A carriage return ends one as well, and takes a line feed behind it along: it is all that
        the Return key of most terminals sends. In a message it is part of what was sent, but two
        end that, too, so that a lone brace never locks a person out.
        """
        again, self._returned = self._returned, False
        if byte == 0x0A:
            return None if again else self._end()
        if byte != 0x0D or self.line[:1] == b"{":
            self._take(byte)
        if byte == 0x0D and (self.line[:1] != b"{" or self.line[-2:] == b"\r\r"):
            self._returned = True
            return self._end()
        return None

    def _take(self, byte: int) -> None:
        if self._long:
            return
        if len(self.line) < self.most:
            self.line.append(byte)
            return
        self._long = True
        self.line = bytearray()

    def _end(self) -> bytes | None:
        long, self._long = self._long, False
        if long:
            self.dropped += 1
            return None
        line, self.line = bytes(self.line), bytearray()
        return line
