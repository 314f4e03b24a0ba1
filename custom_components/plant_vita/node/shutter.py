"""The cameras of one node: one photo at a time, and the same one for all who ask at once."""

import asyncio
import math
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ..model.errors import NotConnectedError
from ..protocol.limits import Limits
from .photographing import async_fetch
from .session import NodeSession

FRESH_S = 1.0
"""Nobody gets a newer photo than that: however many look on, a node takes one a second at most."""
QUALITY = 80
_FLASH_FROM = 800
"""Nobody wants a lamp to flash every second beside what is only looked at."""

type Redraw = Callable[[bytes, int], Awaitable[bytes]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Still:
    """A photo as a JPEG, and when it had arrived on the clock of the shutter."""

    jpeg: bytes
    at: float


class Shutter:
    """Takes photos over whatever session there is.

    `session` gives it, or raises `NotConnectedError`. `redraw` makes a JPEG of nothing but the
    pixels of what a node has sent, at most so many of them on its longer side, or raises a
    `PlantVitaError`. `clock` is monotonic, in seconds.
    """

    def __init__(
        self,
        session: Callable[[], NodeSession],
        redraw: Redraw,
        *,
        limits: Limits,
        clock: Callable[[], float],
    ) -> None:
        """Nothing has been taken yet."""
        self._session, self._redraw = session, redraw
        self._limits, self._clock = limits, clock
        self._turn = asyncio.Lock()
        self._last: dict[tuple[int, int], Still] = {}
        self._taking: dict[tuple[int, int], asyncio.Task[bytes]] = {}
        self._outcomes: Counter[str] = Counter()
        self._size = 0
        self._seconds = 0.0

    def last(self, channel: int, width: int, *, within: float = math.inf) -> bytes | None:
        """What was taken last, if that was in the last so many seconds."""
        still = self._last.get((channel, width))
        return still.jpeg if still and self._clock() - still.at <= within else None

    async def async_photo(self, channel: int, width: int) -> bytes:
        """A photo of now, at most `width` pixels wide.

        Whoever is cancelled leaves the others what they wait for. Raises `CameraError`, and
        `LinkError` as a command does.
        """
        which = (channel, width)
        still = self._last.get(which)
        if still is not None and self._clock() - still.at < FRESH_S:
            return still.jpeg
        if (taking := self._taking.get(which)) is None:
            taking = self._taking[which] = asyncio.create_task(self._async_take(channel, width))
            taking.add_done_callback(lambda task: self._over(which, task))
        await asyncio.wait([taking])
        if taking.cancelled():
            raise NotConnectedError
        return taking.result()

    def _over(self, which: tuple[int, int], task: asyncio.Task[bytes]) -> None:
        del self._taking[which]
        if task.cancelled():
            return
        # Looked at here: everybody who has asked may have gone by now.
        error = task.exception()
        self._outcomes[getattr(error, "key", "unexpected") if error else "taken"] += 1

    async def _async_take(self, channel: int, width: int) -> bytes:
        async with self._turn:
            began = self._clock()
            data = await async_fetch(
                self._session(),
                channel,
                width=width,
                quality=QUALITY,
                flash=width >= _FLASH_FROM,
                within=self._limits.photo_s,
            )
            self._size, self._seconds = len(data), self._clock() - began
            jpeg = await self._redraw(data, width)
        self._last[channel, width] = Still(jpeg=jpeg, at=self._clock())
        return jpeg

    def close(self) -> None:
        """Stop what is under way; whoever waits for it hears that the node is not connected."""
        for taking in self._taking.values():
            taking.cancel()

    def report(self) -> dict[str, object]:
        """For diagnostics: what came of every photo, bytes and seconds of the last whole one."""
        return {
            "outcomes": dict(self._outcomes),
            "bytes": self._size,
            "seconds": round(self._seconds, 2),
        }
