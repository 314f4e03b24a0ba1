"""The golden vectors of the cable: what comes out of a port, and the messages that are in it.

Written down by hand, with a checksum of their own: nothing of the product takes part.
"""

from typing import Any

FROM_NODE, TO_NODE = 1024, 256

PING = b'{"t":"cmd","op":"ping"}'
TELE = b'{"t":"tele","n":1,"age":0,"r":{"0":41.5}}'
UMLAUT = '{"t":"log","lv":"i","msg":"Größe 20 µS/cm 🌱"}'.encode()


def crc(data: bytes) -> int:
    """CRC-16/CCITT-FALSE bit by bit, as the standard describes it."""
    register = 0xFFFF
    for byte in data:
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1) ^ 0x1021 if register & 0x8000 else register << 1
            register &= 0xFFFF
    return register


def line(payload: bytes, ending: bytes = b"\n") -> bytes:
    """A right line."""
    return payload + f"*{crc(payload):04X}".encode() + ending


def filled(size: int) -> bytes:
    """A message of so many bytes."""
    return b'{"t":"log","lv":"i","msg":"' + b"x" * (size - 29) + b'"}'


def flipped(data: bytes, at: int) -> bytes:
    """The same with the lowest bit of one byte changed."""
    return data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]


def case(
    name: str, stream: bytes, *texts: bytes, longest: int = FROM_NODE, **dropped: int
) -> dict[str, Any]:
    """A stream, the messages in it, and how many lines are dropped for which reason."""
    return {
        "name": name,
        "longest": longest,
        "bytes": stream.hex(),
        "messages": [text.decode() for text in texts],
        "dropped": {"too_long": 0, "crc": 0, "utf8": 0, **dropped},
    }


def good() -> list[dict[str, Any]]:
    """What is understood, and nothing is dropped."""
    return [
        case("check value of the CRC", b"123456789*29B1\n", b"123456789"),
        case("one message", line(TELE), TELE),
        case("one message to a node", line(PING), PING, longest=TO_NODE),
        case("carriage return before the line feed", line(TELE, b"\r\n"), TELE),
        case("two messages", line(TELE) + line(PING), TELE, PING),
        case("a heartbeat is no message", b"\n"),
        case("a heartbeat with a carriage return", b"\r\n"),
        case("heartbeats between messages", b"\n" + line(TELE) + b"\n\n" + line(PING), TELE, PING),
        case("a line that has not ended yet", line(TELE) + line(PING)[:-1], TELE),
        case("letters of several bytes", line(UMLAUT), UMLAUT),
        case("stars in the text", line(b'{"msg":"*1234*"}'), b'{"msg":"*1234*"}'),
        case("a carriage return within", line(b'{"a":\r1}'), b'{"a":\r1}'),
        case("the longest message of a node", line(filled(1024)), filled(1024)),
        case("the longest message to a node", line(filled(256)), filled(256), longest=TO_NODE),
        case("the longest with a carriage return", line(filled(1024), b"\r\n"), filled(1024)),
        case("a checksum with leading zeros", line(b'{"k":1193}'), b'{"k":1193}'),
    ]


def bad() -> list[dict[str, Any]]:
    """What has no right checksum is dropped and counted; what comes after it is understood."""
    body = line(TELE)
    after = line(PING)
    return [
        case("one bit of the message", flipped(body, 5) + after, PING, crc=1),
        case("one bit of the checksum", flipped(body, len(body) - 2) + after, PING, crc=1),
        case("a lost byte", body[:9] + body[10:] + after, PING, crc=1),
        case("a byte too many", body[:9] + b"!" + body[9:] + after, PING, crc=1),
        case("two bytes changed round", body[:3] + body[4:2:-1] + body[5:] + after, PING, crc=1),
        case("no checksum", TELE + b"\n" + after, PING, crc=1),
        case("checksum in lower case", body[:-5] + body[-5:].lower() + after, PING, crc=1),
        case("three digits", body[:-2] + b"\n" + after, PING, crc=1),
        case("space after the checksum", body[:-1] + b" \n" + after, PING, crc=1),
        case("two carriage returns", body[:-1] + b"\r\r\n" + after, PING, crc=1),
        case("only a checksum", b"*FFFF\n" + after, PING, crc=1),
        case("a star", b"*\n" + after, PING, crc=1),
        case("words of a boot loader", b"ets Jul 29 2019 12:21:46\r\n\r\n" + after, PING, crc=1),
        case("noise before a message", b"\x00\xff\x80" + body + after, PING, crc=1),
        case("noise and a line feed", b"\x00\xff\x80\n" + body, TELE, crc=1),
        case("a beginning, then the node starts again", body[:20] + b"\n" + body, TELE, crc=1),
        case("a beginning that runs into a message", body[:20] + body + after, PING, crc=1),
    ]


def bad_text_or_size() -> list[dict[str, Any]]:
    """What has a right checksum and is dropped all the same, and everything together."""
    body = line(TELE)
    after = line(PING)
    return [
        case("not UTF-8", line(b'{"m":"\xff"}') + after, PING, utf8=1),
        case("a letter cut in two", line(b'{"m":"\xc3"}') + after, PING, utf8=1),
        case("an overlong letter", line(b'{"m":"\xc0\xaf"}') + after, PING, utf8=1),
        case("half of a surrogate pair", line(b'{"m":"\xed\xa0\x80"}') + after, PING, utf8=1),
        case("one byte too long", line(filled(1025)) + after, PING, too_long=1),
        case("too long for a node", line(filled(257)) + after, PING, longest=TO_NODE, too_long=1),
        case("far too long", b"x" * 5000 + b"\n" + after, PING, too_long=1),
        case("far too long without an end", line(PING) + b"x" * 5000, PING),
        case(
            "a right line at the end of a far too long one",
            b"x" * 3000 + body + after,
            PING,
            too_long=1,
        ),
        case(
            "everything at once",
            b"\xff\n" + flipped(body, 3) + line(b'{"\xfe"}') + filled(3000) + b"\n\n" + body,
            TELE,
            crc=2,
            utf8=1,
            too_long=1,
        ),
    ]


def line_vectors() -> list[dict[str, Any]]:
    """The whole file."""
    return good() + bad() + bad_text_or_size()
