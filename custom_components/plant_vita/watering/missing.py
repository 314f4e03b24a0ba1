"""Pumps, contacts of tanks and leak sensors that were chosen and do not exist any more."""

from collections.abc import Iterable
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from ..plants.definition import CONF_PUMP
from ..plants.references import Data, called
from .wishes import CONF_LEAK_SENSORS, CONF_TANK, async_entity

_OF_PLANT: Final = "watering_gone"
_OF_GARDEN: Final = "leak_sensor_gone"


@callback
def async_tell_missing(hass: HomeAssistant, garden: ConfigEntry[Any] | None) -> bool:
    """Say what is missing, and that nothing is any more; returns whether anything is.

    A plant without its pump gets no water, and one without the contact of its tank, or a house
    without a leak sensor, is less safe than its owner believes.
    """
    found: dict[str, dict[str, str]] = {}
    if garden is not None:
        leaks = garden.options.get(CONF_LEAK_SENSORS) or ()
        if gone := _gone(hass, garden.options, leaks):
            found[_OF_GARDEN] = {"entities": gone}
        for plant_id, subentry in garden.subentries.items():
            chosen = [one for key in (CONF_PUMP, CONF_TANK) if (one := subentry.data.get(key))]
            if gone := _gone(hass, subentry.data, chosen):
                found[f"{_OF_PLANT}_{plant_id}"] = {"name": subentry.title, "entities": gone}
    _tell(hass, found)
    return bool(found)


def _gone(hass: HomeAssistant, data: Data, chosen: Iterable[str]) -> str:
    """What a person knew those by that are gone."""
    gone = (called(data, one) for one in chosen if async_entity(hass, one) is None)
    return ", ".join(sorted(gone))


@callback
def _tell(hass: HomeAssistant, found: dict[str, dict[str, str]]) -> None:
    ours = [issue for domain, issue in ir.async_get(hass).issues if domain == DOMAIN]
    for issue in ours:
        if issue.startswith((_OF_PLANT, _OF_GARDEN)) and issue not in found:
            ir.async_delete_issue(hass, DOMAIN, issue)
    for issue, placeholders in found.items():
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=_OF_GARDEN if issue == _OF_GARDEN else _OF_PLANT,
            translation_placeholders=placeholders,
        )
