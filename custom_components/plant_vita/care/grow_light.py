"""When a grow light has to shine so that a plant has its light by the end of its day.

Light is the daily light integral, in mol/m². The lamp tops up what the sun gives, in the cheapest
hours, or in those a person likes, and never in the plant's night.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum
from itertools import pairwise
from statistics import median

from .quiet import Hours

DAY_S = 86_400.0
LEAST_RUN_S = 600.0
"""A lamp is not switched on for less, nor looked at more often."""
_MICRO = 1e6
_LEAST_PPFD = 5.0
_BRIGHTEST_PPFD = 2500.0
_STEPS_KEPT = 15
_LEAST_STEPS = 3


class Dark(StrEnum):
    """Why the lamp is off."""

    NIGHT = "night"
    ENOUGH = "enough"  # the day has, or will have, what the plant wants
    LATER = "later"  # the hours that come are cheaper, or liked better
    LAMP_UNKNOWN = "lamp_unknown"  # nobody knows yet how bright the lamp is


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """What a kWh costs from `start` to `end` (Unix seconds), in any currency; less is better."""

    start: float
    end: float
    price: float


@dataclass(frozen=True, kw_only=True, slots=True)
class LightFacts:
    """What is known of a plant's light today.

    `dli` is what it has had since its day began, `coming` what the sun will still give until its
    end; it wants `target` and takes harm above `most`. `ppfd` is the lamp's at the plant, in
    µmol/(m² s), None while unknown. Its night are the hours of `night`; `liked` are hours that are
    as good as free. `prices` may leave gaps, which are dearer than anything known.
    """

    zone: tzinfo
    dli: float
    target: float
    most: float
    ppfd: float | None
    night: Hours
    coming: float = 0.0
    liked: Hours | None = None
    prices: tuple[Price, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Shine:
    """The lamp is on from `start` to `end`, in Unix seconds."""

    start: float
    end: float


@dataclass(frozen=True, kw_only=True, slots=True)
class LightDecision:
    """Whether the lamp is to be on now, `until` when to look again, and why it is off."""

    on: bool
    until: float
    why: Dark | None = None


def missing_s(facts: LightFacts) -> float:
    """For how many seconds the lamp has to shine; 0 where nothing is missing or known."""
    if facts.ppfd is None or facts.ppfd < _LEAST_PPFD:
        return 0.0
    will_have = facts.dli + max(0.0, facts.coming)
    wanted = min(facts.target, facts.most) - will_have
    return max(0.0, wanted) * _MICRO / facts.ppfd


def hours(facts: LightFacts, now: float) -> tuple[Shine, ...]:
    """When the lamp shines from `now` to the end of the plant's day, in order of time.

    The cheapest hours first, among equals the latest: until then the sun may have done it. Where
    there is not time enough, all that is left of the day.
    """
    needed = missing_s(facts)
    if facts.night.hold(now, facts.zone) or needed <= 0:
        return ()
    chosen: list[Shine] = []
    for piece in sorted(_pieces(facts, now), key=lambda p: (_cost(facts, p), -p.start)):
        length = min(needed, piece.end - piece.start)
        chosen.append(Shine(start=piece.end - length, end=piece.end))
        needed -= length
        if needed <= 0:
            break
    return _joined(chosen)


def light(facts: LightFacts, now: float, *, is_on: bool) -> LightDecision:
    """Whether the lamp is to be on `now`; what has begun is not ended within ten minutes.

    Unless night falls or the plant has had as much light as it can bear.
    """
    again = now + LEAST_RUN_S
    if facts.night.hold(now, facts.zone):
        until = facts.night.end_after(now, facts.zone)
        return LightDecision(on=False, until=until, why=Dark.NIGHT)
    if facts.ppfd is None or facts.ppfd < _LEAST_PPFD:
        return LightDecision(on=False, until=again, why=Dark.LAMP_UNKNOWN)
    planned = hours(facts, now)
    if not planned:
        return LightDecision(on=False, until=again, why=Dark.ENOUGH)
    first = planned[0]
    total = sum(shine.end - shine.start for shine in planned)
    if first.start <= now + 1.0 and (is_on or total >= LEAST_RUN_S):
        return LightDecision(on=True, until=min(first.end, again))
    if total < LEAST_RUN_S:
        return LightDecision(on=False, until=again, why=Dark.ENOUGH)
    return LightDecision(on=False, until=min(first.start, again), why=Dark.LATER)


def learnt_ppfd(steps: Sequence[tuple[float, float]]) -> float | None:
    """How bright the lamp is at the plant, from the light just before and after it was switched on.

    `steps` are pairs of PPFD in µmol/(m² s), newest last; the median of the steps up. None before
    three of them, or where it is no lamp that one could light a plant with.
    """
    rises = [after - before for before, after in steps[-_STEPS_KEPT:]]
    if len(rises) < _LEAST_STEPS:
        return None
    middle = median(rises)
    return middle if _LEAST_PPFD <= middle <= _BRIGHTEST_PPFD else None


def _pieces(facts: LightFacts, now: float) -> list[Shine]:
    """The rest of the plant's day, cut where the price or what is liked changes."""
    dusk = _dusk(facts, now)
    cuts = {now, dusk}
    for price in facts.prices:
        cuts |= {price.start, price.end}
    if facts.liked:
        for wanted in (facts.liked.start, facts.liked.end):
            edge = Hours(start=wanted, end=wanted).end_after(now, facts.zone)
            cuts.add(edge)
    inside = sorted(cut for cut in cuts if now <= cut <= dusk)
    return [Shine(start=start, end=end) for start, end in pairwise(inside)]


def _dusk(facts: LightFacts, now: float) -> float:
    night = facts.night
    if night.start == night.end:
        return now + DAY_S  # it has no night: what is missing is spread over the next day
    return Hours(start=night.end, end=night.start).end_after(now, facts.zone)


def _cost(facts: LightFacts, piece: Shine) -> tuple[int, float]:
    """What is liked before what is not, then the cheaper; without a price after all that have."""
    middle = (piece.start + piece.end) / 2
    liked = facts.liked is not None and facts.liked.hold(middle, facts.zone)
    found = [p.price for p in facts.prices if p.start <= middle < p.end]
    return (0 if liked else 1), (found[0] if found else float("inf"))


def _joined(pieces: Sequence[Shine]) -> tuple[Shine, ...]:
    joined: list[Shine] = []
    for piece in sorted(pieces, key=lambda shine: shine.start):
        if joined and piece.start - joined[-1].end < 1.0:
            joined[-1] = Shine(start=joined[-1].start, end=piece.end)
        else:
            joined.append(piece)
    return tuple(joined)
