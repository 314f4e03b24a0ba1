"""Links on which messages come and go whole, and somebody else carries them.

A message is text where it begins with a brace, else binary. One byte is none: `PING` is answered by
`PONG`.
"""

import asyncio
from abc import abstractmethod
from collections import deque
from contextlib import suppress
from typing import override

from ..model.errors import LinkError, RateLimitError
from .link import Link

PING, PONG = b"\x00", b"\x01"
_BRACE = b"{"
_SEND_WITHIN_S = 5.0
_CLOSE_WITHIN_S = 2.0
# Nobody who keeps the protocol's rate gets so far ahead of us.
_UNREAD_MAX = 64


class PayloadLink(Link):
    """A `Link` whose messages come by `take` and go out by `_publish`.

    A node asks for a sign of life three times a minute: one that says nothing for `silence` seconds
    is gone. `largest` is the longest message in bytes that is taken at all.
    """

    def __init__(self, peer: str, *, silence: float, largest: int) -> None:
        """Listen from now on."""
        self._peer = peer
        self._silence = silence
        self._largest = largest
        self._unread: deque[str | bytes] = deque()
        self._news = asyncio.Event()
        self._fault: LinkError | None = None
        self._answers: set[asyncio.Task[None]] = set()
        self._closed = False

    @abstractmethod
    async def _publish(self, payload: bytes) -> None:
        """Send one message; raises `LinkError`."""

    @abstractmethod
    async def _hang_up(self, *, lost: bool) -> None:
        """Let the other end know, if it is not `lost`, and let go; raises `LinkError`."""

    @property
    @override
    def peer(self) -> str:
        return self._peer

    def take(self, payload: bytes) -> None:
        """A payload has come."""
        if payload == PING:
            self._answer()
        elif len(payload) > self._largest:
            self._fail(LinkError("a message is too long"))
        elif len(self._unread) >= _UNREAD_MAX:
            self._fail(RateLimitError("too many messages at once"))
        elif payload.startswith(_BRACE):
            self._unread.append(payload.decode(errors="replace"))
        else:
            self._unread.append(payload)
        self._news.set()

    def lose(self, why: str) -> None:
        """The node, or what is between, is gone; who reads next hears of it."""
        self._fail(LinkError(why))

    def _fail(self, fault: LinkError) -> None:
        self._fault = self._fault or fault
        self._news.set()

    def _answer(self) -> None:
        task = asyncio.get_running_loop().create_task(self._pong())
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _pong(self) -> None:
        with suppress(LinkError):
            await self.send_bytes(PONG)

    @override
    async def receive(self, within: float) -> str | bytes:
        try:
            async with asyncio.timeout(within):
                return await self._next()
        except TimeoutError as error:
            msg = "nothing received in time"
            raise LinkError(msg) from error

    async def _next(self) -> str | bytes:
        while not self._unread:
            self._check()
            self._news.clear()
            await self._news.wait()
        return self._unread.popleft()

    @override
    async def receive_bytes(self) -> bytes:
        while not self._unread:
            self._check()
            self._news.clear()
            try:
                # A ping is a sign of life, too: each one begins the wait anew.
                async with asyncio.timeout(self._silence):
                    await self._news.wait()
            except TimeoutError as error:
                msg = "no heartbeat"
                raise LinkError(msg) from error
        message = self._unread.popleft()
        if isinstance(message, str):
            msg = "unexpected text message"
            raise LinkError(msg)
        return message

    @override
    async def send_text(self, text: str) -> None:
        await self.send_bytes(text.encode())

    def _check(self) -> None:
        if self._fault is not None:
            raise self._fault

    @override
    async def send_bytes(self, data: bytes) -> None:
        self._check()
        try:
            async with asyncio.timeout(_SEND_WITHIN_S):
                await self._publish(data)
        except TimeoutError as error:
            msg = "could not send"
            raise LinkError(msg) from error

    @override
    async def close(self, code: int) -> None:
        if self._closed:
            return
        self._closed = True
        lost = self._fault is not None
        self._fail(LinkError("closed"))
        with suppress(LinkError, TimeoutError):
            async with asyncio.timeout(_CLOSE_WITHIN_S):
                await self._hang_up(lost=lost)
