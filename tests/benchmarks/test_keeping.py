"""A node of the load that keeps what was not confirmed."""

import asyncio
from typing import Any

import pytest

from benchmarks import keeping
from benchmarks.keeping import Keeper
from benchmarks.loadnode import Identity
from benchmarks.websocket import ClosedError


class Line:
    """In the place of a node's connection: it is cut in the middle, and takes two dials to mend."""

    def __init__(self) -> None:
        self.identity = Identity.new("node1")
        self.number = self.confirmed = 0
        self.connected = True
        self.sent: list[int] = []
        self.stored: set[int] = set()
        self._refusals = 1

    def send(self, message: dict[str, Any]) -> None:
        assert message["age"] >= 0
        self.sent.append(message["n"])
        if len(self.sent) == 3:
            # It has left, and never arrives.
            self.connected = False
            return
        self.stored.add(message["n"])
        self.confirmed = message["n"]

    async def connect(self, *_: object, time_limit_s: float) -> None:
        assert time_limit_s > 0
        if self._refusals:
            self._refusals -= 1
            raise ClosedError(1006)
        self.connected = True

    async def close(self) -> None:
        self.connected = False


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (
        ("_MEASURED_EVERY_S", 0.02),
        ("_SENT_EVERY_S", 0.01),
        ("_DIALS_AGAIN_S", 0.02),
    ):
        monkeypatch.setattr(keeping, name, seconds)


async def test_what_was_lost_on_the_way_is_sent_again() -> None:
    line: Any = Line()
    keeper = Keeper(line, 1)
    await keeper.live(0.2, 20)
    assert keeper.number == 10
    assert line.stored == set(range(1, 11))
    assert line.sent == [1, 2, 3, *range(3, 11)]
    assert keeper.dials == 2


async def test_a_node_that_is_handed_over_dials_with_its_new_key() -> None:
    line: Any = Line()
    keeper = Keeper(line, 1)
    living = asyncio.create_task(keeper.live(0.1, 20))
    heir = Identity(hardware_id="node1", kid=2, key=bytes(32))
    await keeper.hand_over(heir)
    await living
    assert (line.identity.kid, line.identity.key) == (2, bytes(32))
    assert line.stored == set(range(1, 6))
