"""What the analysis of a plant costs: one pass of each kind over a day of readings a minute."""

import time
from collections.abc import Callable

import numpy as np

from custom_components.plant_vita.analysis import drydown
from custom_components.plant_vita.analysis.forecast import forecast
from custom_components.plant_vita.analysis.history import Drivers, history
from custom_components.plant_vita.analysis.lamps import Source
from custom_components.plant_vita.analysis.light import daily_light
from custom_components.plant_vita.analysis.quality import quality
from custom_components.plant_vita.analysis.series import DAY_S, Series, series
from custom_components.plant_vita.analysis.waterings import waterings
from custom_components.plant_vita.model.quantity import BY_WIRE

from .pot import NOISES, trace
from .results import Table, Target

PLANTS = 200
_MINUTE_S = 60.0
# How often the glue runs each pass for a plant, in seconds.
_EVERY_S = {
    "learn": DAY_S,
    "forecast": 600.0,
    "waterings": 600.0,
    "quality × 6": 600.0,
    "light": 600.0,
}


def _readings() -> Series:
    raw = trace(NOISES["spiky"]).raw
    return series(_MINUTE_S * np.arange(len(raw)), raw)


def _passes(moisture: Series) -> dict[str, Callable[[], object]]:
    now = float(moisture.times[-1])
    light = series(moisture.times, 2e4 * np.maximum(0, np.sin(moisture.times / DAY_S * 2 * np.pi)))
    drivers = Drivers(temperature=light, vpd=light, light=light)
    past = history(moisture, drivers, end=now, days=13, aligned=True)
    model = drydown.learn(drydown.untaught(), past)
    day = moisture.between(now - DAY_S, now)
    few = moisture.between(now - 3 * DAY_S, now)
    kind = BY_WIRE["m"]
    return {
        "learn": lambda: drydown.learn(
            drydown.untaught(), history(moisture, drivers, end=now, days=13, aligned=True)
        ),
        "forecast": lambda: forecast(model, few, drivers, now=now, dry_below=20.0),
        "waterings": lambda: waterings(day, after=now - DAY_S / 2, now=now),
        "quality × 6": lambda: [quality(kind, day, now=now) for _ in range(6)],
        "light": lambda: daily_light(
            light, (now - 2 * DAY_S, now - DAY_S, now), now=now, source=Source.SUNLIGHT
        ),
    }


def cost(*, sample: bool) -> tuple[Table, list[Target]]:
    """A table of CPU times and the share of one core that 200 plants take."""
    table = Table(
        title=f"Cost of the analysis; {PLANTS} plants, a reading a minute",
        columns=["pass", "every s", "median ms", "longest ms", "share of one core, %"],
    )
    whole, longest = 0.0, 0.0
    for name, action in _passes(_readings()).items():
        action()
        times = []
        for _ in range(20 if sample else 200):
            begin = time.thread_time()
            action()
            times.append(1000 * (time.thread_time() - begin))
        share = PLANTS * float(np.mean(times)) / 1000 / _EVERY_S[name] * 100
        whole, longest = whole + share, max(longest, *times)
        table.rows.append([name, _EVERY_S[name], float(np.median(times)), max(times), share])
    return table, [
        Target(text=f"{PLANTS} plants cost less than 1 % of one core", measured=whole, most=1.0),
        Target(text="no pass takes more than 20 ms", measured=longest, most=20.0),
    ]
