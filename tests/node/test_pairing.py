"""The desk where typed codes and dialling nodes meet."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import cast

import pytest

from custom_components.plant_vita.model.errors import (
    MalformedCodeError,
    NodeSilentError,
    PairingError,
    TooManyTriesError,
    WrongCodeError,
)
from custom_components.plant_vita.node.pairing import PairingDesk
from custom_components.plant_vita.node.session import NodeSession
from custom_components.plant_vita.protocol.handshake import HandshakeWord
from custom_components.plant_vita.protocol.pairing import key_from_code
from tests.node.ends import ID, settle

CODE, OTHER = "ABCD-EFGH-IJKL-MNOP", "QRST-UVWX-YZ23-4567"
K0 = key_from_code("ABCDEFGHIJKLMNOP", ID)


@dataclass
class Clock:
    """A clock that a test can turn."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Closable:
    """All that the desk does to a session."""

    codes: list[int] = field(default_factory=list)

    async def close(self, code: int) -> None:
        self.codes.append(code)


def session() -> NodeSession:
    return cast("NodeSession", Closable())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> PairingDesk:
    return PairingDesk(clock)


async def wrong(desk: PairingDesk, code: str = CODE) -> None:
    """Type a code that the node does not accept."""
    pairing = asyncio.create_task(desk.pair(ID, code, 5))
    await settle()
    key = desk.key(ID)
    assert key is not None
    desk.refused(ID, key, HandshakeWord.PROOF)
    with pytest.raises(WrongCodeError):
        await pairing


async def test_a_code_that_the_node_proves(desk: PairingDesk) -> None:
    pairing = asyncio.create_task(desk.pair(ID, " abcd efgh ijkl mnop ", 5))
    await settle()
    assert desk.key(ID) == K0
    assert desk.key("another1") is None
    proved = session()
    assert desk.proven(ID, K0, proved)
    assert await pairing == (K0, proved)
    assert desk.key(ID) is None


async def test_what_cannot_be_a_code_waits_for_nobody(desk: PairingDesk) -> None:
    with pytest.raises(MalformedCodeError):
        await desk.pair(ID, "1234", 5)
    assert desk.key(ID) is None


async def test_a_node_that_does_not_dial_in(desk: PairingDesk) -> None:
    with pytest.raises(NodeSilentError):
        await desk.pair(ID, CODE, 0.01)
    assert desk.key(ID) is None


async def test_two_people_at_one_node(desk: PairingDesk) -> None:
    first = asyncio.create_task(desk.pair(ID, CODE, 5))
    await settle()
    with pytest.raises(PairingError) as caught:
        await desk.pair(ID, OTHER, 5)
    assert type(caught.value) is PairingError
    assert desk.key(ID) == K0
    desk.proven(ID, K0, session())
    await first


async def test_only_the_code_that_waits_is_proven_or_refused(desk: PairingDesk) -> None:
    pairing = asyncio.create_task(desk.pair(ID, CODE, 5))
    await settle()
    assert not desk.proven(ID, bytes(32), session())
    assert not desk.proven("another1", K0, session())
    desk.refused(ID, bytes(32), HandshakeWord.PROOF)
    desk.refused("another1", K0, HandshakeWord.PROOF)
    for word in (None, HandshakeWord.BUSY, HandshakeWord.BAD):
        desk.refused(ID, K0, word)
    await settle()
    assert not pairing.done()
    assert desk.proven(ID, K0, session())
    assert not desk.proven(ID, K0, session())
    desk.refused(ID, K0, HandshakeWord.PROOF)
    await pairing
    assert not desk.proven(ID, K0, session())


async def test_a_locked_node_says_so(desk: PairingDesk) -> None:
    pairing = asyncio.create_task(desk.pair(ID, CODE, 5))
    await settle()
    desk.refused(ID, K0, HandshakeWord.LOCKED)
    with pytest.raises(TooManyTriesError):
        await pairing
    # It did not look at the code, so that was no try.
    for _ in range(20):
        await wrong(desk)


