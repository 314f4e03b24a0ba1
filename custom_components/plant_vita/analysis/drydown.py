"""How one pot dries: a model that starts from what is known of many and learns its own.

The losses over the coming day and the coming three days are linear in features of the state: how
wet, how fast it dried yesterday and the day before, whether it was watered just now, and how warm,
dry and bright it was beside what is usual here. Three days are learnt for themselves because the
noise of a probe, which is in the state too, weighs less against them.

The coefficients are a ridge regression towards those of a pool of soils and climates (`prior.py`):
the pool counts as much as `PRIOR_DAYS` days of the pot's own drying, and the pot's own days fade
with `HALF_LIFE_DAYS`. The 10 and 90 % quantiles are those of the errors of its own last forecasts,
each scored before the model learnt from that day (split conformal prediction, Vovk et al. 2005, on
a moving window).

Farther ahead an exponential takes over, at the rate of the whole dry-down (`pace.py`).
"""

from dataclasses import dataclass, replace

import numpy as np

from .history import History, daily_drivers, wettings
from .pace import USUAL, curve, fitted, learnt, missed, shares, trusted
from .prior import GRAM, MOMENT, SPREAD
from .series import DAY_S, Floats

FEATURES = 17
PRIOR_DAYS = 12.0
HALF_LIFE_DAYS = 120.0
STEPS = (1, 3)
"""Days over which losses are learnt."""
HORIZONS = (1, 2, 3, 5, 7, 10, 14)
"""Days ahead whose errors are followed."""
LEARNT_AT_ONCE = 7
"""Days that one call of `learn` takes in at most, so that no call is long."""
LEAST_SPAN = 10.0
ERRORS_KEPT = 60
_DRIVER_DAYS = 30.0
_DRIVER_FADES = 0.7
_SPAN_FADES = 0.005
_FASTEST = 0.6
_RIDGE = 1e-4
_BLUR = 0.01
_LEAST_ERRORS, _POOL_COUNTS, _LEAST_SPREAD = 10, 3.0, 0.01


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class DryDown:
    """What has been learnt of one pot.

    `gram` (2, 17, 17) and `moment` (2, 17) are the regressions' sums over its own dry days, one for
    each of STEPS, `days` (2,) their weight. `low` and `high` are the range of moisture it goes
    through (%; NaN before the first reading), `usual` (3,) the mean drivers and `seen` (3,) on how
    many days they were known. `errors` (7, 60) are the last errors of its forecasts at HORIZONS, in
    units of `doubt`, the newest last, NaN where there are none yet. `rate` (a day) is how fast the
    pot dries as a whole, from `rated` days; before the first it is what is expected of it. `misses`
    (2,) say how far off the regression and the exponential have been. `until`: learnt up to this
    moment.
    """

    gram: Floats
    moment: Floats
    days: Floats
    low: float
    high: float
    usual: Floats
    seen: Floats
    errors: Floats
    rate: float
    rated: float
    misses: Floats
    until: float

    @property
    def span(self) -> float:
        """The range of moisture in points, at least 10."""
        return max(self.high - self.low, LEAST_SPAN)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class State:
    """(m,) states from which to forecast; all moisture as a share of the pot's range.

    `wetness` 0 driest to 1 wettest seen, `last` and `earlier` the change over the last day and
    the day before, `watered` and `watered_earlier` whether water came then (0.0 or 1.0),
    `anomaly` (m, 3) how far the drivers are from usual, `rate` at which it dries as a whole.
    """

    wetness: Floats
    last: Floats
    earlier: Floats
    watered: Floats
    watered_earlier: Floats
    anomaly: Floats
    rate: Floats


def untaught(expected: tuple[float, float] | None = None) -> DryDown:
    """The model of a pot of which nothing is known but, perhaps, in which range (%) it will be."""
    low, high = expected or (float("nan"), float("nan"))
    return DryDown(
        gram=np.zeros((len(STEPS), FEATURES, FEATURES)),
        moment=np.zeros((len(STEPS), FEATURES)),
        days=np.zeros(len(STEPS)),
        low=low,
        high=high,
        usual=np.zeros(3),
        seen=np.zeros(3),
        errors=np.full((len(HORIZONS), ERRORS_KEPT), np.nan),
        rate=USUAL,
        rated=0.0,
        misses=np.zeros(2),
        until=float("-inf"),
    )


