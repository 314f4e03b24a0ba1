"""Commands for a node that is asleep, or away for a moment: they wait, in sight, and not for ever.

A command leaves the queue before it is sent, so that none is sent twice; only what certainly was
not sent comes back. Nothing that moves water may be put in here: a pump that cannot be reached
refuses at once.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ..model.errors import NotConnectedError, PlantVitaError

# Nobody presses more buttons than this while a node sleeps.
MOST = 16

# How a command that had to wait has ended; any other word is the key of an error.
DONE, EXPIRED, CANCELLED = "done", "expired", "cancelled"

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class QueuedCommand:
    """Something to be sent to a node.

    `name` says what it is, `channel` where. Of a `group` on one channel only the newest counts.
    `send` gets the seconds that it has waited, and raises a `PlantVitaError`.
    """

    name: str
    send: Callable[[float], Awaitable[object]]
    channel: int | None = None
    group: str | None = None

    def replaces(self, other: QueuedCommand) -> bool:
        """Whether nobody wants the other one any more."""
        mine, its = self.group or self.name, other.group or other.name
        return (mine, self.channel) == (its, other.channel)


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A command that waits, from one Unix time to another."""

    command: QueuedCommand
    since: float
    until: float


class CommandQueue:
    """What waits for one node: `waiting`, in the order in which it was asked.

    `last` is the name of the command that ceased to wait last, and how: a word, or an error's key.
    """

    def __init__(self, clock: Callable[[], float], patience: Callable[[], float | None]) -> None:
        """`clock` gives Unix time; `patience` for how many seconds a command may wait now.

        None while nobody expects the node back.
        """
        self.waiting: tuple[Waiting, ...] = ()
        self.last: tuple[str, str] | None = None
        self._clock = clock
        self._patience = patience
        self._listeners: list[Callable[[], None]] = []
        self._timer: asyncio.TimerHandle | None = None

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` whenever something begins or ceases to wait; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def do(self, command: QueuedCommand) -> None:
        """Send it now, or have it wait for a node that is expected.

        Raises `NotConnectedError` if the node is not expected, and what `send` raises.
        """
        try:
            await command.send(0.0)
        except NotConnectedError:
            patience = self._patience()
            if patience is None or len(self.waiting) >= MOST:
                raise
            now = self._clock()
            kept = tuple(one for one in self.waiting if not command.replaces(one.command))
            added = Waiting(command=command, since=now, until=now + patience)
            self._change((*kept, added))

    async def deliver(self) -> None:
        """The node is there: send what waits, one after the other."""
        while self.waiting:
            first = self.waiting[0]
            self._change(self.waiting[1:])
            try:
                await first.command.send(self._clock() - first.since)
            except NotConnectedError:
                newer = any(one.command.replaces(first.command) for one in self.waiting)
                self._change(self.waiting if newer else (first, *self.waiting))
                return
            except PlantVitaError as error:
                self._end(first.command, error.key)
            else:
                self._end(first.command, DONE)

    def cancel(self) -> None:
        """Forget everything that waits."""
        for one in self.waiting:
            self.last = one.command.name, CANCELLED
        self._change(())

    def close(self) -> None:
        """Nobody wants any of it any more, nor to be told."""
        self._listeners.clear()
        self._change(())

    def _end(self, command: QueuedCommand, how: str) -> None:
        self.last = command.name, how
        if how != DONE:
            _LOGGER.warning("A command that had to wait was not done: %s (%s)", command.name, how)
        self._change(self.waiting)

    def _change(self, waiting: tuple[Waiting, ...]) -> None:
        self.waiting = waiting
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if waiting:
            wait = max(0.0, min(one.until for one in waiting) - self._clock())
            self._timer = asyncio.get_running_loop().call_later(wait, self._expire)
        for listener in list(self._listeners):
            listener()

    def _expire(self) -> None:
        now = self._clock()
        gone = [one for one in self.waiting if one.until <= now]
        self._change(tuple(one for one in self.waiting if one not in gone))
        for one in gone:
            self._end(one.command, EXPIRED)
