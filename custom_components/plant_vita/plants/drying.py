"""When the soil of one plant will be dry: what drives it, what is learnt, what is expected."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ..analysis.air import vpd_course
from ..analysis.drydown import LEAST_SPAN, DryDown, learn
from ..analysis.forecast import STALE_S, forecast
from ..analysis.history import Drivers, history
from ..analysis.pace import rate_of
from ..analysis.series import DAY_S, NOTHING, Series, series
from ..model.plant import DryForecast, Silence
from .definition import Input

# What `learn` may look back on before the first day that is new to it, and that day.
_LOOK_BACK_DAYS = 17
_LONGEST_DAYS = 21
# One call takes in two weeks at most; the rest waits for the next judgement, if there is any.
_CALLS = 3
# How far below the limit the range goes, as a share of what lies above.
_UNDER = 0.1


def drivers(tracks: Mapping[Input, Series]) -> Drivers:
    """Warmth, dryness of the air and light, as far as they are measured."""
    temperature = tracks.get(Input.TEMPERATURE, NOTHING)
    return Drivers(
        temperature=temperature,
        vpd=_vpd(temperature, tracks.get(Input.HUMIDITY, NOTHING)),
        light=tracks.get(Input.LIGHT, NOTHING),
    )


def _vpd(temperature: Series, humidity: Series) -> Series:
    """Where both were known: between two readings of the humidity it changes along a line."""
    if not len(temperature) or not len(humidity):
        return NOTHING
    within = temperature.between(float(humidity.times[0]), float(humidity.times[-1]))
    wet = np.interp(within.times, humidity.times, humidity.values)
    return series(within.times, vpd_course(within.values, wet))


def reaching(model: DryDown, moisture: Series, dry_below: float | None) -> DryDown:
    """A model whose range goes down to where the soil counts as dry.

    A pot that was always watered in time has never been seen there, and what is known of pots in
    general is that they do not dry below their range: it would never come to be dry.
    """
    if dry_below is None or not len(moisture):
        return model
    if not np.isfinite(model.low):
        # As wide as the model itself would take it from the first day.
        high = float(moisture.values.max()) + LEAST_SPAN / 2
        low = float(moisture.values.min()) - LEAST_SPAN / 2
        return replace(model, low=min(low, _under(dry_below, high)), high=high)
    return replace(model, low=min(model.low, _under(dry_below, model.high)))


def _under(dry_below: float, high: float) -> float:
    return dry_below - _UNDER * max(high - dry_below, LEAST_SPAN)


def supposed(model: DryDown, water_days: int | None, pot_cm: float | None) -> DryDown:
    """A model that goes by what its species is said to need, as long as the pot has shown nothing.

    `water_days` lie between two waterings in a pot of the usual size; `pot_cm` is its diameter.
    """
    if model.rated or water_days is None:
        return model
    return replace(model, rate=rate_of(water_days, pot_cm))


def learnt(
    model: DryDown,
    tracks: Mapping[Input, Series],
    driven: Drivers,
    *,
    now: float,
    dry_below: float | None = None,
    water_days: int | None = None,
    pot_cm: float | None = None,
) -> DryDown:
    """What is known of the pot once the days that have passed since are taken in."""
    model = supposed(model, water_days, pot_cm)
    moisture = tracks.get(Input.MOISTURE, NOTHING)
    if not len(moisture) or now - model.until < DAY_S:
        return model
    model = reaching(model, moisture, dry_below)
    first = max(model.until, float(moisture.times[0]))
    days = min(_LONGEST_DAYS, (now - first) / DAY_S + _LOOK_BACK_DAYS)
    past = history(moisture, driven, end=now, days=days, aligned=True)
    for _ in range(_CALLS):
        before, model = model, learn(model, past)
        if model.until == before.until:
            break
    return model


def unheard(model: DryDown, *, now: float) -> DryForecast:
    """What is said where the probe says nothing that can be true."""
    learnt_days = round(float(model.days[0]), 1)
    return DryForecast(
        at=now, days=None, silence=Silence.FAULTY, levels={}, learnt_days=learnt_days
    )


def expected(
    model: DryDown,
    tracks: Mapping[Input, Series],
    driven: Drivers,
    *,
    now: float,
    dry_below: float | None,
    silent: bool = False,
) -> DryForecast:
    """When the moisture will fall below `dry_below` (%), if nobody waters.

    `silent`: the probe does not speak while we listen. One that had no chance to, because nobody
    listened, is still believed, and the forecast goes on from its last word.
    """
    return forecast(
        model,
        tracks.get(Input.MOISTURE, NOTHING),
        driven,
        now=now,
        dry_below=dry_below,
        patience=STALE_S if silent else float("inf"),
    )
