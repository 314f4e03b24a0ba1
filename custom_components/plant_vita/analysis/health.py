"""Health 0–100 from the plant's own limits, with its factors and the one that limits.

Each measure scores 100 between `low` and `high` of its band, falls to 50 at `minimum` or `maximum`
and to 0 as far again outside. The plant is as well as its worst measure allows (Liebig's law of
the minimum), the others still count a little. What is stale or unknown has no score and never
counts as good. Nothing flaps, and yet a danger is told within minutes: an alarm begins where a
value lies beyond its limit by more than its own noise, and ends only once it has been back inside
by a margin for a while. Long waiting is for good news.

These are rules and nothing learnt: a learnt model would have to beat them on plants whose health
somebody judged, and no such measurements were to be had.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..model.plant import Factor, Health, Status
from ..model.species import Band, Bands, Measure

VERSION = 1
MARGIN = 0.05
"""How far back inside a limit a value must come, as a share of the band's width."""
HOLD_S = {Measure.MOISTURE: 900.0, Measure.CONDUCTIVITY: 3600.0, Measure.DLI: 0.0}
"""How long any other status must last before it is shown, in seconds; half an hour for the rest."""
ALARM_S = 240.0
"""How long a value must lie beyond an alarm: told within five minutes, but not for one report."""
LESS_BAD_S = 7200.0
"""How long a value between an alarm and its target must last to end the alarm."""
SLOW_S = {
    # Water that was just poured has an hour to drain, and fertiliser to spread.
    (Measure.MOISTURE, Status.TOO_HIGH): 3600.0,
    (Measure.CONDUCTIVITY, Status.TOO_HIGH): 3600.0,
    (Measure.CONDUCTIVITY, Status.TOO_LOW): 3600.0,
}
_HOLD_S = 1800.0
_NOISES = 2.0
_WORST_COUNTS = 0.7
_BAD = frozenset({Status.TOO_LOW, Status.TOO_HIGH})
_UNCLEAR = frozenset({Status.STALE, Status.FAULTY, Status.UNKNOWN})


@dataclass(frozen=True, kw_only=True, slots=True)
class Observed:
    """The newest value of a measure in its unit, None if unknown.

    It is too old (`stale`) or comes from a sensor that cannot be right (`faulty`); `noise` is by
    how much it wavers (a standard deviation), and `doubted_s` for how long an alarm has to wait for
    later readings to agree, because this one is unlike those before.
    """

    value: float | None
    stale: bool = False
    faulty: bool = False
    noise: float = 0.0
    doubted_s: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Remembered:
    """What the next judgement starts from.

    `status` of each measure as it was shown, and `coming`: another status that has been seen since
    a moment (Unix seconds) but has not lasted long enough.
    """

    status: Mapping[Measure, Status] = field(default_factory=dict)
    coming: Mapping[Measure, tuple[Status, float]] = field(default_factory=dict)


def judge(
    bands: Bands, observed: Mapping[Measure, Observed], before: Remembered, *, now: float
) -> tuple[Health, Remembered]:
    """Judge a plant by every measure of `bands`; a band without an observation is unknown.

    Observations without a band are not looked at. Returns the health and what to hand over next
    time (keep it with `as_stored`).
    """
    factors, status, coming = [], {}, {}
    for measure, band in bands.items():
        seen = observed.get(measure, Observed(value=None))
        old = before.status.get(measure)
        raw = _status(band, seen, old)
        since = _since(raw, before.coming.get(measure), now)
        if old is None or raw is old or now - since >= _hold(measure, old, raw, seen):
            status[measure] = raw
        else:
            status[measure], coming[measure] = old, (raw, since)
        factors.append(_factor(measure, band, seen, status[measure]))
    health = _whole(tuple(factors))
    return health, Remembered(status=status, coming=coming)


def next_turn(observed: Mapping[Measure, Observed], state: Remembered) -> float | None:
    """When a change that is coming will have lasted long enough, in Unix seconds."""
    turns = [
        since + _hold(measure, state.status[measure], status, observed[measure])
        for measure, (status, since) in state.coming.items()
        if measure in observed
    ]
    return min(turns, default=None)


def _hold(measure: Measure, old: Status, new: Status, seen: Observed) -> float:
    if new in _UNCLEAR or old in _UNCLEAR:
        # What is no longer known must not look known, and the first value after that counts.
        return 0.0
    usual = HOLD_S.get(measure, _HOLD_S)
    if not usual:
        return 0.0
    if new in _BAD:
        return max(SLOW_S.get((measure, new), min(ALARM_S, usual)), seen.doubted_s)
    # What is good again is quickly told; what is only less bad may be bad again soon.
    return usual if old not in _BAD or new is Status.GOOD else max(usual, LESS_BAD_S)


