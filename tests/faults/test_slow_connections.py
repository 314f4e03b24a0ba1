"""Slow and half-open connections at the door, while a paired node is being served.

200 of them with scripts/test --full and the real limits; 60 and shorter limits otherwise. A request
that is never completed does not reach us: it belongs to Home Assistant's own HTTP server, which
every integration shares. Such connections are part of the crowd here, and are not waited for.

Whoever says that it is an unpaired node may wait for its code, 25 s by the protocol and 32 at a
time. Nobody is pushed out of there: who comes when it is full is told to come again at once.
"""

import asyncio
import statistics
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from custom_components.plant_vita.glue.view import PATH
from custom_components.plant_vita.protocol.limits import Limits
from custom_components.plant_vita.protocol.messages import Op
from tests.faults.door_server import DoorServer, door_server
from tests.faults.slow_callers import Caller, behave, doubts_nothing, manner_of, parks
from tests.nodes.fake_node import FakeNode, until

# First message 5 s, closing 2 s, and what a busy machine needs.
FREED_WITHIN_S = 10.0
SHORT = Limits(first_message_s=1.0, parking_s=1.5, gives_way_s=0.3)
ALONE = 100  # round trips without a crowd


@pytest.fixture
def expected_lingering_timers() -> bool:
    """A heartbeat that aiohttp plans again when a peer answers our close, and that does nothing."""
    return True


@pytest.fixture
async def server(
    tmp_path: Path, socket_enabled: None, *, full_campaign: bool
) -> AsyncGenerator[DoorServer]:
    limits = Limits() if full_campaign else SHORT
    # The served node is asked more often than it might answer: that limit is no stranger's.
    async with door_server(tmp_path, replace(limits, messages_per_s=1e3, burst=1e3)) as made:
        yield made


@pytest.fixture
def crowd(*, full_campaign: bool) -> int:
    return 200 if full_campaign else 60


def now() -> float:
    return asyncio.get_running_loop().time()


async def unfinished_request(server: DoorServer) -> asyncio.StreamWriter:
    """A connection of which Home Assistant's HTTP server never makes a request."""
    _reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"GET {PATH} HTTP/1.1\r\nHost: x\r\nUpgr".encode())
    return writer


async def latencies(node: FakeNode, until_done: asyncio.Future[object]) -> list[float]:
    """How long it takes from a reading to its confirmation, again and again, in seconds."""
    found = []
    while not until_done.done() or len(found) < 3:
        started = now()
        await node.measures({0: 40.0})
        await until(lambda: [got["n"] for got in node.heard_of("got")][-1:] == [node.number], 10)
        found.append(now() - started)
        # A node keeps below two messages a second.
        await asyncio.sleep(0.5)
    return found


async def round_trips(
    server: DoorServer, node: FakeNode, until_done: asyncio.Future[object] | None = None
) -> list[float]:
    """How long a command and its answer take, again and again, in seconds."""
    found: list[float] = []
    session = server.hub.coordinators[node.hardware_id].live_session
    while len(found) < ALONE if until_done is None else not until_done.done():
        started = now()
        await session.command(Op.PING)
        found.append(now() - started)
        await asyncio.sleep(0.01)
    return found


def spread(found: list[float]) -> tuple[float, float]:
    """The median, and what 99 of 100 keep below."""
    return statistics.median(found), statistics.quantiles(found, n=100, method="inclusive")[98]


def compared(alone: list[float], crowded: list[float]) -> str:
    """Both in words; fails if the crowd could be noticed."""
    shown = [" / ".join(f"{1000 * one:.1f}" for one in spread(found)) for found in (alone, crowded)]
    assert spread(crowded)[0] < 0.1
    assert spread(crowded)[1] < 1.0
    return (
        f"round trips of a command, median / 99 %: {shown[0]} ms alone, {shown[1]} ms with "
        f"({len(crowded)} of them)"
    )


async def come_in(node: FakeNode) -> float:
    """Dial until there is a session, twice a second; how long that took."""
    started = now()
    while await node.dial() is not None:
        assert now() - started < FREED_WITHIN_S, node.close_code
        await asyncio.sleep(0.5)
    await node.hello()
    await until(lambda: node.heard_of("hi"))
    return now() - started


