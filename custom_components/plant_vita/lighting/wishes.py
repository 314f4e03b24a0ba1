"""What a person has set for light: with the plant in its subentry, with the garden for all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..care.automatic import Mode
from ..care.quiet import Hours
from ..plants.wishes import hours_of, time_of

# In the data of a plant's subentry.
CONF_LIGHTING: Final = "lighting"
# In the options of the garden's entry.
CONF_LIGHT_FROM: Final = "light_from"
CONF_LIGHT_TO: Final = "light_to"
CONF_PRICE: Final = "price"

LAMP_HOURS: Final = (0.0, 20.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class LightWishes:
    """One plant's: whether it is lit by itself, and its night by the clock on the wall.

    `hours` is for how long the lamp shines each day where no light can be measured.
    """

    automatic: Mode = Mode.OFF
    night_from: time = time(22)
    night_to: time = time(6)
    hours: float = 6.0

    @property
    def night(self) -> Hours:
        """The hours in which the lamp is never switched on."""
        return Hours(start=self.night_from, end=self.night_to)


def light_wishes_of(data: Mapping[str, Any]) -> LightWishes:
    """Read a plant's; where anything is not what it should be, the usual."""
    stored, usual = data.get(CONF_LIGHTING, {}), LightWishes()
    try:
        hours = float(stored.get("hours", usual.hours))
        return LightWishes(
            automatic=Mode(stored.get("automatic", usual.automatic)),
            night_from=time_of(stored.get("night_from")) or usual.night_from,
            night_to=time_of(stored.get("night_to")) or usual.night_to,
            hours=min(max(hours, LAMP_HOURS[0]), LAMP_HOURS[1]),
        )
    except AttributeError, TypeError, ValueError:
        return usual


def liked_of(garden: ConfigEntry[Any]) -> Hours | None:
    """The hours in which lamps are to shine rather than in others."""
    return hours_of(garden.options.get(CONF_LIGHT_FROM), garden.options.get(CONF_LIGHT_TO))


@callback
def price_of(hass: HomeAssistant, garden: ConfigEntry[Any]) -> str | None:
    """The entity that knows what a kWh costs; None if none was chosen, or it is gone."""
    chosen = garden.options.get(CONF_PRICE) or ""
    return er.async_resolve_entity_id(er.async_get(hass), chosen)
