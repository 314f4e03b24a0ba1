"""Waterings noticed from the soil alone, beside the rule "15 points up".

Ten-day pots with known waterings, once a minute and once every ten minutes, each with one kind of
trouble and with all of them at once: white noise and wild readings, slow drift and a daily swing,
spikes that last minutes, and probes that are pulled out and put back elsewhere or pushed aside.
The pots are made here, since nobody has labelled the minutes of a real one; the seed makes them the
same for everybody. What is measured is the detector, not how pots behave. It was tuned on other
seeds (1000 and up) of the same makers than those that are reported on (0 to 39).
"""

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from custom_components.plant_vita.analysis.series import HOUR_S, Series, series
from custom_components.plant_vita.analysis.waterings import waterings

from .results import Report, Table, Target, ratio

DAYS = 10
PER_DAY = 1440
_MINUTES = DAYS * PER_DAY
_STEP_S = 1800.0
# As the glue has it: whoever pours twice within this time waters once.
SAME_WATERING_S = 2 * HOUR_S
_EARLY_S, _LATE_S = 1200.0, 2700.0
TROUBLES = ("none", "noise", "drift", "spikes", "moves", "all")
_CLEAR = (-math.inf, 2.0, 3.0, 5.0, 10.0, math.inf)
SAMPLINGS = {"1 min": 1, "10 min": 10}


@dataclass(frozen=True, kw_only=True, eq=False)
class Pot:
    """`moisture` (n,) in % once a minute, and the minutes at which water was poured.

    `rises` are the points by which the soil was wetter an hour after each, `noise` is the deviation
    of one reading.
    """

    moisture: np.ndarray
    watered: tuple[int, ...]
    rises: tuple[float, ...]
    noise: float


def pot(trouble: str, seed: int) -> Pot:
    """One pot with one kind of trouble, or with "all" or "none" of them."""
    dice = np.random.default_rng([seed, TROUBLES.index(trouble)])
    minutes = np.arange(_MINUTES)
    floor, rate = dice.uniform(8, 25), dice.uniform(0.05, 0.4) / PER_DAY
    level = floor + dice.uniform(15, 40) * np.exp(-rate * minutes)
    watered = _moments(dice, 3, 5, spread=PER_DAY)
    rises, noise = [], 0.0
    for moment in watered:
        before = float(level[moment])
        level = _poured(level, moment, floor, rate, dice)
        rises.append(float(level[moment + 60]) - before)
    troubles = set(TROUBLES[1:-1]) if trouble == "all" else {trouble}
    if "moves" in troubles:
        level = _moved(level, watered, dice)
    if "drift" in troubles:
        level = level + np.cumsum(dice.normal(0, 1.5 / math.sqrt(PER_DAY), _MINUTES))
        level = level + dice.uniform(0, 2) * np.sin(2 * np.pi * minutes / PER_DAY)
    if "noise" in troubles:
        noise = dice.uniform(0.3, 2.0)
        level = level + dice.normal(0, noise, _MINUTES)
        wild = dice.random(_MINUTES) < dice.uniform(0, 0.15)
        level = level + wild * dice.normal(0, 12, _MINUTES)
    if "spikes" in troubles:
        level = _spiked(level, dice)
    return Pot(
        moisture=np.clip(np.round(level, 1), 0, 100),
        watered=tuple(watered),
        rises=tuple(rises),
        noise=noise,
    )


