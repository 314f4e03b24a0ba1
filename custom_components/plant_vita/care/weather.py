"""What the weather says against watering a plant outdoors (W16)."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..model.watering import Why

RAIN_MM = 3.0
"""Less than this hardly gets below the leaves."""
FROST_C = 1.0
"""A forecast of the air at two metres; the ground is colder in a clear night."""
_RAIN_S = 24 * 3600.0
_COLD_S = 12 * 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Weather:
    """As far as somebody knows it; None is not known.

    `expected_mm` of rain are forecast for the next 24 hours with a probability of 0 to 1 (None:
    the forecast is a mean already), `fallen_mm` fell in the last 24; `lowest_c` is the coldest of
    the next 12 hours in °C.
    """

    raining: bool = False
    fallen_mm: float | None = None
    expected_mm: float | None = None
    probability: float | None = None
    lowest_c: float | None = None


def objection(weather: Weather | None, *, can_wait: bool, sensed: bool) -> Why | None:
    """FROST, RAIN, or None where it says nothing against water.

    Rain that falls always counts. Rain that has fallen does where no sensor tells what became of
    it: the pot may stand under a roof. Rain that is only forecast does not where the soil cannot
    wait for it: every fourth or so of such forecasts comes to nothing.
    """
    if weather is None:
        return None
    if weather.lowest_c is not None and weather.lowest_c <= FROST_C:
        return Why.FROST
    if weather.raining or (not sensed and (weather.fallen_mm or 0.0) >= RAIN_MM):
        return Why.RAIN
    chance = 1.0 if weather.probability is None else weather.probability
    if can_wait and chance * (weather.expected_mm or 0.0) >= RAIN_MM:
        return Why.RAIN
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Spell:
    """What is forecast from `start` to `end` (Unix seconds); None is not said.

    `mm` of rain fall in all of it with `probability` (0 to 1); `lowest_c` is its coldest moment.
    """

    start: float
    end: float
    mm: float | None = None
    probability: float | None = None
    lowest_c: float | None = None


def outlook(spells: Sequence[Spell], now: float) -> Weather | None:
    """What these spells say of the hours from `now` on; None where they say nothing of them.

    Of a spell that is partly over, its share of the rain is still to come, but its cold may be.
    """
    coming = [one for one in spells if now < one.end and one.start < now + _RAIN_S]
    if not coming:
        return None
    rain = [one for one in coming if one.mm is not None and one.end > one.start]
    cold = [
        one.lowest_c for one in coming if one.lowest_c is not None and one.start < now + _COLD_S
    ]
    return Weather(
        expected_mm=sum(_falls(one, now) for one in rain) if rain else None,
        lowest_c=min(cold, default=None),
    )


def _falls(spell: Spell, now: float) -> float:
    """How much of its rain is to be expected in the 24 hours from `now`, in mm."""
    overlap = min(spell.end, now + _RAIN_S) - max(spell.start, now)
    chance = 1.0 if spell.probability is None else spell.probability
    return chance * max(0.0, spell.mm or 0.0) * overlap / (spell.end - spell.start)
