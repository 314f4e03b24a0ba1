"""What was learnt of a pot as plain data, so that it outlives a restart."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from . import pace
from .drydown import ERRORS_KEPT, FEATURES, HORIZONS, STEPS, DryDown, untaught
from .series import Floats

VERSION = 1
_DIGITS = 7
_LOWER = np.tril_indices(FEATURES)


def as_stored(model: DryDown) -> dict[str, Any]:
    """JSON types only, without NaN or infinity; about 8 kB."""
    return {
        "version": VERSION,
        "gram": [_plain(square[_LOWER]) for square in model.gram],
        "moment": [_plain(row) for row in model.moment],
        "days": _plain(model.days),
        "range": _plain(np.array([model.low, model.high])) if np.isfinite(model.low) else None,
        "usual": _plain(model.usual),
        "seen": _plain(model.seen),
        "errors": [_plain(row[np.isfinite(row)]) for row in model.errors],
        "pace": _plain(np.array([model.rate, model.rated, *model.misses])),
        "until": model.until if np.isfinite(model.until) else None,
    }


def from_stored(stored: Mapping[str, Any]) -> DryDown | None:
    """What `as_stored` gave; None of another version, or of anything malformed.

    The caller then begins with `untaught()` and lets it learn from history again.
    """
    try:
        return _read(stored) if stored["version"] == VERSION else None
    except KeyError, TypeError, ValueError:
        return None


def _plain(numbers: Floats) -> list[float]:
    return [float(f"{number:.{_DIGITS}g}") for number in numbers]


def _read(stored: Mapping[str, Any]) -> DryDown:
    steps = len(STEPS)
    lower = _array(stored["gram"], (steps, len(_LOWER[0])))
    gram = np.zeros((steps, FEATURES, FEATURES))
    gram[:, *_LOWER] = lower
    gram += np.transpose(np.tril(gram, -1), (0, 2, 1))
    limits = stored["range"]
    low, high = _array(limits, (2,)) if limits is not None else (np.nan, np.nan)
    if high < low:
        raise ValueError("a range upside down")
    until = stored["until"]
    # What earlier versions did not learn.
    rate, *counted = _array(stored.get("pace", (pace.USUAL, 0.0, 0.0, 0.0)), (4,))
    if not pace.SLOWEST <= rate <= pace.FASTEST or min(counted) < 0:
        raise ValueError("a rate that no pot has")
    return replace(
        untaught(),
        gram=gram,
        moment=_array(stored["moment"], (steps, FEATURES)),
        days=_array(stored["days"], (steps,)),
        low=float(low),
        high=float(high),
        usual=_array(stored["usual"], (3,)),
        seen=_array(stored["seen"], (3,)),
        errors=_errors(stored["errors"]),
        rate=float(rate),
        rated=float(counted[0]),
        misses=np.array(counted[1:]),
        until=float("-inf") if until is None else float(_array([until], (1,))[0]),
    )


def _errors(rows: Any) -> Floats:
    kept = np.full((len(HORIZONS), ERRORS_KEPT), np.nan)
    for row, numbers in zip(kept, rows, strict=True):
        last = numbers[-ERRORS_KEPT:]
        if len(last):
            row[-len(last) :] = _array(last, (len(last),))
    return kept


def _array(numbers: Any, shape: tuple[int, ...]) -> Floats:
    array = np.asarray(numbers, dtype=np.float64)
    if array.shape != shape or not np.isfinite(array).all():
        raise ValueError(f"{array.shape} instead of {shape}, or not finite")
    return array
