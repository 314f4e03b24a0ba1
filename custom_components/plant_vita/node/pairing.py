"""The pairing desk: codes that people have typed, waiting for their nodes.

A code lives in memory only, and only while somebody waits for it. Nobody gets more than 20 tries
in ten minutes for one node.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from ..model.errors import NodeSilentError, PairingError, TooManyTriesError, WrongCodeError
from ..protocol.handshake import CloseCode, HandshakeWord
from ..protocol.limits import PAIRING_WINDOW_S, WRONG_PROOFS_MAX
from ..protocol.pairing import key_from_code, normalise_code
from .session import NodeSession


@dataclass(slots=True)
class _Wish:
    key: bytes
    outcome: asyncio.Future[NodeSession]

    async def let_go(self) -> None:
        """Nobody waits any more: a session that has just come would be served by nobody."""
        if self.outcome.done() and not self.outcome.cancelled() and not self.outcome.exception():
            await self.outcome.result().close(CloseCode.GOING_AWAY)


@dataclass(slots=True)
class _Tries:
    since: float
    count: int = 0


@dataclass(slots=True)
class PairingDesk:
    """Brings typed codes and dialling nodes together; `clock` is monotonic, in seconds."""

    clock: Callable[[], float]
    _wishes: dict[str, _Wish] = field(default_factory=dict)
    _parked: dict[str, list[asyncio.Future[bytes]]] = field(default_factory=dict)
    _tries: dict[str, _Tries] = field(default_factory=dict)

    async def pair(self, hardware_id: str, typed: str, within: float) -> tuple[bytes, NodeSession]:
        """Wait for the node to prove `typed`: its key number 0 and the session that proved it.

        Raises `WrongCodeError`, `TooManyTriesError`, or `NodeSilentError` if the node did not
        dial in within so many seconds, `PairingError` if the code is being tried already.
        """
        code = normalise_code(typed)
        self._check_tries(hardware_id)
        if hardware_id in self._wishes:
            msg = "somebody else is pairing this node now"
            raise PairingError(msg)
        key = key_from_code(code, hardware_id)
        wish = _Wish(key, asyncio.get_running_loop().create_future())
        self._wishes[hardware_id] = wish
        for parked in self._parked.get(hardware_id, ()):
            if not parked.done():
                parked.set_result(key)
        try:
            async with asyncio.timeout(within):
                return key, await wish.outcome
        except TimeoutError as error:
            if wish.outcome.cancelled():
                raise NodeSilentError from error
            # The node has answered in the very moment in which we gave up.
            return key, wish.outcome.result()
        except asyncio.CancelledError:
            await wish.let_go()
            raise
        finally:
            del self._wishes[hardware_id]

    def _check_tries(self, hardware_id: str) -> None:
        tries = self._tries.get(hardware_id)
        if tries and self.clock() - tries.since > PAIRING_WINDOW_S:
            del self._tries[hardware_id]
        elif tries and tries.count >= WRONG_PROOFS_MAX:
            raise TooManyTriesError

    def key(self, hardware_id: str) -> bytes | None:
        """The key made from the code that waits for this node, if one does."""
        wish = self._wishes.get(hardware_id)
        return wish.key if wish else None

    async def park(self, hardware_id: str, within: float) -> bytes | None:
        """Hold an unpaired node until somebody types its code: the key, or None in the end.

        Several callers may bear the name of one node; only the real one can do something with the
        answer.
        """
        parked: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._parked.setdefault(hardware_id, []).append(parked)
        try:
            async with asyncio.timeout(within):
                return await parked
        except TimeoutError:
            return None
        finally:
            self._parked[hardware_id].remove(parked)
            if not self._parked[hardware_id]:
                del self._parked[hardware_id]

    def proven(self, hardware_id: str, key: bytes, session: NodeSession) -> bool:
        """The node has proved the code; False if nobody waits for it any more."""
        wish = self._wishes.get(hardware_id)
        if wish is None or wish.key != key or wish.outcome.done():
            return False
        self._tries.pop(hardware_id, None)
        wish.outcome.set_result(session)
        return True

    def refused(self, hardware_id: str, key: bytes, word: HandshakeWord | None) -> None:
        """The node did not accept our proof; counts as a try when it looked at it."""
        wish = self._wishes.get(hardware_id)
        if wish is None or wish.key != key or wish.outcome.done():
            return
        if word is HandshakeWord.LOCKED:
            wish.outcome.set_exception(TooManyTriesError())
        elif word is HandshakeWord.PROOF:
            tries = self._tries.setdefault(hardware_id, _Tries(self.clock()))
            tries.count += 1
            wish.outcome.set_exception(WrongCodeError())