async def test_twenty_wrong_codes_and_then_ten_minutes(desk: PairingDesk, clock: Clock) -> None:
    for _ in range(20):
        await wrong(desk)
        clock.now += 10
    with pytest.raises(TooManyTriesError):
        await desk.pair(ID, CODE, 5)
    assert desk.key(ID) is None
    # The ten minutes begin with the first wrong one, and trying does not make them longer.
    clock.now = 1600.0
    with pytest.raises(TooManyTriesError):
        await desk.pair(ID, CODE, 5)
    clock.now = 1600.1
    await wrong(desk)
    for _ in range(19):
        await wrong(desk)
    with pytest.raises(TooManyTriesError):
        await desk.pair(ID, CODE, 5)


async def test_tries_belong_to_one_node(desk: PairingDesk) -> None:
    for _ in range(20):
        await wrong(desk)
    with pytest.raises(NodeSilentError):
        await desk.pair("another1", CODE, 0.01)


async def test_the_right_code_forgives_the_wrong_ones(desk: PairingDesk) -> None:
    for _ in range(19):
        await wrong(desk, OTHER)
    pairing = asyncio.create_task(desk.pair(ID, CODE, 5))
    await settle()
    assert desk.proven(ID, K0, session())
    await pairing
    for _ in range(20):
        await wrong(desk)


async def test_a_parked_node_is_woken_by_its_code(desk: PairingDesk) -> None:
    parked = [asyncio.create_task(desk.park(ID, 5)) for _ in range(3)]
    other = asyncio.create_task(desk.park("another1", 5))
    await settle()
    pairing = asyncio.create_task(desk.pair(ID, CODE, 0.05))
    assert await asyncio.gather(*parked) == [K0, K0, K0]
    await settle()
    assert not other.done()
    with pytest.raises(NodeSilentError):
        await pairing
    other.cancel()
    await settle()
    assert desk._parked == {}


async def test_a_parked_node_for_which_nobody_comes(desk: PairingDesk) -> None:
    assert await desk.park(ID, 0.01) is None
    assert desk._parked == {}


async def test_a_node_that_hung_up_while_it_was_parked(desk: PairingDesk) -> None:
    parked = asyncio.create_task(desk.park(ID, 5))
    await settle()
    parked.cancel()
    pairing = asyncio.create_task(desk.pair(ID, CODE, 5))
    await settle()
    assert desk.proven(ID, K0, session())
    await pairing
    assert desk._parked == {}


async def test_a_node_that_answers_in_the_very_moment_in_which_we_give_up(
    desk: PairingDesk,
) -> None:
    loop, proved = asyncio.get_running_loop(), session()
    pairing = asyncio.create_task(desk.pair(ID, CODE, 0.02))
    loop.call_later(0.019, desk.proven, ID, K0, proved)
    await settle()
    # Both are due when the loop looks at its clock again.
    time.sleep(0.03)  # noqa: ASYNC251 - blocking is the point
    assert await pairing == (K0, proved)


async def test_a_session_for_somebody_who_has_just_gone_is_not_left_alone(
    desk: PairingDesk,
) -> None:
    pairing = asyncio.create_task(desk.pair(ID, CODE, 5))
    await settle()
    proved = Closable()
    assert desk.proven(ID, K0, cast("NodeSession", proved))
    pairing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await pairing
    assert proved.codes == [1001]
    assert desk.key(ID) is None


async def test_nobody_claims_a_session_after_having_gone(desk: PairingDesk) -> None:
    pairing = asyncio.create_task(desk.pair(ID, CODE, 5))
    await settle()
    pairing.cancel()
    assert not desk.proven(ID, K0, session())
    with pytest.raises(asyncio.CancelledError):
        await pairing


async def test_a_refusal_that_comes_too_late_hurts_nobody(desk: PairingDesk) -> None:
    pairing = asyncio.create_task(desk.pair(ID, CODE, 5))
    await settle()
    pairing.cancel()
    desk.refused(ID, K0, HandshakeWord.PROOF)
    with pytest.raises(asyncio.CancelledError):
        await pairing
