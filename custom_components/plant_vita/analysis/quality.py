"""Whether a sensor's readings can be trusted: stale, flat, out of range, open, or jumping."""

from dataclasses import dataclass

import numpy as np

from ..model.node import Fault, Value
from ..model.plant import Flaw
from ..model.quantity import Quantity
from .series import DAY_S, HOUR_S, Series, interval

STALE_S = 3 * HOUR_S
STALE_INTERVALS = 3.0
FLAT_S = 2 * DAY_S
_LEAST_READINGS = 8
_ROUNDING = 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class Nature:
    """What is natural for a quantity.

    `flat_s`: after how long without any change (by more than `grain`) it is not alive, and twice
    as long if it only knows whole numbers. `jump`: how
    far two readings within `jump_s` seconds can truly be apart, None where anything may happen;
    with `upwards`, rises may be of any size (water was poured).
    """

    grain: float
    flat_s: float | None = FLAT_S
    jump: float | None = None
    jump_s: float = 1200.0
    upwards: bool = False


NATURES = {
    # Rises of any size are waterings. A fall is never quick: soil does not dry in ten minutes.
    "moisture": Nature(grain=0.0, flat_s=7 * DAY_S, jump=15.0, upwards=True),
    "temperature": Nature(grain=0.0, jump=12.0),
    "soil_temperature": Nature(grain=0.0, flat_s=4 * DAY_S, jump=10.0),
    "humidity": Nature(grain=0.0, jump=40.0),
    # A cellar without windows is dark for good: only the days of a window would tell.
    "illuminance": Nature(grain=0.0, flat_s=None),
    "conductivity": Nature(grain=0.0, flat_s=14 * DAY_S, jump=None),
}
_ANYTHING = Nature(grain=0.0, flat_s=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Quality:
    """`flaw` is None for a sensor that can be trusted; `since` is when the flaw began (Unix s).

    `age` is the time since the last reading in seconds, None if there never was one.
    """

    flaw: Flaw | None
    since: float | None
    age: float | None

    @property
    def usable(self) -> bool:
        """Whether the newest reading may be acted upon."""
        return self.flaw is None


def quality(
    quantity: Quantity,
    readings: Series,
    *,
    now: float,
    last: Value | None = None,
    every: float | None = None,
) -> Quality:
    """Judge a sensor by its `readings` of the last days and what it said `last`.

    `last` is the newest word of the sensor, a fault included, if that is known apart from the
    numbers. `every` is the rhythm in seconds at which it should be heard; without it, its usual
    interval. Readings from after `now` are not looked at.
    """
    readings = readings.between(-np.inf, now)
    age = now - float(readings.times[-1]) if len(readings) else None
    flaw, since = _flaw(quantity, readings, now, last, every)
    return Quality(flaw=flaw, since=since, age=age)


def _flaw(
    quantity: Quantity, readings: Series, now: float, last: Value | None, every: float | None
) -> tuple[Flaw | None, float | None]:
    told = {Fault.OPEN: Flaw.OPEN, Fault.SHORT: Flaw.SHORT, Fault.RANGE: Flaw.OUT_OF_RANGE}
    if isinstance(last, Fault) and last in told:
        return told[last], float(readings.times[-1]) if len(readings) else None
    if not len(readings):
        return Flaw.MISSING, None
    newest = float(readings.times[-1])
    if last is Fault.SILENT or _silent(readings, now - newest, every):
        return Flaw.STALE, newest
    if not quantity.minimum <= readings.values[-1] <= quantity.maximum:
        outside = (readings.values < quantity.minimum) | (readings.values > quantity.maximum)
        inside = np.flatnonzero(~outside)
        return Flaw.OUT_OF_RANGE, float(readings.times[inside[-1] + 1 if len(inside) else 0])
    nature = NATURES.get(quantity.key, _ANYTHING)
    jumped = _jump(readings, nature)
    if jumped is not None:
        return Flaw.JUMP, jumped
    return _flat(readings, nature, now)


def _silent(readings: Series, age: float, every: float | None) -> bool:
    # The usual interval is only looked for where it matters.
    if age <= STALE_S:
        return False
    rhythm = every or interval(readings)
    return not (rhythm > 0 and age <= STALE_INTERVALS * rhythm)


def _jump(readings: Series, nature: Nature) -> float | None:
    """When the newest readings left the ones before by more than is natural; None if they did not.

    A single wild reading is forgiven once three later ones agree with those before it; a jump is
    told for an hour, by which time it is either forgiven or the new truth.
    """
    if nature.jump is None or len(readings) < 2:
        return None
    recent = readings.between(float(readings.times[-1]) - HOUR_S - nature.jump_s, np.inf)
    steps = np.diff(recent.values)
    far = -steps if nature.upwards else np.abs(steps)
    wild = (far > nature.jump) & (np.diff(recent.times) <= nature.jump_s)
    wild &= recent.times[1:] >= recent.times[-1] - HOUR_S
    if not wild.any():
        return None
    first = int(np.flatnonzero(wild)[0])
    later = recent.values[first + 1 :]
    back = np.abs(later[-3:] - recent.values[first]) <= nature.jump / 2
    forgiven = len(later) > 3 and bool(back.all())
    return None if forgiven else float(recent.times[first + 1])


def _flat(readings: Series, nature: Nature, now: float) -> tuple[Flaw | None, float | None]:
    """Alive sensors move a little. Sources that only report changes are covered by STALE."""
    if nature.flat_s is None or len(readings) < _LEAST_READINGS:
        return None, None
    # Means of equal numbers differ by what a computer cannot write down.
    least = nature.grain + _ROUNDING
    newest = readings.values[-1]
    if np.abs(readings.values[-_LEAST_READINGS:] - newest).max() > least:
        return None, None  # it has just moved, as nearly always
    same = np.abs(readings.values - newest) <= least
    changed = np.flatnonzero(~same)
    first = int(changed[-1]) + 1 if len(changed) else 0
    since = float(readings.times[first])
    whole = np.all(np.abs(readings.values - np.rint(readings.values)) <= _ROUNDING)
    if now - since < nature.flat_s * (1 + whole) or len(readings) - first < _LEAST_READINGS:
        return None, None
    return Flaw.FLAT, since
