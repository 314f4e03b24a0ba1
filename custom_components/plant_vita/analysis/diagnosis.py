"""What ails a plant: what services saw in a photo, weighed with what its sensors measured.

Each cause begins with the odds that it is the matter at all; every piece of evidence multiplies
them (naive Bayes: the weights are natural logarithms of likelihood ratios and simply add up). So a
soil that was dry for two weeks speaks against the drowned roots that a photo suggests, and both
are shown. The weights are judged, not learnt: no measured collection of such cases was to be had.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from ..model.finding import Cause, Severity, Trouble
from ..model.species import Band, Measure
from .series import DAY_S, HOUR_S, Floats, Series, regular

DAYS = 14
"""How far back it is looked, in days."""
WORTH = 0.2
"""The least confidence of a cause that only the sensors name."""
NAMED = 0.05
"""And of one that a service named."""
ALONE = 0.75
"""What a general model counts for where no specialist was heard."""
_PRIOR = -2.5  # 8 %: of ten things that can ail a plant, one is the matter
_NEUTRAL = 2.0  # the log odds, taken negative, at which a service's confidence says nothing
_HOLD_S = 3 * HOUR_S
_LEAST_HOURS = 24
_LEAST_DAYS = 2
_HARMFUL_HOURS = 3
_MOST = 10


class Source(StrEnum):
    """Where a piece of evidence comes from."""

    SENSOR = "sensor"
    CARE = "care"
    PHOTO = "photo"
    SERVICE = "service"
    ANSWER = "answer"


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """One thing that speaks for a cause, or against it where `weight` is negative.

    `sign` is the key of its text; `value`, `limit`, `share` (%) and `days` are its figures.
    `seats` are the services that say so.
    """

    source: Source
    sign: str
    weight: float
    value: float | None = None
    limit: float | None = None
    share: float | None = None
    days: float | None = None
    seats: tuple[str, ...] = ()


type Signs = Mapping[Cause, tuple[Evidence, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """How one measure went: shares (0–1) of the known time outside of each figure of its band.

    `hours` is how long it was beyond `minimum` or `maximum`, `mean` the mean of all.
    """

    band: Band
    mean: float
    days: float
    low: float
    too_low: float
    high: float
    too_high: float
    hours: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What is known without any service; `yellowing` is the share of yellow foliage in %."""

    courses: Mapping[Measure, Course] = field(default_factory=dict)
    overdue: bool = False
    blocked: bool = False
    yellowing: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What one service said; `weight` is what its voice counts."""

    seat: str
    weight: float
    general: bool
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ailment:
    """One thing that may be wrong, with all that speaks for and against it.

    `trouble` is what the weightiest service says of it; None where only the sensors do.
    """

    cause: Cause
    confidence: float
    severity: Severity
    evidence: tuple[Evidence, ...]
    trouble: Trouble | None = None

    @property
    def seats(self) -> tuple[str, ...]:
        """The services that named it."""
        return tuple(seat for one in self.evidence for seat in one.seats)


_LOW = {
    Measure.MOISTURE: Cause.UNDER_WATERED,
    Measure.DLI: Cause.TOO_DARK,
    Measure.TEMPERATURE: Cause.TOO_COLD,
    Measure.HUMIDITY: Cause.DRY_AIR,
    Measure.CONDUCTIVITY: Cause.HUNGRY,
}
_HIGH = {
    Measure.MOISTURE: Cause.OVER_WATERED,
    Measure.DLI: Cause.TOO_BRIGHT,
    Measure.TEMPERATURE: Cause.TOO_HOT,
    Measure.CONDUCTIVITY: Cause.SALTY,
}
MEASURED = frozenset({*_LOW.values(), *_HIGH.values()})
"""The causes that sensors can tell; of the others there may be several at once."""
# Leaves turn yellow for any of these.
_YELLOWS = (Cause.OVER_WATERED, Cause.UNDER_WATERED, Cause.HUNGRY, Cause.TOO_DARK)
_YELLOW = 10.0


def course(readings: Series, band: Band, *, now: float) -> Course | None:
    """The last two weeks hour by hour; None of less than a day of them."""
    count = round(DAYS * DAY_S / HOUR_S)
    start = now - count * HOUR_S
    grid = regular(readings, start=start, step=HOUR_S, count=count, hold=_HOLD_S, fill=_HOLD_S)
    hours = grid.values[np.isfinite(grid.values)]
    return None if len(hours) < _LEAST_HOURS else _course(hours, band, 24.0)


def course_of_days(days: Sequence[float], band: Band) -> Course | None:
    """The same of one figure for each day, as a light integral; None of less than two."""
    return None if len(days) < _LEAST_DAYS else _course(np.array(days, dtype=np.float64), band, 1.0)


def _course(values: Floats, band: Band, a_day: float) -> Course:
    beyond = (values < band.minimum) | (values > band.maximum)
    return Course(
        band=band,
        mean=float(values.mean()),
        days=len(values) / a_day,
        low=float((values < band.low).mean()),
        too_low=float((values < band.minimum).mean()),
        high=float((values > band.high).mean()),
        too_high=float((values > band.maximum).mean()),
        hours=float(beyond.sum()) * 24.0 / a_day,
    )


def signs(seen: Seen) -> Signs:
    """What speaks for and against each cause, without any service."""
    found: dict[Cause, list[Evidence]] = {}
    for measure, one in seen.courses.items():
        for below, causes in ((True, _LOW), (False, _HIGH)):
            if (cause := causes.get(measure)) is not None:
                found.setdefault(cause, []).append(_measured(measure, one, below=below))
    if seen.overdue:
        overdue = Evidence(source=Source.CARE, sign="water_overdue", weight=1.5)
        found.setdefault(Cause.UNDER_WATERED, []).append(overdue)
    if seen.blocked:
        blocked = Evidence(source=Source.SENSOR, sign="drainage_blocked", weight=2.0)
        found.setdefault(Cause.OVER_WATERED, []).append(blocked)
    for cause, evidence in _favoured(seen.courses):
        found.setdefault(cause, []).append(evidence)
    if seen.yellowing is not None and seen.yellowing >= _YELLOW:
        yellow = Evidence(source=Source.PHOTO, sign="yellowing", weight=0.7, value=seen.yellowing)
        for cause in _YELLOWS:
            found.setdefault(cause, []).append(yellow)
    return {cause: tuple(some) for cause, some in found.items()}


def _measured(measure: Measure, one: Course, *, below: bool) -> Evidence:
    share, far = (one.low, one.too_low) if below else (one.high, one.too_high)
    other = one.high if below else one.low
    word = "low" if below else "high"
    limit = one.band.low if below else one.band.high
    weight = min(5.0, 4.0 * share + 2.0 * far)
    if measure is Measure.TEMPERATURE and far and one.hours >= _HARMFUL_HOURS:
        # One night of frost is enough.
        weight, limit = 4.0, one.band.minimum if below else one.band.maximum
    if share < 0.05 and not far:
        word, weight = "good", -1.5
        if other >= 0.3:
            word, weight = ("high" if below else "low"), -3.0
            share, limit = other, one.band.high if below else one.band.low
    return Evidence(
        source=Source.SENSOR,
        sign=f"{measure}_{word}",
        weight=weight,
        value=one.mean,
        limit=limit,
        share=100.0 * share,
        days=one.days,
    )


def _favoured(courses: Mapping[Measure, Course]) -> Iterable[tuple[Cause, Evidence]]:
    """What makes it easy for others: mites like warm dry air, moulds wet soil and damp air."""
    soil, air = courses.get(Measure.MOISTURE), courses.get(Measure.HUMIDITY)
    if air is not None and air.low >= 0.5:
        yield Cause.PEST, _favours("humidity_low", air, air.band.low, air.low)
    if air is not None and air.high >= 0.5:
        yield Cause.FUNGUS, _favours("humidity_high", air, air.band.high, air.high)
    if soil is not None and soil.high >= 0.5:
        yield Cause.FUNGUS, _favours("moisture_high", soil, soil.band.high, soil.high)


def _favours(sign: str, one: Course, limit: float, share: float) -> Evidence:
    return Evidence(
        source=Source.SENSOR,
        sign=sign,
        weight=0.7,
        value=one.mean,
        limit=limit,
        share=100.0 * share,
        days=one.days,
    )


def fused(
    heard: Sequence[Heard], known: Signs, courses: Mapping[Measure, Course]
) -> tuple[Ailment, ...]:
    """All that may be wrong, the likeliest first; empty when nothing is suspected.

    A pest or a mould is suspected only where a service has named one: sensors make it likelier, but
    they see none.
    """
    said = _said(heard)
    found: list[Ailment] = []
    for (cause, _), (evidence, trouble) in said.items():
        every = (*evidence, *known.get(cause, ()))
        found.append(_ailment(cause, every, trouble, courses))
    named = {cause for cause, _ in said}
    found += [
        _ailment(cause, evidence, None, courses)
        for cause, evidence in known.items()
        if cause in MEASURED and cause not in named
    ]
    worth = [one for one in found if one.confidence >= (WORTH if one.trouble is None else NAMED)]
    return tuple(sorted(worth, key=lambda one: -one.confidence)[:_MOST])


def confirmed(ailments: Sequence[Ailment], yes: str, no: str) -> tuple[Ailment, ...]:
    """The same once a person has answered: of two names of troubles one is meant, one is not."""
    changed = []
    for one in ailments:
        name = one.trouble.name.casefold() if one.trouble else ""
        if name and name in {yes.casefold(), no.casefold()}:
            weight = 2.0 if name == yes.casefold() else -2.0
            sign = "confirmed" if weight > 0 else "denied"
            said = Evidence(source=Source.ANSWER, sign=sign, weight=weight)
            evidence = (*one.evidence, said)
            changed.append(replace(one, evidence=evidence, confidence=_confidence(evidence)))
        else:
            changed.append(one)
    return tuple(sorted(changed, key=lambda one: -one.confidence))


def _said(
    heard: Sequence[Heard],
) -> dict[tuple[Cause, str], tuple[tuple[Evidence, ...], Trouble]]:
    """What the services said of each cause, and the words of the weightiest of them."""
    alone = all(one.general for one in heard)
    found: dict[tuple[Cause, str], tuple[tuple[Evidence, ...], Trouble]] = {}
    for one in sorted(heard, key=lambda one: -one.weight):
        mine: dict[tuple[Cause, str], Trouble] = {}
        for trouble in sorted(one.troubles, key=lambda trouble: -trouble.confidence):
            name = "" if trouble.cause in MEASURED else trouble.name.casefold()
            mine.setdefault((trouble.cause, name), trouble)
        for key, trouble in mine.items():
            weight = ALONE if alone else one.weight
            evidence = Evidence(
                source=Source.SERVICE,
                sign="named",
                weight=weight * (_logit(trouble.confidence) + _NEUTRAL),
                value=100.0 * trouble.confidence,
                seats=(one.seat,),
            )
            before, words = found.get(key, ((), trouble))
            found[key] = ((*before, evidence), words)
    return found


def _logit(share: float) -> float:
    bounded = min(max(share, 0.02), 0.98)
    return math.log(bounded / (1.0 - bounded))


def _confidence(evidence: Iterable[Evidence]) -> float:
    return 1.0 / (1.0 + math.exp(-(_PRIOR + sum(one.weight for one in evidence))))


def _ailment(
    cause: Cause,
    evidence: tuple[Evidence, ...],
    trouble: Trouble | None,
    courses: Mapping[Measure, Course],
) -> Ailment:
    confidence = _confidence(evidence)
    return Ailment(
        cause=cause,
        confidence=confidence,
        severity=_severity(cause, confidence, trouble, courses),
        evidence=tuple(sorted(evidence, key=lambda one: -abs(one.weight))),
        trouble=trouble,
    )


def _severity(
    cause: Cause, confidence: float, trouble: Trouble | None, courses: Mapping[Measure, Course]
) -> Severity:
    """How far it went outside of the band; else what a service said, else how sure all are."""
    for low, causes in ((True, _LOW), (False, _HIGH)):
        for measure, one in courses.items():
            share, far = (one.low, one.too_low) if low else (one.high, one.too_high)
            if causes.get(measure) is cause and share >= 0.05:
                if far >= 0.25:
                    return Severity.SEVERE
                return Severity.MODERATE if far > 0 or share >= 0.5 else Severity.SLIGHT
    if trouble is not None and trouble.severity is not None:
        return trouble.severity
    return Severity.MODERATE if confidence >= 0.6 else Severity.SLIGHT
