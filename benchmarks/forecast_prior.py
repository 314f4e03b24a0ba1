"""Train the prior of the dry-down model on the development sites.

`python -m benchmarks.forecast_prior` writes
`custom_components/plant_vita/analysis/prior.py`. Every soil counts alike within its group, and
the computed soils as much as the measured ones. The quantiles of the errors are those of the second
half of each soil, by a model that was taught the first.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from custom_components.plant_vita.analysis import drydown
from custom_components.plant_vita.analysis.drydown import HORIZONS, STEPS, DryDown
from custom_components.plant_vita.analysis.history import Drivers, History, history, wettings
from custom_components.plant_vita.analysis.pace import fitted
from custom_components.plant_vita.analysis.series import DAY_S, series
from scripts.environment.commands import run
from scripts.environment.layout import VENV

from .soils import DEVELOPMENT, Soil, soils

_FILE = Path(drydown.__file__).with_name("prior.py")
_HEAD = '''"""What is known of drying soils in general.

Written by `python -m benchmarks.forecast_prior`.

Pooled over {soils} soils of the development sites ({sites}).
GRAM is the lower triangle of the mean of x xᵀ over stretches without water, MOMENT the mean of
x y, x the features and y the loss over one and over three days as `drydown.py` has them; SPREAD
the 10 and 90 % quantiles of the errors.
"""

'''
_DAYS_OF_MEMORY = 17
_CAUTION = 0.2
"""How much wider the first quantiles are for each day ahead: a pot that was only just met errs
more than one known for years, and far horizons are scored seldom (set on the development sites)."""

type Groups = dict[bool, list[History]]


def whole_history(soil: Soil) -> History:
    """All of a soil's readings as aligned cells."""
    moisture = series(soil.times, soil.moisture)
    drivers = {name: series(soil.times, values) for name, values in soil.drivers.items()}
    days = (moisture.times[-1] - moisture.times[0]) / DAY_S + 1
    end = float(moisture.times[-1]) + 1.0
    return history(moisture, Drivers(**drivers), end=end, days=days, aligned=False)


def days(past: History) -> Iterator[History]:
    """The history as it was at the end of each of its days, no longer than the model looks back."""
    for cell in range(2 * past.per_day, len(past), past.per_day):
        first = max(0, cell + 1 - _DAYS_OF_MEMORY * past.per_day)
        yield History(
            end=past.moment(cell),
            per_day=past.per_day,
            moisture=past.moisture[first : cell + 1],
            drivers=past.drivers[first : cell + 1],
        )


def _ranged(past: History) -> DryDown:
    """A model that knows the range of a soil and its usual drivers, and nothing else."""
    known = past.moisture[np.isfinite(past.moisture)]
    seen = np.array([bool(np.isfinite(column).any()) for column in past.drivers.T])
    usual = np.zeros(past.drivers.shape[1])
    usual[seen] = np.nanmean(past.drivers[:, seen], axis=0)
    low, high = float(known.min()), float(known.max())
    return replace(drydown.untaught((low, high)), usual=usual, seen=seen.astype(np.float64))


def _sums(past: History, cells: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Means of x xᵀ and of x y over the first `cells` cells, and over how many days."""
    model = _ranged(past)
    begun = replace(past, moisture=past.moisture[:cells], drivers=past.drivers[:cells])
    gram, moment = np.zeros((len(STEPS), 17, 17)), np.zeros((len(STEPS), 17))
    number = np.zeros(len(STEPS))
    for index, step in enumerate(STEPS):
        inputs, losses = drydown.samples(model, begun, newest=cells, step=step)
        number[index] = max(len(losses), 1)
        gram[index] = inputs.T @ inputs / number[index]
        moment[index] = inputs.T @ losses / number[index]
    return gram, moment, number / past.per_day


def _rate(past: History, cells: int) -> float:
    """How fast a soil has dried as a whole in its first `cells` cells, a day."""
    model, day = _ranged(past), past.per_day
    wetness = (past.moisture - model.low) / model.span
    watered = wettings(past.moisture, model.span)
    rates, _ = fitted(wetness, watered, day, np.arange(day, cells, day))
    return float(np.exp(np.nanmean(np.log(rates))))


def _errors(past: History) -> list[np.ndarray]:
    """Errors at HORIZONS in the second half, of a model that knows the first."""
    half, day = len(past) // 2, past.per_day
    gram, moment, number = _sums(past, half)
    weight = np.minimum(number, drydown.HALF_LIFE_DAYS)
    model = replace(
        _ranged(past),
        gram=gram * weight[:, np.newaxis, np.newaxis],
        moment=moment * weight[:, np.newaxis],
        days=weight,
        rate=_rate(past, half),
    )
    origins = np.arange(half, len(past), day)
    origins = origins[np.isfinite(past.moisture[origins])]
    path = drydown.course(model, drydown.states(model, past, origins), max(HORIZONS))
    unit = drydown.doubt(path)
    wet = np.concatenate(([0], np.cumsum(wettings(past.moisture, model.span))))
    found = []
    for ahead in HORIZONS:
        ends = np.minimum(origins + ahead * day, len(past) - 1)
        truth = (past.moisture[ends] - model.low) / model.span
        error = (truth - path[ahead]) / unit[ahead - 1]
        use = (origins + ahead * day < len(past)) & (wet[ends + 1] == wet[origins + 1])
        found.append(error[use & np.isfinite(error)])
    return found


def _spread(groups: Groups) -> np.ndarray:
    spread = np.zeros((len(HORIZONS), 2))
    for members in groups.values():
        each = [_errors(past) for past in members]
        for index in range(len(HORIZONS)):
            together = np.concatenate([found[index] for found in each])
            wider = 1 + _CAUTION * HORIZONS[index]
            spread[index] += wider * np.quantile(together, (0.1, 0.9)) / len(groups)
    return spread


def _pooled(groups: Groups) -> tuple[np.ndarray, np.ndarray]:
    grams, moments = [], []
    for members in groups.values():
        sums = [_sums(past, len(past)) for past in members]
        grams.append(np.mean([gram for gram, _, _ in sums], axis=0))
        moments.append(np.mean([moment for _, moment, _ in sums], axis=0))
    return np.mean(grams, axis=0), np.mean(moments, axis=0)


def _table(name: str, rows: np.ndarray, digits: int = 6) -> str:
    lines = [", ".join(f"{number:.{digits}g}" for number in row) for row in rows]
    return f"{name} = (" + "".join(f"({line})," for line in lines) + ")\n"


def main() -> None:
    """Train and write; needs some seconds."""
    chosen = [soil for soil in soils() if soil.site in DEVELOPMENT]
    groups: Groups = {True: [], False: []}
    for soil in chosen:
        groups[soil.group.startswith("AquaCrop")].append(whole_history(soil))
    gram, moment = _pooled(groups)
    drydown._PRIOR_GRAM, drydown._PRIOR_MOMENT = gram, moment  # noqa: SLF001
    spread = _spread(groups)
    sites = ", ".join(sorted(DEVELOPMENT))
    text = _HEAD.format(soils=len(chosen), sites=sites)
    lower = np.tril_indices(17)
    text += _table("GRAM", gram[:, *lower]) + _table("MOMENT", moment)
    _FILE.write_text(text + _table("SPREAD", spread, 4), encoding="utf-8")
    run([VENV / "bin/ruff", "format", _FILE], timeout=60)


if __name__ == "__main__":
    main()
