"""Dial, prove, talk, and again: the node's side of every link (docs/protocol.md §1, §2, §13)."""

import gc
import json
import os

from plantnode import bounded, clock, finder, mqtt, pairing, ws
from plantnode.bounded import ClosedError
from plantnode.handshake import Handshake, RefusedError, WrongProofError
from plantnode.session import Session

_ANSWER_MS = 30_000
_OTHERS_MS = 3_000  # for others to answer, where somebody has said no
_AFTER_MS = {"unpaired": 5_000, "unknown": 60_000, "version": 60_000}
_FIRST_MS, _MOST_MS = 1_000, 60_000
_LOOK_MS = 50
_GOOD_MS = 30_000  # a session that lasted this long was a good one


class Backoff:
    """1 s, 2 s, … 60 s, each with a random half.

    So that a hundred nodes do not come back as one.
    """

    def __init__(self) -> None:
        self.ms = _FIRST_MS

    def good(self) -> None:
        """Begin again at 1 s."""
        self.ms = _FIRST_MS

    def next(self) -> int:
        """The next wait in ms."""
        wait = self.ms // 2 + self.ms * int.from_bytes(os.urandom(2), "big") // 131072
        self.ms = min(_MOST_MS, self.ms * 2)
        return wait


class Link:
    """Keeps a session open for as long as the node lives."""

    def __init__(self, node) -> None:
        self.node = node
        self.backoff = Backoff()
        self.socket = None  # type: ws.WebSocket
        self.talk = None  # type: Session  # the only one, whatever carries it
        self.callers = pairing.Tries()  # of who is near: they shall not lock out who is dialled
        self.redial = False  # the button has made a new code: do not wait
        self.status = "starting"

    async def attempt(self, *more) -> int:  # noqa: PLR0911 - one line for each way it ends
        """One dial and one session; the ms to wait before the next. Never raises."""
        node = self.node
        began = clock.real_ms()
        try:
            if not await node.wifi.up():
                return self._later("no Wi-Fi")
            way = await node.finder.next()
            if way is None:
                return self._later("Home Assistant not found")
            sealed = await self._dial(way)
            node.finder.keep(way)
            node.keys.remember(way.uuid)
            began = clock.real_ms()
            await self._converse(Session(self.socket, sealed, node), *more)
            return self._later("closed")
        except RefusedError as refused:
            word = str(refused.args[0])[:16]
            if word == "unknown" and self.talk is None:
                node.outputs.pumps.end("link")
            return self._later("refused: " + word, _AFTER_MS.get(word))
        except WrongProofError:
            # Unpaired: somebody has mistyped the code, and will type it again now.
            wait = None if node.keys.paired() else _AFTER_MS["unpaired"]
            return self._later("wrong proof", wait)
        except (ClosedError, OSError, ValueError, RuntimeError) as error:
            if clock.real_ms() - began > _GOOD_MS:
                self.backoff.good()
            return self._later(str(error))
        except MemoryError:
            gc.collect()
            return self._later("out of memory")
        finally:
            socket, self.socket = self.socket, None
            if socket is not None:
                await socket.drop()

    async def _converse(self, session: Session, *more) -> None:
        """The session, in the place of the one before, which ends first."""
        before, self.talk = self.talk, session
        try:
            while before is not None and not before.over:
                await clock.pause_ms(_LOOK_MS)
            await session.run(lambda: self._until_replaced(session), *more)
        finally:
            session.over = True
            if self.talk is session:
                self.talk = None
            self.node.closed()

    async def _until_replaced(self, session: Session) -> None:
        while self.talk is session:
            await clock.pause_ms(_LOOK_MS)
        raise ClosedError("replaced by a newer session")

    async def serve(self, radio, *more) -> None:
        """For ever: dial to each central that asks for it, and talk."""
        while True:
            central = await radio.call()
            try:
                sealed = await bounded.within(
                    _ANSWER_MS, self._greet(central, self.callers), "proof"
                )
                await self._converse(Session(central, sealed, self.node), *more)
            except RefusedError as refused:
                self._say("refused: " + str(refused.args[0])[:16])
            except WrongProofError:
                self._say("wrong proof")
            except (ClosedError, OSError, ValueError, RuntimeError) as error:
                self._say(str(error))
            except MemoryError:
                gc.collect()
                self._say("out of memory")
            finally:
                await central.drop()

    def _later(self, why: str, fixed_ms: int | None = None) -> int:
        self._say(why)
        return fixed_ms or self.backoff.next()

    def _say(self, why: str) -> None:
        # While one link carries a session, a failure of another is no news.
        if why != self.status and self.talk is None:
            print("link:", why)
            self.status = why

    async def _dial(self, way):
        """A socket with the handshake behind it: the sealed session."""
        node = self.node
        address = ws.Address(way.url)
        host = await node.finder.address(address.host, node.wifi.nameserver())
        if not host:
            raise ClosedError("unknown host " + address.host)
        if address.broker:
            self.socket = await mqtt.connect(address, node.id, node.settings, host)
        else:
            self.socket = await ws.connect(address, finder.PATH, host)
        return await self._greet(self.socket, node.tries)

    async def _greet(self, socket, tries: pairing.Tries):
        """Say who we are, and hear the answer: the sealed session."""
        node = self.node
        handshake = Handshake(node.id, node.keys.kid, node.keys.key)
        first = handshake.first(node.board.model, node.settings.text("name", 32))
        await socket.send(ws.TEXT, first.encode())
        return await self._agree(socket, handshake, tries)

    async def _agree(self, socket, handshake: Handshake, tries: pairing.Tries):
        """The session with the first who holds our key.

        Where several may answer, one who does not is no reason not to hear the others.
        """
        until, problem = clock.real_ms() + _ANSWER_MS, None
        while True:
            left = max(1, until - clock.real_ms())
            try:
                answer = await bounded.within(left, socket.receive(left), "answer")
            except ClosedError:
                if problem is None:
                    raise
                raise problem from None
            if answer[0] != ws.TEXT:
                raise ClosedError("answer is not text")
            try:
                sealed = await self._prove(socket, handshake, answer[1], tries)
            except (RefusedError, WrongProofError) as error:
                if not socket.shared:
                    raise
                problem, until = error, min(until, clock.real_ms() + _OTHERS_MS)
                continue
            socket.settle()
            return sealed

    async def _prove(self, socket, handshake: Handshake, answer: bytes, tries: pairing.Tries):
        if tries.locked():
            await self._refuse(socket, "locked")
            raise ClosedError("locked: too many wrong proofs")
        try:
            return handshake.finish(answer)
        except WrongProofError:
            tries.count()
            await self._refuse(socket, "proof")
            raise

    async def _refuse(self, socket, word: str) -> None:
        await socket.send(ws.TEXT, json.dumps({"err": word}).encode())
        if not socket.shared:
            await socket.close(1000)

    async def run(self) -> None:
        """For ever: attempt, wait, attempt."""
        while True:
            self.node.watchdog.alive("link")
            wait = await self.attempt() if self.node.dials() else _FIRST_MS
            until = clock.real_ms() + wait
            while clock.real_ms() < until and not self.redial:
                self.node.watchdog.alive("link")
                await clock.pause_ms(100)
            self.redial = False

    async def restart(self) -> None:
        """End the session at hand and dial again at once (new code)."""
        self.redial = True
        self.callers = pairing.Tries()
        if self.talk is not None and self.talk.socket is not self.socket:
            await self.talk.socket.drop()
        if self.socket is not None:
            await self.socket.drop()
