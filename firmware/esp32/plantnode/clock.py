"""Time that passes. Nothing in the node asks for the time of day to decide anything.

`ticks()` may run faster than the world on the simulator (`PLANTNODE_SPEED`), so that a day of a
plant takes minutes; `real_ms()` does not, and is what network waits and ages on the wire are made
of.
"""

import asyncio
import os
import time

_WRAP_GUARD_MS = (
    1 << 28
)  # ticks_ms of an ESP32 wraps at 2**30; we look often enough to see each turn


def _speed() -> int:
    getenv = getattr(os, "getenv", None)
    try:
        return max(1, int(getenv("PLANTNODE_SPEED") or 1)) if getenv else 1
    except ValueError:
        return 1


SPEED = _speed()

if hasattr(time, "ticks_ms"):
    _raw = time.ticks_ms
    _diff = time.ticks_diff
else:

    def _raw() -> int:
        return int(getattr(time, "monotonic_ns")() // 1_000_000)  # noqa: B009 - CPython only

    def _diff(later: int, earlier: int) -> int:
        return later - earlier


class _Monotonic:
    """Unbounded milliseconds out of a counter that wraps."""

    def __init__(self) -> None:
        self.total = 0
        self.seen = _raw()

    def read(self) -> int:
        now = _raw()
        passed = _diff(now, self.seen)
        if 0 < passed < _WRAP_GUARD_MS:
            self.total += passed
        self.seen = now
        return self.total


_monotonic = _Monotonic()


def real_ms() -> int:
    """Milliseconds since the program started; never goes back, never wraps."""
    return _monotonic.read()


def ticks() -> int:
    """Milliseconds of the plant's time since the program started."""
    return _monotonic.read() * SPEED


async def sleep_ms(ms: int) -> None:
    """Let `ms` of the plant's time pass."""
    await pause_ms(max(1, ms // SPEED))


async def pause_ms(ms: int) -> None:
    """Let `ms` of real time pass: for networks, buttons, everything a plant does not see."""
    if hasattr(asyncio, "sleep_ms"):
        await asyncio.sleep_ms(ms)
    else:
        await asyncio.sleep(ms / 1000)
