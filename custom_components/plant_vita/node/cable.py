"""A node on a cable: asked who it is, and believed.

Opening a port starts most boards again, and many keep the port open while they start: so one open
link may carry one boot of a node after the other.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import override

from ..model.errors import LinkError, NoAnswerError, NotANodeError, RateLimitError, RefusedError
from ..model.node import NodeInfo
from ..protocol import messages
from ..protocol.joining import Join, encode_join, encode_question
from ..protocol.limits import Limits
from ..protocol.messages import Acknowledgement
from ..protocol.plain import Plain
from ..transport.link import Link
from .session import NodeSession, new_command_id
from .throttle import Throttle


class NodeCable:
    """What is at the other end of an open link; `clock` is monotonic, in seconds.

    `throttle` is what earlier links to the node have left of its rate.
    """

    def __init__(
        self,
        link: Link,
        *,
        limits: Limits,
        clock: Callable[[], float],
        throttle: Throttle | None = None,
    ) -> None:
        """Take over a link; whoever opened it closes it in the end."""
        self._link = link
        self._limits = limits
        self._clock = clock
        self._throttle = throttle or Throttle(
            rate=limits.messages_per_s, burst=limits.burst, now=clock()
        )
        self._next: NodeInfo | None = None

    @property
    def restarted(self) -> bool:
        """Whether the last session ended because the node has started again."""
        return self._next is not None

    async def introduce(self) -> NodeInfo:
        """Ask who is there until a node says it.

        Raises `NotANodeError` if none does in time, `ProtocolError` if it can't be understood, and
        `LinkError` if the link ends.
        """
        if self._next is not None:
            info, self._next = self._next, None
            if not self._throttle.take(self._clock()):
                msg = "starts again and again"
                raise RateLimitError(msg)
            return info
        try:
            async with asyncio.timeout(self._limits.ask_for_s):
                while True:
                    # Again and again: a board that starts hears nothing until it runs.
                    await self._link.send_bytes(encode_question())
                    if (found := await self._hello_within(self._limits.ask_every_s)) is not None:
                        return found
        except TimeoutError as error:
            msg = f"{self._link.peer}: nobody there who is a node"
            raise NotANodeError(msg) from error

    async def _hello_within(self, seconds: float) -> NodeInfo | None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    message = messages.decode(await self._link.receive_bytes())
                    if isinstance(message, NodeInfo):
                        return message
        return None

    def session(self, info: NodeInfo) -> NodeSession:
        """The conversation with the node as long as it does not start again."""
        return NodeSession(
            _OneBoot(self._link, info, self._started_again),
            Plain(),
            info,
            kid=0,
            limits=self._limits,
            clock=self._clock,
            throttle=self._throttle,
        )

    def _started_again(self, info: NodeInfo) -> None:
        self._next = info

    async def join(self, join: Join) -> None:
        """Tell a network node where to call from, and wait until it has written it down.

        Raises `RefusedError` if it said no, and `NoAnswerError` if it is not known whether it did.
        """
        command_id = new_command_id()
        await self._link.send_bytes(encode_join(command_id, join))
        try:
            async with asyncio.timeout(self._limits.ack_s):
                acknowledgement = await self._acknowledgement(command_id)
        except (TimeoutError, LinkError) as error:
            # Its USB port may go away with its restart, before the answer has come.
            msg = "no acknowledgement"
            raise NoAnswerError(msg) from error
        if acknowledgement.error:
            raise RefusedError(acknowledgement.error, acknowledgement.retry_ms)

    async def _acknowledgement(self, command_id: str) -> Acknowledgement:
        while True:
            message = messages.decode(await self._link.receive_bytes())
            if isinstance(message, Acknowledgement) and message.command_id == command_id:
                return message


class _OneBoot(Link):
    """A link for as long as the node at its end does not start again."""

    def __init__(self, link: Link, info: NodeInfo, on_start: Callable[[NodeInfo], None]) -> None:
        self._link = link
        self._info = info
        self._on_start = on_start
        self._over = False

    @property
    @override
    def peer(self) -> str:
        return self._link.peer

    @override
    async def receive(self, within: float) -> str | bytes:
        return await self._link.receive(within)

    @override
    async def receive_bytes(self) -> bytes:
        data = await self._link.receive_bytes()
        if b'"hello"' in data and isinstance(info := messages.decode(data), NodeInfo):
            was = self._info
            if (info.hardware_id, info.boot) != (was.hardware_id, was.boot):
                self._over = True
                self._on_start(info)
                msg = "the node has started again"
                raise LinkError(msg)
        return data

    @override
    async def send_text(self, text: str) -> None:
        await self._link.send_text(text)

    @override
    async def send_bytes(self, data: bytes) -> None:
        if self._over:
            msg = "the node has started again"
            raise LinkError(msg)
        await self._link.send_bytes(data)

    @override
    async def close(self, code: int) -> None:
        if not self._over:
            await self._link.close(code)
