"""One judgement of one plant from everything that is known of it: numbers in, `PlantState` out.

Nothing here touches Home Assistant: it may run in a thread.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo

from ..analysis.air import vpd_kpa
from ..analysis.drydown import DryDown, untaught
from ..analysis.health import Observed, Remembered, judge, next_turn
from ..analysis.history import Drivers
from ..analysis.light import daily_light
from ..analysis.series import DAY_S, HOUR_S, NOTHING, Series
from ..analysis.trend import trend
from ..analysis.waterings import LOOK_BACK_S, waterings
from ..model.plant import Direction, DryForecast, Health, Trend, Watering
from ..model.species import Measure, Toxicity
from ..species.thresholds import Thresholds
from .definition import Input
from .drying import drivers, expected, learnt, unheard
from .profile import NEEDS
from .reasons import reasons
from .sources import InputState
from .state import Care, PlantState
from .suspicion import Suspicions, examined, in_air, observed, suspected, told

# Below this, a rise of the moisture is not written down as a watering.
_SURE = 0.5
# A change of the health by less than so many points a week is none.
_MATTERS = 3.0
# Whoever pours and presses the button means one watering, whichever comes first.
SAME_WATERING_S = 2 * HOUR_S


# What takes most of the time is done again after so long, or as soon as something has moved.
STUDIED_S = 600.0
_MOVED = 2.0

type Heard = Mapping[Input, tuple[bool, bool]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Studied:
    """What a whole look at the past of a plant has shown at the moment `at`.

    `moisture` is what the soil was then, `heard` which inputs there were and what of them could not
    be believed.
    """

    at: float
    moisture: float | None
    heard: Heard
    suspicions: Suspicions
    dli: float | None
    dli_today: float | None
    drying: DryForecast | None
    trend: Trend


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What is known of a plant `now`.

    `tracks` holds the past of its inputs, `midnights` the last local ones and the next, rising.
    `last` says when it was last cared for, `seen_until` up to where waterings were looked for,
    `model` is what was learnt of its drying, `pot_cm` the diameter of its pot, `scores` are the
    days' means of its health, `growth` what its photos showed, `zone` says when a day of its care
    begins. `chores` are the days between two of its chores, which count from `since`, when it was
    first seen, as long as they were never done. `studied` is what was found lately, None if all is
    to be looked at anew.
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
    pot_cm: float | None = None
    suspicions: Suspicions = field(default_factory=dict)
    scores: Series = NOTHING
    direction: Direction = Direction.UNKNOWN
    growth: Trend | None = None
    zone: tzinfo = UTC
    chores: Mapping[Care, int] = field(default_factory=dict)
    since: float | None = None
    toxicity: Toxicity | None = None
    studied: Studied | None = None

    @property
    def whole(self) -> bool:
        """Whether enough has passed, or moved, to look at all of the past again."""
        if self.studied is None or abs(self.now - self.studied.at) >= STUDIED_S:
            return True
        if self.remembered.coming:
            # Something is about to be told: what looks wrong may be the reason of it.
            return True
        soil = self.inputs.get(Input.MOISTURE)
        before, now = self.studied.moisture, soil.value if soil else None
        if before is None or now is None or _heard(self.inputs) != self.studied.heard:
            return before is not now or _heard(self.inputs) != self.studied.heard
        return abs(now - before) >= _MOVED


def _heard(inputs: Mapping[Input, InputState]) -> Heard:
    return {one: (state.stale, state.faulty) for one, state in inputs.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessment:
    """The state, what to start from next time, and the waterings that the soil has shown since.

    `turn` is when, in Unix seconds, something will have lasted long enough to be told.
    """

    state: PlantState
    remembered: Remembered
    model: DryDown
    waterings: tuple[Watering, ...]
    suspicions: Suspicions
    studied: Studied
    turn: float | None


def assess(facts: Facts) -> Assessment:
    """Judge the plant; every figure that cannot be told is None."""
    studied = None if facts.whole else facts.studied
    heard = _heard(facts.inputs)
    found: tuple[Watering, ...] = ()
    facts = replace(facts, inputs=examined(facts.inputs, facts.tracks, now=facts.now))
    if studied is None:
        facts, studied, found = _study(facts, heard)
    else:
        inputs = in_air(facts.inputs, studied.suspicions)
        facts = replace(facts, inputs=inputs, suspicions=studied.suspicions)
    seen = _observed(facts, studied.dli)
    health, remembered = _health(facts, seen)
    return Assessment(
        state=_state(facts, studied, health),
        remembered=remembered,
        model=facts.model,
        waterings=found,
        suspicions=facts.suspicions,
        studied=studied,
        turn=next_turn(seen, remembered),
    )


def _study(facts: Facts, heard: Heard) -> tuple[Facts, Studied, tuple[Watering, ...]]:
    """Look at the whole past: nearly all of the time that a judgement takes."""
    soil = facts.inputs.get(Input.MOISTURE)
    driven = drivers(facts.tracks)
    suspicions = suspected(
        facts.inputs, facts.tracks, driven, facts.model, facts.suspicions, now=facts.now
    )
    facts = replace(facts, inputs=in_air(facts.inputs, suspicions), suspicions=suspicions)
    found = _waterings(facts)
    last = dict(facts.last)
    if found:
        last[Care.WATERED] = max(found[-1].at, last.get(Care.WATERED, 0.0))
    model = facts.model
    if soil is not None and not facts.inputs[Input.MOISTURE].faulty:
        model = learnt(
            model,
            facts.tracks,
            driven,
            now=facts.now,
            dry_below=_dry_below(facts),
            water_days=facts.thresholds.water_days,
            pot_cm=facts.pot_cm,
        )
    facts = replace(facts, last=last, model=model)
    dli, today = _light(facts)
    studied = Studied(
        at=facts.now,
        moisture=soil.value if soil else None,
        heard=heard,
        suspicions=suspicions,
        dli=dli,
        dli_today=today,
        drying=_drying(facts, driven) if soil else None,
        trend=trend(facts.scores, now=facts.now, matters=_MATTERS, before=facts.direction),
    )
    return facts, studied, found


def _state(facts: Facts, studied: Studied, health: Health | None) -> PlantState:
    by_calendar = by_soil = between = None
    if (drying := studied.drying) is not None:
        # The soil tells when; the calendar knows less.
        by_soil = _moment(drying, "median")
        between = (_moment(drying, "low"), _moment(drying, "high"))
    else:
        by_calendar = _due(facts, Care.WATERED, facts.thresholds.water_days)
    anomalies = told(facts.suspicions)
    late = by_calendar is not None and facts.now >= _days_later(by_calendar, 1, facts.zone)
    why = reasons(health, facts.inputs, anomalies, overdue=late)
    return PlantState(
        at=facts.now,
        thresholds=facts.thresholds,
        inputs=facts.inputs,
        health=health,
        problem=_problem(health, why, by_calendar),
        reasons=why,
        suspected=anomalies,
        trend=studied.trend,
        growth=facts.growth,
        dli=studied.dli,
        dli_today=studied.dli_today,
        vpd=_vpd(facts),
        last=facts.last,
        drying=drying,
        next_watering=by_calendar if drying is None else by_soil,
        watering_between=between,
        next_feeding=_due(facts, Care.FED, facts.thresholds.feed_days),
        chores=facts.chores,
        toxicity=facts.toxicity,
        next_chores={
            care: _days_later(done, days, facts.zone)
            for care, days in facts.chores.items()
            if (done := facts.last.get(care, facts.since)) is not None
        },
    )


def _light(facts: Facts) -> tuple[float | None, float | None]:
    """The light of the last whole day that is known, and what has come today, in mol/m²."""
    if Input.LIGHT not in facts.inputs:
        return None, None
    readings = facts.tracks.get(Input.LIGHT, NOTHING)
    days = daily_light(readings, facts.midnights, now=facts.now)
    whole = [day.estimate for day in days if day.estimate is not None]
    # Whoever was heard before, and may still be believed, has seen nothing yet today.
    seen = days and (days[-1].known > 0 or (len(readings) and facts.inputs[Input.LIGHT].believed))
    today = days[-1].dli if seen else None
    return whole[-1] if whole else None, today


def _vpd(facts: Facts) -> float | None:
    known = [facts.inputs.get(one) for one in (Input.TEMPERATURE, Input.HUMIDITY)]
    heard = [one for one in known if one and one.fresh and one.believed]
    values = [one.value for one in heard if one.value is not None]
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


def _observed(facts: Facts, dli: float | None) -> dict[Measure, Observed]:
    seen: dict[Measure, Observed] = {}
    for measure, one in NEEDS.items():
        state = facts.inputs.get(one)
        if state is None or measure not in facts.thresholds.bands:
            continue
        if measure is not Measure.DLI:
            readings = facts.tracks.get(one, NOTHING)
            seen[measure] = observed(state, readings, state.value, now=facts.now)
        elif dli is not None or not state.believed:
            # A plant that is new here has no whole day yet; nothing is wrong with it.
            seen[measure] = observed(state, NOTHING, dli, now=facts.now)
    return seen


def _health(facts: Facts, seen: Mapping[Measure, Observed]) -> tuple[Health | None, Remembered]:
    if not seen:
        return None, facts.remembered
    bands = {measure: facts.thresholds.bands[measure] for measure in seen}
    return judge(bands, seen, facts.remembered, now=facts.now)


def _problem(
    health: Health | None, why: tuple[str, ...], next_watering: float | None
) -> bool | None:
    """Anything wrong is a problem; nothing wrong is none only where there is something to go by."""
    if why:
        return True
    if health is not None:
        return health.problem
    return None if next_watering is None else False


def _dry_below(facts: Facts) -> float | None:
    band = facts.thresholds.bands.get(Measure.MOISTURE)
    return None if band is None else band.low


def _drying(facts: Facts, driven: Drivers) -> DryForecast:
    if facts.inputs[Input.MOISTURE].faulty:
        return unheard(facts.model, now=facts.now)
    return expected(
        facts.model,
        facts.tracks,
        driven,
        now=facts.now,
        dry_below=_dry_below(facts),
        silent=facts.inputs[Input.MOISTURE].stale,
    )


def _moment(drying: DryForecast, end: str) -> float | None:
    """A quantile as a moment, to the hour: nobody knows it better, and each change is kept."""
    days: float | None = getattr(drying.days, end) if drying.days else None
    if days is None:
        return None
    return round((drying.at + days * DAY_S) / HOUR_S) * HOUR_S


def _due(facts: Facts, care: Care, days: int | None) -> float | None:
    last = facts.last.get(care)
    return None if last is None or days is None else _days_later(last, days, facts.zone)


def _days_later(at: float, days: int, zone: tzinfo) -> float:
    """The same time by the clocks of the house, also when those were put forward in between."""
    return (datetime.fromtimestamp(at, zone) + timedelta(days=days)).timestamp()
