"""Whether a plant is to be watered now, and with how much: what automatic care decides.

It only wishes. The arbiter of the pump has the last word, and holds every rule again that can
flood a flat; what is looked at here as well is looked at so that the wish is a sensible one, and so
that a plan of the days ahead shows what will really happen.
"""

from dataclasses import dataclass, field
from datetime import time, tzinfo
from enum import StrEnum
from statistics import median

from ..model.species import Band
from ..model.watering import Soil, Source, Why
from . import dose
from .dose import Given
from .quiet import Hours, last_time, next_time
from .senses import FLAT_S, INTERVALS, LEAST_PATIENCE_S, RANGE
from .weather import Weather, objection

DAY_S = 86_400.0
AIM = 0.5
"""Where between low and high a dose ends: room is left for a probe that shows too little."""
CYCLE_S = 6 * 3600.0
"""So long after water its dose may still be completed, though the soil is not dry any more."""
ENOUGH = 5.0
"""The least points of moisture to give: what raises the soil by less looks like no answer (W14)."""
AHEAD_DAYS = 1.0
"""So long before it is dry a plant is watered that will be harvested: each dry day costs yield."""
RIPENING_DAYS, RIPE = 30.0, 0.5
"""So long before its harvest an annual begins to drink less, and so much of it is left at the end.

The late season in tables 11 and 12 of FAO Irrigation and drainage paper 56: 20 to 50 days, and from
0.3 (dry grain) and 0.5 (moist) to 0.8 (tomatoes) of the crop coefficient of before.
"""
LATE_S = 3600.0
"""A schedule that was missed by this is not made up for (W11)."""
STRETCH_DAYS = 1.5
"""By how much a holiday stretches the days between two waterings of a plant without a sensor."""
USUAL_TIME = time(7)
"""Of plants that are watered by the calendar: before the sun takes half of it."""
_AGAIN_S = 300.0
_AHEAD_S = 60.0
_MEDIAN_OF = 3


class Mode(StrEnum):
    """What automatic care may do for a plant."""

    OFF = "off"
    ADVICE = "advice"  # say what it would do
    ON = "on"


