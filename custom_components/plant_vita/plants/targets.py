"""Which plants triggers and conditions are about, and the options that both of them have.

A target is a device, an area, a floor, a label, or entities of plants.
"""

from collections.abc import Mapping
from typing import Any, Final, cast

import voluptuous as vol
from homeassistant.const import CONF_OPTIONS, CONF_TARGET
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids
from homeassistant.helpers.typing import ConfigType

from ..const import DOMAIN
from .entry import plant_of_device

CONF_BELOW, CONF_HOURS = "below", "hours"
BELOW: Final = vol.All(vol.Coerce(float), vol.Range(min=1, max=100))
HOURS: Final = vol.All(vol.Coerce(float), vol.Range(min=1, max=336))
# Newer releases of Home Assistant take things out of a target.
_EXCLUDE: Final = "exclude"


def validated(config: ConfigType, options: Mapping[vol.Marker, Any]) -> ConfigType:
    """What somebody wrote: a target, and these options. Raises vol.Invalid."""
    schema = vol.Schema(
        {
            vol.Required(CONF_TARGET): cv.TARGET_FIELDS,
            vol.Required(CONF_OPTIONS, default=dict): dict(options),
        }
    )
    return cast(ConfigType, schema(config))


@callback
def async_meant(hass: HomeAssistant, target: Mapping[str, Any]) -> set[str]:
    """The ids of the plants; what is no plant of ours, or is gone, means none."""
    wanted = {key: value for key, value in target.items() if key != _EXCLUDE}
    return _named(hass, wanted) - _named(hass, target.get(_EXCLUDE) or {})


def _named(hass: HomeAssistant, target: Mapping[str, Any]) -> set[str]:
    selected = async_extract_referenced_entity_ids(hass, TargetSelection(dict(target)))
    devices = set(selected.referenced_devices)
    registry = er.async_get(hass)
    for entity_id in selected.referenced | selected.indirectly_referenced:
        entry = registry.async_get(entity_id)
        if entry is not None and entry.platform == DOMAIN and entry.device_id is not None:
            devices.add(entry.device_id)
    plants = (plant_of_device(hass, device_id) for device_id in devices)
    return {plant.plant_id for plant in plants if plant is not None}
