"""What the weather says against watering a plant outdoors (W16)."""

from dataclasses import dataclass

from ..model.watering import Why

RAIN_MM = 3.0
"""Less than this hardly gets below the leaves."""
FROST_C = 1.0
"""A forecast of the air at two metres; the ground is colder in a clear night."""


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


def objection(weather: Weather | None, *, can_wait: bool) -> Why | None:
    """FROST, RAIN, or None where it says nothing against water.

    Rain that falls or has fallen always counts. Rain that is only forecast does not where the soil
    cannot wait for it: every fourth or so of such forecasts comes to nothing.
    """
    if weather is None:
        return None
    if weather.lowest_c is not None and weather.lowest_c <= FROST_C:
        return Why.FROST
    if weather.raining or (weather.fallen_mm or 0.0) >= RAIN_MM:
        return Why.RAIN
    chance = 1.0 if weather.probability is None else weather.probability
    if can_wait and chance * (weather.expected_mm or 0.0) >= RAIN_MM:
        return Why.RAIN
    return None
