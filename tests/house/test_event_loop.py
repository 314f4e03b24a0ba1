"""The loop that tests run in finds what only a debugging loop does."""

import asyncio

import pytest


async def test_a_call_from_a_wrong_thread_fails() -> None:
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    with pytest.raises(RuntimeError, match="Non-thread-safe"):
        await loop.run_in_executor(None, loop.call_soon, print)
    with pytest.raises(RuntimeError, match="Non-thread-safe"):
        await loop.run_in_executor(None, loop.call_later, 1, print)