def _moments(dice: np.random.Generator, least: int, most: int, *, spread: int) -> list[int]:
    """Minutes at least `spread` apart, away from both ends."""
    chosen: list[int] = []
    for _ in range(200):
        if len(chosen) >= dice.integers(least, most + 1):
            break
        moment = int(dice.integers(PER_DAY // 2, _MINUTES - PER_DAY // 4))
        if all(abs(moment - other) >= spread for other in chosen):
            chosen.append(moment)
    return sorted(chosen)


def _poured(
    level: np.ndarray, moment: int, floor: float, rate: float, dice: np.random.Generator
) -> np.ndarray:
    """Part of the water is there at once, the rest soaks in, and some drains again."""
    since = np.arange(len(level) - moment)
    size = min(dice.uniform(4, 45), max(4.0, 95 - level[moment]))
    at_once, soaking = dice.uniform(0, 0.6), dice.uniform(3, 40)
    drained, draining = dice.uniform(0, 0.35), dice.uniform(60, 400)
    rise = at_once + (1 - at_once) * (1 - np.exp(-since / soaking))
    fall = drained * (1 - np.exp(-since / draining))
    poured = level.copy()
    dry = floor + (level[moment] - floor) * np.exp(-rate * since)
    poured[moment:] = dry + size * (rise - fall) * np.exp(-rate * since)
    return poured


def _moved(level: np.ndarray, watered: Sequence[int], dice: np.random.Generator) -> np.ndarray:
    moved = level.copy()
    for moment in _moments(dice, 2, 4, spread=PER_DAY // 2):
        if any(abs(moment - water) < 240 for water in watered):
            continue
        moved[moment:] += dice.uniform(4, 15) * dice.choice([-1, 1])
        if dice.random() < 0.7:
            moved[moment : moment + int(dice.integers(2, 11))] = dice.uniform(0, 2)
    held: np.ndarray = np.maximum(moved, 4.0 * (moved > 2.0))
    return held


def _spiked(level: np.ndarray, dice: np.random.Generator) -> np.ndarray:
    spiked = level.copy()
    for moment in dice.integers(0, _MINUTES - 10, size=40):
        spiked[moment : moment + int(dice.integers(1, 5))] += dice.uniform(-40, 40)
    return spiked


def ours(readings: Series) -> list[float]:
    """As the glue does it: every half hour, with what the last twelve hours brought."""
    found: list[float] = []
    first, last = float(readings.times[0]), float(readings.times[-1])
    after = first
    for step in range(int((last - first - HOUR_S) / _STEP_S) + 1):
        now = first + HOUR_S + step * _STEP_S
        for event in waterings(readings.between(now - 12 * HOUR_S, now), after=after, now=now):
            found.append(event.at)
            after = event.at + SAME_WATERING_S
    return found


def fifteen_points(readings: Series) -> list[float]:
    """A reading 15 points above the lowest of the last hour; then quiet for two hours."""
    found: list[float] = []
    for index, (moment, value) in enumerate(zip(readings.times, readings.values, strict=True)):
        if found and moment < found[-1] + 2 * HOUR_S:
            continue
        first = np.searchsorted(readings.times, moment - HOUR_S)
        if value - readings.values[first : index + 1].min() >= 15.0:
            found.append(float(moment))
    return found


def fifteen_points_filtered(readings: Series) -> list[float]:
    """The same rule on running medians of seven readings."""
    windows = np.lib.stride_tricks.sliding_window_view(readings.values, 7)
    return fifteen_points(series(readings.times[6:], np.median(windows, axis=1)))


RULES: dict[str, Callable[[Series], list[float]]] = {
    "15 points": fifteen_points,
    "15 points, filtered": fifteen_points_filtered,
    "Plant Vita": ours,
}


def matched(found: Sequence[float], truth: Sequence[float]) -> list[bool]:
    """Which of `truth` were found, each by one, 20 minutes early to 45 minutes late."""
    left, hits = list(found), []
    for moment in truth:
        near = [f for f in left if -_EARLY_S <= f - moment <= _LATE_S]
        if near:
            left.remove(near[0])
        hits.append(bool(near))
    return hits


@dataclass(kw_only=True)
class Tally:
    """Of some pots: waterings found, events told, and of each watering how clear it was.

    `clear` are its rises in multiples of the noise of one reading (infinite without any), `seen`
    says whether it was found.
    """

    hits: int = 0
    told: int = 0
    clear: list[float] = field(default_factory=list)
    seen: list[bool] = field(default_factory=list)

    @property
    def there(self) -> int:
        """How many waterings there were."""
        return len(self.seen)

    def add(self, other: Tally) -> None:
        """Take in other pots."""
        self.hits += other.hits
        self.told += other.told
        self.clear += other.clear
        self.seen += other.seen


def counts(rule: str, trouble: str, every: int, pots: Iterable[int]) -> Tally:
    """What a rule finds in the pots of some seeds."""
    tally = Tally()
    for seed in pots:
        one = pot(trouble, seed)
        readings = series(60.0 * np.arange(0, _MINUTES, every), one.moisture[::every])
        told = RULES[rule](readings)
        seen = matched(told, [60.0 * moment for moment in one.watered])
        clear = [rise / one.noise if one.noise else math.inf for rise in one.rises]
        tally.add(Tally(hits=sum(seen), told=len(told), clear=clear, seen=seen))
    return tally


def _targets(where: str, tally: Tally) -> list[Target]:
    shares = {
        "precision": ratio(tally.hits, tally.told),
        "recall": ratio(tally.hits, tally.there),
    }
    return [
        Target(text=f"{what} at least 0.95, {where}", measured=float(share), least=0.95)
        for what, share in shares.items()
    ]


def _clear_table(tallies: dict[str, Tally]) -> Table:
    """How small a watering may be, beside the noise, to be found."""
    table = Table(
        title="Waterings by their rise, in multiples of the noise of one reading (both noisy rows)",
        columns=["readings", "rise / noise", "waterings", "recall"],
    )
    for sampling, tally in tallies.items():
        clear, seen = np.array(tally.clear), np.array(tally.seen)
        for low, high in itertools.pairwise(_CLEAR):
            inside = (clear >= low) & (clear < high)
            if inside.any():
                name = f"under {high:g}" if low <= 0 else f"{low:g} to {high:g}"
                name = name if math.isfinite(high) else f"over {low:g}"
                share = float(seen[inside].mean())
                table.rows.append([sampling, name, int(inside.sum()), share])
    return table


def run(*, sample: bool) -> Report:
    """Forty pots of each kind, or four."""
    pots = range(3 if sample else 40)
    table = Table(
        title=f"{len(pots)} pots of {DAYS} days for each kind of trouble",
        columns=["readings", "trouble", "waterings"]
        + [f"{rule}: {what}" for rule in RULES for what in ("precision", "recall")],
    )
    targets, noisy = [], {sampling: Tally() for sampling in SAMPLINGS}
    for sampling, every in SAMPLINGS.items():
        pooled = Tally()
        for trouble in TROUBLES:
            row: list[str | float] = [sampling, trouble]
            for rule in RULES:
                tally = counts(rule, trouble, every, pots)
                row += [tally.there] if len(row) == 2 else []
                row += [ratio(tally.hits, tally.told), ratio(tally.hits, tally.there)]
            # The last rule is ours.
            pooled.add(tally)
            if trouble in {"noise", "all"}:
                noisy[sampling].add(tally)
            table.rows.append(row)
        targets += _targets(f"the six rows pooled, every {sampling}", pooled)
        # The last row of the sampling: the hardest pots, for themselves.
        targets += _targets(f"every trouble in one pot, every {sampling}", tally)
    return Report(
        name="watering_events",
        summary=(__doc__ or "").split("\n\n", 1)[1].strip(),
        tables=[table, _clear_table(noisy)],
        targets=targets,
        sample=sample,
    )
