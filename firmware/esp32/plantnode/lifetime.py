"""A clock that counts the life of the node across power cuts and deep sleep, and never runs ahead.

Without a battery nobody knows how long the power was off. Counting none of it makes a day of this
clock last at least a day, so a budget per day of it can never be exceeded. Time of day plays no
part.
"""

import json

from plantnode import clock, files

NAME = "lifetime.json"
SAVE_MS = 300_000


class Lifetime:
    """Milliseconds of life; `base` is what had been lived when this boot began."""

    def __init__(self) -> None:
        self.base = _saved()
        self.saved = self.base

    def now(self) -> int:
        """Milliseconds lived."""
        return self.base + clock.ticks()

    def at_least(self, ms: int) -> None:
        """Another witness (ledger, RTC memory) has seen this much life."""
        if ms > self.now():
            self.base = ms - clock.ticks()

    def save(self, *, force: bool = False) -> None:
        """Remember, now and then; failing only makes the clock slower."""
        now = self.now()
        if not force and now - self.saved < SAVE_MS:
            return
        try:
            files.write(NAME, json.dumps({"ms": now, "check": _check(now)}).encode())
            self.saved = now
        except OSError:
            pass


def _check(ms: int) -> int:
    return (ms * 2654435761 + 97) & 0xFFFFFFFF


def _saved() -> int:
    best = 0
    for name in (NAME, NAME + files.NEW):
        data = files.read(name)
        try:
            fields = json.loads(data) if data else {}
            ms = fields["ms"]
            if type(ms) is int and ms >= 0 and fields["check"] == _check(ms):
                best = max(best, ms)
        except (ValueError, KeyError, TypeError):
            continue
    return best
