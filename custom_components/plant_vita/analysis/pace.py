"""How fast a pot dries as a whole: an exponential towards a little below the driest it ever is.

What is lost in the coming days is told better by the regression of `drydown.py`; but it is taught
by days, its errors add up over weeks, and it comes to a stop where the pot has seldom been. One
rate for the whole dry-down is coarser and holds for longer. So the forecast is a mean of both, in
which the exponential counts more the farther ahead it is, and each as much as it was right in this
pot (figures chosen on the development sites of the benchmark).
"""

import numpy as np

from .series import Floats

FLOOR = -0.2
"""Where the exponential ends, as a share of the pot's range below the driest it was seen."""
USUAL = 0.1
"""The rate of a pot of which nothing is known, a day."""
SLOWEST, FASTEST = 0.01, 2.0
_LOOKED_AT_DAYS = 10.0
_LEAST_CELLS = 4
_LEAST_LEFT = 0.002
_TRUSTED_AFTER_DAYS = 2.5
_COUNTS, _FADES = 3.0, 0.05
_FIRST, _EACH, _MOST = 0.3, 0.04, 0.8
_MISSES, _FORGETS = 5.0, 0.99
# A pot is watered when it has come from full to a tenth of its range.
_FULL, _DRY = 1.0, 0.1
_USUAL_POT_CM = 14.0


def rate_of(water_days: float, pot_cm: float | None = None) -> float:
    """The rate (a day) of a pot that is to be watered every `water_days` days.

    That holds for a pot of the usual size; others have more or less soil under each square
    centimetre, in proportion to their diameter `pot_cm`: they are as much higher as wider.
    """
    days = max(water_days, 1.0) * (pot_cm or _USUAL_POT_CM) / _USUAL_POT_CM
    return float(np.clip(np.log((_FULL - FLOOR) / (_DRY - FLOOR)) / days, SLOWEST, FASTEST))


def fitted(
    wetness: Floats, wet: np.ndarray, per_day: int, cells: np.ndarray
) -> tuple[Floats, Floats]:
    """The rates at which a pot has dried since its last water, and over how many days (m,) each.

    `wetness` (n,) as shares of the pot's range, `wet` (n,) whether water came in the cell, `cells`
    (m,) the newest of each. NaN where there is less than a day to look at.
    """
    rates, spans = np.full(len(cells), np.nan), np.zeros(len(cells))
    waters = np.flatnonzero(wet)
    for number, cell in enumerate(cells):
        last = waters[: np.searchsorted(waters, cell, side="right")]
        first = max(int(last[-1]) if len(last) else 0, int(cell - _LOOKED_AT_DAYS * per_day))
        level = wetness[first : cell + 1] - FLOOR
        known = np.flatnonzero(np.isfinite(level))
        days = known / per_day
        if len(known) < _LEAST_CELLS or days[-1] - days[0] < 1.0:
            continue
        left = np.log(np.maximum(level[known], _LEAST_LEFT))
        away = days - days.mean()
        rates[number] = np.clip(-(away @ left) / (away @ away), SLOWEST, FASTEST)
        spans[number] = days[-1] - days[0]
    return rates, spans


def trusted(rates: Floats, spans: Floats, usual: float) -> Floats:
    """(m,) rates to go on with: the more days they are from, the less the usual one counts."""
    own = np.where(np.isfinite(rates), rates, usual)
    share = spans / (spans + _TRUSTED_AFTER_DAYS)
    found: Floats = usual * (own / usual) ** share
    return found


def learnt(usual: float, rated: float, rate: float) -> float:
    """The pot's usual rate once another day's has been seen after `rated` days."""
    share = max(1.0 / (rated + 1.0 + _COUNTS), _FADES)
    return float(usual * (rate / usual) ** share)


def curve(start: Floats, rate: Floats, days: int) -> Floats:
    """(days + 1, m) the exponential from the wetness `start` (m,); it never rises."""
    ahead = np.arange(days + 1.0)[:, np.newaxis]
    falling: Floats = np.minimum(FLOOR + (start - FLOOR) * np.exp(-rate * ahead), start)
    return falling


def shares(days: int, misses: Floats) -> Floats:
    """(days + 1, 1) how much the exponential counts on each day ahead.

    More on later days, and the more the less it has missed, beside the regression, in this pot:
    `misses` (2,) are the fading sums of both, the regression first.
    """
    ahead = np.arange(days + 1.0)[:, np.newaxis]
    usual = np.minimum(_FIRST + _EACH * np.maximum(ahead - 1, 0.0), _MOST)
    better = (misses[0] + _MISSES) / (misses[1] + _MISSES)
    odds = usual / (1.0 - usual) * better**2
    return np.where(ahead > 0, odds / (1.0 + odds), 0.0)


def missed(misses: Floats, errors: Floats) -> Floats:
    """`misses` (2,) after another day, whose forecasts erred by `errors` (k, 2)."""
    total: Floats = _FORGETS * misses + np.abs(errors).sum(axis=0)
    return total
