"""The moisture of an indoor pot with its truth known, and the noise of a cheap capacitive probe.

Thirteen days, one sample a minute: dry-down between waterings, a daily swing with the temperature,
and on top of it white noise, slow electronic drift, quantisation and now and then a wild reading.
The seed makes it the same for everybody. The noise called `spiky` is set so that a raw sample is as
far from a centred median as in a log of a real pot (3.2 points); the others are there to show how
much of the result is due to that choice.
"""

import math
import random
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass

DAYS = 13
PER_DAY = 1440
_WATERINGS = (2.3, 6.1, 10.4)
_FULL, _DRY, _RATE = 62.0, 18.0, 0.22
_SOAK_MINUTES = 25.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Noise:
    """White noise and the share and size of wild readings; points of moisture."""

    white: float
    wild_share: float
    wild: float


NOISES = {
    "spiky": Noise(white=1.5, wild_share=0.19, wild=14.0),
    "white": Noise(white=2.2, wild_share=0.04, wild=9.0),
    "quiet": Noise(white=0.5, wild_share=0.01, wild=5.0),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """Moisture in %, one item a minute."""

    truth: list[float]
    raw: list[float]


def _truth(minute: int) -> float:
    day = minute / PER_DAY
    since = max((w for w in _WATERINGS if w <= day), default=-1.2)
    level = _DRY + (_FULL - _DRY) * math.exp(-_RATE * (day - since))
    if since >= 0:
        before = max((w for w in _WATERINGS if w < since), default=-1.2)
        low = _DRY + (_FULL - _DRY) * math.exp(-_RATE * (since - before))
        # Water takes a while to spread through the soil.
        level += (low - level) * math.exp(-(day - since) * PER_DAY / _SOAK_MINUTES)
    return level + 0.3 * math.sin(2 * math.pi * day)


def trace(noise: Noise, seed: int = 1) -> Trace:
    """Thirteen days of one pot."""
    dice = random.Random(seed)  # noqa: S311 - a reproducible trace, not a secret
    truth = [_truth(minute) for minute in range(DAYS * PER_DAY)]
    raw, drift = [], 0.0
    for level in truth:
        drift = 0.999 * drift + dice.gauss(0, 0.01)
        error = drift + dice.gauss(0, noise.white)
        if dice.random() < noise.wild_share:
            error += dice.gauss(0, noise.wild)
        raw.append(min(100.0, max(0.0, round(level + error, 1))))
    return Trace(truth=truth, raw=raw)


def centred_median(values: Sequence[float], width: int) -> list[float]:
    """The running median over `width` (odd) samples around each, shorter at the ends."""
    half, window, out = width // 2, sorted(values[: width // 2]), []
    for index in range(len(values)):
        if index + half < len(values):
            insort(window, values[index + half])
        if index > half:
            window.remove(values[index - half - 1])
        middle = len(window) // 2
        out.append(window[middle] if len(window) % 2 else (window[middle - 1] + window[middle]) / 2)
    return out


def mean_error(values: Sequence[float], against: Sequence[float]) -> float:
    """Mean absolute difference in points."""
    return sum(abs(a - b) for a, b in zip(values, against, strict=True)) / len(values)
