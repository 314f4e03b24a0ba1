"""How what a person has set for a plant is kept in its subentry, and how its times are read."""

from datetime import time
from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..care.quiet import Hours


@callback
def async_keep(
    hass: HomeAssistant, garden: ConfigEntry[Any], plant_id: str, about: str, /, **said: object
) -> None:
    """Keep some of a plant's wishes `about` one thing, as JSON types; the others stay."""
    subentry = garden.subentries[plant_id]
    wanted = {**subentry.data.get(about, {}), **said}
    hass.config_entries.async_update_subentry(
        garden, subentry, data=MappingProxyType({**subentry.data, about: wanted})
    )


def time_of(stored: object) -> time | None:
    """A time of the day as it is stored; None for what is none."""
    return dt_util.parse_time(stored) if isinstance(stored, str) else None


def hours_of(start: object, end: object) -> Hours | None:
    """The hours between two stored times; None unless both are there."""
    begins, ends = time_of(start), time_of(end)
    return None if begins is None or ends is None else Hours(start=begins, end=ends)
