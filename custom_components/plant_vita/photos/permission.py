"""Who may see what is known of a plant, and who may have something done to it."""

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .garden import async_device


@callback
def may(hass: HomeAssistant, user: User, device_id: str, policy: str) -> bool:
    """Whether a person may do this with every entity that the device has.

    `policy` is Home Assistant's: `POLICY_READ` or `POLICY_CONTROL`. Of a device without entities
    nothing is known that would need a permission.
    """
    entities = er.async_entries_for_device(er.async_get(hass), device_id)
    return all(user.permissions.check_entity(entity.entity_id, policy) for entity in entities)


@callback
def may_read(hass: HomeAssistant, user: User, device_id: str) -> bool:
    """Whoever may read all entities of a device may see them on a card."""
    return may(hass, user, device_id, POLICY_READ)


@callback
def may_control(hass: HomeAssistant, user: User, device_id: str) -> bool:
    """Whoever may switch all entities of a device may spend water or money on it."""
    return may(hass, user, device_id, POLICY_CONTROL)


@callback
def may_see(hass: HomeAssistant, user: User, plant_id: str) -> bool:
    """Whoever may read a plant may see its photos; nobody those of a plant that there is not."""
    device = async_device(hass, plant_id)
    return device is not None and may_read(hass, user, device.id)
