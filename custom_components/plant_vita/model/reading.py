"""What a raw value on the wire means for its channel."""

from collections.abc import Callable
from functools import cache

from .node import Fault, Value
from .quantity import Quantity

type Check = Callable[[Value], Value]


@cache
def check_of(quantity: Quantity | None) -> Check:
    """The check of a channel that measures `quantity`: its value, rounded as it is reported.

    A number that cannot be true is `Fault.RANGE`. What measures no quantity (contacts, kinds of
    newer firmware) passes as it is. Made once for a channel: thousands of values a second go
    through it.
    """
    if quantity is None:
        return _as_it_is
    minimum, maximum, steps = quantity.minimum, quantity.maximum, 10.0**quantity.decimals

    def check(value: Value) -> Value:
        if isinstance(value, Fault):
            return value
        if not minimum <= value <= maximum:
            return Fault.RANGE
        # The quotient is the very float that one would write down, and costs a fifth of what
        # rounding to decimals does.
        return round(value * steps) / steps

    return check


def _as_it_is(value: Value) -> Value:
    return value


def checked_value(quantity: Quantity | None, value: Value) -> Value:
    """One `value` through the check of its `quantity`."""
    return check_of(quantity)(value)
