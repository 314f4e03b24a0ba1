"""What a raw value on the wire means for its channel."""

from .node import Fault, Reading, Value
from .quantity import BY_WIRE


def checked_value(kind: str, value: Value) -> Value:
    """`value` of a channel of `kind`, rounded as its quantity is reported.

    A number that cannot be true is `Fault.RANGE`. Contacts and kinds of newer firmware pass as
    they are.
    """
    quantity = BY_WIRE.get(kind)
    if quantity is None or isinstance(value, Fault):
        return value
    if not quantity.minimum <= value <= quantity.maximum:
        return Fault.RANGE
    return round(value, quantity.decimals) if quantity.decimals else float(round(value))


def is_fault(reading: Reading) -> bool:
    """Whether the channel had no number."""
    return isinstance(reading.value, Fault)
