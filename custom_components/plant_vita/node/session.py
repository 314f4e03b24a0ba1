"""One authenticated session with one node.

Frames in, events out; commands out, acknowledgements in.
"""

import asyncio
import secrets
from collections.abc import Callable
from typing import Protocol

from ..model.errors import (
    LinkError,
    NoAnswerError,
    NotConnectedError,
    ProtocolError,
    RateLimitError,
    RefusedError,
)
from ..model.node import NodeInfo
from ..protocol import messages
from ..protocol.handshake import CloseCode
from ..protocol.limits import Limits
from ..protocol.messages import Acknowledgement, Command, NodeLog, Op, OutputReport, Telemetry
from ..protocol.photographing import (
    PhotoOffer,
    encode_piece_wanted,
    encode_snap,
    read_piece,
)
from ..protocol.plain import Framing
from ..protocol.seal import FrameType
from ..protocol.updating import FirmwareImage, encode_install, encode_offer, encode_part
from ..transport.link import Link
from .throttle import Throttle

type Answer = Acknowledgement | PhotoOffer | bytes


class Listener(Protocol):
    """Who wants to know what a node says. Called in the event loop; must not block."""

    def on_telemetry(self, session: NodeSession, telemetry: Telemetry) -> None:
        """Readings have arrived; answer with `session.confirm` when they are safe."""

    def on_outputs(self, session: NodeSession, report: OutputReport) -> None:
        """The node says what its actuators do."""

    def on_hello(self, session: NodeSession, info: NodeInfo) -> None:
        """The node says again what it is, after its configuration has changed."""

    def on_log(self, session: NodeSession, line: NodeLog) -> None:
        """The node has something to say to a person."""


def new_command_id() -> str:
    """64 random bits: a node that has seen an id never runs it again."""
    return secrets.token_hex(8)


