"""A token bucket: so many messages a second, so many in a burst."""


class Throttle:
    """`now` is any clock in seconds that never goes back; no clock of its own."""

    __slots__ = ("_at", "_burst", "_left", "_rate")

    def __init__(self, *, rate: float, burst: float, now: float) -> None:
        """Start with a full bucket; `rate` in tokens a second."""
        self._rate, self._burst = rate, burst
        self._left, self._at = burst, now

    def take(self, now: float) -> bool:
        """Take one token; False when there is none."""
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def grant(self) -> None:
        """Give back what an answer will take that somebody is made to send."""
        self._left += 1
