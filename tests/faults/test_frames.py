"""A stranger on the wire: frames made up, flipped, replayed or re-ordered do nothing but end it.

100,000 of each, each against a session of its own.
PLANT_VITA_SEED=… makes others.
"""

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from custom_components.plant_vita.model.errors import FrameError
from custom_components.plant_vita.model.node import NodeInfo
from custom_components.plant_vita.node.session import NodeSession
from custom_components.plant_vita.protocol.messages import decode
from custom_components.plant_vita.protocol.seal import Direction, Session
from tests.node.ends import MemoryLink
from tests.node.sessions import QUICK, Notes

KEY, OTHER_KEY = bytes(range(32)), b"\x77" * 32
HELLO = (
    b'{"t":"hello","v":1,"id":"a4cf12000001","model":"x","fw":"1","boot":"0badf00d",'
    b'"up":0,"every":60,"sleep":0,"ch":[[0,"m"],[4,"pump"]]}'
)
TEXTS = (
    b'{"t":"tele","n":1,"age":0,"r":{"0":41.5}}',
    b'{"t":"state","a":{"4":5000},"why":"cmd"}',
    b'{"t":"log","lv":"i","msg":"hello"}',
    b'{"t":"past","b":"00000001","n":7,"p":[[1000,0,41.5],[0]]}',
    HELLO,
)
INFO = decode(HELLO)
SEED = int(os.environ.get("PLANT_VITA_SEED", "20261121"))


def seals(
    end: Direction, *, key: bytes = KEY, sid: bytes = b"SESSION1", nonce: bytes = bytes(16)
) -> Session:
    """One end of a session, from the middle of a handshake."""
    return Session(
        key, end, node=b"a4cf12000001", kid=1, node_nonce=nonce, home_nonce=bytes(16), session=sid
    )


def texts(count: int, sealing: Session) -> list[bytes]:
    """So many frames in a row."""
    return [sealing.seal(TEXTS[k % len(TEXTS)]) for k in range(count)]


NODE_FRAMES = texts(12, seals(Direction.FROM_NODE))
HOME_FRAMES = texts(12, seals(Direction.FROM_HOME))
FOREIGN_FRAMES = [
    *texts(12, seals(Direction.FROM_NODE, key=OTHER_KEY)),
    *texts(12, seals(Direction.FROM_NODE, sid=b"SESSION2")),
    *texts(12, seals(Direction.FROM_NODE, nonce=b"\x01" * 16)),
]


def heard(notes: Notes) -> int:
    """How much of what was said has come through."""
    return len(notes.telemetry) + len(notes.outputs) + len(notes.hellos) + len(notes.lines)


@dataclass
class Tally:
    """What has become of the frames."""

    tried: int = 0
    accepted: int = 0
    uncaught: list[BaseException] = field(default_factory=list)
    not_closed: int = 0

    async def attempt(self, good: list[bytes], bad: bytes) -> None:
        """Let a fresh session hear some good frames, and then a bad one."""
        assert isinstance(INFO, NodeInfo)
        link, notes = MemoryLink(), Notes()
        session = NodeSession(
            link, seals(Direction.FROM_HOME), INFO, kid=1, limits=QUICK, clock=lambda: 0.0
        )
        for frame in good:
            link.hear(frame)
        link.hear(bad)
        # Whoever accepts the bad one waits for more.
        link.lose()
        try:
            await session.run(notes)
        except FrameError:
            self.not_closed += link.code != 4400
        except Exception as error:  # noqa: BLE001 - this is what must not be
            self.uncaught.append(error)
        self.tried += 1
        self.accepted += heard(notes) != len(good)

    def report(self, what: str, figures: list[str]) -> None:
        """Say how many there were, and fail if a single one did anything."""
        figures.append(
            f"{self.tried:,} {what} frames (seed {SEED}): {self.accepted} accepted, "
            f"{len(self.uncaught)} exceptions"
        )
        assert (self.accepted, self.uncaught[:3], self.not_closed) == (0, [], 0)


def flipped(dice: random.Random, frame: bytes) -> bytes:
    """One to eight bits changed; never none."""
    changed = bytearray(frame)
    for bit in dice.sample(range(8 * len(frame)), dice.randint(1, 8)):
        changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def cut(dice: random.Random, frame: bytes) -> bytes:
    """Some of it missing, at the end or in the middle."""
    at = dice.randrange(len(frame))
    return frame[:at] + frame[at + dice.randint(1, len(frame)) :]


def grown(dice: random.Random, frame: bytes) -> bytes:
    """Something put in, sometimes whole blocks."""
    at = dice.randint(0, len(frame))
    return frame[:at] + dice.randbytes(dice.choice((1, 5, 16, 32))) + frame[at:]


def spliced(dice: random.Random, frame: bytes) -> bytes:
    """The header of one frame, the rest of another."""
    other = dice.choice([one for one in (*NODE_FRAMES, *FOREIGN_FRAMES) if one != frame])
    return frame[:17] + other[17:]


DAMAGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (flipped, cut, grown, spliced)


def tampered(dice: random.Random, heard_before: int) -> bytes:
    """What somebody can make of the frames on the wire without the keys."""
    expected = NODE_FRAMES[heard_before]
    wrong_order = [frame for frame in NODE_FRAMES if frame != expected]
    return dice.choice(
        (
            lambda: dice.choice(DAMAGES)(dice, expected),
            lambda: dice.choice(wrong_order),
            lambda: dice.choice(HOME_FRAMES),
            lambda: dice.choice(FOREIGN_FRAMES),
            # A recorded frame with the header that would be right now.
            lambda: expected[:17] + dice.choice(wrong_order)[17:],
        )
    )()


def made_up(dice: random.Random, heard_before: int) -> bytes:
    """Noise, more or less like a frame."""
    length = dice.choice((0, 1, 64, 65, dice.randint(66, 300), dice.randint(300, 40_000)))
    noise = dice.randbytes(length)
    header = NODE_FRAMES[heard_before][: dice.choice((0, 3, 5, 13, 17))]
    return header + noise[len(header) :]


@pytest.mark.parametrize(
    ("what", "bad"), [("made up", made_up), ("flipped, replayed or re-ordered", tampered)]
)
async def test_no_frame_of_a_stranger_is_accepted(
    what: str, bad: Callable[[random.Random, int], bytes], figures: list[str]
) -> None:
    dice, tally = random.Random(SEED), Tally()
    for _ in range(100_000):
        before = dice.randint(0, 3)
        await tally.attempt(NODE_FRAMES[:before], bad(dice, before))
    tally.report(what, figures)


async def test_the_right_frame_would_be_accepted() -> None:
    tally = Tally()
    for before in range(4):
        await tally.attempt(NODE_FRAMES[:before], NODE_FRAMES[before])
    assert (tally.tried, tally.accepted) == (4, 4)
