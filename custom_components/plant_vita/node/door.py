"""Who may come in.

The handshake with whoever dials, within limits, trusting nothing before its end.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from ..model.errors import LinkError, ProtocolError
from ..model.node import NodeInfo
from ..protocol import messages
from ..protocol.handshake import (
    CODE_KID,
    CloseCode,
    Dial,
    HandshakeWord,
    VersionError,
    answer,
    parse_dial,
    parse_refusal,
    refusal,
)
from ..protocol.limits import Limits
from ..protocol.seal import Session
from ..transport.link import Link
from .pairing import PairingDesk
from .session import NodeSession
from .throttle import Throttle

_CLOSE_CODES = {
    HandshakeWord.UNPAIRED: CloseCode.UNPAIRED,
    HandshakeWord.UNKNOWN: CloseCode.UNKNOWN_KEY,
    HandshakeWord.BUSY: CloseCode.BUSY,
    HandshakeWord.VERSION: CloseCode.VERSION,
    HandshakeWord.BAD: CloseCode.BAD,
}


class NotAdmittedError(ProtocolError):
    """The caller was turned away; `word` is what it was told, None if it said no itself."""

    def __init__(self, word: HandshakeWord | None, why: str) -> None:
        """Remember the word and the reason for the log."""
        super().__init__(why)
        self.word = word


class KeyBook(Protocol):
    """The keys of paired nodes."""

    def key(self, hardware_id: str, kid: int) -> bytes | None:
        """The 32 bytes of one key, None if we do not hold it."""


@dataclass(slots=True)
class _Silent:
    since: float
    patience: asyncio.Timeout


@dataclass(slots=True)
class Door:
    """Admits nodes.

    `on_unpaired` is told of every unpaired node that dials, before it is parked, and `on_version`
    of every one whose protocol is not ours.
    """

    keys: KeyBook
    desk: PairingDesk
    limits: Limits
    clock: Callable[[], float]
    on_unpaired: Callable[[Dial], None]
    on_version: Callable[[VersionError], None] = lambda _error: None
    _callers: int = 0
    _parked: int = 0
    _closing: bool = False
    # Who has not said a word yet, the oldest first.
    _silent: dict[Link, _Silent] = field(default_factory=dict)
    _throttles: dict[str, Throttle] = field(default_factory=dict)
    # By the name a caller gives itself and its address: anybody can give any name, and must not be
    # able to cut off the one to whom it belongs.
    _talks: dict[tuple[str, str], asyncio.Task[NodeSession]] = field(default_factory=dict)

    async def admit(self, link: Link) -> NodeSession:
        """Do the handshake; raises `NotAdmittedError` or `LinkError`, with the link closed."""
        if self._callers >= self.limits.handshakes and not self._make_room():
            raise await _turn_away(link, HandshakeWord.BUSY, "too many handshakes")
        try:
            return await self._counted(link)
        except LinkError:
            # No longer counted: somebody who does not even read can take two seconds to close.
            await link.close(CloseCode.SLOW)
            raise

    async def _counted(self, link: Link) -> NodeSession:
        self._callers += 1
        try:
            return await self._admit(link)
        finally:
            self._callers -= 1

    def _make_room(self) -> bool:
        """Stop waiting for the caller that has been silent longest, if a node would have spoken."""
        now = asyncio.get_running_loop().time()
        for link, silent in self._silent.items():
            if now - silent.since < self.limits.gives_way_s:
                return False
            if not silent.patience.expired():
                silent.patience.reschedule(now)
                del self._silent[link]
                return True
        return False

    def close(self) -> None:
        """Let go of everybody who is not in yet."""
        self._closing = True
        now = asyncio.get_running_loop().time()
        for silent in self._silent.values():
            if not silent.patience.expired():
                silent.patience.reschedule(now)
        for talk in self._talks.values():
            talk.cancel()

    async def _admit(self, link: Link) -> NodeSession:
        first = await self._first_message(link)
        try:
            dial = parse_dial(first)
        except VersionError as error:
            self.on_version(error)
            raise await _turn_away(link, HandshakeWord.VERSION, str(error)) from error
        except ProtocolError as error:
            raise await _turn_away(link, HandshakeWord.BAD, str(error)) from error
        caller = (dial.hardware_id, link.peer)
        if (older := self._talks.get(caller)) is not None:
            older.cancel()
        talk = asyncio.create_task(self._converse(link, dial), name=f"admit {dial.hardware_id}")
        self._talks[caller] = talk
        try:
            async with asyncio.timeout(self.limits.handshake_s):
                return await talk
        except TimeoutError as error:
            msg = "handshake took too long"
            raise LinkError(msg) from error
        except asyncio.CancelledError:
            if (task := asyncio.current_task()) and task.cancelling():
                raise
            if self._closing:
                await link.close(CloseCode.GOING_AWAY)
                raise NotAdmittedError(None, "going away") from None
            await link.close(CloseCode.REPLACED)
            raise NotAdmittedError(None, "replaced by a newer call") from None
        finally:
            talk.cancel()
            if self._talks.get(caller) is talk:
                del self._talks[caller]

    async def _first_message(self, link: Link) -> str | bytes:
        try:
            async with asyncio.timeout(self.limits.first_message_s) as patience:
                self._silent[link] = _Silent(asyncio.get_running_loop().time(), patience)
                return await link.receive(self.limits.first_message_s)
        except TimeoutError as error:
            msg = "silent for too long"
            raise LinkError(msg) from error
        finally:
            self._silent.pop(link, None)

    async def _converse(self, link: Link, dial: Dial) -> NodeSession:
        key = await self._key_for(link, dial)
        text, seal = answer(dial, key)
        await link.send_text(text)
        first = await link.receive(self.limits.first_message_s)
        if isinstance(first, str):
            raise await self._doubted(link, dial, key, first)
        try:
            session = self._session(link, dial, seal, first)
        except ProtocolError as error:
            await link.close(CloseCode.BAD)
            raise NotAdmittedError(None, f"first frame: {error}") from error
        if dial.kid == CODE_KID:
            session.claimed = self.desk.proven(dial.hardware_id, key, session)
        return session

    async def _key_for(self, link: Link, dial: Dial) -> bytes:
        key = self.keys.key(dial.hardware_id, dial.kid)
        if dial.kid != CODE_KID:
            if key is None:
                raise await _turn_away(link, HandshakeWord.UNKNOWN, f"no key {dial.kid}")
            return key
        # A code that somebody has just typed is newer than what an interrupted pairing left.
        key = self.desk.key(dial.hardware_id) or key
        if key is None:
            self.on_unpaired(dial)
            key = await self._park(dial.hardware_id)
        if key is None:
            raise await _turn_away(link, HandshakeWord.UNPAIRED, "no code typed")
        return key

    async def _park(self, hardware_id: str) -> bytes | None:
        """Let an unpaired node wait outside: anybody can say that it is one, at no cost at all.

        If it kept its place at the door, 32 strangers would keep every paired node out.
        """
        if self._parked >= self.limits.parked:
            return None
        self._parked += 1
        self._callers -= 1
        try:
            return await self.desk.park(hardware_id, self.limits.parking_s)
        finally:
            self._callers += 1
            self._parked -= 1

    async def _doubted(self, link: Link, dial: Dial, key: bytes, text: str) -> NotAdmittedError:
        try:
            word = parse_refusal(text)
        except ProtocolError:
            word = None
        self.desk.refused(dial.hardware_id, key, word)
        if dial.kid == CODE_KID:
            # It has a code that we do not know, perhaps a newer one than an interrupted pairing
            # left.
            self.on_unpaired(dial)
        await link.close(CloseCode.BAD)
        return NotAdmittedError(None, f"the node does not accept our proof ({word})")

    def _session(self, link: Link, dial: Dial, seal: Session, frame: bytes) -> NodeSession:
        info = messages.decode(seal.open(frame)[1])
        if not isinstance(info, NodeInfo) or info.hardware_id != dial.hardware_id:
            msg = "not the hello of this node"
            raise ProtocolError(msg)
        throttle = self._throttles.get(dial.hardware_id)
        if throttle is None:
            # Of the node, not of the session: who is thrown out for talking too much and dials
            # again at once must not begin with a full burst.
            throttle = self._throttles[dial.hardware_id] = Throttle(
                rate=self.limits.messages_per_s, burst=self.limits.burst, now=self.clock()
            )
        return NodeSession(
            link,
            seal,
            info,
            kid=dial.kid,
            limits=self.limits,
            clock=self.clock,
            throttle=throttle,
        )


async def _turn_away(link: Link, word: HandshakeWord, why: str) -> NotAdmittedError:
    try:
        await link.send_text(refusal(word))
    finally:
        await link.close(_CLOSE_CODES[word])
    return NotAdmittedError(word, why)