class NodeSession:
    """Owns the link from the first sealed frame to the end.

    `info` is the `hello` with which the node proved itself. `received` and `unknown` count frames
    and messages of a type that is not known. `kid` is the number of the key that the node has
    proved, 0 also on a cable, where there are none. `claimed` is set if a person waits for this
    session in order to pair.
    """

    def __init__(
        self,
        link: Link,
        seal: Framing,
        info: NodeInfo,
        *,
        kid: int,
        limits: Limits,
        clock: Callable[[], float],
        throttle: Throttle | None = None,
    ) -> None:
        """Take over a link after its handshake; `clock` is monotonic, in seconds.

        `throttle` is what earlier sessions of the node have left of its rate.
        """
        self.info = info
        self.kid = kid
        self.claimed = False
        self.received = 0
        self.unknown = 0
        self._link = link
        self._seal = seal
        self._limits = limits
        self._clock = clock
        self._throttle = throttle or Throttle(
            rate=limits.messages_per_s, burst=limits.burst, now=clock()
        )
        self._waiting: dict[str, asyncio.Future[Answer]] = {}
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._closed

    @property
    def peer(self) -> str:
        """Who is at the other end of its link."""
        return self._link.peer

    @property
    def carries_photos(self) -> bool:
        """Whether photos can be asked for over this link."""
        return self._link.carries_photos

    async def run(self, listener: Listener) -> None:
        """Read until the link ends; raises the `LinkError` or `ProtocolError` that ended it.

        The link is closed with the code for it. Commands that wait get `NoAnswerError`.
        """
        code: int = CloseCode.GOING_AWAY
        try:
            while True:
                self._take(await self._link.receive_bytes(), listener)
        except RateLimitError:
            code = CloseCode.RATE
            raise
        except ProtocolError:
            code = CloseCode.BAD
            raise
        finally:
            await self.close(code)

    def _take(self, frame: bytes, listener: Listener) -> None:
        if not self._throttle.take(self._clock()):
            msg = "too many messages"
            raise RateLimitError(msg)
        frame_type, plaintext = self._seal.open(frame)
        self.received += 1
        if frame_type == FrameType.PIECE:
            self._answered(*read_piece(plaintext))
            return
        message = messages.decode(plaintext) if frame_type == FrameType.MESSAGE else None
        match message:
            case Telemetry():
                listener.on_telemetry(self, message)
            case OutputReport():
                listener.on_outputs(self, message)
            case Acknowledgement() | PhotoOffer():
                self._answered(message.command_id, message)
            case NodeLog():
                listener.on_log(self, message)
            case NodeInfo():
                self._check_identity(message)
                self.info = message
                listener.on_hello(self, message)
            case None:
                self.unknown += 1

    def _answered(self, command_id: str, answer: Answer) -> None:
        """Hand it to whoever waits; what comes too late, or unasked, is nothing to anybody."""
        waiting = self._waiting.pop(command_id, None)
        if waiting and not waiting.done():
            waiting.set_result(answer)

    def _check_identity(self, info: NodeInfo) -> None:
        if (info.hardware_id, info.boot) != (self.info.hardware_id, self.info.boot):
            msg = "another node in the same session"
            raise ProtocolError(msg)

    async def greet(self, now: float) -> None:
        """Tell the node the Unix time."""
        await self._send(messages.encode_greeting(now))

    async def confirm(self, boot: str, number: int) -> None:
        """Everything of `boot` up to `number` is safe."""
        await self._send(messages.encode_confirmation(boot, number))

    async def command(
        self,
        op: Op,
        *,
        channel: int | None = None,
        ms: int | None = None,
        level: int | None = None,
        settings: dict[str, float | int | str] | None = None,
    ) -> str:
        """Send one command and wait for its acknowledgement; returns its id.

        Raises `NotConnectedError` if nothing was sent, `RefusedError` if the node said no, and
        `NoAnswerError` if the fate of the command is not known. It is never sent twice.
        """
        command_id = new_command_id()
        command = Command(
            command_id=command_id,
            op=op,
            channel=channel,
            ms=ms,
            level=level,
            settings=settings,
        )
        await self._exchange(command_id, messages.encode_command(command))
        return command_id

    async def hand_over_key(self, kid: int, key: bytes) -> None:
        """Give the node a new key and wait until it has written it; raises like `command`."""
        command_id = new_command_id()
        await self._exchange(command_id, messages.encode_key(command_id, kid, key))

    async def offer(self, image: FirmwareImage) -> int:
        """Offer a firmware: how many bytes of it the node has already; raises like `command`."""
        command_id = new_command_id()
        return (await self._exchange(command_id, encode_offer(command_id, image))).held

    async def send_part(self, at: int, data: bytes) -> int:
        """Send some bytes of what was offered: how many the node has now; raises like `command`."""
        command_id = new_command_id()
        return (await self._exchange(command_id, encode_part(command_id, at, data))).held

    async def install(self) -> None:
        """Have the node check what it was sent, and start it; raises like `command`."""
        command_id = new_command_id()
        await self._exchange(command_id, encode_install(command_id), within=self._limits.install_s)

    async def snap(self, channel: int, *, width: int, quality: int, flash: bool) -> PhotoOffer:
        """Have a camera take a photo, which the node then keeps; raises like `command`."""
        command_id = new_command_id()
        wanted = encode_snap(command_id, channel, width=width, quality=quality, flash=flash)
        answer = await self._asked(command_id, wanted, within=self._limits.snap_s)
        if not isinstance(answer, PhotoOffer):
            msg = "neither a photo nor a reason why not"
            raise NoAnswerError(msg)
        return answer

    async def fetch_piece(self, at: int) -> bytes:
        """The bytes from `at` on of the photo that the node keeps; raises like `command`."""
        command_id = new_command_id()
        # It is not to speak of anything else the less for what it is made to send.
        self._throttle.grant()
        answer = await self._asked(command_id, encode_piece_wanted(command_id, at))
        if not isinstance(answer, bytes):
            msg = "neither a piece of a photo nor a reason why not"
            raise NoAnswerError(msg)
        return answer

    async def _exchange(
        self, command_id: str, plaintext: bytes, *, within: float | None = None
    ) -> Acknowledgement:
        answer = await self._asked(command_id, plaintext, within=within)
        if not isinstance(answer, Acknowledgement):
            msg = "a photo instead of an acknowledgement"
            raise NoAnswerError(msg)
        return answer

    async def _asked(
        self, command_id: str, plaintext: bytes, *, within: float | None = None
    ) -> Answer:
        """Say it and wait for what the node says to it; raises like `command`."""
        if self._closed:
            raise NotConnectedError
        waiting: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[command_id] = waiting
        try:
            # From here on the command may have left: a failure is no longer "not sent".
            async with asyncio.timeout(within or self._limits.ack_s):
                await self._send(plaintext)
                answer = await waiting
        except TimeoutError as error:
            msg = "no acknowledgement in time"
            raise NoAnswerError(msg) from error
        except LinkError as error:
            msg = str(error)
            raise NoAnswerError(msg) from error
        finally:
            self._waiting.pop(command_id, None)
            if waiting.done() and not waiting.cancelled():
                # The session may have ended while the frame was still being sent: then nobody has
                # looked at this, and asyncio would complain about it.
                waiting.exception()
        if isinstance(answer, Acknowledgement) and answer.error:
            raise RefusedError(answer.error, answer.retry_ms)
        return answer

    async def _send(self, plaintext: bytes) -> None:
        if self._closed:
            raise NotConnectedError
        try:
            # Sealing and handing over happen without an await between, so frames leave in order.
            await self._link.send_bytes(self._seal.seal(plaintext))
        except LinkError:
            # A peer that does not read would cost everybody who writes to it the same wait again.
            await self.close(CloseCode.SLOW)
            raise

    async def close(self, code: int) -> None:
        """End the session; safe to call twice."""
        if self._closed:
            return
        self._closed = True
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(NoAnswerError("link lost"))
        self._waiting.clear()
        await self._link.close(code)
