"""Something that is asked for much more often than it is done."""

import asyncio

from custom_components.plant_vita.node.pace import Pace

EVERY = 0.05


class Count:
    """What is done, and when."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.at: list[float] = []

    def do(self) -> None:
        self.at.append(self.loop.time())


async def test_after_a_rest_it_is_done_at_once_but_not_within_the_call() -> None:
    count = Count()
    pace = Pace(count.loop, EVERY, count.do)
    for done in (1, 2):
        pace.ask()
        pace.ask()
        assert len(count.at) == done - 1
        await asyncio.sleep(0)
        assert len(count.at) == done
        await asyncio.sleep(EVERY + 0.01)
    assert len(count.at) == 2


async def test_without_a_rest_it_is_done_once_in_each_interval() -> None:
    count = Count()
    pace = Pace(count.loop, EVERY, count.do)
    until = count.loop.time() + 10 * EVERY
    while count.loop.time() < until:
        pace.ask()
        await asyncio.sleep(0.002)
    pauses = [later - earlier for earlier, later in zip(count.at, count.at[1:], strict=False)]
    assert 3 <= len(count.at) <= 11
    assert min(pauses) >= EVERY - 0.001
    pace.finish()


async def test_what_is_asked_for_is_done_in_the_end_and_only_once() -> None:
    count = Count()
    pace = Pace(count.loop, EVERY, count.do)
    pace.finish()
    assert count.at == []
    pace.ask()
    pace.finish()
    assert len(count.at) == 1
    pace.ask()
    pace.finish()
    pace.finish()
    assert len(count.at) == 2
    await asyncio.sleep(2 * EVERY)
    assert len(count.at) == 2


async def test_what_fails_is_asked_for_again() -> None:
    loop, failed = asyncio.get_running_loop(), []
    loop.set_exception_handler(lambda _loop, context: failed.append(context["exception"]))

    def fail() -> None:
        msg = "no"
        raise ValueError(msg)

    pace = Pace(loop, 0.0, fail)
    for count in (1, 2):
        pace.ask()
        await asyncio.sleep(0.01)
        assert len(failed) == count
