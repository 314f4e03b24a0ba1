"""What is known of a plant without any service: what its sensors measured, what was not done."""

import time
from datetime import timedelta

from homeassistant.util import dt as dt_util

from ..analysis.diagnosis import DAYS, Course, Seen, course, course_of_days
from ..analysis.light import daily_light
from ..model.plant import AnomalyKind
from ..model.species import Band, Measure
from ..plants.coordinator import PlantCoordinator
from ..plants.profile import NEEDS
from ..plants.reasons import WATER_OVERDUE
from ..providers.provider import Context


def seen_of(plant: PlantCoordinator, yellowing: float | None = None) -> Seen:
    """The last two weeks of every input that is believed."""
    state, courses = plant.data, {}
    for measure, band in state.thresholds.bands.items():
        now = state.inputs.get(NEEDS[measure])
        if now is not None and now.believed:
            one = _course(plant, measure, band)
            if one is not None:
                courses[measure] = one
    return Seen(
        courses=courses,
        overdue=WATER_OVERDUE in state.reasons,
        blocked=any(one.kind is AnomalyKind.DRAINAGE_BLOCKED for one in state.suspected),
        yellowing=yellowing,
    )


def readings_of(plant: PlantCoordinator, seen: Seen) -> Context:
    """The same for a model: rounded, so that asking again a little later asks the same."""
    readings: dict[str, str | float | int | bool | None] = {}
    for measure, one in seen.courses.items():
        readings |= {
            f"{measure}_mean_14_days": float(f"{one.mean:.2g}"),
            f"{measure}_percent_of_time_too_low": round(20 * one.low) * 5,
            f"{measure}_percent_of_time_too_high": round(20 * one.high) * 5,
        }
    now = time.time()
    readings |= {
        f"days_since_{care}": round((now - at) / 86_400) for care, at in plant.data.last.items()
    }
    return {**readings, "outdoors": plant.definition.outdoors} if readings else {}


def _course(plant: PlantCoordinator, measure: Measure, band: Band) -> Course | None:
    now = time.time()
    track = plant.memory.tracks.get(NEEDS[measure])
    if track is None:
        return None
    if measure is not Measure.DLI:
        return course(track.series, band, now=now)
    today = dt_util.start_of_local_day()
    midnights = [
        dt_util.start_of_local_day((today - timedelta(days=back)).date()).timestamp()
        for back in range(DAYS, -1, -1)
    ]
    days = daily_light(track.series, tuple(midnights), now=now)
    return course_of_days([one.estimate for one in days if one.estimate is not None], band)
