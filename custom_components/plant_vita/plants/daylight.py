"""When a camera sees a plant in the light that it is compared in."""

from datetime import datetime, time, timedelta
from typing import Final

from homeassistant.const import SUN_EVENT_SUNRISE, SUN_EVENT_SUNSET
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.sun import get_astral_event_next
from homeassistant.util import dt as dt_util

_NOON: Final = "noon"
_BEFORE_NOON: Final = timedelta(hours=1)
_BEFORE_SUNSET: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
# Where the sun does not rise or set for a while, plants have lamps and people have clocks.
_FROM: Final = time(11)
_UNTIL: Final = time(15)


@callback
def is_good_light(hass: HomeAssistant, now: datetime) -> bool:
    """Whether it is bright, and about the time of day of other days: so photos can be compared.

    From an hour before the sun is highest until an hour before it sets. Raises nothing, wherever
    Home Assistant's home is.
    """
    try:
        sunrise = get_astral_event_next(hass, SUN_EVENT_SUNRISE, now)
        sunset = get_astral_event_next(hass, SUN_EVENT_SUNSET, now)
        noon = get_astral_event_next(hass, _NOON, now)
    except ValueError:
        sunrise = sunset = noon = now + 2 * _DAY
    if max(sunrise, sunset) - now > _DAY:
        return _FROM <= dt_util.as_local(now).time() < _UNTIL
    if sunrise < sunset or sunset - now < _BEFORE_SUNSET:
        return False
    return noon > sunset or noon - now <= _BEFORE_NOON