def coefficients(model: DryDown) -> Floats:
    """(2, 17) of the losses over one and three days, as shares of the range."""
    gram = PRIOR_DAYS * _PRIOR_GRAM + model.gram + _RIDGE * np.eye(FEATURES)
    moment = PRIOR_DAYS * _PRIOR_MOMENT + model.moment
    solved = np.linalg.solve(gram, moment[..., np.newaxis])
    return np.asarray(solved[..., 0], dtype=np.float64)


def features(state: State) -> Floats:
    """(m, 17) of states."""
    # Filled column by column: a forecast asks for one row, sixty times.
    columns = np.empty((FEATURES, len(state.wetness)))
    wetness = np.minimum(np.maximum(state.wetness, -0.3), 1.3, out=columns[1])
    once, before = state.watered, state.watered_earlier
    dry_day = once <= 0
    dry_days = dry_day & (before <= 0)
    last = np.minimum(np.maximum(state.last, -_FASTEST), 0.1, out=columns[5]) * dry_day
    earlier = np.minimum(np.maximum(state.earlier, -_FASTEST), 0.1) * dry_days
    half = np.maximum(wetness - 0.5, 0.0, out=columns[2])
    columns[0] = 1.0
    columns[3] = np.minimum(wetness, 0.25)
    columns[4] = np.maximum(wetness - 0.75, 0.0)
    columns[5], columns[6] = last, earlier
    columns[7] = last * half
    columns[8] = np.where(dry_days, (last + earlier) / 2, last) * wetness
    columns[9], columns[10], columns[11] = once, once * wetness, once * half
    columns[12], columns[13] = before, before * wetness
    columns[14:] = state.anomaly.T * wetness
    return columns.T


def course(model: DryDown, state: State, days: int) -> Floats:
    """(days + 1, m) wetness at each whole day from now, if nobody waters."""
    return _mean(model, *_courses(model, state, days))


def _mean(model: DryDown, steps: Floats, whole: Floats) -> Floats:
    share = shares(len(steps) - 1, model.misses)
    mean: Floats = (1.0 - share) * steps + share * whole
    return mean


def _courses(model: DryDown, state: State, days: int) -> tuple[Floats, Floats]:
    """What the regression says, step by step, and the exponential."""
    whole = curve(state.wetness, state.rate, days)
    one, three = coefficients(model)
    # A pot that is watered often has few stretches of three dry days to learn from.
    trust = (model.days[1] + PRIOR_DAYS) / (model.days.max() + PRIOR_DAYS)
    path = [state.wetness]
    while len(path) <= days:
        steps, next_state = [state.wetness], state
        for _ in range(STEPS[1]):
            next_state = _later(next_state, _loss(next_state, one))
            steps.append(next_state.wetness)
        last = np.maximum(state.wetness + _loss(state, three), -0.1)
        last = trust * last + (1 - trust) * steps[-1]
        first = np.clip(steps[1], last, state.wetness)
        path += [first, (first + last) / 2, last]
        pace = (last - first) / 2
        state = replace(next_state, wetness=last, last=pace, earlier=pace)
    return np.stack(path[: days + 1]), whole


def _loss(state: State, weights: Floats) -> Floats:
    """(m,) how far the wetness falls; without water it never rises."""
    loss: Floats = np.minimum(np.maximum(features(state) @ weights, -_FASTEST), 0.0)
    return loss


def _later(state: State, loss: Floats) -> State:
    wetness = np.maximum(state.wetness + loss, -0.1)
    return State(
        wetness=wetness,
        last=wetness - state.wetness,
        earlier=state.last,
        watered=np.zeros_like(wetness),
        watered_earlier=state.watered,
        anomaly=state.anomaly * _DRIVER_FADES,
        rate=state.rate,
    )


def states(model: DryDown, past: History, cells: np.ndarray) -> State:
    """The states at the ends of `cells` (m,) of `past`; NaN where the day before is not known."""
    day = past.per_day
    wetness = (past.moisture - model.low) / model.span
    watered = wettings(past.moisture, model.span)
    wet = np.concatenate(([0], np.cumsum(watered)))
    now, one, two = cells, np.maximum(cells - day, 0), np.maximum(cells - 2 * day, 0)
    # A day that lies before the history tells nothing, and nothing is what it says.
    last = np.where(cells >= day, wetness[now] - wetness[one], 0.0)
    earlier = np.where(cells >= 2 * day, wetness[one] - wetness[two], 0.0)
    return State(
        wetness=wetness[now],
        last=np.nan_to_num(last, nan=0.0),
        earlier=np.nan_to_num(earlier, nan=0.0),
        watered=(wet[now + 1] > wet[one + 1]).astype(np.float64),
        watered_earlier=(wet[one + 1] > wet[two + 1]).astype(np.float64),
        anomaly=_anomalies(model, daily_drivers(past)[cells]),
        rate=trusted(*fitted(wetness, watered, day, cells), model.rate),
    )


