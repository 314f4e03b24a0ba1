"""What a raw value on the wire means for its channel."""

from .node import Fault, Value
from .quantity import Quantity


def checked_value(quantity: Quantity | None, value: Value) -> Value:
    """`value` of a channel that measures `quantity`, rounded as it is reported.

    A number that cannot be true is `Fault.RANGE`. What measures no quantity (contacts, kinds of
    newer firmware) passes as it is.
    """
    if quantity is None or isinstance(value, Fault):
        return value
    if not quantity.minimum <= value <= quantity.maximum:
        return Fault.RANGE
    return round(value, quantity.decimals) if quantity.decimals else float(round(value))
