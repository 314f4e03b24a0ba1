"""The things outside: a node, a foreign switch, soil. Written from the invariants, not the code.

They know the true time only, in seconds; whoever drives them calls `pass_to` often enough.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

DAY = 86_400.0
CAP_MS = 30_000


@dataclass
class Pin:
    """What truly flowed through one pump: (from, to, name of the pulse or "")."""

    runs: list[tuple[float, float, str]] = field(default_factory=list)
    since: float | None = None
    name: str = ""

    def on(self, now: float, name: str) -> None:
        assert self.since is None
        self.since, self.name = now, name

    def off(self, now: float) -> None:
        if self.since is not None:
            self.runs.append((self.since, now, self.name))
            self.since = None

    def seconds(self, after: float, now: float) -> float:
        """How long it ran between two times."""
        return sum(max(0.0, end - max(begin, after)) for begin, end, _ in self.all_runs(now))

    def all_runs(self, now: float) -> list[tuple[float, float, str]]:
        """The present one included, as if it ended `now`."""
        running = [] if self.since is None else [(self.since, now, self.name)]
        return [*self.runs, *running]

    def by_name(self, now: float) -> dict[str, float]:
        """How long it ran for each name."""
        found: dict[str, float] = {}
        for begin, end, name in self.runs:
            found[name] = found.get(name, 0.0) + end - begin
        if self.since is not None:
            found[self.name] = found.get(self.name, 0.0) + now - self.since
        return found


class Node:
    """W2 to W8: what a node does whatever it is told. Two pumps, one at a time."""

    def __init__(self, pumps: tuple[str, ...], ended: Callable[[str, str, int, str], None]) -> None:
        self.pins = {pump: Pin() for pump in pumps}
        self.ended = ended  # pump, name, ms that it ran, why
        self.ran: set[str] = set()
        self.booked: list[tuple[float, float, str]] = []  # end, ms, pump
        self.locks: set[str] = set()
        self.running: tuple[str, str, float, float] | None = None  # pump, name, since, until

    def refusal(self, pump: str, name: str, ms: int, now: float) -> tuple[str, int | None]:
        """Why not, and after how many ms to ask again; ("", None) if nothing speaks against it."""
        rest = max([end + 60 - now for end, _, other in self.booked if other == pump], default=0)
        spent = sum(booked for end, booked, _ in self.booked if end > now - DAY)
        busy = int((self.running[3] - now) * 1000) if self.running else 0
        reasons = {
            ("repeat", None): name in self.ran,
            ("too_long", None): ms > CAP_MS,
            ("interlock", None): bool(self.locks),
            ("busy", busy): self.running is not None,
            ("soak", int(rest * 1000)): rest > 0,
            ("budget", None): spent + ms > 120_000,
        }
        return next((reason for reason, holds in reasons.items() if holds), ("", None))

    def on(self, pump: str, name: str, ms: int, now: float) -> tuple[str, int | None]:
        """Run, unless it refuses; gives the refusal."""
        self.pass_to(now)
        refused = self.refusal(pump, name, ms, now)
        if refused[0]:
            return refused
        self.ran.add(name)
        self.booked.append((now + ms / 1000, ms, pump))
        self.running = (pump, name, now, now + ms / 1000)
        self.pins[pump].on(now, name)
        return "", None

    def off(self, now: float, why: str, pump: str | None = None) -> None:
        """Of one pump, or of all."""
        self.pass_to(now)
        if self.running and pump in {None, self.running[0]}:
            self._end(now, why)

    def _end(self, now: float, why: str) -> None:
        pump, name, since, _ = self.running
        self.running = None
        self.pins[pump].off(now)
        self.ended(pump, name, round((now - since) * 1000), why)

    def pass_to(self, now: float) -> None:
        """The timer."""
        if self.running and now >= self.running[3]:
            self._end(self.running[3], "timer")

    @property
    def next(self) -> float | None:
        return self.running[3] if self.running else None


class Switch:
    """Any switch with a pump behind it: on until somebody turns it off."""

    def __init__(self, changed: Callable[[bool], None]) -> None:
        self.pin = Pin()
        self.changed = changed

    @property
    def is_on(self) -> bool:
        return self.pin.since is not None

    def turn(self, *, on: bool, now: float, name: str = "") -> None:
        if on == self.is_on:
            return
        if on:
            self.pin.on(now, name)
        else:
            self.pin.off(now)
        self.changed(on)


@dataclass
class Soil:
    """One plant's soil and its sensor; `answers` is false where no water arrives."""

    moisture: float = 30.0
    answers: bool = True
    stuck: float | None = None
    silent: bool = False

    def water(self, ml: float) -> None:
        if self.answers:
            self.moisture = min(90.0, self.moisture + ml * 0.08)

    def dry(self, seconds: float) -> None:
        # Never twice the same: a sensor that shows the same for a day is stuck.
        self.moisture = max(6.0, self.moisture - seconds * 0.00012) + 1e-9

    def shows(self) -> float:
        return self.moisture if self.stuck is None else self.stuck
