"""What automatic care will do in the days ahead, and why not where it will not.

The same decisions are asked as every day, over soil that dries as fast as it does now: so a plan
cannot promise what would not be done. What nobody knows yet, it does not know either.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..model.watering import Source, Why
from .automatic import DAY_S, Decision, Facts, decide, flaw, level
from .dose import Given, ml_per_point
from .senses import RANGE
from .weather import Weather

DAYS = 7
_STEP_S = 900.0
# What a state says for as long as it lasts, rather than what puts off water that is due.
_ORDINARY = frozenset({Why.TOO_WET, Why.SOAKING})
_MOST = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """At `at` (Unix seconds) the plant gets `ml`, or is due and gets none, `why`."""

    at: float
    source: Source
    ml: float = 0.0
    why: Why | None = None


def plan(
    facts: Facts, now: float, *, days: int = DAYS, weather: Sequence[Weather] = ()
) -> tuple[Entry, ...]:
    """What will happen from `now` on, in order of time.

    `weather` is that of each whole day from now; where it ends nobody knows any. A plant that is
    watered by a sensor whose drying is not known is told for this moment only.
    """
    ahead = _Ahead(facts, now)
    until = now + days * DAY_S
    while ahead.now < until and len(ahead.entries) < _MOST:
        day = int((ahead.now - now) // DAY_S)
        said = decide(ahead.facts_with(weather[day] if day < len(weather) else None), ahead.now)
        ahead.note(said)
        if not ahead.known:
            break
        ahead.go_on()
    return tuple(ahead.entries)


class _Ahead:
    """The plant as it will be, step by step."""

    def __init__(self, facts: Facts, now: float) -> None:
        self._facts = facts
        self.now = now
        self.entries: list[Entry] = []
        self._why: Why | None = None
        self._began = now
        # What was used before is taken to come free a day from now, since nobody says when it was
        # given: too careful by a day at most.
        self._given: list[tuple[float, float]] = [(now, facts.used_ml)]
        self._each = ml_per_point(facts.given, facts.pot_ml)
        soil = facts.soil
        self._moisture = level(facts) or 0.0
        # Whether it can be told what comes: not by a sensor that is not sane now.
        self.known = not facts.sensed or (facts.drying is not None and flaw(soil, now) is None)

    def facts_with(self, weather: Weather | None) -> Facts:
        """What automatic care will be told; at first that is what it is told now."""
        if self.now == self._began:
            return self._facts
        soil = self._facts.soil
        if soil is not None:
            moisture = max(self._moisture, RANGE[0])
            soil = replace(soil, moisture=moisture, at=self.now, changed_at=self.now)
        used = sum(ml for at, ml in self._given if self.now - at < DAY_S)
        return replace(self._facts, soil=soil, recent=(), used_ml=used, weather=weather)

    def note(self, said: Decision) -> None:
        """Take down what was decided, and let the water have its effect."""
        if said.ml > 0:
            self.entries.append(Entry(at=self.now, source=said.source, ml=said.ml))
            self._given.append((self.now, said.ml))
            given = (*self._facts.given, Given(at=self.now, ml=said.ml))
            self._facts = replace(self._facts, given=given, watered_at=self.now)
            self._moisture = min(RANGE[1], self._moisture + said.ml / self._each)
        elif said.why and said.why not in _ORDINARY and said.why is not self._why:
            self.entries.append(Entry(at=self.now, source=said.source, why=said.why))
        self._why = said.why

    def go_on(self) -> None:
        """A quarter of an hour later."""
        self.now += _STEP_S
        self._moisture -= (self._facts.drying or 0.0) * _STEP_S / DAY_S
