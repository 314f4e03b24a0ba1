"""Forecasts of soil moisture on sites that the model never saw, beside what others use.

The product's own `learn` and `forecast` go through each soil day by day, knowing only the past,
as they would in a house; so every figure is a forecast of something not seen yet, by a model whose
prior was trained elsewhere.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from custom_components.plant_vita.analysis import drydown
from custom_components.plant_vita.analysis.forecast import forecast
from custom_components.plant_vita.analysis.history import Drivers
from custom_components.plant_vita.analysis.series import DAY_S, series
from custom_components.plant_vita.model.plant import DryForecast, Quantiles
from custom_components.plant_vita.plants.drying import reaching

from .analysis_cost import cost
from .forecast_prior import days, whole_history
from .peers import DAYS, NAMES, Peers
from .results import Report, Table, Target, ratio
from .soils import Soil, read_soil, soils

SAMPLE = Path(__file__).parent / "data" / "soils"
OURS = "Plant Vita"
WARM_UP_DAYS = 14
HOURS = (24, 72, 168)
WET_POINTS = 1.0
"""A rise of the true moisture by more than this between two cells is water."""
SOON_DAYS = 14
_LIMIT = 0.3
"""Dry is this share of the way from the 5 to the 95 % quantile of a soil."""
_SUMMARY = """Daily walks through the soils of sites on which neither the model nor its prior was
trained, after two weeks of getting to know each. *Dry* windows are those without water inside the
horizon, the only ones that a forecast "if nobody waters" can be right about; *all* takes the others
in. Errors are mean absolute ones in points of volumetric moisture (%) from the truth, the mean over
the soils of a group; intervals are judged against what the probe reads. Real measurements: US-Tw3
(AmeriFlux, two depths) and FR-Aqui (ISMN, 5 cm). Computed from real weather: AquaCrop on Champion
and Córdoba, with white noise of 0.3 points on the readings."""
_NOTE = """Exponential: towards half a point below the driest value ever seen, at the rate fitted
since the last water; linear: the slope of the last three days without water; both start at the
newest reading. Dry is 30 % of the way from the 5 to the 95 % quantile of a soil. Days to dry only
count where the soil became dry before water came; whoever never gets there is taken to say 45. Such
cases are the quicker dry-downs, because slow ones are cut short by rain, which every forecast pays
for."""


@dataclass(kw_only=True)
class Outcome:
    """What was forecast for one soil, and what came."""

    group: str
    errors: dict[tuple[str, int, bool], list[float]] = field(
        default_factory=lambda: defaultdict(list)
    )
    inside: dict[int, list[bool]] = field(default_factory=lambda: defaultdict(list))
    days: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    days_inside: list[bool] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What came after an origin: cells on the model's grid.

    `level` and `read` (n,) true and read moisture, `wet` (n + 1,) running count of wettings.
    """

    level: np.ndarray
    read: np.ndarray
    wet: np.ndarray
    per_day: int
    threshold: float

    def dry(self, cell: int, later: int) -> bool:
        """Whether no water came after `cell` until `later`."""
        return bool(self.wet[later + 1] == self.wet[cell + 1])

    def days_to_dry(self, cell: int) -> float | None:
        """None if water came first, or it took more than SOON_DAYS."""
        window = self.level[cell : cell + SOON_DAYS * self.per_day + 1]
        under = np.flatnonzero(window <= self.threshold)
        if not len(under) or under[0] == 0 or not self.dry(cell, cell + int(under[0])):
            return None
        first = int(under[0])
        above = window[first - 1]
        part = (above - self.threshold) / max(above - window[first], 1e-9)
        if not np.isfinite(part):
            return None
        return float((first - 1 + part) / self.per_day)


def _truth(soil: Soil) -> Truth:
    read = whole_history(soil).moisture
    true = whole_history(dataclasses.replace(soil, moisture=soil.truth))
    rises = np.nan_to_num(np.diff(true.moisture, prepend=np.nan), nan=0.0)
    driest, wettest = (float(level) for level in np.nanquantile(true.moisture, (0.05, 0.95)))
    return Truth(
        level=true.moisture,
        read=read,
        wet=np.concatenate(([0], np.cumsum(rises > WET_POINTS))),
        per_day=true.per_day,
        threshold=driest + _LIMIT * (wettest - driest),
    )


def walk(soil: Soil, *, every: int) -> Outcome:
    """Go through one soil, forecasting on every `every`-th day."""
    outcome, truth = Outcome(group=soil.group), _truth(soil)
    moisture = series(soil.times, soil.moisture)
    drivers = {name: series(soil.times, values) for name, values in soil.drivers.items()}
    model, peers, least = drydown.untaught(), Peers(), np.inf
    for number, past in enumerate(days(whole_history(soil))):
        # As for a plant, whose limit is known from the beginning.
        seen = series(np.arange(len(past)), past.moisture)
        model = drydown.learn(reaching(model, seen, truth.threshold), past)
        least = np.nanmin([least, *past.moisture[-past.per_day :]])
        cell = (number + 2) * past.per_day
        if number < WARM_UP_DAYS or number % every or not np.isfinite(past.moisture[-1]):
            continue
        near = moisture.between(past.end - 10 * DAY_S, past.end)
        ours = forecast(model, near, Drivers(**drivers), now=past.end, dry_below=truth.threshold)
        if ours.levels:
            _levels(outcome, truth, cell, ours, peers.forecast(past, least))
    return outcome


