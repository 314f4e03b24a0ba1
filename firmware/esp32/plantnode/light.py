"""Grow lights: on at a level, off after a time that always has an end."""

from plantnode import clock, limits, messages

_FULL = 65535


class Lights:
    """All lights of the node; they are dark after a reset."""

    def __init__(self, dimmers: dict) -> None:
        self.dimmers = dimmers
        self.levels = dict.fromkeys(dimmers, 100)
        self.ends = {}
        self.why = "boot"
        self.command = None
        self.changed = False
        for channel in dimmers:
            self._show(channel)

    def _show(self, channel: int) -> None:
        lit = channel in self.ends
        self.dimmers[channel].duty_u16(self.levels[channel] * _FULL // 100 if lit else 0)

    def refusal(self, ms, level) -> str | None:
        """The error word for what may not be, or None."""
        if type(ms) is not int or ms < 1:
            return "bad"
        if level is not None and (type(level) is not int or not 0 <= level <= 100):
            return "bad"
        return "too_long" if ms > limits.LIGHT_MS_MAX else None

    def on(self, name: str, channel: int, ms: int, level: int | None) -> None:
        """Light for `ms`; `refusal` has been asked before."""
        if level is not None:
            self.levels[channel] = level
        self.ends[channel] = clock.ticks() + ms
        self._tell(channel, "cmd", name)

    def level(self, name: str, channel: int, level: int) -> None:
        """Change the level; what is dark stays dark and remembers it."""
        self.levels[channel] = messages.whole(level, 0, 100)
        self._tell(channel, "cmd", name)

    def off(self, channel: int, why: str, name: str | None = None) -> None:
        """Dark."""
        if self.ends.pop(channel, None) is not None:
            self._tell(channel, why, name)

    def end(self, why: str, name: str | None = None) -> None:
        """All dark."""
        for channel in list(self.ends):
            self.off(channel, why, name)

    def poll(self) -> None:
        """Part of the safety loop: lights whose time is over."""
        now = clock.ticks()
        for channel in list(self.ends):
            if self.ends[channel] <= now:
                self.off(channel, "timer")

    def _tell(self, channel: int, why: str, name: str | None) -> None:
        self._show(channel)
        self.why, self.command, self.changed = why, name, True

    def left(self) -> dict:
        """Channel → ms left, 0 for dark."""
        now = clock.ticks()
        return {c: max(0, self.ends[c] - now) if c in self.ends else 0 for c in self.dimmers}
