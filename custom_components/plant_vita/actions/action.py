"""What every action has, and how it finds the plants it is about."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import (
    ServiceValidationError,
    Unauthorized,
    UnknownUser,
)
from homeassistant.helpers import config_validation as cv

from ..const import DOMAIN
from ..photos.permission import may
from ..plants.entry import plant_of_device, running_garden

if TYPE_CHECKING:
    from ..plants.coordinator import PlantCoordinator

DEVICES: Final = vol.All(cv.ensure_list, [cv.string])
OF_PLANTS: Final = {vol.Required(ATTR_DEVICE_ID): DEVICES}


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """One action: `run` answers, and raises `ServiceValidationError` for what cannot be.

    `policy` is what somebody must be allowed with the plants of a call, or with everything where it
    names none: Home Assistant asks that for what entities do, not for what integrations do.
    """

    name: str
    run: Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]
    fields: Mapping[vol.Marker, Any]
    answers: SupportsResponse = SupportsResponse.ONLY
    policy: str = POLICY_CONTROL


def refusal(key: str, **placeholders: str) -> ServiceValidationError:
    """What is said, in the reader's language, when an action cannot be carried out."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )


async def async_check_permitted(call: ServiceCall, policy: str) -> None:
    """Raise Unauthorized for somebody who may not do this with the plants of a call."""
    if not await async_is_permitted(call, policy):
        raise Unauthorized(context=call.context, permission=policy)


async def async_is_permitted(call: ServiceCall, policy: str) -> bool:
    """Whether whoever calls may do this with the plants of a call. Raises UnknownUser.

    What Home Assistant does by itself is nobody's, and permitted.
    """
    if call.context.user_id is None:
        return True
    user = await call.hass.auth.async_get_user(call.context.user_id)
    if user is None:
        raise UnknownUser(context=call.context, permission=policy)
    devices = cv.ensure_list(call.data.get(ATTR_DEVICE_ID))
    if not devices:
        return user.permissions.access_all_entities(policy)
    return all(may(call.hass, user, device, policy) for device in devices)


@callback
def async_plants(hass: HomeAssistant) -> dict[str, PlantCoordinator]:
    """All plants by their ids."""
    entry = running_garden(hass)
    return dict(entry.runtime_data.garden.plants) if entry else {}


@callback
def async_chosen(call: ServiceCall) -> list[PlantCoordinator]:
    """The plants that the devices of a call are, each once; each of the devices must be one."""
    chosen: dict[str, PlantCoordinator] = {}
    for device_id in call.data[ATTR_DEVICE_ID]:
        if (plant := plant_of_device(call.hass, device_id)) is None:
            raise refusal("not_a_plant")
        chosen[plant.plant_id] = plant
    return list(chosen.values())


@callback
def async_one(call: ServiceCall) -> PlantCoordinator:
    """The one plant that a call must be about."""
    plants = async_chosen(call)
    if len(plants) != 1:
        raise refusal("one_plant")
    return plants[0]
