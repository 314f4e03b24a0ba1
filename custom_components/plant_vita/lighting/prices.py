"""What a kWh costs in the hours that come, as entities of many integrations have it in attributes.

There is no standard: each has lists of its own, of today, tomorrow or both, whose entries have a
start, sometimes an end, and a price. What is not understood is left out; without any price the
hours that a person likes decide.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from math import isfinite
from typing import Any, Final

from homeassistant.core import State
from homeassistant.util import dt as dt_util

from ..care.grow_light import Price

_STARTS: Final = ("start", "start_time", "startsAt", "starts_at", "from", "time", "hour")
_ALSO_STARTS: Final = ("datetime", "valid_from", "timestamp")
_ENDS: Final = ("end", "end_time", "endsAt", "ends_at", "till", "to", "valid_to")
_PRICES: Final = ("value", "price", "total", "per_kwh", "price_per_kwh", "value_inc_vat")
_ALSO_PRICES: Final = ("price_ct_per_kwh", "electricity_price", "marketprice")
# Two days of quarters of an hour, twice over; what is longer is something else.
_MOST: Final = 400
_HOUR_S: Final = 3600.0
_LONGEST_S: Final = 3 * _HOUR_S


def prices_of(state: State | None) -> tuple[Price, ...]:
    """Every price that an entity knows; none of one that is silent."""
    return () if state is None else prices_in(state.attributes.values())


def prices_in(lists: Iterable[object]) -> tuple[Price, ...]:
    """Every price in any of these, in order of time."""
    found: dict[float, tuple[float | None, float]] = {}
    for listed in lists:
        if isinstance(listed, list | tuple) and len(listed) <= _MOST:
            for start, end, price in _entries(listed):
                found.setdefault(start, (end, price))
    starts = sorted(found)
    lengths = [later - start for start, later in pairwise(starts)]
    usual = min(lengths, default=_HOUR_S)
    return tuple(
        Price(start=start, end=_end(start, found[start][0], length), price=found[start][1])
        for start, length in zip(starts, [*lengths, usual], strict=False)
    )


def _end(start: float, said: float | None, length: float) -> float:
    """Where it ends: as it says, but not after the next one begins, nor hours later."""
    until = start + min(length, _LONGEST_S)
    return until if said is None or said <= start else min(said, until)


def _entries(listed: list[Any] | tuple[Any, ...]) -> Iterator[tuple[float, float | None, float]]:
    for entry in listed:
        if not isinstance(entry, Mapping):
            return
        start = _moment(_first(entry, (*_STARTS, *_ALSO_STARTS)))
        price = _first(entry, (*_PRICES, *_ALSO_PRICES))
        if start is None or isinstance(price, bool) or not isinstance(price, int | float):
            continue
        if isfinite(price):
            yield start, _moment(_first(entry, _ENDS)), float(price)


def _first(entry: Mapping[Any, Any], names: tuple[str, ...]) -> object:
    return next((entry[name] for name in names if name in entry), None)


def _moment(said: object) -> float | None:
    """Unix seconds of a moment however it is written; one without a zone is local."""
    when = dt_util.parse_datetime(said) if isinstance(said, str) else said
    return dt_util.as_utc(when).timestamp() if isinstance(when, datetime) else None