def _levels(
    outcome: Outcome, truth: Truth, cell: int, ours: DryForecast, others: dict[str, np.ndarray]
) -> None:
    for hours in HOURS:
        later = cell + hours * truth.per_day // 24
        if later >= len(truth.level) or not np.isfinite(truth.level[later]):
            continue
        level, dry = truth.level[later], truth.dry(cell, later)
        told = ours.levels[hours]
        answers = {name: path[hours // 24] for name, path in others.items()}
        answers[OURS] = told.median if told.median is not None else np.nan
        for name, answer in answers.items():
            outcome.errors[name, hours, False].append(abs(answer - level))
            if dry:
                outcome.errors[name, hours, True].append(abs(answer - level))
        if dry and told.low is not None and told.high is not None:
            outcome.inside[hours].append(bool(told.low <= truth.read[later] <= told.high))
    came = truth.days_to_dry(cell)
    if came is not None and ours.days is not None:
        _days_to_dry(outcome, truth, came, ours.days, others)


def _days_to_dry(
    outcome: Outcome, truth: Truth, came: float, told: Quantiles, others: dict[str, np.ndarray]
) -> None:
    for name, path in others.items():
        under = path <= truth.threshold
        answer = float(np.argmax(under)) if under.any() else float(DAYS)
        if under.any() and answer > 0:
            above = path[int(answer) - 1]
            answer += (above - truth.threshold) / max(above - path[int(answer)], 1e-9) - 1
        outcome.days[name].append(abs(answer - came))
    median = told.median if told.median is not None else float(DAYS)
    outcome.days[OURS].append(abs(median - came))
    low, high = told.low or 0.0, told.high if told.high is not None else np.inf
    outcome.days_inside.append(low <= came <= high)


def _mean(lists: Iterable[Sequence[float] | Sequence[bool]]) -> float:
    means = [float(np.nanmean(values)) for values in lists if len(values) >= 10]
    return float(np.mean(means)) if means else float("nan")


def _groups(outcomes: list[Outcome]) -> Iterator[tuple[str, list[Outcome]]]:
    for group in sorted({outcome.group for outcome in outcomes}):
        yield group, [outcome for outcome in outcomes if outcome.group == group]


def _error_table(outcomes: list[Outcome]) -> Table:
    columns = ["group", "forecast", *(f"{h} h {k}" for k in ("dry", "all") for h in HOURS)]
    table = Table(title="Mean absolute error, points of moisture", columns=columns)
    for group, members in _groups(outcomes):
        for name in (*NAMES, OURS):
            cells = [
                _mean(member.errors[name, hours, dry] for member in members)
                for dry in (True, False)
                for hours in HOURS
            ]
            table.rows.append([group, name, *cells])
    return table


def _interval_table(outcomes: list[Outcome]) -> Table:
    columns = ["group", "soils", *(f"{hours} h, %" for hours in HOURS), "days to dry, %"]
    table = Table(title="What the 80 % intervals cover (dry windows)", columns=columns)
    for group, members in [*_groups(outcomes), ("together", outcomes)]:
        cells = [100 * _mean(member.inside[hours] for member in members) for hours in HOURS]
        days = 100 * _mean(member.days_inside for member in members)
        table.rows.append([group, len(members), *cells, days])
    return table


def _days_table(outcomes: list[Outcome]) -> Table:
    table = Table(
        title=f"Error of days to dry, in days (came true within {SOON_DAYS} days)",
        columns=["group", "cases", *NAMES, OURS],
    )
    for group, members in _groups(outcomes):
        cases = sum(len(member.days_inside) for member in members)
        errors = [_mean(member.days[name] for member in members) for name in (*NAMES, OURS)]
        table.rows.append([group, cases, *errors])
    return table


def _targets(outcomes: list[Outcome]) -> list[Target]:
    def of(name: str, members: list[Outcome]) -> float:
        return _mean(member.errors[name, 72, True] for member in members)

    found = []
    for group, members in _groups(outcomes):
        mine = of(OURS, members)
        for name, most in (("persistence", 0.5), ("exponential", 0.85)):
            found.append(
                Target(
                    text=f"{group}: error at 72 h, dry, at most {most} × that of {name}",
                    measured=ratio(mine, of(name, members)),
                    most=most,
                )
            )
        days = [_mean(member.days[name] for member in members) for name in (OURS, "exponential")]
        found.append(
            Target(
                text=f"{group}: error of days to dry at most that of exponential",
                measured=ratio(*days),
                most=1.0,
            )
        )
    for text, covered in (
        *((f"at {h} h", [100 * _mean(o.inside[h] for o in outcomes)]) for h in HOURS[:2]),
        ("of days to dry", [100 * _mean(o.days_inside for o in outcomes)]),
    ):
        found.append(
            Target(
                text=f"80 % intervals {text} cover 75–85 %", measured=covered[0], least=75, most=85
            )
        )
    return found


def run(*, sample: bool) -> Report:
    """All held-out soils, or a few years of four of them that are kept in the repository."""
    if sample:
        chosen = [read_soil(file) for file in sorted(SAMPLE.glob("*.npz"))]
    else:
        chosen = [soil for soil in soils() if soil.held_out]
    outcomes = [walk(soil, every=8 if sample else 4) for soil in chosen]
    costs, cost_targets = cost(sample=sample)
    return Report(
        name="forecast",
        summary=_SUMMARY,
        sample=sample,
        tables=[
            _error_table(outcomes),
            _days_table(outcomes),
            _interval_table(outcomes),
            costs,
        ],
        targets=[*_targets(outcomes), *cost_targets],
        notes=[_NOTE],
    )
