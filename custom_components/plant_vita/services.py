"""Actions for automations, scripts and assistants; all of them answer."""

from functools import partial
from typing import Final

import voluptuous as vol
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, callback

from .actions import advice, album, care, digest, history, profile, species, water
from .actions.action import Action, async_check_permitted
from .const import DOMAIN

ACTIONS: Final = (
    *advice.ACTIONS,
    *album.ACTIONS,
    *care.ACTIONS,
    *digest.ACTIONS,
    *history.ACTIONS,
    *profile.ACTIONS,
    *species.ACTIONS,
    *water.ACTIONS,
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions: they exist also while no garden is loaded, and say so."""
    for action in ACTIONS:
        hass.services.async_register(
            DOMAIN,
            action.name,
            partial(_async_run, action),
            vol.Schema(dict(action.fields)),
            supports_response=action.answers,
        )


async def _async_run(action: Action, call: ServiceCall) -> ServiceResponse:
    await async_check_permitted(call, action.policy)
    return await action.run(call)
