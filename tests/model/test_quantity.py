import re
from pathlib import Path

import pytest

from custom_components.plant_vita.model.quantity import (
    BY_WIRE,
    KINDS,
    LONGEST_MS,
    QUANTITIES,
    ActuatorKind,
    ContactKind,
    Quantity,
)

PROTOCOL = Path(__file__).parents[2] / "docs" / "protocol.md"


@pytest.mark.parametrize(
    ("key", "wire", "unit", "minimum", "maximum", "decimals"),
    [
        ("moisture", "m", "%", 0, 100, 1),
        ("temperature", "t", "°C", -40, 85, 2),
        ("soil_temperature", "st", "°C", -40, 85, 2),
        ("humidity", "h", "%", 0, 100, 1),
        ("illuminance", "lx", "lx", 0, 200_000, 0),
        ("conductivity", "ec", "\N{GREEK SMALL LETTER MU}S/cm", 0, 20_000, 0),
        ("pressure", "p", "hPa", 300, 1_100, 1),
        ("battery", "bat", "%", 0, 100, 0),
        ("voltage", "v", "V", 0, 60, 3),
        ("signal", "rssi", "dBm", -127, 0, 0),
    ],
)
def test_the_table(  # noqa: PLR0917 - one column each
    key: str, wire: str, unit: str, minimum: float, maximum: float, decimals: int
) -> None:
    expected = Quantity(
        key=key, wire=wire, unit=unit, minimum=minimum, maximum=maximum, decimals=decimals
    )
    assert BY_WIRE[wire] == expected


def test_nothing_is_in_the_table_twice_or_untested() -> None:
    assert len(QUANTITIES) == len({q.key for q in QUANTITIES}) == len(BY_WIRE) == 10


def test_kinds_are_those_of_the_protocols_table() -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\|.*\|.*\|$", PROTOCOL.read_text(), re.MULTILINE)
    listed = rows[rows.index("m") :]
    assert set(listed[: listed.index("light") + 1]) == KINDS


def test_the_ranges_are_those_of_the_protocols_table() -> None:
    text = PROTOCOL.read_text().replace("−", "-").replace("\N{NARROW NO-BREAK SPACE}", "")
    found = re.findall(
        r"^\| `(\w+)` \| [^|]* \| ([^|]*) \| (-?[\d ]+)–(-?[\d ]+) \|$", text, re.MULTILINE
    )
    assert {
        wire: (unit, float(low.replace(" ", "")), float(high.replace(" ", "")))
        for wire, unit, low, high in found
    } == {q.wire: (q.unit, q.minimum, q.maximum) for q in QUANTITIES}


def test_a_pump_never_runs_longer_than_the_firmware_lets_it() -> None:
    assert LONGEST_MS == {ActuatorKind.PUMP: 30_000, ActuatorKind.LIGHT: 86_400_000}


def test_contacts_and_actuators_are_no_quantities() -> None:
    assert [str(kind) for kind in ContactKind] == ["tank", "leak"]
    assert [str(kind) for kind in ActuatorKind] == ["pump", "light"]
    assert not set(BY_WIRE) & {*ContactKind, *ActuatorKind}
