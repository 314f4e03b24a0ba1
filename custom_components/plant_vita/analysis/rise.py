"""What made the moisture rise: water, a probe that was moved, or nothing at all.

Each explanation is a bank of courses (matched filters) on top of a smooth drying: water comes at
once in part, soaks in and drains; a probe that is pushed aside reads another level from then on.
The courses are fitted by least squares, in which a reading is either the probe's, with its noise,
or wild, with any value (a mixture, by expectation and maximisation). The explanations are compared
by their marginal likelihoods, so that one that needs a lucky moment or size counts less (Bayes
factors, Kass and Raftery 1995). What is hidden by the noise is not made out by any of this: then
neither explanation is likelier, and nothing is told.
"""

import math
from dataclasses import dataclass

import numpy as np

from .series import HOUR_S, MINUTE_S, Floats, Series, interval, noise, regular

LEAST_POINTS = 2.5
"""A rise of less is drift, or the sun on the pot."""
AIR, AIR_DROP = 3.0, 8.0
"""What a probe in the air reads at most (%), and how far above that soil has to be, to tell."""

# The slower a rise, the larger it must be; no two places in a pot are as different as the last.
_LEAST_SLOW, _MOST_POINTS, _MOST_MOVED = 6.0, 90.0, 20.0
_THINNED_S = 3 * MINUTE_S
_REACH_S, _GRID_S = HOUR_S, 5 * MINUTE_S
_BEFORE_S, _AFTER_S = HOUR_S, 40 * MINUTE_S
_LEAST_BEFORE = 4
_MOST_HALF_S = 6 * HOUR_S
_SHARP_POINTS = 0.35
_ALIKE_POINTS, _MISFIT, _ALIKE_S = 0.25, 0.03, 10 * MINUTE_S
_LEAST_WILD, _MOST_WILD = 0.02, 0.25
_RANGE = 100.0
_LEAST_WEIGHT = 1e-6
_NEAR_S, _SOIL_S, _PUT_BACK = 45 * MINUTE_S, 4 * HOUR_S, 0.3
_ROUNDS = 2
# Sizes in points: any for water, some for a probe that is moved within one pot.
_WATER_SIZES, _MOVE_SIZE = 50.0, 9.0
# Logarithms of how much likelier each is beforehand: no rise at some moment of half a day than one,
# and water than a hand that moves the probe; and that such a hand does it bit by bit.
_RARE, _POURED, _BIT_BY_BIT = 4.5, 0.7, 5.0

# Share that is there at once, minutes of soaking in, share that drains, minutes of that.
_WATER = np.array(
    [
        (at_once, soaking, drained, 150.0)
        for at_once in (0.05, 0.3, 0.55)
        for soaking in (4.0, 12.0, 30.0)
        for drained in (0.0, 0.2)
    ]
    + [(0.0, 90.0, 0.0, 150.0)]
)
_STEP = np.array([(1.0, 1.0, 0.0, 150.0)])


@dataclass(frozen=True, kw_only=True, slots=True)
class Rise:
    """A rise that may be water: it began at `at` (Unix seconds), from `before` by `size` points.

    `chance` is the probability that it was water, 0 to 1.
    """

    at: float
    before: float
    size: float
    chance: float


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Window:
    """(n,) `times` and `values`; `smooth` (n, 3) the drying by itself, `noise` of one reading.

    `raw` is the noise without what errors of neighbouring readings have in common, `wild` the share
    of readings that say anything, `usual` the seconds from one reading to the next.
    """

    times: Floats
    values: Floats
    smooth: Floats
    usual: float
    raw: float
    noise: float
    wild: float


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Fit:
    """The logarithm of an explanation's `evidence`, and its best course: `best` of the bank.

    `size` in points, `drying` (n,) what there would be without the rise, `weights` (n,) how much
    of a reading is the probe's and `left` (n,) what remains of it.
    """

    evidence: float
    best: int
    size: float
    drying: Floats
    weights: Floats
    left: Floats


