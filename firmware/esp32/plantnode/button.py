"""The button: a press stops everything, ten seconds make a new pairing code."""

from plantnode import clock

_LONG_MS = 10_000


class Button:
    """Looks at the pin every 50 ms; `on_long` is called once in the middle of a long press."""

    def __init__(self, pin, on_long) -> None:
        self.pin, self.on_long = pin, on_long
        self.since = None
        self.done = False

    def poll(self) -> bool:
        """True when a press begins: stop everything, without waiting for what it will become."""
        if self.pin is None:
            return False
        if not self.pin.pressed():
            self.since, self.done = None, False
            return False
        now = clock.real_ms()
        if self.since is None:
            self.since = now
            return True
        if not self.done and now - self.since >= _LONG_MS:
            self.done = True
            self.on_long()
        return False
