"""Sealed frames: the golden ones, and everything that must not be accepted."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from custom_components.plant_vita.model.errors import FrameError
from custom_components.plant_vita.protocol import seal
from custom_components.plant_vita.protocol.seal import Direction, FrameType, Session, proof
from tests.protocol.golden import VECTORS, named

HOME, NODE = Direction.FROM_HOME, Direction.FROM_NODE
FRAMES = named("frames")


def session(end: Direction) -> Session:
    """One end of the session of the golden vectors."""
    about = VECTORS["session"]
    return Session(
        bytes.fromhex(about["key"]),
        end,
        node=about["id"].encode(),
        kid=about["kid"],
        node_nonce=bytes.fromhex(about["nn"]),
        home_nonce=bytes.fromhex(about["hn"]),
        session=bytes.fromhex(about["sid"]),
    )


@pytest.mark.parametrize("name", FRAMES)
def test_golden_frames(name: str) -> None:
    case = FRAMES[name]
    receiver = session(HOME if case["receiver"] == "home" else NODE)
    for step in case["steps"]:
        frame = bytes.fromhex(step["frame"])
        if step["text"] is None:
            with pytest.raises(FrameError):
                receiver.open(frame)
        else:
            assert receiver.open(frame) == (1, step["text"].encode())


def test_golden_pieces_of_a_photo() -> None:
    for case in VECTORS["pieces"]:
        opened = session(HOME).open(bytes.fromhex(case["frame"]))
        assert opened == (FrameType.PIECE, bytes.fromhex(case["data"]))


def test_home_seals_what_the_vectors_say() -> None:
    frames = FRAMES["the longest message"]["steps"]
    sealing = session(HOME)
    for step in frames:
        frame = bytes.fromhex(step["frame"])
        assert sealing.seal(step["text"].encode(), iv=frame[17:33]) == frame


@pytest.mark.parametrize("case", VECTORS["handshake"])
def test_golden_proofs(case: dict[str, Any]) -> None:
    about = {
        "node": case["id"].encode(),
        "kid": case["kid"],
        "node_nonce": bytes.fromhex(case["nn"]),
        "home_nonce": bytes.fromhex(case["hn"]),
        "session": bytes.fromhex(case["sid"]),
    }
    key = bytes.fromhex(case["key"])
    assert proof(key, HOME, **about).hex() == case["proof_home"]
    assert proof(key, NODE, **about).hex() == case["proof_node"]


@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=300)), max_size=12))
def test_both_ends_understand_each_other(texts: list[tuple[bool, bytes]]) -> None:
    home, node = session(HOME), session(NODE)
    for from_node, text in texts:
        sender, receiver = (node, home) if from_node else (home, node)
        assert receiver.open(sender.seal(text)) == (1, text)


@given(text=st.binary(max_size=64), bit=st.integers(0))
def test_no_bit_can_be_flipped(text: bytes, bit: int) -> None:
    frame = bytearray(session(NODE).seal(text))
    bit %= 8 * len(frame)
    frame[bit // 8] ^= 1 << bit % 8
    with pytest.raises(FrameError):
        session(HOME).open(bytes(frame))


@given(text=st.binary(max_size=64), cut=st.integers(0))
def test_no_end_can_be_cut_off(text: bytes, cut: int) -> None:
    frame = session(NODE).seal(text)
    for part in (frame[: cut % len(frame)], frame[1 + cut % len(frame) :]):
        with pytest.raises(FrameError):
            session(HOME).open(part)


@given(order=st.permutations(range(4)))
def test_only_the_order_of_sending_is_accepted(order: list[int]) -> None:
    sending = session(NODE)
    frames = [sending.seal(bytes((k,))) for k in range(4)]
    receiving = session(HOME)
    accepted = []
    for k in order:
        try:
            accepted.append(receiving.open(frames[k])[1])
        except FrameError:
            break
    expected = 0
    while expected < 4 and order[expected] == expected:
        expected += 1
    assert accepted == [bytes((k,)) for k in range(expected)]


@given(st.integers(0, 4))
def test_no_frame_is_accepted_twice(which: int) -> None:
    sending, receiving = session(NODE), session(HOME)
    frames = [sending.seal(b"x") for _ in range(5)]
    for frame in frames:
        receiving.open(frame)
    with pytest.raises(FrameError, match="sequence"):
        receiving.open(frames[which])


def test_nobody_takes_what_it_has_said_itself() -> None:
    for end in Direction:
        with pytest.raises(FrameError, match="header"):
            session(end).open(session(end).seal(b"x"))


def test_a_refused_frame_does_not_move_the_counter() -> None:
    sending, receiving = session(NODE), session(HOME)
    frame = sending.seal(b"x")
    with pytest.raises(FrameError):
        receiving.open(frame[:-1] + bytes((frame[-1] ^ 1,)))
    assert receiving.open(frame) == (1, b"x")


def test_each_iv_is_new() -> None:
    sending = session(HOME)
    ivs = {sending.seal(b"x")[17:33] for _ in range(50)}
    assert len(ivs) == 50


def test_other_types_are_carried_and_authenticated() -> None:
    assert session(HOME).open(session(NODE).seal(b"x", 2)) == (2, b"x")


def test_the_header() -> None:
    sending = session(HOME)
    sending.seal(b"")
    frame = sending.seal(b"x")
    assert frame[:17] == b"PV\x01\x01\x01SESSION1\x00\x00\x00\x02"
    assert len(frame) == seal.HEADER + 16 + 16 + 16 == 65


def test_a_counter_is_never_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "SEQ_MAX", 2)
    sending = session(HOME)
    sending.seal(b"1")
    sending.seal(b"2")
    with pytest.raises(FrameError, match="used up"):
        sending.seal(b"3")


def test_the_last_counter_is_the_last() -> None:
    sending, receiving = session(NODE), session(HOME)
    sending._sent = receiving._received = 2**32 - 2
    assert receiving.open(sending.seal(b"x")) == (1, b"x")
    with pytest.raises(FrameError, match="sequence"):
        receiving.open(session(NODE).seal(b"x"))


def test_the_longest_and_the_shortest_frame() -> None:
    longest = session(NODE).seal(bytes(32_768 - 65))
    assert len(longest) == 32_753
    assert session(HOME).open(longest)[1] == bytes(32_703)
    with pytest.raises(FrameError, match="size"):
        session(HOME).open(session(NODE).seal(bytes(32_720)))
    with pytest.raises(FrameError, match="size"):
        session(HOME).open(bytes(64))
