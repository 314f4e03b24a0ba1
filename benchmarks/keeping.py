"""Nodes that keep what was not confirmed, as docs/protocol.md §6 wants it: nothing may get lost."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass

from .loadnode import Identity, LoadNode, RefusedError
from .values import report
from .websocket import ClosedError

# One message a second is measured; so many a second are sent when there is something to catch up
# on, which is less than what Home Assistant takes.
_MEASURED_EVERY_S = 1.0
_SENT_EVERY_S = 0.55
_DIALS_AGAIN_S = 1.0
_HANDSHAKE_S = 15.0
_ROUNDING = 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class _Set:
    """One set of readings, measured at a moment of the monotonic clock."""

    number: int
    at: float


class Keeper:
    """One node; `number` sets were measured, and those behind `node.confirmed` are kept."""

    def __init__(self, node: LoadNode, port: int) -> None:
        """`node` may be connected."""
        self.node = node
        self._port = port
        self._kept: deque[_Set] = deque()
        self._sent = node.number
        self.number = node.number
        self.dials = 0

    async def live(self, seconds: float, patience: float) -> None:
        """Measure for so long, and go on until everything is confirmed or patience ends."""
        began = time.monotonic()
        until, first = began + seconds, self.number
        while (now := time.monotonic()) < until + patience:
            due = first + int((min(now, until) - began) / _MEASURED_EVERY_S + _ROUNDING)
            while self.number < due:
                self.number += 1
                self._kept.append(_Set(number=self.number, at=now))
            while self._kept and self._kept[0].number <= self.node.confirmed:
                self._kept.popleft()
            if now >= until and not self._kept:
                return
            if self.node.connected:
                self._send_next(now)
                await asyncio.sleep(_SENT_EVERY_S)
            else:
                await self._dial()

    def _send_next(self, now: float) -> None:
        """The oldest that this session has not sent yet."""
        for one in self._kept:
            if one.number > self._sent:
                age = round(1000 * (now - one.at))
                values = report(one.number)
                self.node.send({"t": "tele", "n": one.number, "age": age, "r": values})
                self._sent = one.number
                return

    async def _dial(self) -> None:
        self.dials += 1
        try:
            await self.node.connect("127.0.0.1", self._port, time_limit_s=_HANDSHAKE_S)
        except RefusedError, ClosedError, TimeoutError, OSError, ValueError:
            await asyncio.sleep(_DIALS_AGAIN_S)
        self._sent = self.node.confirmed

    async def hand_over(self, identity: Identity) -> None:
        """From now on it belongs to somebody else; what it has not got rid of goes there."""
        await self.node.close()
        self.node.identity.kid, self.node.identity.key = identity.kid, identity.key
