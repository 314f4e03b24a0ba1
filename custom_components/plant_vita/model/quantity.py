"""The one table of what a node can measure and move.

Firmware tables are generated from it, sensor descriptions are checked against it, and messages are
validated by it. Source of the ranges: the sensors' data sheets (SHT3x, BME280, BH1750) and the
limits that Home Assistant's device classes put on their units.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, kw_only=True, slots=True)
class Quantity:
    """One measured quantity.

    `wire` is its kind in the protocol, `unit` its unit there and in Home Assistant, `minimum` and
    `maximum` are what can be true at all, `decimals` is how finely it is worth reporting.
    """

    key: str
    wire: str
    unit: str
    minimum: float
    maximum: float
    decimals: int


class ContactKind(StrEnum):
    """Inputs that are true or false; true always means trouble."""

    TANK_EMPTY = "tank"
    LEAK = "leak"


class ActuatorKind(StrEnum):
    """Outputs of a node."""

    PUMP = "pump"
    LIGHT = "light"


# The firmware's hard cap for one pulse of a pump (W2) and the longest promise for a light.
LONGEST_MS = {ActuatorKind.PUMP: 30_000, ActuatorKind.LIGHT: 86_400_000}


def _quantity(
    key: str, wire: str, unit: str, limits: tuple[float, float], decimals: int
) -> Quantity:
    return Quantity(
        key=key,
        wire=wire,
        unit=unit,
        minimum=limits[0],
        maximum=limits[1],
        decimals=decimals,
    )


QUANTITIES = (
    _quantity("moisture", "m", "%", (0, 100), 1),
    _quantity("temperature", "t", "°C", (-40, 85), 2),
    _quantity("soil_temperature", "st", "°C", (-40, 85), 2),
    _quantity("humidity", "h", "%", (0, 100), 1),
    _quantity("illuminance", "lx", "lx", (0, 200_000), 0),
    _quantity("conductivity", "ec", "μS/cm", (0, 20_000), 0),
    _quantity("pressure", "p", "hPa", (300, 1_100), 1),
    _quantity("battery", "bat", "%", (0, 100), 0),
    _quantity("voltage", "v", "V", (0, 60), 3),
    _quantity("signal", "rssi", "dBm", (-127, 0), 0),
)

BY_WIRE = {quantity.wire: quantity for quantity in QUANTITIES}

# Measures nothing and moves nothing: it is asked for photos.
CAMERA = "camera"

# Every kind a channel may have; anything else is a newer firmware's and is left alone.
KINDS = frozenset({*BY_WIRE, *ContactKind, *ActuatorKind, CAMERA})
