"""Lines of a cable: their CRC, what is a message, what is a word, and how much of them is kept."""

import binascii
import random

import pytest

from tests.firmware import rig
from tests.firmware.serialport import framed
from tests.firmware.under_micropython import both, run

rig.plantnode()

from plantnode import lines  # noqa: E402

PING = b'{"t":"cmd","op":"ping"}'


def test_the_crc_is_the_one_of_the_protocol():
    assert lines.crc16(b"123456789") == 0x29B1
    assert lines.crc16(b"") == 0xFFFF
    dice = random.Random(1)
    for length in range(600):
        data = dice.randbytes(length)
        assert lines.crc16(data) == binascii.crc_hqx(data, 0xFFFF)


def test_both_interpreters_frame_and_unframe_alike():
    result = both("""
from plantnode import lines
text = '{"t":"log","msg":"gr\\u00fcn \\U0001f33f"}'.encode()
line = lines.framed(text)
result = [lines.crc16(b"123456789"), line.decode(), lines.payload(line, 512).decode(),
          lines.payload(line + b"\\r", 512).decode(), lines.payload(line, len(text) - 1)]
""")
    assert result[0] == 0x29B1
    assert result[1].startswith('{"t":"log","msg":"grün 🌿"}*')
    assert result[2] == result[3] == '{"t":"log","msg":"grün 🌿"}'
    assert result[4] is None


RIGHT = framed(PING)[:-1]
HEAD, TAIL = RIGHT[:-4], RIGHT[-4:]


def test_the_crc_of_the_examples_is_known():
    assert RIGHT == b'{"t":"cmd","op":"ping"}*2CD4'


@pytest.mark.parametrize(
    "line",
    [
        RIGHT[:-1],
        RIGHT[1:],
        RIGHT + b" ",
        RIGHT + b"\r\r",
        b" " + RIGHT,
        HEAD + b"2cd4",
        HEAD + b"2CD5",
        HEAD + b"+2CD",
        HEAD[:-1] + b"#" + TAIL,
        PING,
        b"*FFFF",
        b"",
        framed(b'{"t":"\xff"}')[:-1],
        framed(b'{"t":"\xc0\x80"}')[:-1],
        framed(b'{"t":"\xed\xa0\x80"}')[:-1],
        framed(b'{"t":"\xf5\x80\x80\x80"}')[:-1],
        framed(b'{"t":"\xe2\x82"}')[:-1],
        framed(b"x" * 513)[:-1],
    ],
)
def test_what_is_not_exactly_right_is_no_message(line):
    assert lines.payload(line, 512) is None


def test_a_right_line_is_a_message_with_or_without_a_carriage_return():
    assert lines.payload(RIGHT, 512) == PING
    assert lines.payload(RIGHT + b"\r", 512) == PING
    assert lines.payload(framed(b"x" * 512)[:-1], 512) == b"x" * 512


def test_no_single_wrong_bit_gets_through():
    for at in range(len(RIGHT) * 8):
        wrong = bytearray(RIGHT)
        wrong[at // 8] ^= 1 << at % 8
        assert lines.payload(bytes(wrong), 512) is None


def test_utf8_is_what_rfc_3629_says_under_micropython_too():
    dice = random.Random(3)
    pieces = [b"a", b"\x80", b"\xbf", b"\xc1", b"\xc2", b"\xe0\xa0", b"\xe0\x9f", b"\xed\x9f"]
    pieces += [b"\xed\xa0", b"\xf0\x90", b"\xf0\x8f", b"\xf4\x8f", b"\xf4\x90", b"\xef", b"\xff"]
    samples = [b"".join(dice.choices(pieces, k=dice.randrange(1, 5))) for _ in range(4000)]
    samples += ["äöü€🌿\U0010ffff".encode(), b""]

    def python(sample):
        try:
            sample.decode()
        except UnicodeDecodeError:
            return False
        return True

    expected = [python(sample) for sample in samples]
    assert 0.02 < sum(expected) / len(expected) < 0.5
    assert [lines.is_utf8(sample) for sample in samples] == expected
    there = run(
        "from binascii import unhexlify\nfrom plantnode.lines import is_utf8\n"
        f"result = [is_utf8(unhexlify(one)) for one in {[one.hex() for one in samples]}]"
    )
    assert there == expected


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b"stop", "stop"),
        (b"  Status\t ", "status"),
        (b"", ""),
        (b"what*ever", "what*ever"),
        (b"stop*", "stop*"),
        (b"x" * 64, "x" * 64),
        (b"x" * 65, None),
        (b"{stop", None),
        (b"stop*29B1", None),
        (b'p":"stop"}*0000', None),
        (b"st\x00op", None),
        (b"stop\xff", None),
        ("stöp".encode(), None),
    ],
)
def test_what_was_meant_as_a_message_is_never_a_word(line, word):
    assert lines.word(line) == word


def fed(reader, data):
    return [line for byte in data if (line := reader.feed(byte)) is not None]


def test_lines_end_as_a_terminal_or_a_program_ends_them():
    reader = lines.Lines(512)
    assert fed(reader, b"stop\rcode\r\nstatus\n\n\r\n\r") == [
        b"stop", b"code", b"status", b"", b"", b"",
    ]  # fmt: skip
    assert fed(reader, RIGHT + b"\r\n" + RIGHT + b"\n") == [RIGHT + b"\r", RIGHT]
    assert fed(reader, b'{"a":\r1}*0000\n') == [b'{"a":\r1}*0000']
    assert fed(reader, b"{\rstop\r\rstop\r\n") == [b"{\rstop\r\r", b"stop"]
    assert reader.dropped == 0


def test_a_line_without_an_end_is_not_kept():
    reader = lines.Lines(512)
    longest = framed(b"x" * 512)
    assert fed(reader, longest[:-1] + b"\r\n") == [longest[:-1]]
    assert fed(reader, b"x" * 100_000) == []
    assert len(reader.line) == 0
    assert reader.dropped == 0
    assert fed(reader, b"\nstop\nstop\n") == [b"stop", b"stop"]
    assert fed(reader, b"y" * 520 + b"\n" + b"y" * 519 + b"\n") == [b"y" * 519]
    assert reader.dropped == 2


def test_garbage_never_holds_more_than_one_message():
    reader, dice = lines.Lines(512), random.Random(5)
    most = 0
    for _ in range(300_000):
        reader.feed(dice.choices((dice.randrange(256), 10), (400, 1))[0])
        most = max(most, len(reader.line))
    assert 400 < most <= 519
    fed(reader, b"\n")
    assert fed(reader, RIGHT + b"\n") == [RIGHT]
