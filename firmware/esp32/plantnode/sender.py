"""What goes out and when: below Home Assistant's rate limit, answers before readings."""

import asyncio

from plantnode import clock, limits, messages, seal

_QUEUE_MAX = 16
_LOOK_MS = 100
_HURRY_MS = 5
_GRACE_MS = 2000  # readings that are on their way say it as well


class Bucket:
    """At most one message each half second, eight at once after a pause.

    Half of them after a start: Home Assistant remembers what was said before it.
    """

    def __init__(self) -> None:
        self.tokens = limits.BURST * limits.RATE_MS // 2
        self.seen = clock.real_ms()

    def wait(self) -> int:
        """0 and a token taken, or the ms until there is one."""
        now = clock.real_ms()
        self.tokens = min(limits.BURST * limits.RATE_MS, self.tokens + now - self.seen)
        self.seen = now
        if self.tokens < limits.RATE_MS:
            return limits.RATE_MS - self.tokens
        self.tokens -= limits.RATE_MS
        return 0


class Sender:
    """Answers wait in a bounded queue.

    The state and the readings are made when their turn comes.
    """

    def __init__(self, outputs, backlog, up) -> None:
        self.outputs, self.backlog, self.up = outputs, backlog, up
        self.queue = []
        self.piece = None  # of a photo, that was just asked for
        self.hurried = False  # while one piece will be asked for after the other
        self.last_ms = clock.real_ms()
        self.sent = 0
        self.bucket = Bucket()  # of the node, not of a session, as Home Assistant counts too

    def put(self, message: dict) -> None:
        """An answer or a log line; the oldest log line goes when there are too many."""
        if len(self.queue) >= _QUEUE_MAX:
            logs = [waiting for waiting in self.queue if waiting["t"] == "log"]
            self.queue.remove(logs[0] if logs else self.queue[0])
        self.queue.append(message)

    def pending(self) -> bool:
        """Whether anything waits to be sent."""
        return bool(self.queue) or self.outputs.collect() or self.backlog.unsent()

    def next(self) -> bytes | None:
        """The next message."""
        if self.queue:
            return messages.encode(self.queue.pop(0))
        if self.outputs.collect():
            self.outputs.due = False
            return messages.encode(self.outputs.state())
        return self.backlog.next(self.up())

    async def _pause(self, ms: int) -> None:
        await clock.pause_ms(_HURRY_MS if self.hurried else ms)

    async def run(self, send, every) -> None:
        """Send for ever; something is said at least every `every()` seconds.

        As `hello` promised.
        """
        while True:
            if self.piece is not None:
                piece, self.piece = self.piece, None
                await send(piece, seal.PIECE)  # Home Assistant doesn't count what it asks for
                continue
            if not self.pending():
                if clock.real_ms() - self.last_ms >= every() * 1000 + _GRACE_MS:
                    self.outputs.due = True
                await self._pause(_LOOK_MS)
                continue
            wait = self.bucket.wait()
            if wait:
                await self._pause(wait)
                continue
            message = self.next()
            if message is not None:
                await send(message)
                self.sent += 1
                self.last_ms = clock.real_ms()
            await asyncio.sleep(0)
