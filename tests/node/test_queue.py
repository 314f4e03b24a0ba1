"""Commands that wait for a node: sent once, in order, in time, or not at all."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import pytest

from custom_components.plant_vita.model.errors import (
    NoAnswerError,
    NotConnectedError,
    PlantVitaError,
    RefusedError,
)
from custom_components.plant_vita.node.queue import MOST, CommandQueue, QueuedCommand


@dataclass
class Node:
    """Where the commands go; `gone` is why they do not, `expected` how long they may wait."""

    gone: PlantVitaError | None = field(default_factory=NotConnectedError)
    expected: float | None = 100.0
    now: float = 1000.0
    got: list[tuple[str, float]] = field(default_factory=list)

    def command(
        self, name: str, channel: int | None = None, group: str | None = None
    ) -> QueuedCommand:
        async def send(waited: float) -> None:
            await asyncio.sleep(0)
            if self.gone is not None:
                raise self.gone
            self.got.append((name, waited))

        return QueuedCommand(name=name, send=send, channel=channel, group=group)

    def named(self, queue: CommandQueue) -> list[str]:
        return [one.command.name for one in queue.waiting]


@pytest.fixture
def node() -> Node:
    return Node()


@pytest.fixture
async def queue(node: Node) -> AsyncGenerator[CommandQueue]:
    made = CommandQueue(lambda: node.now, lambda: node.expected)
    yield made
    made.close()


async def test_a_node_that_is_there_gets_it_at_once(node: Node, queue: CommandQueue) -> None:
    node.gone = None
    await queue.do(node.command("restart"))
    assert node.got == [("restart", 0.0)]
    assert (queue.waiting, queue.last) == ((), None)


async def test_one_that_is_not_gets_it_when_it_comes(node: Node, queue: CommandQueue) -> None:
    told: list[int] = []
    stop = queue.listen(lambda: told.append(len(queue.waiting)))
    await queue.do(node.command("calibrate_dry", 0))
    node.now += 10
    await queue.do(node.command("restart"))
    assert [(one.since, one.until) for one in queue.waiting] == [(1000, 1100), (1010, 1110)]
    node.now, node.gone = 1030, None
    await queue.deliver()
    assert node.got == [("calibrate_dry", 30.0), ("restart", 20.0)]
    assert (queue.waiting, queue.last) == ((), ("restart", "done"))
    assert told[:2] == [1, 2]
    assert told[-1] == 0
    stop()
    queue.cancel()
    assert told[-1] == 0


async def test_nobody_waits_for_a_node_that_is_given_up(node: Node, queue: CommandQueue) -> None:
    node.expected = None
    with pytest.raises(NotConnectedError):
        await queue.do(node.command("restart"))
    assert not queue.waiting


@pytest.mark.parametrize("error", [RefusedError("fault"), NoAnswerError()])
async def test_what_was_sent_does_not_wait(
    node: Node, queue: CommandQueue, error: PlantVitaError
) -> None:
    node.gone = error
    with pytest.raises(type(error)):
        await queue.do(node.command("calibrate_dry", 0))
    assert not queue.waiting


@pytest.mark.parametrize(
    ("error", "key"), [(RefusedError("fault"), "refused_fault"), (NoAnswerError(), "no_answer")]
)
async def test_what_was_sent_is_never_sent_again(
    node: Node,
    queue: CommandQueue,
    caplog: pytest.LogCaptureFixture,
    error: PlantVitaError,
    key: str,
) -> None:
    await queue.do(node.command("calibrate_dry", 0))
    node.gone = error
    await queue.deliver()
    assert (queue.waiting, queue.last) == ((), ("calibrate_dry", key))
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


async def test_what_was_not_sent_waits_on_in_its_place(node: Node, queue: CommandQueue) -> None:
    await queue.do(node.command("restart"))
    await queue.do(node.command("identify"))
    await queue.deliver()
    assert node.named(queue) == ["restart", "identify"]
    assert queue.waiting[0].since == 1000


async def test_only_the_newest_of_a_kind_counts(node: Node, queue: CommandQueue) -> None:
    for name, channel, group in [
        ("restart", None, None),
        ("light_on", 3, "light"),
        ("light_on", 4, "light"),
        ("restart", None, None),
        ("light_off", 3, "light"),
        ("calibrate_dry", 0, None),
        ("calibrate_wet", 0, None),
    ]:
        await queue.do(node.command(name, channel, group))
    assert node.named(queue) == [
        "light_on",
        "restart",
        "light_off",
        "calibrate_dry",
        "calibrate_wet",
    ]


async def test_a_newer_wish_wins_while_the_older_one_is_on_its_way(
    node: Node, queue: CommandQueue
) -> None:
    await queue.do(node.command("light_on", 3, "light"))
    delivering = asyncio.create_task(queue.deliver())
    await asyncio.sleep(0)
    assert not queue.waiting
    await queue.do(node.command("light_off", 3, "light"))
    await delivering
    assert node.named(queue) == ["light_off"]


async def test_it_is_bounded(node: Node, queue: CommandQueue) -> None:
    for channel in range(MOST):
        await queue.do(node.command("calibrate_dry", channel))
    with pytest.raises(NotConnectedError):
        await queue.do(node.command("calibrate_dry", MOST))
    assert len(queue.waiting) == MOST


async def test_what_waits_too_long_is_not_sent_any_more(
    node: Node, queue: CommandQueue, caplog: pytest.LogCaptureFixture
) -> None:
    told = asyncio.Event()
    node.expected = 0.02
    await queue.do(node.command("identify"))
    node.expected = 100.0
    await queue.do(node.command("restart"))
    node.now += 1
    queue.listen(lambda: told.set() if queue.last else None)
    async with asyncio.timeout(5):
        await told.wait()
    assert queue.last == ("identify", "expired")
    assert node.named(queue) == ["restart"]
    node.gone = None
    await queue.deliver()
    assert [name for name, _ in node.got] == ["restart"]


async def test_it_can_be_cancelled(node: Node, queue: CommandQueue) -> None:
    await queue.do(node.command("restart"))
    queue.cancel()
    node.gone = None
    await queue.deliver()
    assert node.got == []
    assert queue.last == ("restart", "cancelled")
