"""What the sun will still give, what the lamp gives, and how much a plant still needs of it."""

from datetime import UTC, datetime, time
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from custom_components.plant_vita.analysis.series import Series, series
from custom_components.plant_vita.lighting.needs import (
    ASSUMED_PPFD,
    Run,
    coming,
    light_of,
    step_at,
    sun,
)
from custom_components.plant_vita.lighting.wishes import LightWishes
from custom_components.plant_vita.model.species import Band, Measure
from custom_components.plant_vita.plants.definition import Input
from custom_components.plant_vita.plants.track import Track

HOUR, DAY = 3600.0, 86_400.0
MIDNIGHT = datetime(2026, 11, 10, tzinfo=UTC).timestamp()
NOON, DUSK = MIDNIGHT + 12 * HOUR, MIDNIGHT + 22 * HOUR
BAND = Band(minimum=2, low=5, high=15, maximum=20)
"""Lit up to 6 mol."""


def days(bright: dict[int, float], until: float, *, lamp: tuple[Run, ...] = ()) -> Series:
    """So bright (µmol/(m² s)) from 9 to 15 o'clock so many days ago; a lamp adds 100."""
    times = np.arange(MIDNIGHT - 4 * DAY, until, 300.0)
    ago = -((times - MIDNIGHT) // DAY)
    clock = (times - MIDNIGHT) % DAY / HOUR
    values = np.array(
        [
            bright.get(int(back), 0.0) if 9 <= at < 15 else 0.0
            for back, at in zip(ago, clock, strict=True)
        ]
    )
    for run in lamp:
        values[(times > run.start) & (times <= run.end)] += 100.0
    return series(times, values)


def plant(readings: Series | None, *, believed: bool = True, band: Band | None = BAND) -> Any:
    track = None if readings is None else Track(readings.times, readings.values)
    inputs = {} if readings is None else {Input.LIGHT: SimpleNamespace(believed=believed)}
    return SimpleNamespace(
        memory=SimpleNamespace(tracks={Input.LIGHT: track} if track else {}),
        data=SimpleNamespace(
            inputs=inputs,
            thresholds=SimpleNamespace(bands={Measure.DLI: band} if band else {}),
        ),
    )


def light(of: Any, now: float = NOON, wishes: LightWishes | None = None, **more: Any) -> Any:
    known = {"runs": (), "steps": (), "zone": UTC} | more
    return light_of(of, wishes or LightWishes(), now=now, **known)


def test_the_sun_of_the_same_hours_on_the_days_before() -> None:
    # Three hours of each are still to come: 1.08, 2.16 and 10.8 mol.
    daylight = days({1: 100.0, 2: 200.0, 3: 1000.0}, NOON)
    assert coming(daylight, NOON, DUSK, UTC) == pytest.approx(2.16, abs=0.05)
    assert coming(daylight, MIDNIGHT + 16 * HOUR, DUSK, UTC) == pytest.approx(0.0, abs=0.01)
    # Tomorrow as on the days before today: 2.16 and 10.8 of two.
    tomorrow = coming(daylight, NOON + DAY, DUSK + DAY, UTC, ahead=1)
    assert tomorrow == pytest.approx(2.16, abs=0.05)


def test_nothing_is_known_of_the_sun_before_there_was_a_day() -> None:
    assert coming(series((), ()), NOON, DUSK, UTC) == 0.0
    assert coming(days({}, NOON).between(NOON - HOUR, NOON), NOON, DUSK, UTC) == 0.0


def test_the_same_hours_by_the_clock_where_the_clock_was_changed() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    changed = datetime(2026, 10, 25, 12, tzinfo=berlin)
    # Bright from 13 to 14 o'clock by the clock on the wall, the day before by summer time.
    bright = datetime(2026, 10, 24, 13, tzinfo=berlin).timestamp()
    times = np.arange(bright - 20 * HOUR, changed.timestamp(), 300.0)
    readings = series(times, np.where((times >= bright) & (times < bright + HOUR), 500.0, 0.0))
    dusk = changed.replace(hour=22).timestamp()
    until_two = coming(readings, changed.timestamp(), changed.timestamp() + 2 * HOUR, berlin)
    assert until_two == pytest.approx(1.8, abs=0.2)
    after = coming(readings, changed.timestamp() + 2 * HOUR, dusk, berlin)
    assert after == pytest.approx(0.0, abs=0.1)


def test_the_lamps_own_light_is_not_taken_for_the_suns() -> None:
    evenings = tuple(
        Run(start=DUSK - back * DAY - 5 * HOUR, end=DUSK - back * DAY) for back in (1, 2, 3)
    )
    seen = days({1: 200.0, 2: 200.0, 3: 200.0}, NOON, lamp=evenings)
    assert coming(seen, NOON, DUSK, UTC) == pytest.approx(2.16 + 1.8, abs=0.1)
    assert coming(sun(seen, evenings, 100.0), NOON, DUSK, UTC) == pytest.approx(2.16, abs=0.1)
    assert sun(seen, evenings, 500.0).values.min() == 0.0


def test_what_is_missing_of_a_measured_day() -> None:
    # Three hours of 100 had been until noon, and as much is to come.
    found = light(plant(days({0: 100.0, 1: 100.0, 2: 100.0, 3: 100.0}, NOON)))
    assert found.facts.dli == pytest.approx(1.08, abs=0.05)
    assert found.facts.coming == pytest.approx(1.08, abs=0.05)
    assert (found.facts.target, found.facts.most, found.facts.ppfd) == (6.0, 20, ASSUMED_PPFD)
    assert found.need.wanted_s == pytest.approx(3.84e6 / 100, rel=0.03)
    assert not found.learnt


def test_the_light_since_its_last_night_began_counts() -> None:
    night = LightWishes(night_from=time(10), night_to=time(18))
    seen = days({0: 100.0, 1: 0.0}, NOON)
    # Two hours since ten o'clock, when its night began: this is of its next day.
    assert light(plant(seen), wishes=night).facts.dli == pytest.approx(0.72, abs=0.05)


def test_tomorrow_begins_with_nothing() -> None:
    seen = days(dict.fromkeys(range(5), 100.0), NOON)
    found = light(plant(seen), MIDNIGHT + DAY + 6 * HOUR, ahead=1)
    assert found.facts.dli == 0.0
    assert found.facts.coming == pytest.approx(2.16, abs=0.05)


@pytest.mark.parametrize(
    "of",
    [
        plant(None),
        plant(days({}, NOON), believed=False),
        plant(days({}, NOON), band=None),
    ],
)
def test_without_light_that_can_be_believed_it_goes_by_time(of: Any) -> None:
    runs = (
        Run(start=DUSK - DAY - HOUR, end=DUSK - DAY + HOUR),  # half of it in this day of the plant
        Run(start=NOON - HOUR, end=NOON),
    )
    found = light(of, wishes=LightWishes(hours=5), runs=runs)
    assert (found.facts, found.need.wanted_s) == (None, 3 * HOUR)
    assert light(of, wishes=LightWishes(hours=1), runs=runs).need.wanted_s == 0.0


def test_a_lamp_that_is_known_counts_as_what_it_gives() -> None:
    of = plant(days({}, NOON))
    steps = [(0.0, 250.0)] * 3
    found = light(of, steps=steps)
    assert (found.facts.ppfd, found.learnt) == (250.0, True)
    # The sensor hardly notices it: by time.
    assert light(of, steps=[(0.0, 1.0)] * 3).facts is None


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [
        (-60.0, 120.0, (40.0, 140.0)),
        (-60.0, 30.0, None),  # the mean of this minute has something of both
        (-1300.0, 120.0, None),
        (-60.0, 1300.0, None),
    ],
)
def test_what_the_lamp_gave_when_it_was_switched_on(
    before: float, after: float, step: tuple[float, float] | None
) -> None:
    of = plant(series([NOON + before, NOON + after], [40.0, 140.0]))
    assert step_at(of, Run(start=NOON, end=NOON + HOUR)) == step


def test_a_run_that_was_too_short_shows_nothing() -> None:
    of = plant(series([NOON - 60, NOON + 120], [40.0, 140.0]))
    assert step_at(of, Run(start=NOON, end=NOON + 90)) is None
    assert step_at(plant(None), Run(start=NOON, end=NOON + HOUR)) is None