def explained(moisture: Series, *, about: float, now: float) -> Rise | None:
    """The likeliest beginning of water within an hour of `about`; None if none would do.

    `moisture` in %, from hours before `about` until `now`.
    """
    window = _window(moisture, about, now)
    if window is None:
        return None
    begins = _begins(window, about)
    if not len(begins):
        return None
    bank = _bank(window.times, begins, _WATER)
    first = _fitted(window, window.noise, _believed(window), bank, moved=False)
    if first is None:
        return None
    sigma = _noise_left(window, first)
    water = _fitted(window, sigma, first.weights, bank, moved=False)
    if water is None:
        return None
    at = float(begins[water.best // len(_WATER)])
    if abs(at - about) > _REACH_S or not _seen(window, at, now):
        return None
    moved = _fitted(window, sigma, water.weights, _bank(window.times, begins, _STEP), moved=True)
    soaked = _bank(np.array([75 * MINUTE_S]), np.zeros(1), _WATER)[water.best % len(_WATER), 0]
    against = [_RARE + _nothing(window, sigma, first.weights) - water.evidence]
    by_hand = water.evidence - _BIT_BY_BIT
    if moved is not None:
        against.append(moved.evidence - water.evidence - _POURED)
        by_hand = max(by_hand, moved.evidence)
    before = float(np.interp(at, window.times, water.drying))
    size = water.size * float(soaked)
    if (air := _air(moisture, window, at, before + _PUT_BACK * size)) > 0:
        against.append(by_hand + air - water.evidence - _POURED)
    return Rise(
        at=at,
        before=before,
        size=size,
        chance=1.0 / (1.0 + sum(math.exp(min(one, 50.0)) for one in against)),
    )


def _window(moisture: Series, about: float, now: float) -> _Window | None:
    usual, raw = max(interval(moisture), 1.0), min(noise(moisture), _RANGE)
    # The noisier, the more readings are needed to see 2.5 points.
    half = (2.5 if usual < _THINNED_S else 4.0) * HOUR_S
    half = max(half, 2 * usual * (raw / _SHARP_POINTS) ** 2, 6 * usual)
    half = min(half, _MOST_HALF_S)
    near = moisture.between(about - half, min(now, about + half))
    if usual < _THINNED_S and len(near):
        raw *= 1.2 * math.sqrt(usual / _THINNED_S)
        near, usual = _thinned(near), _THINNED_S
    if len(near) < 2 * _LEAST_BEFORE:
        return None
    away = (near.times - about) / half
    sigma = math.hypot(raw, _ALIKE_POINTS * _common(usual))
    wild = float(np.mean(np.abs(_astray(near.values)) > 4 * sigma))
    return _Window(
        times=near.times,
        values=near.values,
        smooth=np.stack([np.ones_like(away), away, away**2], axis=1),
        usual=usual,
        raw=raw,
        noise=sigma,
        wild=min(max(wild, _LEAST_WILD), _MOST_WILD),
    )


def _common(usual: float) -> float:
    """By how much errors weigh more that neighbouring readings have in common.

    A hundred readings whose errors are alike are not surer than ten.
    """
    return math.sqrt(max(1.0, _ALIKE_S / usual))


def _thinned(readings: Series) -> Series:
    """Medians of three minutes, at their middles."""
    start = float(readings.times[0])
    count = int((readings.times[-1] - start) // _THINNED_S) + 1
    cells = regular(readings, start=start, step=_THINNED_S, count=count).values
    known = np.isfinite(cells)
    middles = start + _THINNED_S * (np.arange(count) + 0.5)
    return Series(times=middles[known], values=cells[known])


def _astray(values: Floats) -> Floats:
    """(n,) how far each is from the median of five."""
    padded = np.pad(values, 2, mode="edge")
    middle = np.median(np.lib.stride_tricks.sliding_window_view(padded, 5), axis=1)
    away: Floats = values - middle
    return away


def _begins(window: _Window, about: float) -> Floats:
    """Moments at which something may have risen, close to each other near `about`.

    Also where it would not be told: a rise that is known, or has only just begun, is to be
    explained by itself and not by another.
    """
    near = np.arange(about - _REACH_S, about + _REACH_S, _GRID_S)
    far = np.arange(window.times[0] + _GRID_S, window.times[-1], 4 * _GRID_S)
    far = far[np.abs(far - about) > _REACH_S]
    moments = np.concatenate((near, far))
    found: Floats = moments[(moments > window.times[0]) & (moments <= window.times[-1])]
    return found


def _seen(window: _Window, at: float, now: float) -> bool:
    """Whether enough is known of what was before and after."""
    first = max(window.times[0] + _BEFORE_S, window.times[_LEAST_BEFORE - 1])
    return bool(first <= at <= now - _AFTER_S)


def _bank(times: Floats, begins: Floats, shapes: Floats) -> Floats:
    """(j × k, n) courses of j beginnings and k shapes, one point high before they drain."""
    minutes = (times - begins[:, np.newaxis])[:, np.newaxis, :] / MINUTE_S
    since = np.maximum(minutes, 0.0)
    at_once, soaking, drained, draining = (column[:, np.newaxis] for column in shapes.T)
    course = 1.0 - (1.0 - at_once) * np.exp(-since / soaking)
    course -= drained * (1.0 - np.exp(-since / draining))
    course *= minutes >= 0
    bank: Floats = course.reshape(-1, len(times))
    return bank


def _likelihood(window: _Window, sigma: float, left: Floats) -> tuple[Floats, float]:
    """(n,) how much of each reading is the probe's, and the logarithm of the likelihood of all."""
    known = (
        (1 - window.wild) * np.exp(-0.5 * (left / sigma) ** 2) / (sigma * math.sqrt(2 * math.pi))
    )
    either = known + window.wild / _RANGE
    # None is left out altogether: the smooth course must be known from something.
    return np.maximum(known / either, _LEAST_WEIGHT), float(np.log(either).sum())


def _believed(window: _Window) -> Floats:
    """(n,) weights to begin with: what is far from its neighbours counts less."""
    return _likelihood(window, 1.3 * window.noise, _astray(window.values))[0]


def _size_prior(sizes: Floats, *, moved: bool) -> Floats:
    """(k,) logarithm of the density of `sizes`; any for water, half a normal one for a move."""
    if moved:
        width = _MOVE_SIZE * math.sqrt(math.pi / 2)
        return -0.5 * (sizes / _MOVE_SIZE) ** 2 - math.log(width)
    return np.full_like(sizes, -math.log(_WATER_SIZES))


def _fitted(
    window: _Window, sigma: float, weights: Floats, bank: Floats, *, moved: bool
) -> _Fit | None:
    """The best of the bank's courses and the evidence of them all; None if none is a rise."""
    found: _Fit | None = None
    for _ in range(_ROUNDS):
        root = np.sqrt(weights) / sigma
        basis, corner = np.linalg.qr(window.smooth * root[:, np.newaxis])
        sizes, score, price = _scores(basis, window.values * root, bank * root, moved=moved)
        best = int(np.argmax(score))
        if not np.isfinite(score[best]):
            return None
        rise = sizes[best] * bank[best]
        drying = window.smooth @ np.linalg.solve(corner, basis.T @ ((window.values - rise) * root))
        left = window.values - drying - rise
        weights, likelihood = _likelihood(window, sigma, left)
        others = math.log(float(np.exp(score - score[best]).mean()))
        found = _Fit(
            evidence=likelihood + others + float(price[best]),
            best=best,
            size=float(sizes[best]),
            drying=drying,
            weights=weights,
            left=left,
        )
    return found


def _scores(
    basis: Floats, values: Floats, bank: Floats, *, moved: bool
) -> tuple[Floats, Floats, Floats]:
    """Of each of the bank's courses (k,) its size, the logarithm of its evidence, and its price.

    `basis` (n, 3) spans the drying, `values` (n,) and `bank` (k, n) are in units of the noise. The
    price is what is to be paid for a size that had to be chosen (Laplace).
    """
    rest = values - basis @ (basis.T @ values)
    courses = bank - (bank @ basis) @ basis.T
    energy = np.einsum("kn,kn->k", courses, courses) + 1e-9
    sizes = courses @ rest / energy
    price = _size_prior(sizes, moved=moved) + 0.5 * np.log(2 * math.pi / energy)
    least = np.full(len(bank), LEAST_POINTS)
    if not moved:
        least[len(_WATER) - 1 :: len(_WATER)] = _LEAST_SLOW
    fits = (sizes >= least) & (sizes <= (_MOST_MOVED if moved else _MOST_POINTS))
    return sizes, np.where(fits, 0.5 * sizes**2 * energy + price, -np.inf), price


def _noise_left(window: _Window, fit: _Fit) -> float:
    """The noise of what a fit leaves, and what its course is off: no soil follows it exactly."""
    rest = float((fit.weights * fit.left**2).sum() / max(fit.weights.sum() - 6.0, 1.0))
    alike = math.hypot(_ALIKE_POINTS, _MISFIT * fit.size)
    return math.hypot(min(math.sqrt(rest), window.noise), alike * _common(window.usual))


def _nothing(window: _Window, sigma: float, weights: Floats) -> float:
    """The evidence that nothing rose: the soil dried, or the level fell with the probe."""
    for _ in range(_ROUNDS):
        root = np.sqrt(weights) / sigma
        basis, corner = np.linalg.qr(window.smooth * root[:, np.newaxis])
        drying = window.smooth @ np.linalg.solve(corner, basis.T @ (window.values * root))
        weights, likelihood = _likelihood(window, sigma, window.values - drying)
    inner = window.times[_LEAST_BEFORE // 2 : -_LEAST_BEFORE // 2]
    spaced = inner[:: max(1, int(2 * _GRID_S // window.usual))]
    fell = _fitted(window, sigma, weights, -_bank(window.times, spaced, _STEP), moved=True)
    return likelihood if fell is None else max(likelihood, fell.evidence)


def _air(moisture: Series, window: _Window, at: float, wetter: float) -> float:
    """How much likelier, as a logarithm, readings of air before `at` are of a probe pulled out.

    Once it is back it reads above `wetter`; what is soil as before again was a wild reading.
    """
    # The readings of a probe in the air waver, too.
    most = AIR + min(2 * window.raw, AIR)
    first, last = at - _NEAR_S - window.usual, at + 1.1 * window.usual + 2 * MINUTE_S
    near = (window.times >= first) & (window.times <= last)
    dry = run = 0
    for value in window.values[near]:
        if value <= most:
            run += 1
        elif run:
            dry, run = dry + (run if value > wetter else 0), 0
    dry += run
    before = moisture.between(at - _SOIL_S, at - window.usual).values
    soil = before[before > most]
    if not dry or not len(soil) or np.median(soil) < AIR + AIR_DROP:
        return 0.0
    return dry * math.log((1 / most) / (window.wild / _RANGE))
