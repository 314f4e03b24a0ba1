"""What a person has set for watering: with the plant in its subentry, with the garden for pumps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from ..care.automatic import USUAL_TIME, Holiday, Mode
from ..care.quiet import Hours
from ..plants.wishes import hours_of, time_of

# In the data of a plant's subentry.
CONF_WATER: Final = "water"
CONF_TANK: Final = "tank"
CONF_AI_WATER: Final = "ai_water"
# In the options of the garden's entry.
CONF_PUMPS: Final = "pumps"
CONF_LEAK_SENSORS: Final = "leak_sensors"
CONF_WATER_AT: Final = "water_at"
CONF_QUIET_FROM: Final = "quiet_from"
CONF_QUIET_TO: Final = "quiet_to"
CONF_HOLIDAY_FROM: Final = "holiday_from"
CONF_HOLIDAY_UNTIL: Final = "holiday_until"
CONF_WEATHER: Final = "weather"
# In the data of the garden's entry: there has been a ledger, so it must not be missing.
CONF_LEDGER: Final = "ledger"

DOSE_ML: Final = (5.0, 2000.0)
DAILY_ML: Final = (10.0, 5000.0)
RATES: Final = (0.1, 500.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """One plant's: ml for one watering, ml a day at most, and whether it is watered by itself.

    Automatic care keeps to the dose only if a person `chose` it; else it learns one. An annual has
    a day of `harvest`.
    """

    dose_ml: float = 100.0
    chose: bool = False
    daily_ml: float = 500.0
    automatic: Mode = Mode.OFF
    harvest: date | None = None

    @property
    def harvest_at(self) -> float | None:
        """The start of the day of harvest, Unix seconds."""
        return dt_util.start_of_local_day(self.harvest).timestamp() if self.harvest else None


def wishes_of(data: Mapping[str, Any]) -> Wishes:
    """Read a plant's; what is no number is the usual."""
    stored = data.get(CONF_WATER, {})
    usual = Wishes()
    try:
        return Wishes(
            dose_ml=_within(float(stored.get("dose_ml", usual.dose_ml)), DOSE_ML),
            chose="dose_ml" in stored,
            daily_ml=_within(float(stored.get("daily_ml", usual.daily_ml)), DAILY_ML),
            automatic=Mode(stored.get("automatic", usual.automatic)),
            harvest=_date(stored.get("harvest")),
        )
    except TypeError, ValueError:
        return usual


def _within(value: float, limits: tuple[float, float]) -> float:
    return min(max(value, limits[0]), limits[1])


def rate_of(garden: ConfigEntry[Any], pump_id: str) -> float | None:
    """What a pump gives in ml/s; None before somebody has measured it."""
    try:
        rate = float(garden.options[CONF_PUMPS][pump_id]["ml_per_s"])
    except KeyError, TypeError, ValueError:
        return None
    return rate if RATES[0] <= rate <= RATES[1] else None


@callback
def async_set_rate(
    hass: HomeAssistant, garden: ConfigEntry[Any], pump_id: str, ml_per_s: float
) -> None:
    """Keep what was measured; it stays with the pump, whatever plants it waters."""
    pumps = {**garden.options.get(CONF_PUMPS, {}), pump_id: {"ml_per_s": ml_per_s}}
    hass.config_entries.async_update_entry(garden, options={**garden.options, CONF_PUMPS: pumps})


def leak_sensors(hass: HomeAssistant, garden: ConfigEntry[Any] | None) -> frozenset[str] | None:
    """The entities that a person has chosen to stop all pumps; None for every leak sensor.

    Every one, too, where none of the chosen exists any more.
    """
    chosen = garden.options.get(CONF_LEAK_SENSORS) if garden else None
    found = (async_entity(hass, one) for one in chosen or ())
    return frozenset(one for one in found if one is not None) or None


def at_time_of(garden: ConfigEntry[Any]) -> time:
    """When plants without a sensor are watered on their days; local time."""
    return time_of(garden.options.get(CONF_WATER_AT)) or USUAL_TIME


def quiet_of(garden: ConfigEntry[Any]) -> Hours | None:
    """The hours in which no plant is watered by itself."""
    return hours_of(garden.options.get(CONF_QUIET_FROM), garden.options.get(CONF_QUIET_TO))


def holiday_of(garden: ConfigEntry[Any]) -> Holiday | None:
    """When nobody is at home: from the start of the first day to the end of the last."""
    first = _date(garden.options.get(CONF_HOLIDAY_FROM))
    last = _date(garden.options.get(CONF_HOLIDAY_UNTIL))
    if last is None:
        return None
    start = dt_util.start_of_local_day(first).timestamp() if first else 0.0
    end = dt_util.start_of_local_day(last + timedelta(days=1)).timestamp()
    return Holiday(start=start, end=end)


@callback
def weather_of(hass: HomeAssistant, garden: ConfigEntry[Any]) -> str | None:
    """The weather service that a person has chosen; None for the first there is."""
    return async_entity(hass, garden.options.get(CONF_WEATHER))


@callback
def reference(hass: HomeAssistant, entity_id: str) -> str:
    """What an entity is remembered by: an id that outlives its name, if it has one."""
    known = er.async_get(hass).async_get(entity_id)
    return known.id if known else entity_id


@callback
def async_entity(hass: HomeAssistant, remembered: str | None) -> str | None:
    """What an entity is called now; None if there is none any more."""
    return er.async_resolve_entity_id(er.async_get(hass), remembered or "")


def _date(stored: object) -> date | None:
    return dt_util.parse_date(stored) if isinstance(stored, str) else None