@dataclass(frozen=True, kw_only=True, slots=True)
class Holiday:
    """Nobody is at home from `start` to `end` (Unix seconds).

    With `stretch` the plant gets just enough to live, so that a tank lasts longer; else the usual.
    """

    start: float
    end: float
    stretch: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """All that is known of a plant; times are Unix seconds.

    `sensed`: it has a sensor of its soil, and `soil` is the newest reading, `recent` those of
    the last two hours, newest last. Such a plant is watered when its moisture is under the low end
    of `band`, others every `water_days` days at `at_time`.
    `drying` is how many points its soil loses in a day. `watered_at` is its last watering of any
    kind; `given` are those by the pump, newest last. A `dose_ml` that its owner has set is not
    learnt. `pot_ml` is the soil it has. `used_ml` is what the last 24 hours have taken of
    `daily_ml`. An annual is harvested at `harvest_at`.
    """

    plant_id: str
    zone: tzinfo
    mode: Mode = Mode.OFF
    sensed: bool = False
    soil: Soil | None = None
    recent: tuple[float, ...] = ()
    band: Band | None = None
    drying: float | None = None
    water_days: float | None = None
    watered_at: float | None = None
    given: tuple[Given, ...] = field(default=())
    pot_ml: float | None = None
    dose_ml: float | None = None
    daily_ml: float = 500.0
    used_ml: float = 0.0
    soak_s: float = 1800.0
    at_time: time = USUAL_TIME
    quiet: Hours | None = None
    outdoors: bool = False
    weather: Weather | None = None
    holiday: Holiday | None = None
    harvest_at: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What to do now.

    `ml` more than 0: ask for so much, or only say so if `advice`; the wish of a schedule carries
    its `due_at`. Else `why` says why not, None where nothing speaks against water but that its time
    has not come. `until` is when to look again at the latest, None if a change will tell.
    """

    source: Source
    ml: float = 0.0
    due_at: float | None = None
    advice: bool = False
    why: Why | None = None
    until: float | None = None


def decide(facts: Facts, now: float) -> Decision:
    """What automatic care does for the plant `now`."""
    source = Source.AUTOMATIC if facts.sensed else Source.SCHEDULE
    if facts.mode is Mode.OFF:
        return Decision(source=source, why=Why.AUTOMATIC_OFF)
    wish = _by_the_soil(facts, now) if facts.sensed else _by_the_calendar(facts, now)
    if wish.ml <= 0:
        return wish
    held = _held(facts, now)
    return held or _bounded(facts, wish, now)


def flaw(soil: Soil | None, now: float) -> Why | None:
    """Why nobody may water by this reading alone, None if it is sane (W12)."""
    if soil is None:
        return Why.NO_READING
    age = now - soil.at
    if age < -_AHEAD_S or age >= max(INTERVALS * soil.every_s, LEAST_PATIENCE_S):
        return Why.SENSOR_STALE
    if soil.flawed or soil.out_of_soil:
        return Why.SENSOR_FLAWED
    if not RANGE[0] <= soil.moisture <= RANGE[1]:
        return Why.SENSOR_RANGE
    flat = soil.changed_at is not None and now - soil.changed_at >= FLAT_S
    return Why.SENSOR_FLAT if flat else None


def level(facts: Facts) -> float | None:
    """The present moisture in %: the median of the last readings, for one may be wild."""
    last = facts.recent[-_MEDIAN_OF:]
    if len(last) == _MEDIAN_OF:
        return median(last)
    return None if facts.soil is None else facts.soil.moisture


def targets(facts: Facts, now: float) -> tuple[float, float]:
    """Below which moisture the plant is watered, and up to which, in %.

    On a holiday that stretches both move halfway down: to where it is dry, but takes no harm.
    """
    band = facts.band
    if band is None:
        return 0.0, 0.0
    aim = band.low + AIM * (band.high - band.low)
    if _stretched(facts, now):
        return (band.minimum + band.low) / 2, (band.low + aim) / 2
    return band.low, aim


def _by_the_soil(facts: Facts, now: float) -> Decision:
    source = Source.AUTOMATIC
    moisture, since = level(facts), _since_water(facts, now)
    if why := flaw(facts.soil, now):
        return Decision(source=source, why=why)
    if moisture is None or facts.band is None:
        return Decision(source=source, why=Why.NO_READING)
    if not RANGE[0] <= moisture <= RANGE[1]:
        return Decision(source=source, why=Why.SENSOR_RANGE)
    # What the soil answers is looked at before it gets more.
    if (wait := facts.soak_s + dose.WATCHED_S - since) > 0:
        return Decision(source=source, why=Why.SOAKING, until=now + wait)
    missing = _missing(facts, facts.band, moisture, now)
    if missing <= 0:
        stretches = targets(facts, now)[0] <= moisture < facts.band.low
        return Decision(source=source, why=Why.HOLIDAY if stretches else Why.TOO_WET)
    return _dose(facts, missing, now)


def _dose(facts: Facts, missing: float, now: float) -> Decision:
    """So many points of moisture, unless the last did not arrive."""
    source = Source.AUTOMATIC
    if dose.weak(facts.given, facts.pot_ml, now):
        return Decision(source=source, why=Why.UNANSWERED)
    each = dose.ml_per_point(facts.given, facts.pot_ml)
    part = max(dose.LEAST_ML, min(missing * each, dose.part_ml(facts.pot_ml)))
    return Decision(source=source, ml=part if facts.dose_ml is None else facts.dose_ml)


def _since_water(facts: Facts, now: float) -> float:
    return now - facts.given[-1].at if facts.given else float("inf")


def _missing(facts: Facts, band: Band, moisture: float, now: float) -> float:
    """How many points of moisture to give; 0 if none, else enough to see the soil answer."""
    start, aim = targets(facts, now)
    room, usual = aim - moisture, aim - start
    # The rest of a dose whose first part did not raise the soil enough.
    going_on = _since_water(facts, now) < CYCLE_S
    left = _until_harvest(facts, band, moisture, now)
    soon = left is not None and moisture - AHEAD_DAYS * (facts.drying or 0.0) < start
    if moisture >= start and not ((going_on or soon) and room >= ENOUGH):
        return 0.0
    if left is not None:
        if left < ENOUGH:
            return 0.0
        room = min(room, left)
    # Soil that gets drier although it is watered gets no larger doses for that.
    return max(min(room, usual), ENOUGH)


def _until_harvest(facts: Facts, band: Band, moisture: float, now: float) -> float | None:
    """How many points an annual lacks to reach its harvest; None where none is to come.

    What is in the soil then is of use to nobody: so most of it is used up before. Where it is not
    known how fast the soil dries, it cannot be told either that it has enough.
    """
    if facts.harvest_at is None or facts.harvest_at <= now:
        return None
    if facts.drying is None:
        return float("inf")
    # The closer harm lies to dry, the more of what is between the two is kept: a crop that bears
    # little drought loses of its yield first.
    spared = band.minimum / band.low if band.low > 0 else 0.0
    end = band.minimum + spared * (band.low - band.minimum)
    thirst = max(0.0, facts.drying) * _thirsty_days((facts.harvest_at - now) / DAY_S)
    return end + thirst - moisture


def _thirsty_days(left: float) -> float:
    """How many days of the present thirst the `left` days until the harvest are.

    Whatever ripens drinks less and less. Where it does not, it gets dry again, and is watered.
    """
    ripening = min(left, RIPENING_DAYS)
    present = 1.0 - (1.0 - RIPE) * (1.0 - ripening / RIPENING_DAYS)
    return (left - ripening + ripening * (present + RIPE) / 2) / present


def _by_the_calendar(facts: Facts, now: float) -> Decision:
    source = Source.SCHEDULE
    if facts.water_days is None:
        return Decision(source=source)
    at_time = facts.at_time
    if facts.quiet and facts.quiet.include(at_time):
        at_time = facts.quiet.end
    slot, following = last_time(at_time, now, facts.zone), next_time(at_time, now, facts.zone)
    watered_at = float("-inf") if facts.watered_at is None else facts.watered_at
    # Half a day of grace: one that was watered in the evening is due on the morning of its day.
    passed = (slot - watered_at) / DAY_S + 0.5
    if passed < facts.water_days or now - slot >= LATE_S or watered_at >= slot:
        return Decision(source=source, until=following)
    if _stretched(facts, now) and passed < facts.water_days * STRETCH_DAYS:
        return Decision(source=source, why=Why.HOLIDAY, until=following)
    each = facts.dose_ml or dose.part_ml(facts.pot_ml)
    return Decision(source=source, ml=each, due_at=slot)


def _held(facts: Facts, now: float) -> Decision | None:
    """Quiet hours and weather: what puts off water that the plant wants."""
    source = Source.AUTOMATIC if facts.sensed else Source.SCHEDULE
    if facts.quiet and facts.quiet.hold(now, facts.zone):
        until = facts.quiet.end_after(now, facts.zone)
        return Decision(source=source, why=Why.QUIET_HOURS, until=until)
    said = facts.weather if facts.outdoors else None
    if why := objection(said, can_wait=_can_wait(facts), sensed=facts.sensed):
        return Decision(source=source, why=why, until=now + 3600.0)
    return None


def _can_wait(facts: Facts) -> bool:
    """Whether the soil has not come halfway yet from dry to where the plant takes harm."""
    moisture = level(facts)
    if not facts.sensed or moisture is None or facts.band is None:
        return True
    return moisture >= (facts.band.minimum + facts.band.low) / 2


def _bounded(facts: Facts, wish: Decision, now: float) -> Decision:
    """Never more than is left of the day's budget (W13)."""
    left = facts.daily_ml - facts.used_ml
    ml = min(wish.ml, left)
    if ml < min(dose.LEAST_ML, wish.ml):
        return Decision(source=wish.source, why=Why.BUDGET_SPENT, until=now + _AGAIN_S)
    return Decision(source=wish.source, ml=ml, due_at=wish.due_at, advice=facts.mode is Mode.ADVICE)


def _stretched(facts: Facts, now: float) -> bool:
    holiday = facts.holiday
    return holiday is not None and holiday.stretch and holiday.start <= now < holiday.end
