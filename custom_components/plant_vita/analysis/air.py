"""Water in the air: vapour pressure deficit and dew point.

Saturation by the Tetens formula with the coefficients of FAO Irrigation and Drainage Paper 56
(Allen et al. 1998, equation 11), over water: e = 0.6108 kPa · exp(17.27 t / (t + 237.3)).
"""

import math

import numpy as np

from .series import Floats

_KPA, _SLOPE, _BASE = 0.6108, 17.27, 237.3
_COLDEST, _WARMEST = -45.0, 60.0


def saturation_kpa(temperature: float) -> float:
    """Saturation vapour pressure over water in kPa at °C; NaN outside −45 to 60 °C."""
    if not _COLDEST <= temperature <= _WARMEST:
        return math.nan
    return _KPA * math.exp(_SLOPE * temperature / (_BASE + temperature))


def vpd_kpa(temperature: float, humidity: float) -> float:
    """Vapour pressure deficit of the air in kPa from °C and % relative humidity.

    Leaves are taken to be as warm as the air. NaN where the inputs are not possible; humidity up
    to 105 % (sensors in fog) counts as 100.
    """
    if not 0.0 <= humidity <= 105.0:
        return math.nan
    return saturation_kpa(temperature) * (1.0 - min(humidity, 100.0) / 100.0)


def dew_point(temperature: float, humidity: float) -> float:
    """The temperature in °C at which dew falls; NaN where the inputs are not possible."""
    if not 0.0 < humidity <= 105.0 or not _COLDEST <= temperature <= _WARMEST:
        return math.nan
    share = math.log(min(humidity, 100.0) / 100.0) + _SLOPE * temperature / (_BASE + temperature)
    return _BASE * share / (_SLOPE - share)


def vpd_course(temperature: Floats, humidity: Floats) -> Floats:
    """`vpd_kpa` of (n,) °C and (n,) %, for a whole past at once; NaN where it has NaN."""
    possible = (temperature >= _COLDEST) & (temperature <= _WARMEST)
    possible &= (humidity >= 0.0) & (humidity <= 105.0)
    warmth = np.where(possible, temperature, 0.0)
    saturation = _KPA * np.exp(_SLOPE * warmth / (_BASE + warmth))
    return np.where(possible, saturation * (1.0 - np.minimum(humidity, 100.0) / 100.0), np.nan)
