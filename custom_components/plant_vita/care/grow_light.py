"""When a grow light has to shine so that a plant has its light by the end of its day.

Light is the daily light integral, in mol/m². The lamp tops up what the sun gives, in the cheapest
hours, or in those a person likes, and never in the plant's night.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from enum import StrEnum
from itertools import pairwise
from statistics import median

from .quiet import Hours, next_time

DAY_S = 86_400.0
LEAST_RUN_S = 600.0
"""A lamp is not switched on for less, nor looked at more often."""
_MICRO = 1e6
LEAST_PPFD = 5.0
"""What gives less, in µmol/(m² s), is no lamp that one could light a plant with."""
_BRIGHTEST_PPFD = 2500.0
STEPS_KEPT = 15
_LEAST_STEPS = 3


class Dark(StrEnum):
    """Why the lamp is off."""

    NIGHT = "night"
    ENOUGH = "enough"  # the day has, or will have, what the plants want
    FULL = "full"  # one of the plants wants more, but another takes harm above what it has
    LATER = "later"  # the hours that come are cheaper, or liked better


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """What a kWh costs from `start` to `end` (Unix seconds), in any currency; less is better."""

    start: float
    end: float
    price: float


@dataclass(frozen=True, kw_only=True, slots=True)
class LightFacts:
    """What is known of one plant's light since its last night began.

    `dli` is what it has had since then, `coming` what the sun will still give until its next night;
    it wants `target` and takes harm above `most`, all in mol/m². `ppfd` is the lamp's at the plant,
    in µmol/(m² s). Its night are the hours of `night`.
    """

    dli: float
    target: float
    most: float
    ppfd: float
    night: Hours
    coming: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """What one plant asks of its lamp until its next night.

    `wanted_s` seconds, not more than `bearable_s`, and none in the hours of `night`.
    """

    night: Hours
    wanted_s: float = 0.0
    bearable_s: float = math.inf

    @property
    def unasked(self) -> Need:
        """Of a plant that is not lit by itself: it is kept from harm all the same."""
        return replace(self, wanted_s=0.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class LampFacts:
    """All that decides about a lamp: the plants under it, and which hours are better than others.

    `liked` are hours that come before all others; of equals the cheaper ones are taken. `prices`
    may leave gaps, which are dearer than anything known.
    """

    zone: tzinfo
    needs: tuple[Need, ...]
    liked: Hours | None = None
    prices: tuple[Price, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Shine:
    """The lamp is on from `start` to `end`, in Unix seconds."""

    start: float
    end: float


@dataclass(frozen=True, kw_only=True, slots=True)
class LightDecision:
    """Whether the lamp is to be on now, `until` when to look again, and why it is off.

    `dusk` is when the first night under it begins, Unix seconds: dark by then, whatever happens.
    """

    on: bool
    until: float
    dusk: float
    why: Dark | None = None


def need(facts: LightFacts) -> Need:
    """What a plant whose light is measured asks of a lamp; nothing of one that gives no light."""
    if facts.ppfd < LEAST_PPFD:
        return Need(night=facts.night)
    will_have = facts.dli + max(0.0, facts.coming)
    wanted, bearable = (
        max(0.0, limit - will_have) * _MICRO / facts.ppfd
        for limit in (min(facts.target, facts.most), facts.most)
    )
    return Need(night=facts.night, wanted_s=wanted, bearable_s=bearable)


def missing_s(lamp: LampFacts) -> float:
    """For how many seconds the lamp has to shine: for the neediest, as far as all can bear it."""
    wanted = max((one.wanted_s for one in lamp.needs), default=0.0)
    return max(0.0, min([wanted, *(one.bearable_s for one in lamp.needs)]))


def hours(lamp: LampFacts, now: float) -> tuple[Shine, ...]:
    """When the lamp shines from `now` until the first night under it, in order of time.

    The cheapest hours first, among equals the latest: until then the sun may have done it. Where
    there is not time enough, all that is left of the day.
    """
    needed = missing_s(lamp)
    if _night_until(lamp, now) is not None or needed <= 0:
        return ()
    chosen: list[Shine] = []
    for piece in sorted(_pieces(lamp, now), key=lambda p: (_cost(lamp, p), -p.start)):
        length = min(needed, piece.end - piece.start)
        chosen.append(Shine(start=piece.end - length, end=piece.end))
        needed -= length
        if needed <= 0:
            break
    return _joined(chosen)


def light(lamp: LampFacts, now: float, *, is_on: bool) -> LightDecision:
    """Whether the lamp is to be on `now`; what has begun is not ended within ten minutes.

    Unless a night falls or a plant has had as much light as it can bear.
    """
    again, dusk = now + LEAST_RUN_S, dusk_after(lamp, now)
    if (until := _night_until(lamp, now)) is not None:
        return LightDecision(on=False, until=until, dusk=now, why=Dark.NIGHT)
    planned = hours(lamp, now)
    total = sum(shine.end - shine.start for shine in planned)
    if not planned or (total < LEAST_RUN_S and not is_on):
        return LightDecision(on=False, until=min(again, dusk), dusk=dusk, why=_why_nothing(lamp))
    first = planned[0]
    if first.start <= now + 1.0:
        return LightDecision(on=True, until=min(first.end, again), dusk=dusk)
    return LightDecision(on=False, until=min(first.start, again), dusk=dusk, why=Dark.LATER)


def _why_nothing(lamp: LampFacts) -> Dark:
    if missing_s(lamp) >= LEAST_RUN_S:
        return Dark.NIGHT  # it is about to fall
    wanted = max((one.wanted_s for one in lamp.needs), default=0.0)
    return Dark.ENOUGH if wanted < LEAST_RUN_S else Dark.FULL


def dusk_after(lamp: LampFacts, now: float) -> float:
    """When the first night under the lamp begins after `now`, Unix seconds."""
    return min((_begins(one.night, now, lamp.zone) for one in lamp.needs), default=now + DAY_S)


def night_ends(lamp: LampFacts, now: float) -> float:
    """When all nights under the lamp are over that hold `now`; `now` where none does."""
    return _night_until(lamp, now) or now


def learnt_ppfd(steps: Sequence[tuple[float, float]]) -> float | None:
    """How bright the lamp is at the plant, from the light just before and after it was switched on.

    `steps` are pairs of PPFD in µmol/(m² s), newest last; the median of the steps up. None before
    three of them, or where it is no lamp that one could light a plant with.
    """
    middle = _middle(steps)
    return middle if middle is not None and LEAST_PPFD <= middle <= _BRIGHTEST_PPFD else None


def unseen(steps: Sequence[tuple[float, float]]) -> bool:
    """Whether the plant's sensor hardly noticed when the lamp was switched on, again and again.

    It measures another place then, or the lamp is none; `steps` are those of `learnt_ppfd`.
    """
    middle = _middle(steps)
    return middle is not None and middle < LEAST_PPFD


def _middle(steps: Sequence[tuple[float, float]]) -> float | None:
    rises = [after - before for before, after in steps[-STEPS_KEPT:]]
    return median(rises) if len(rises) >= _LEAST_STEPS else None


def _night_until(lamp: LampFacts, now: float) -> float | None:
    """When to look again if it is the night of any of the plants, else None."""
    nights = [one.night for one in lamp.needs if one.night.hold(now, lamp.zone)]
    return max((night.end_after(now, lamp.zone) for night in nights), default=None)


def _begins(night: Hours, now: float, zone: tzinfo) -> float:
    """When a night begins next; one that has no hours still tells one day from the next."""
    at = next_time(night.start, now, zone)
    if night.hold(now, zone) or not night.hold(at - 1.0, zone):
        return at
    # The clock is put forward over its beginning: it is night from that moment on.
    seconds = range(math.ceil(now), math.floor(at))
    found = bisect_left(seconds, True, key=lambda moment: night.hold(moment, zone))  # noqa: FBT003
    return float(seconds[found]) if found < len(seconds) else at


def _pieces(lamp: LampFacts, now: float) -> list[Shine]:
    """The rest of the day, cut where the price or what is liked changes."""
    dusk = dusk_after(lamp, now)
    cuts = {now, dusk}
    for price in lamp.prices:
        cuts |= {price.start, price.end}
    if lamp.liked:
        cuts |= {next_time(edge, now, lamp.zone) for edge in (lamp.liked.start, lamp.liked.end)}
    inside = sorted(cut for cut in cuts if now <= cut <= dusk)
    return [Shine(start=start, end=end) for start, end in pairwise(inside)]


def _cost(lamp: LampFacts, piece: Shine) -> tuple[int, float]:
    """What is liked before what is not, then the cheaper; without a price after all that have."""
    middle = (piece.start + piece.end) / 2
    liked = lamp.liked is not None and lamp.liked.hold(middle, lamp.zone)
    found = [p.price for p in lamp.prices if p.start <= middle < p.end]
    return (0 if liked else 1), (found[0] if found else math.inf)


def _joined(pieces: Sequence[Shine]) -> tuple[Shine, ...]:
    joined: list[Shine] = []
    for piece in sorted(pieces, key=lambda shine: shine.start):
        if joined and piece.start - joined[-1].end < 1.0:
            joined[-1] = Shine(start=joined[-1].start, end=piece.end)
        else:
            joined.append(piece)
    return tuple(joined)
