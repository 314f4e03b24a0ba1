"""How much water a plant needs, learnt from how its soil answered before.

Points are of the soil moisture that its sensor shows, in %. How many ml raise it by one point
depends on the pot, the soil, the probe and where it sticks; so it is learnt from what was given and
how far the moisture rose, beginning with a guess from the size of the pot that is rather too small:
too little is put right after the soak, too much is on the floor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import median

WATCHED_S = 1800.0
"""For so long the readings before water, and after it has soaked in, are looked at."""
PART_SHARE = 0.1
"""Of the pot's volume; more at once runs through before the soil has taken it up."""
UNKNOWN_POT_ML = 1000.0
LEAST_ML = 10.0
"""Pumps give nothing exact below this."""
_KEPT = 9
# A litre of soil takes 10 ml for each point of its volume. The probe sees the wettest of it.
_ML_PER_POINT_AND_ML = 0.01 * 0.6
# As if the guess had been seen twice: one wrong answer does not move it far, five good ones do.
_GUESSES = 2
_FACTOR = 4.0
# Less than this cannot be told from the noise of a probe.
_LEAST_RISE = 2.0
_WEAK, _KNOWN, _WEAK_S = 1 / 3, 2, 7 * 86_400.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """`ml` were given, the last of them at `at` (Unix seconds).

    The soil stood at `before` % then and at `after` once it had soaked in, None where nobody knows.
    """

    at: float
    ml: float
    before: float | None = None
    after: float | None = None

    @property
    def rise(self) -> float | None:
        """By how many points the soil rose, None where nobody knows."""
        return None if self.before is None or self.after is None else self.after - self.before


def pot_ml(diameter_cm: float) -> float:
    """The soil in a round pot of a nursery's usual shape, in ml.

    Such a pot is nine tenths as high as it is wide at the top, and three quarters as wide at the
    bottom: 1.4 litres at 14 cm.
    """
    return 0.545 * diameter_cm**3 * 0.95


def answer(
    readings: Sequence[tuple[float, float]], *, start: float, end: float, soak_s: float
) -> tuple[float, float] | None:
    """The moisture before water was given from `start` to `end`, and after it has soaked in.

    `readings` are (Unix seconds, %) in any order; None if either side has none. Medians, so that
    one wild reading does no harm.
    """
    before = [value for at, value in readings if start - WATCHED_S <= at <= start]
    soaked = end + soak_s
    after = [value for at, value in readings if soaked <= at <= soaked + WATCHED_S]
    return (median(before), median(after)) if before and after else None


def ml_per_point(given: Sequence[Given], pot: float | None) -> float:
    """How many ml raise the moisture by one point; `given` newest last, `pot` its volume in ml.

    The median of the newest answers and of the guess, never further than four times from the guess.
    An answer of less than two points does not count: no water, a clog and noise look like that, and
    taking it at its word would call for more and more.
    """
    guess = (pot or UNKNOWN_POT_ML) * _ML_PER_POINT_AND_ML
    told = _told(given)
    # In logarithms: half and double are equally far.
    middle = exp(median([log(guess)] * _GUESSES + [log(each) for each in told[-_KEPT:]]))
    return min(max(middle, guess / _FACTOR), guess * _FACTOR)


def weak(given: Sequence[Given], pot: float | None, now: float) -> bool:
    """Whether the soil answered the last two times with less than a third of what it did before.

    A clog or a leaking hose lets some of the water through. It takes two answers before,
    and lasts a week unless somebody forgets these two: then it is tried again.
    """
    if len(given) < 2 + _KNOWN:
        return False
    *before, one, other = given
    if now - other.at >= _WEAK_S or len(_told(before)) < _KNOWN:
        return False
    expected = (one.ml + other.ml) / ml_per_point(before, pot)
    rises = [each.rise for each in (one, other)]
    return None not in rises and sum(rise or 0.0 for rise in rises) < expected * _WEAK


def part_ml(pot: float | None) -> float:
    """The most to give at once: what follows waits until this has soaked in."""
    return max(LEAST_ML, PART_SHARE * (pot or UNKNOWN_POT_ML))


def _told(given: Sequence[Given]) -> list[float]:
    """How many ml a point took, as each answer that counts has it."""
    return [
        one.ml / one.rise
        for one in given
        if one.rise is not None and one.ml >= LEAST_ML and one.rise >= _LEAST_RISE
    ]
