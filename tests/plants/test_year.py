"""A year of eight plants in simulated time: seasons, holidays, dead sensors, restarts, clocks.

By default the days on which something happens; the whole year with PLANT_VITA_FULL=1.
"""

import os

import numpy as np
import pytest

from .growing import Growing, growing_fixture
from .year_garden import REPLACED_AT, Garden
from .year_house import Ends, House, Restart, Returns, WrongClock
from .year_world import DAY, HOUR, STEPS, step_of

growing = growing_fixture()

# From, to, and how often Home Assistant is restarted. Where the clock is wrong it is not: a restart
# would make up for what a plant has taken amiss.
DAYS = (
    ("2026-02-28 22:00", "2026-03-01 08:00", 2),  # a probe dies
    ("2026-03-22 06:00", "2026-03-22 14:00", 2),  # and is replaced
    ("2026-03-27 23:00", "2026-03-28 00:40", 0),  # watered before an hour is left out
    ("2026-03-29 00:00", "2026-03-29 06:00", 2),
    ("2026-04-21 13:00", "2026-04-21 23:00", 0),  # frost, and the clock was wrong
    ("2026-07-18 08:00", "2026-07-18 19:00", 2),  # nobody is at home, and it is hot
    ("2026-10-24 23:00", "2026-10-25 05:00", 2),  # an hour comes twice, and a probe flickers
    ("2026-10-25 12:00", "2026-10-25 17:00", 0),  # the clock is behind
)
CLOCKS = (
    WrongClock(at=step_of("2026-04-21 15:00"), lasts=2, ahead=12 * HOUR),
    WrongClock(at=step_of("2026-10-25 14:00"), lasts=3, ahead=-5 * HOUR),
)
RESTARTS = 50


@pytest.fixture
def enable_event_loop_debug():
    """Off: it is slow, and finds each step of the clock remarkable."""


def restarts(first: int, last: int, count: int, seed: int, longest: int = DAY) -> list[Restart]:
    """At random moments, and in every way; off for `longest` steps at most."""
    dice = np.random.default_rng(seed)
    return [
        Restart(
            at=int(step),
            off=min(int(dice.choice((1, 1, 1, 2, 3, 8, 24))), longest),
            ends=Ends.KILL if dice.random() < 0.4 else Ends.STOP,
            returns=list(Returns)[int(dice.integers(0, 3))],
            mute=int(dice.choice((0, 0, 1))),
        )
        for step in sorted(dice.choice(np.arange(first, last), count, replace=False))
    ]


def verdict(house: House) -> None:
    """Fail with everything that was wrong."""
    assert house.wrong == []
    assert house.flapping() == []
    assert house.restarted >= 10


async def test_the_days_on_which_something_happens(growing: Growing) -> None:
    house = House(growing, Garden())
    for number, (first, last, count) in enumerate(DAYS):
        begin, end = step_of(first), step_of(last)
        if number:
            await house.off_until(begin)
        else:
            await house.open(begin)
        # Not before a few hours of a sensor have been seen; the days are too short for long ones.
        plan = restarts(begin + 3 * HOUR, end, count, seed=number, longest=HOUR) if count else []
        await house.live(end, plan, CLOCKS)
    assert house.replaced
    verdict(house)


async def a_whole_year(growing: Growing) -> None:
    house = House(growing, Garden())
    await house.open(6 * HOUR)
    plan = restarts(DAY, STEPS - 2 * DAY, RESTARTS, seed=11)
    for day in range(1, STEPS // DAY):
        await house.live(day * DAY, plan, CLOCKS)
    assert house.replaced, REPLACED_AT
    assert house.restarted == RESTARTS
    verdict(house)


if os.environ.get("PLANT_VITA_FULL") == "1":
    test_a_whole_year = pytest.mark.timeout(7200)(a_whole_year)