def as_ever(found: list[float]) -> None:
    """A batch of the journal is 0.2 s and a sync of the disk.

    The crowd is in the same process, and a busy machine syncs when it likes. Whoever waited for
    the crowd would wait for as long as it dawdles.
    """
    assert statistics.median(found) < 2.0
    assert max(found) < 5.0


async def test_a_crowd_of_slow_callers(server: DoorServer, crowd: int, figures: list[str]) -> None:
    served = await server.node("served01")
    await served.connect()
    newcomer = await server.node("newcomer")
    names = [f"paired{k:04}" for k in range(crowd)]
    for name in names:
        server.hub.keys._nodes[name] = {1: bytes(32)}
    never = [await unfinished_request(server) for _ in range(crowd // 10)]
    callers = [Caller(server.port, name) for name in names]
    alone = await round_trips(server, served)
    started = now()
    behaving = asyncio.gather(*(behave(one, manner_of(k)) for k, one in enumerate(callers)))
    measuring = asyncio.create_task(latencies(served, behaving))
    asking = asyncio.create_task(round_trips(server, served, behaving))
    await asyncio.sleep(0.2)
    took = await come_in(newcomer)
    await asyncio.wait_for(behaving, FREED_WITHIN_S + 5)
    freed = [caller.freed - started for caller in callers if caller.freed is not None]
    found = await measuring
    figures.append(
        f"{crowd} slow callers: the last freed after {max(freed):.1f} s; {len(found)} readings "
        f"confirmed meanwhile after {statistics.median(found):.2f} s (at most {max(found):.2f} s); "
        f"a paired node came in after {took:.1f} s; {compared(alone, await asking)}"
    )
    assert len(freed) == crowd - crowd // 20
    assert max(freed) < FREED_WITHIN_S
    as_ever(found)
    assert took < FREED_WITHIN_S / 2
    await nothing_is_left(server, [served, newcomer], len(never))
    for writer in never:
        writer.close()
    for caller in callers:
        caller.hang_up()


async def nothing_is_left(server: DoorServer, nodes: list[FakeNode], unfinished: int) -> None:
    """Nobody is at the door, and the server holds no connection but those we know of."""
    door = server.hub.door
    await until(lambda: len(server.hub._links) == len(nodes))
    assert (door._callers, door._parked, door._silent, door._talks) == (0, 0, {}, {})
    await until(lambda: server.open_connections == len(nodes) + unfinished)
    assert all(node.listening for node in nodes)


async def test_a_crowd_of_strangers_who_park(
    server: DoorServer, crowd: int, figures: list[str]
) -> None:
    served = await server.node("served01")
    await served.connect()
    newcomer = await server.node("newcomer")
    callers = [Caller(server.port, f"stranger{k:04}") for k in range(crowd)]
    alone = await round_trips(server, served)
    parking = asyncio.gather(*(behave(caller, parks) for caller in callers))
    measuring = asyncio.create_task(latencies(served, parking))
    asking = asyncio.create_task(round_trips(server, served, parking))
    await until(lambda: server.hub.door._parked == 32)
    took = await come_in(newcomer)
    await asyncio.wait_for(parking, 40)
    found = await measuring
    figures.append(
        f"{crowd} strangers who park: a paired node came in after {took:.1f} s, readings confirmed "
        f"after {statistics.median(found):.2f} s (at most {max(found):.2f} s); "
        f"{compared(alone, await asking)}"
    )
    assert took < 1.0
    as_ever(found)
    await nothing_is_left(server, [served, newcomer], 0)


async def test_strangers_who_use_the_name_of_a_node_that_is_being_served(
    server: DoorServer, crowd: int
) -> None:
    served = await server.node("served01")
    await served.connect()
    callers = [Caller(server.port, "served01") for _ in range(crowd)]
    behaving = asyncio.gather(*(behave(caller, doubts_nothing) for caller in callers))
    found = await latencies(served, behaving)
    await behaving
    as_ever(found)
    await nothing_is_left(server, [served], 0)
