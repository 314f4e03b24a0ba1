"""One judgement of one plant from everything that is known of it: numbers in, `PlantState` out.

Nothing here touches Home Assistant: it may run in a thread.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..analysis.air import vpd_kpa
from ..analysis.drydown import DryDown, untaught
from ..analysis.health import Observed, Remembered, judge
from ..analysis.light import daily_light
from ..analysis.series import DAY_S, HOUR_S, NOTHING, Series
from ..analysis.waterings import LOOK_BACK_S, waterings
from ..model.plant import DryForecast, Health, Status, Watering
from ..model.species import Measure
from ..species.thresholds import Thresholds
from .definition import Input
from .drying import expected, learnt
from .profile import NEEDS
from .sources import InputState
from .state import Care, PlantState

_SAID = frozenset({Status.TOO_LOW, Status.TOO_HIGH})
# Below this, a rise of the moisture is not written down as a watering.
_SURE = 0.5
# Whoever pours and presses the button means one watering, whichever comes first.
SAME_WATERING_S = 2 * HOUR_S


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What is known of a plant `now`.

    `tracks` holds the past of its inputs, `midnights` the last local ones and the next, rising.
    `last` says when it was last cared for, `seen_until` up to where waterings were looked for,
    `model` is what was learnt of its drying.
    """

    now: float
    thresholds: Thresholds
    inputs: Mapping[Input, InputState]
    tracks: Mapping[Input, Series]
    midnights: tuple[float, ...]
    remembered: Remembered = field(default_factory=Remembered)
    last: Mapping[Care, float] = field(default_factory=dict)
    seen_until: float = 0.0
    model: DryDown = field(default_factory=untaught)


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessment:
    """The state, what to start from next time, and the waterings that the soil has shown since."""

    state: PlantState
    remembered: Remembered
    model: DryDown
    waterings: tuple[Watering, ...]


def assess(facts: Facts) -> Assessment:
    """Judge the plant; every figure that cannot be told is None."""
    dli, today = _light(facts)
    found = _waterings(facts)
    last = dict(facts.last)
    if found:
        last[Care.WATERED] = max(found[-1].at, last.get(Care.WATERED, 0.0))
    health, remembered = _health(facts, dli)
    by_calendar = by_soil = drying = between = None
    model = facts.model
    if Input.MOISTURE in facts.inputs:
        # The soil tells when; the calendar knows less.
        model = learnt(model, facts.tracks, now=facts.now)
        drying = _drying(facts, model)
        by_soil = _moment(drying, "median")
        between = (_moment(drying, "low"), _moment(drying, "high"))
    else:
        by_calendar = _due(last.get(Care.WATERED), facts.thresholds.water_days)
    reasons = _reasons(facts, health, by_calendar)
    state = PlantState(
        at=facts.now,
        thresholds=facts.thresholds,
        inputs=facts.inputs,
        health=health,
        problem=_problem(health, reasons, by_calendar),
        reasons=reasons,
        dli=dli,
        dli_today=today,
        vpd=_vpd(facts),
        last=last,
        drying=drying,
        next_watering=by_calendar if drying is None else by_soil,
        watering_between=between,
        next_feeding=_due(last.get(Care.FED), facts.thresholds.feed_days),
    )
    return Assessment(state=state, remembered=remembered, model=model, waterings=found)


def _light(facts: Facts) -> tuple[float | None, float | None]:
    """The light of the last whole day that is known, and what has come today, in mol/m²."""
    if Input.LIGHT not in facts.inputs:
        return None, None
    readings = facts.tracks.get(Input.LIGHT, NOTHING)
    days = daily_light(readings, facts.midnights, now=facts.now)
    whole = [day.estimate for day in days if day.estimate is not None]
    today = days[-1].dli if days and days[-1].known > 0 else None
    return whole[-1] if whole else None, today


def _vpd(facts: Facts) -> float | None:
    known = [facts.inputs.get(one) for one in (Input.TEMPERATURE, Input.HUMIDITY)]
    values = [state.value for state in known if state and state.fresh and state.value is not None]
    if len(values) < len(known):
        return None
    vpd = vpd_kpa(*values)
    return None if math.isnan(vpd) else vpd


def _waterings(facts: Facts) -> tuple[Watering, ...]:
    moisture = facts.tracks.get(Input.MOISTURE, NOTHING)
    # Where a rise begins is known to some minutes only: just after one there is no other.
    after = max(facts.seen_until + SAME_WATERING_S, facts.now - LOOK_BACK_S)
    found = waterings(moisture, after=after, now=facts.now)
    return tuple(one for one in found if one.confidence >= _SURE)


def _health(facts: Facts, dli: float | None) -> tuple[Health | None, Remembered]:
    observed = {}
    for measure, one in NEEDS.items():
        state = facts.inputs.get(one)
        if state is None or measure not in facts.thresholds.bands:
            continue
        value = dli if measure is Measure.DLI else state.value
        if measure is Measure.DLI and value is None and not state.stale:
            # A plant that is new here has no whole day yet; nothing is wrong with it.
            continue
        observed[measure] = Observed(value=value, stale=state.stale)
    if not observed:
        return None, facts.remembered
    bands = {measure: facts.thresholds.bands[measure] for measure in observed}
    return judge(bands, observed, facts.remembered, now=facts.now)


def _reasons(facts: Facts, health: Health | None, next_watering: float | None) -> tuple[str, ...]:
    bad = [f"{f.measure}_{f.status}" for f in health.factors if f.status in _SAID] if health else []
    stale = [f"{one}_stale" for one, state in facts.inputs.items() if state.stale]
    late = ["water_overdue"] if next_watering and facts.now >= next_watering + DAY_S else []
    return (*bad, *stale, *late)


def _problem(
    health: Health | None, reasons: tuple[str, ...], next_watering: float | None
) -> bool | None:
    """Anything wrong is a problem; nothing wrong is none only where there is something to go by."""
    if reasons:
        return True
    if health is not None:
        return health.problem
    return None if next_watering is None else False


def _drying(facts: Facts, model: DryDown) -> DryForecast:
    band = facts.thresholds.bands.get(Measure.MOISTURE)
    return expected(
        model, facts.tracks, now=facts.now, dry_below=band.low if band is not None else None
    )


def _moment(drying: DryForecast, end: str) -> float | None:
    """A quantile as a moment, to the hour: nobody knows it better, and each change is kept."""
    days: float | None = getattr(drying.days, end) if drying.days else None
    if days is None:
        return None
    return round((drying.at + days * DAY_S) / HOUR_S) * HOUR_S


def _due(last: float | None, days: int | None) -> float | None:
    return None if last is None or days is None else last + days * DAY_S
