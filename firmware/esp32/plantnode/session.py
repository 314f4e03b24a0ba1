"""One conversation with Home Assistant, from the first sealed frame to the last."""

from plantnode import bounded, camera, clock, messages, seal, updates, ws
from plantnode.bounded import ClosedError
from plantnode.seal import FrameError

BAD = 4400
_HI_MS = 10_000
_PING_MS = 20_000
_SILENCE_MS = 60_000  # two pings without any answer, and a little


class Session:
    """Seals and opens; hands what Home Assistant says to `node`.

    Whose answers go out through `sender`.
    """

    def __init__(self, socket, sealed, node) -> None:
        self.socket, self.sealed, self.node = socket, sealed, node
        self.over = False
        self.unknown = 0

    async def send(self, message: bytes, kind: int = seal.JSON_MESSAGE) -> None:
        """Seal and send one message."""
        await self.socket.send(ws.BINARY, self.sealed.seal(message, kind=kind))

    async def receive(self, idle_ms: int) -> dict:
        """The next message."""
        opcode, frame = await self.socket.receive(idle_ms)
        if opcode != ws.BINARY:
            raise ClosedError("text in a session")
        fields = messages.parse(self.sealed.open(frame))
        self.node.heard_ms = clock.real_ms()
        return fields

    async def open(self) -> None:
        """`hello`, and wait for `hi`: before it, nothing else is said or done."""
        await self.send(messages.encode(self.node.hello()))
        until = clock.real_ms() + _HI_MS
        while True:
            fields = await self.receive(max(1, until - clock.real_ms()))
            if fields["t"] == "hi":
                self.node.told(messages.greeting(fields))
                return
            self.take(fields)

    def take(self, fields: dict) -> None:
        """One message of Home Assistant."""
        kind = fields["t"]
        if kind == "got":
            self.node.backlog.confirm(*messages.confirmation(fields))
        elif kind == "hi":
            self.node.told(messages.greeting(fields))
        elif kind == "cmd":
            self.node.sender.put(self.node.commands.run(fields))
        elif kind == "key":
            self.node.sender.put(self.node.take_key(fields))
        elif kind in updates.TYPES:
            self.node.updates.take(fields)
        elif kind in camera.TYPES:
            self.node.cameras.take(fields)
        else:
            self.unknown += 1

    async def _listen(self) -> None:
        while True:
            self.take(await self.receive(_SILENCE_MS))

    async def _ping(self) -> None:
        """Ask for a sign of life; two pings without one end the session."""
        silent = 0
        while True:
            self.node.watchdog.alive("link")
            self.socket.heard = False
            await self.socket.ping()
            await clock.pause_ms(_PING_MS)
            silent = 0 if self.socket.heard else silent + 1
            if silent >= 2:
                raise ClosedError("two pings unanswered")

    async def run(self, *more) -> None:
        """Talk until something ends it; raises ClosedError. What `more` make runs alongside."""
        node = self.node
        try:
            await self.open()
            node.opened()
            await bounded.race(
                self._listen(),
                self._ping(),
                node.sender.run(self.send, node.every),
                *[make() for make in more],
            )
        except (FrameError, messages.BadMessageError) as error:
            await self.socket.close(BAD)
            raise ClosedError("bad frame: " + str(error)) from None
