"""From what an entity says to what a plant is judged by: one unit for each input.

Moisture and humidity in %, temperature in °C, conductivity in μS/cm, light as photosynthetic photon
flux density (PPFD) in μmol/(m² s).
"""

from collections.abc import Callable, Mapping
from math import isfinite

from homeassistant.const import (
    LIGHT_LUX,
    UnitOfConductivity,
    UnitOfIrradiance,
    UnitOfRatio,
    UnitOfTemperature,
)
from homeassistant.util.unit_conversion import ConductivityConverter, TemperatureConverter

from ..analysis.lamps import PPFD_PER_LUX, Source
from .definition import Input, Scale

# Of the sun's energy 45 % is light that plants use, and 4.57 μmol of it carry one joule (Thimijan
# and Heins 1983).
PPFD_PER_WATT = 0.45 * 4.57
# Units of what the eye sees, and how many lux each has.
_LUX = {"": 1.0, LIGHT_LUX: 1.0, "lux": 1.0, "klx": 1000.0, "fc": 10.764}
# Air is never this dry: a smaller number without a unit is a fraction.
_DRIEST_AIR = 1.0

# What can be true at all, in the units above.
POSSIBLE: Mapping[Input, tuple[float, float]] = {
    Input.MOISTURE: (0.0, 100.0),
    Input.LIGHT: (0.0, 4000.0),
    Input.TEMPERATURE: (-60.0, 85.0),
    Input.HUMIDITY: (0.0, 100.0),
    Input.CONDUCTIVITY: (0.0, 20_000.0),
}

type Conversion = Callable[[float], float]


def unchanged(value: float) -> float:
    """Convert what is in the unit of the input already."""
    return value


def _times(factor: float) -> Conversion:
    return lambda value: value * factor


def _spelled(unit: str | None) -> str:
    """One spelling for each unit: there are two signs for micro, and many ways to divide."""
    plain = (unit or "").strip().replace("µ", "u").replace("μ", "u")
    for sign in " ·⋅*()":
        plain = plain.replace(sign, "")
    return plain.replace("²", "2").replace("³", "3").replace("⁻", "-").replace("¹", "1").lower()


_SHARE: dict[str, Conversion] = {
    _spelled(UnitOfRatio.PERCENTAGE): unchanged,
    "%vwc": unchanged,
    "vol%": unchanged,
    "m3/m3": _times(100.0),
    "cm3/cm3": _times(100.0),
}
_PPFD = ("umol/m2/s", "umol/s/m2", "umol/m2s", "umol/sm2", "umolm-2s-1", "umols-1m-2", "ppfd")

CONVERSIONS: Mapping[Input, Mapping[str, Conversion]] = {
    Input.MOISTURE: _SHARE,
    Input.HUMIDITY: {
        **_SHARE,
        "": lambda value: value * 100.0 if value <= _DRIEST_AIR else value,
    },
    Input.TEMPERATURE: {
        "": unchanged,
        **{
            _spelled(unit): TemperatureConverter.converter_factory(unit, UnitOfTemperature.CELSIUS)
            for unit in TemperatureConverter.VALID_UNITS
        },
        # Their own conversions of a unit into itself do nothing either, one value at a time.
        _spelled(UnitOfTemperature.CELSIUS): unchanged,
        "c": unchanged,
        "f": TemperatureConverter.converter_factory(
            UnitOfTemperature.FAHRENHEIT, UnitOfTemperature.CELSIUS
        ),
    },
    Input.CONDUCTIVITY: {
        "": unchanged,
        "ds/m": _times(1000.0),
        "us": unchanged,
        **{
            _spelled(unit): ConductivityConverter.converter_factory(
                unit, UnitOfConductivity.MICROSIEMENS_PER_CM
            )
            for unit in UnitOfConductivity
        },
        _spelled(UnitOfConductivity.MICROSIEMENS_PER_CM): unchanged,
    },
    Input.LIGHT: {
        _spelled(UnitOfIrradiance.WATTS_PER_SQUARE_METER): _times(PPFD_PER_WATT),
        **dict.fromkeys(_PPFD, unchanged),
    },
}


def needs_scale(unit: str | None) -> bool:
    """Whether the moisture of an entity is a raw number that says nothing without two points."""
    return _spelled(unit) not in _SHARE


def conversion(
    one: Input, unit: str | None, scale: Scale | None, lamp: Source = Source.SUNLIGHT
) -> Conversion | None:
    """What brings a value in `unit` into that of the input; None if the unit is not known.

    How many photons there are to a lux depends on the `lamp`: see `analysis/lamps.py`. A PPFD needs
    no lamp, and of W/m² those of the sun are meant.

    A moisture without a unit we know is placed between the two points of `scale`; outside of them
    it counts as dry or wet.
    """
    if one is Input.LIGHT and (lux := _LUX.get(_spelled(unit))):
        return _times(lux * PPFD_PER_LUX[lamp])
    if one is not Input.MOISTURE or not needs_scale(unit):
        return CONVERSIONS[one].get(_spelled(unit))
    if scale is None or scale.dry == scale.wet:
        return None
    dry, span = scale.dry, scale.wet - scale.dry
    return lambda value: 100.0 * min(max((value - dry) / span, 0.0), 1.0)


def converted(
    one: Input,
    value: float,
    unit: str | None,
    scale: Scale | None,
    lamp: Source = Source.SUNLIGHT,
) -> float | None:
    """Bring `value` into the unit of the input; None if the unit is not known, or the value."""
    if not isfinite(value):
        return None
    convert = conversion(one, unit, scale, lamp)
    return None if convert is None else convert(value)


def possible(one: Input, value: float) -> bool:
    """Whether this can be true at all."""
    low, high = POSSIBLE[one]
    return low <= value <= high
