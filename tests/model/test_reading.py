import pytest
from hypothesis import given, strategies as st

from custom_components.plant_vita.model.node import Fault
from custom_components.plant_vita.model.quantity import BY_WIRE
from custom_components.plant_vita.model.reading import checked_value


@pytest.mark.parametrize(
    ("kind", "raw", "checked"),
    [
        ("m", 41.56, 41.6),
        ("m", 0.0, 0.0),
        ("m", 100.0, 100.0),
        ("m", 100.01, Fault.RANGE),
        ("m", -0.01, Fault.RANGE),
        ("t", 20.256, 20.26),
        ("t", -40.0, -40.0),
        ("t", 85.1, Fault.RANGE),
        ("lx", 1234.5, 1234.0),
        ("p", 299.9, Fault.RANGE),
        ("p", 1013.25, 1013.2),
        ("t", -0.004, 0.0),
        ("t", 21.51, 21.51),
        ("v", 3.30049, 3.3),
        ("rssi", -61.0, -61.0),
        ("rssi", 1.0, Fault.RANGE),
        ("m", Fault.OPEN, Fault.OPEN),
        ("tank", 1.0, 1.0),
        ("from_the_future", 1e9, 1e9),
        ("pump", Fault.SILENT, Fault.SILENT),
    ],
)
def test_what_a_value_means(kind: str, raw: float | Fault, checked: float | Fault) -> None:
    value = checked_value(BY_WIRE.get(kind), raw)
    assert value == checked
    assert type(value) is type(checked)


@given(st.sampled_from(sorted(BY_WIRE)), st.floats(allow_nan=False))
def test_no_number_leaves_its_range_and_checking_twice_changes_nothing(
    kind: str, raw: float
) -> None:
    value = checked_value(BY_WIRE.get(kind), raw)
    quantity = BY_WIRE[kind]
    if isinstance(value, Fault):
        assert value is Fault.RANGE
        assert not quantity.minimum <= raw <= quantity.maximum
    else:
        assert quantity.minimum <= value <= quantity.maximum
        assert abs(value - raw) <= 0.5
    assert checked_value(quantity, value) == value


@given(st.integers(-4000, 8499))
def test_a_rounded_value_is_the_float_one_would_write_down(hundredths: int) -> None:
    written = float(f"{hundredths / 100:.2f}")
    assert checked_value(BY_WIRE["t"], written) == written
    assert repr(checked_value(BY_WIRE["t"], written + 0.001)) == repr(written)