def _anomalies(model: DryDown, drivers: Floats) -> Floats:
    """(m, 3) in tens of degrees, kPa and shares of the usual light; 0 where nothing is known."""
    scale = np.array([10.0, 1.0, max(model.usual[2], 1e-9)])
    away = (drivers - model.usual) / scale
    return np.where(np.isfinite(away) & (model.seen > 0), np.clip(away, -2.0, 2.0), 0.0)


def doubt(path: Floats) -> Floats:
    """(days, m) the unit in which the errors of `path` (days + 1, m) are counted."""
    ahead = np.arange(1, len(path), dtype=np.float64)[:, np.newaxis]
    unit: Floats = _BLUR * np.sqrt(ahead) + np.abs(path[1:] - path[0])
    return unit


def learn(model: DryDown, past: History) -> DryDown:
    """Take in the days of `past` that the model has not seen yet, `LEARNT_AT_ONCE` at most.

    `past` is aligned and reaches 16 days further back than the first new day if it can. Call
    it again until `until` no longer moves. Nothing is changed in place.
    """
    day, first = past.per_day, past.moment(0) if len(past) else 0.0
    known = np.flatnonzero(np.isfinite(past.moisture))
    if not len(known):
        return model
    begin = max(first - DAY_S / day, model.until)
    learnt = 0
    for last in range(day - 1, len(past), day):
        # Whole days counted from the end, so that the newest cell is always among the learnt.
        cell = last + (len(past) - day) % day
        if past.moment(cell) < begin + DAY_S - 1.0:
            continue
        if learnt == LEARNT_AT_ONCE:
            break
        model = _one_day(model, past, cell)
        learnt += 1
    return model


def _one_day(model: DryDown, past: History, cell: int) -> DryDown:
    day = past.per_day
    window = slice(max(0, cell - 17 * day), cell + 1)
    past = History(
        end=past.moment(cell),
        per_day=day,
        moisture=past.moisture[window],
        drivers=past.drivers[window],
    )
    model = replace(ranged(model, past), until=past.end)
    if not np.isfinite(past.moisture[-day:]).any():
        return model
    return _absorbed(_paced(_scored(model, past), past), past)


def _paced(model: DryDown, past: History) -> DryDown:
    """Take in how fast the pot has dried since its last water."""
    wetness = (past.moisture - model.low) / model.span
    watered = wettings(past.moisture, model.span)
    (rate,), _ = fitted(wetness, watered, past.per_day, np.array([len(past) - 1]))
    if not np.isfinite(rate):
        return model
    usual = learnt(model.rate, model.rated, float(rate))
    return replace(model, rate=usual, rated=model.rated + 1)


def ranged(model: DryDown, past: History) -> DryDown:
    """Follow the range of the pot and its usual drivers by the last day of `past`."""
    today = past.moisture[-past.per_day :]
    low, high = model.low, model.high
    if np.isfinite(today).any():
        least, most = float(np.nanmin(today)), float(np.nanmax(today))
        if not np.isfinite(low):
            low, high = least - LEAST_SPAN / 2, most + LEAST_SPAN / 2
        low = min(least, low + _SPAN_FADES * (least - low))
        high = max(most, high + _SPAN_FADES * (most - high))
    mean = daily_drivers(past)[-1]
    known = np.isfinite(mean)
    seen = model.seen + known
    share = np.maximum(1 / np.maximum(seen, 1), 1 / _DRIVER_DAYS)
    usual = np.where(known, model.usual + share * (np.nan_to_num(mean) - model.usual), model.usual)
    return replace(model, low=low, high=high, usual=usual, seen=seen)


def _dry_between(past: History, span: float, origins: np.ndarray, ends: np.ndarray) -> np.ndarray:
    wet = np.concatenate(([0], np.cumsum(wettings(past.moisture, span))))
    dry: np.ndarray = wet[ends + 1] == wet[origins + 1]
    return dry


