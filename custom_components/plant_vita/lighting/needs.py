"""How much a plant still needs of its lamp today: from what its light sensor has seen, or by time.

A sensor that sees the lamp tells what it gives. What the sun will still give is the median of what
it gave in the same hours of the last three days, the lamp's own light taken off. Where no sensor
can be believed, or the plant's hardly notices the lamp, the lamp shines for as long as was set.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

import numpy as np

from ..analysis.light import daily_light, expected
from ..analysis.series import HOUR_S, NOTHING, Series
from ..care.grow_light import LightFacts, Need, learnt_ppfd, need, unseen
from ..care.quiet import last_time, next_time
from ..model.species import Band, Measure
from ..plants.coordinator import PlantCoordinator
from ..plants.definition import Input
from .wishes import LightWishes

ASSUMED_PPFD = 100.0
"""Of a lamp that has not been switched on three times yet: what a small one gives at 30 cm."""
AIM = 0.1
"""So far above the low end of what is good for it a plant is lit, as a share of what is good."""
_DAYS_BACK = 3
# A step is seen between two readings that are not further away from the switching than this.
_STEP_S = 1200.0
# Readings of one minute are one number: the first that has nothing of before is a minute later.
_MIXED_S = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """The lamp was on from `start` to `end`, Unix seconds."""

    start: float
    end: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Light:
    """One plant's light at a moment.

    `need` is what it asks of the lamp. `facts` are what that follows from, None where it goes by
    time; `learnt` says whether the lamp's brightness has been measured.
    """

    need: Need
    facts: LightFacts | None = None
    learnt: bool = False


def light_of(
    plant: PlantCoordinator,
    wishes: LightWishes,
    *,
    runs: Sequence[Run],
    steps: Sequence[tuple[float, float]],
    now: float,
    zone: tzinfo,
    ahead: int = 0,
) -> Light:
    """What a plant needs until its next night; `steps` are those of `learnt_ppfd`.

    Where `now` lies so many days `ahead`, the sun of the days before today stands for all of it.
    """
    night = wishes.night
    began = last_time(night.start, now, zone)
    band = plant.data.thresholds.bands.get(Measure.DLI)
    seen = plant.data.inputs.get(Input.LIGHT)
    if band is None or seen is None or not seen.believed or unseen(steps):
        lit_s = sum(max(0.0, min(run.end, now) - max(run.start, began)) for run in runs)
        return Light(need=Need(night=night, wanted_s=max(0.0, wishes.hours * HOUR_S - lit_s)))
    learnt = learnt_ppfd(steps)
    ppfd = ASSUMED_PPFD if learnt is None else learnt
    readings, dusk = _light_track(plant), next_time(night.start, now, zone)
    daylight = sun(readings, runs, ppfd)
    [today] = daily_light(readings, (began, now), now=now)
    facts = LightFacts(
        dli=0.0 if ahead else today.dli,
        target=_target(band),
        most=band.maximum,
        ppfd=ppfd,
        night=night,
        coming=coming(daylight, began if ahead else now, dusk, zone, ahead=ahead),
    )
    return Light(need=need(facts), facts=facts, learnt=learnt is not None)


def _target(band: Band) -> float:
    return band.low + AIM * (band.high - band.low)


def _light_track(plant: PlantCoordinator) -> Series:
    """The readings of a plant's light, PPFD in µmol/(m² s)."""
    track = plant.memory.tracks.get(Input.LIGHT)
    return track.series if track else NOTHING


def sun(readings: Series, runs: Iterable[Run], ppfd: float) -> Series:
    """The readings without the lamp's `ppfd` while it was on."""
    values = readings.values.copy()
    for run in runs:
        values[(readings.times > run.start) & (readings.times <= run.end)] -= ppfd
    return Series(times=readings.times, values=np.maximum(values, 0.0))


def coming(daylight: Series, now: float, dusk: float, zone: tzinfo, *, ahead: int = 0) -> float:
    """What the sun still gives from `now` to `dusk`, in mol/m²: the median of the days before.

    The same hours by the clock, so that a day of 23 or 25 hours moves nothing; 0 where no such day
    is known. `ahead` is how many days from today that is.
    """
    spans = [
        (_days_before(now, back, zone), _days_before(dusk, back, zone))
        for back in range(1 + ahead, 1 + ahead + _DAYS_BACK)
    ]
    found = expected(daylight, [(start, end) for start, end in spans if start < end], now=now)
    return 0.0 if found is None else found


def _days_before(moment: float, days: int, zone: tzinfo) -> float:
    return (datetime.fromtimestamp(moment, zone) - timedelta(days=days)).timestamp()


def step_at(plant: PlantCoordinator, run: Run) -> tuple[float, float] | None:
    """The light at a plant just before its lamp was switched on, and just after."""
    readings = _light_track(plant)
    before = readings.between(run.start - _STEP_S, run.start)
    after = readings.between(run.start + _MIXED_S, min(run.end, run.start + _STEP_S))
    if not len(before) or not len(after):
        return None
    return float(before.values[-1]), float(after.values[0])
