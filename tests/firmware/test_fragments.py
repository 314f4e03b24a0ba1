"""Messages in fragments, cut and joined by the device's interpreter and by this one."""

import pytest

from tests.firmware import rig
from tests.firmware.under_micropython import both

rig.plantnode()

from plantnode.bounded import ClosedError  # noqa: E402
from plantnode.fragments import Cutter, Joiner  # noqa: E402

LONG = [b"\x80" + bytes(240)] + [bytes([n]) + bytes(240) for n in range(1, 17)]
SOURCE = """
from binascii import hexlify
from plantnode.fragments import Cutter, Joiner
cutter, joiner = Cutter(), Joiner()
result = []
long = bytes(4161)
for message, size in ((b"0123456789", 5), (b"x", 20), (b"abcd", 5), (long, 244), (b"end", 9)):
    told = list(cutter.cut(message, size))
    joined = [joiner.join(fragment) for fragment in told]
    assert joined[:-1] == [None] * (len(told) - 1) and joined[-1] == message
    if len(told) < 5:
        result.append([hexlify(fragment).decode() for fragment in told])
    else:
        result.append([len(told), told[0][0], told[1][0], told[-1][0]])
"""


def test_both_interpreters_cut_alike_and_join_what_they_cut():
    assert both(SOURCE) == [
        ["8030313233", "0134353637", "423839"],
        ["c378"],
        ["c461626364"],
        [18, 0x80 + 5, 6, 0x40 + 22],
        ["d7656e64"],
    ]


def test_the_number_goes_round():
    cutter, joiner = Cutter(), Joiner()
    for _ in range(130):
        [fragment] = cutter.cut(b"x", 20)
        assert joiner.join(fragment) == b"x"
    assert fragment[0] & 63 == 129 % 64


@pytest.mark.parametrize(
    ("before", "fragment"),
    [
        ([], b""),
        ([], b"\xc0"),  # a header alone
        ([], b"\xc1x"),  # another number
        ([], b"\x40x"),  # an end without a beginning
        ([], b"\x00x"),
        ([b"\x80x"], b"\xc1x"),  # a beginning in the midst of a message
        ([b"\x80x"], b"\x40x"),  # the number of the one before, again
        ([b"\x80x"], b"\x42x"),  # one is missing
        ([], b"\xc0" + bytes(244)),  # longer than any
        (LONG, b"\x11" + bytes(90)),  # a message longer than any
    ],
)  # fmt: skip
def test_anything_but_the_next_fragment_ends_it(before, fragment):
    joiner = Joiner()
    for good in before:
        assert joiner.join(good) is None
    with pytest.raises(ClosedError):
        joiner.join(fragment)