def _since(raw: Status, coming: tuple[Status, float] | None, now: float) -> float:
    # A clock that was set back must not make a change wait for ever.
    return min(coming[1], now) if coming and coming[0] is raw else now


def _status(band: Band, seen: Observed, old: Status | None) -> Status:
    if seen.value is None or math.isnan(seen.value):
        return Status.UNKNOWN
    if seen.faulty:
        return Status.FAULTY
    if seen.stale:
        return Status.STALE
    width = MARGIN * (band.maximum - band.minimum)
    # However noisy, an alarm is not put off for ever; a value that was outside has to come back by
    # a margin that its noise does not cross.
    beyond = min(_NOISES * seen.noise, width)
    margin = max(_NOISES * seen.noise, width)
    was_low, was_high = old in {Status.LOW, Status.TOO_LOW}, old in {Status.HIGH, Status.TOO_HIGH}
    low = band.low + margin * was_low
    high = band.high - margin * was_high
    limits = (
        (
            Status.TOO_LOW,
            seen.value < band.minimum + (margin if old is Status.TOO_LOW else -beyond),
        ),
        (
            Status.TOO_HIGH,
            seen.value > band.maximum - (margin if old is Status.TOO_HIGH else -beyond),
        ),
        (Status.LOW, seen.value < min(low, band.high)),
        (Status.HIGH, seen.value > max(high, band.low)),
    )
    return next((status for status, passed in limits if passed), Status.GOOD)


def score(band: Band, value: float) -> float:
    """0–100: 100 inside `low`…`high`, 50 at the outer limits, 0 as far again beyond them."""
    width = max(band.maximum - band.minimum, 1e-9)
    below = _part(value, band.low, band.minimum, width)
    above = _part(-value, -band.high, -band.maximum, width)
    return min(below, above)


def _part(value: float, good: float, limit: float, width: float) -> float:
    if value >= good:
        return 100.0
    if value >= limit:
        return 100.0 - 50.0 * (good - value) / max(good - limit, 1e-9)
    # Where a source knows one limit only, a fifth of the width takes the place of the other.
    reach = max(good - limit, 0.2 * width)
    return max(0.0, 50.0 - 50.0 * (limit - value) / reach)


def _factor(measure: Measure, band: Band, seen: Observed, status: Status) -> Factor:
    known = status not in _UNCLEAR and seen.value is not None
    points = score(band, seen.value) if known and seen.value is not None else None
    if points is not None and status is Status.GOOD:
        points = 100.0
    return Factor(measure=measure, status=status, score=points, value=seen.value)


def _whole(factors: tuple[Factor, ...]) -> Health:
    scored = [(factor.score, factor) for factor in factors if factor.score is not None]
    complete = len(scored) == len(factors) and bool(factors)
    bad = any(factor.status in _BAD for factor in factors)
    if not scored:
        return Health(score=None, factors=factors, limiting=None, problem=None, complete=False)
    worst, limiting = min(scored, key=lambda pair: pair[0])
    mean = sum(points for points, _ in scored) / len(scored)
    whole = _WORST_COUNTS * worst + (1 - _WORST_COUNTS) * mean
    return Health(
        score=round(whole),
        factors=factors,
        limiting=limiting.measure if limiting.status is not Status.GOOD else None,
        # With something unknown, "no problem" would be a guess.
        problem=True if bad else (False if complete else None),
        complete=complete,
    )


def as_stored(state: Remembered) -> dict[str, Any]:
    """As JSON types."""
    return {
        "version": VERSION,
        "status": {measure.value: status.value for measure, status in state.status.items()},
        "coming": {
            measure.value: [status.value, since]
            for measure, (status, since) in state.coming.items()
        },
    }


def from_stored(stored: Mapping[str, Any]) -> Remembered:
    """What `as_stored` gave; another version, or anything malformed, starts anew."""
    try:
        if stored["version"] != VERSION:
            return Remembered()
        return Remembered(
            status={Measure(key): Status(value) for key, value in stored["status"].items()},
            coming={
                Measure(key): (Status(value), float(since))
                for key, (value, since) in stored["coming"].items()
            },
        )
    except KeyError, TypeError, ValueError, AttributeError:
        return Remembered()