def errors(model: DryDown, past: History) -> tuple[np.ndarray, Floats]:
    """What forecasts of earlier days for the end of `past` were worth.

    (k,) indices into HORIZONS and (k, 3) errors in units of `doubt`: of the regression, of the
    exponential, and of the forecast; only those without water in between.
    """
    last = len(past) - 1
    origins = last - np.array(HORIZONS) * past.per_day
    use = origins >= past.per_day
    use[use] = np.isfinite(past.moisture[origins[use]]) & _dry_between(
        past, model.span, origins[use], np.full(int(use.sum()), last)
    )
    if not use.any() or not np.isfinite(past.moisture[last]):
        return np.empty(0, np.int64), np.empty((0, 3))
    origins, which = origins[use], np.flatnonzero(use)
    both = _courses(model, states(model, past, origins), max(HORIZONS))
    path = _mean(model, *both)
    ahead, column = np.array(HORIZONS)[use], np.arange(len(origins))
    truth = (past.moisture[last] - model.low) / model.span
    unit = doubt(path)[ahead - 1, column]
    return which, np.stack([(truth - one[ahead, column]) / unit for one in (*both, path)], axis=1)


def _scored(model: DryDown, past: History) -> DryDown:
    """Keep what the forecasts of earlier days for today were worth."""
    which, error = errors(model, past)
    kept = model.errors.copy()
    kept[which, :-1] = kept[which, 1:]
    kept[which, -1] = error[:, 2]
    return replace(model, errors=kept, misses=missed(model.misses, error[:, :2]))


def spread(model: DryDown) -> Floats:
    """(7, 2) the 10 and 90 % quantiles of the errors at HORIZONS, in units of `doubt`.

    Of its own last errors, with the correction that conformal prediction makes for few of them,
    and of the pool's as long as there are hardly any. Forecasts of neighbouring days err alike, so
    of those for a week ahead only one in eight counts.
    """
    found = np.array(SPREAD)
    for index, ahead in enumerate(HORIZONS):
        own = model.errors[index][np.isfinite(model.errors[index])]
        if len(own) < _LEAST_ERRORS:
            continue
        counted = len(own) / (ahead + 1)
        share = min(1.0, 0.9 * (counted + 1) / counted)
        weight = counted / (counted + _POOL_COUNTS)
        found[index] += weight * (np.quantile(own, (1 - share, share)) - found[index])
    found[:, 0] = np.minimum(found[:, 0], -_LEAST_SPREAD)
    found[:, 1] = np.maximum(found[:, 1], _LEAST_SPREAD)
    return found


def _absorbed(model: DryDown, past: History) -> DryDown:
    """Add what ended within the last day to the regressions."""
    day, fade = past.per_day, 0.5 ** (1.0 / HALF_LIFE_DAYS)
    gram, moment, days = fade * model.gram, fade * model.moment, fade * model.days
    for index, step in enumerate(STEPS):
        inputs, losses = samples(model, past, newest=day, step=step)
        gram[index] += inputs.T @ inputs / day
        moment[index] += inputs.T @ losses / day
        days[index] += len(losses) / day
    return replace(model, gram=gram, moment=moment, days=days)


def samples(model: DryDown, past: History, *, newest: int, step: int) -> tuple[Floats, Floats]:
    """(m, 17) features and (m,) losses of dry stretches of `step` days.

    Those that end in the `newest` last cells.
    """
    day = past.per_day
    ends = np.arange(max(len(past) - newest, (step + 1) * day), len(past))
    origins = ends - step * day
    if not len(ends):
        return np.empty((0, FEATURES)), np.empty(0)
    inputs = features(states(model, past, origins))
    losses = (past.moisture[ends] - past.moisture[origins]) / model.span
    use = (
        np.isfinite(inputs).all(axis=1)
        & np.isfinite(losses)
        & _dry_between(past, model.span, origins, ends)
    )
    return inputs[use], losses[use]


def _square(numbers: tuple[float, ...]) -> Floats:
    """The symmetric matrix whose lower triangle is `numbers`, row by row."""
    whole = np.zeros((FEATURES, FEATURES))
    whole[np.tril_indices(FEATURES)] = numbers
    return whole + np.tril(whole, -1).T


_PRIOR_GRAM = np.stack([_square(rows) for rows in GRAM])
_PRIOR_MOMENT = np.array(MOMENT)
