"""What automations can do with a plant where its device is chosen: water, stop, write down care."""

from typing import Any, Final

import voluptuous as vol
from homeassistant.const import ATTR_DEVICE_ID, CONF_DEVICE_ID, CONF_DOMAIN, CONF_TYPE
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType, TemplateVarsType

from .actions.care import ATTR_CARE
from .actions.water import ATTR_ML, ML
from .const import DOMAIN
from .plants.entry import plant_of_device
from .plants.state import Care

LOG_CARE, WATER, STOP = "log_care", "water", "stop"
_OF_PUMPS: Final = (WATER, STOP)
# What each of them takes; its answer goes nowhere, as nobody could read it.
FIELDS: Final[dict[str, dict[vol.Marker, Any]]] = {
    LOG_CARE: {vol.Required(ATTR_CARE): vol.In([str(care) for care in Care])},
    WATER: {vol.Optional(ATTR_ML): ML},
    STOP: {},
}

ACTION_SCHEMA = vol.Any(
    *(
        cv.DEVICE_ACTION_BASE_SCHEMA.extend({vol.Required(CONF_TYPE): kind, **fields})
        for kind, fields in FIELDS.items()
    )
)


async def async_get_actions(hass: HomeAssistant, device_id: str) -> list[dict[str, str]]:
    """What can be done with this device; nothing for one that is no plant."""
    plant = plant_of_device(hass, device_id)
    if plant is None:
        return []
    kinds = [LOG_CARE, *(_OF_PUMPS if plant.definition.pump else ())]
    base = {CONF_DEVICE_ID: device_id, CONF_DOMAIN: DOMAIN}
    return [{**base, CONF_TYPE: kind} for kind in kinds]


async def async_get_action_capabilities(
    hass: HomeAssistant, config: ConfigType
) -> dict[str, vol.Schema]:
    """The fields of one of them."""
    return {"extra_fields": vol.Schema(FIELDS[config[CONF_TYPE]])}


async def async_call_action_from_config(
    hass: HomeAssistant,
    config: ConfigType,
    variables: TemplateVarsType,
    context: Context | None,
) -> None:
    """Do it as the action of that name does, which says no to what may not be."""
    said = {key: config[key] for key in (ATTR_CARE, ATTR_ML) if key in config}
    await hass.services.async_call(
        DOMAIN,
        config[CONF_TYPE],
        {ATTR_DEVICE_ID: config[CONF_DEVICE_ID], **said},
        blocking=True,
        context=context,
    )
