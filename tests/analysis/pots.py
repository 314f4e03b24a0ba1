"""A pot that dries by a known law, for tests of what learns it."""

import numpy as np

from custom_components.plant_vita.analysis import drydown
from custom_components.plant_vita.analysis.drydown import DryDown
from custom_components.plant_vita.analysis.history import Drivers, history
from custom_components.plant_vita.analysis.series import DAY_S, HOUR_S, Series, series

BEGIN = 1_700_000_000.0 // DAY_S * DAY_S
LOW, HIGH = 12.0, 55.0


def pot(
    days: float, *, rate: float = 0.12, every: int = 8, noise: float = 0.0, quicker: object = None
) -> Series:
    """Hourly moisture in %: 55 after each watering, falling towards 12 at `rate` a day.

    `quicker` (hours,) multiplies the rate in each hour.
    """
    hours = int(days * 24)
    pace = np.ones(hours) if quicker is None else np.asarray(quicker)
    level, values = HIGH, np.empty(hours)
    for hour in range(hours):
        level = (
            HIGH
            if hour % (every * 24) == 0
            else LOW + (level - LOW) * np.exp(-rate * pace[hour] / 24)
        )
        values[hour] = level
    values += np.random.default_rng(7).normal(0, noise, hours) if noise else 0.0
    return series(BEGIN + HOUR_S * np.arange(hours), values)


def taught(moisture: Series, drivers: Drivers | None = None, days: float | None = None) -> DryDown:
    """The model after all of `moisture`."""
    end = float(moisture.times[-1])
    days = days or (end - moisture.times[0]) / DAY_S
    past = history(moisture, drivers or Drivers(), end=end, days=days, aligned=True)
    model = drydown.untaught()
    while True:
        learnt = drydown.learn(model, past)
        if learnt.until == model.until:
            return learnt
        model = learnt
