"""What the event loop is kept from doing is seen."""

import asyncio
import gc
import time

from benchmarks.house import watched


def busy(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


async def test_a_long_step_is_seen_and_named() -> None:
    async with watched(limit=0.02) as loop:
        await asyncio.sleep(0.01)
        asyncio.get_running_loop().call_soon(busy, 0.05)
        await asyncio.sleep(0.01)
    assert 0.05 <= loop.longest < 0.09
    assert loop.blocks == 1
    assert loop.steps >= 2
    assert "busy" in loop.doing


async def test_garbage_is_set_apart() -> None:
    def collect() -> None:
        kept = [[] for _ in range(200_000)]
        gc.collect()
        del kept

    async with watched() as loop:
        asyncio.get_running_loop().call_soon(collect)
        await asyncio.sleep(0.01)
    assert loop.garbage
    assert max(loop.garbage) > 0


async def test_afterwards_nothing_is_measured_any_more() -> None:
    before = asyncio.Handle._run
    async with watched():
        assert asyncio.Handle._run is not before
    assert asyncio.Handle._run is before
    assert not [one for one in gc.callbacks if "collected" in repr(one)]
