"""Resets the node when its main loop hangs (5 s).

Or when one of its tasks has died while the loop turns.
"""

from plantnode import clock, limits

_FEED_MS = 500


class Watchdog:
    """`alive(name)` is a sign of life.

    A task silent for longer than it said starves the watchdog.
    """

    def __init__(self, make) -> None:
        self.make = make
        self.device = None
        self.limits = {}
        self.seen = {}
        self.starving = ""

    def expect(self, name: str, ms: int) -> None:
        """From now on `name` must show life at least every `ms`."""
        self.limits[name] = ms
        self.alive(name)

    def alive(self, name: str) -> None:
        """A sign of life."""
        self.seen[name] = clock.real_ms()

    def late(self) -> str:
        """The name of a task that should have been heard by now, or an empty text."""
        now = clock.real_ms()
        for name in self.limits:
            if now - self.seen[name] > self.limits[name]:
                return name
        return ""

    def brace(self) -> None:
        """Before and after something that is known to take long: the five seconds begin anew."""
        if self.device is not None:
            self.device.feed()

    async def run(self) -> None:
        """Feed while everybody lives. Once started, the hardware can't be stopped."""
        device = self.device = self.make(timeout=limits.WATCHDOG_MS)
        while True:
            self.starving = self.late()
            if self.starving:
                print("watchdog: no life from", self.starving)
            else:
                device.feed()
            await clock.pause_ms(_FEED_MS)
