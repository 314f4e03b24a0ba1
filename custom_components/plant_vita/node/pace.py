"""How often something is done that is asked for much more often."""

import asyncio
from collections.abc import Callable


class Pace:
    """Does it at once after a rest, otherwise `every` seconds after the last time.

    However often it is asked for in between, it is done once; and never within the call that asks
    for it, so that everything that has arrived together is there.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, every: float, do: Callable[[], None]
    ) -> None:
        """Nothing is asked for yet."""
        self._loop = loop
        self._every = every
        self._do = do
        self._done_at = float("-inf")
        self._due: asyncio.Handle | None = None

    def ask(self) -> None:
        """Have it done soon."""
        if self._due is None:
            due = self._done_at + self._every
            if due <= self._loop.time():
                self._due = self._loop.call_soon(self._now)
            else:
                self._due = self._loop.call_at(due, self._now)

    def finish(self) -> None:
        """If it is asked for, do it now."""
        if self._due is not None:
            self._due.cancel()
            self._now()

    def _now(self) -> None:
        self._due = None
        self._done_at = self._loop.time()
        self._do()
