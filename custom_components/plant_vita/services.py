"""Actions for automations, scripts and assistants; all of them answer."""

from typing import Final

import voluptuous as vol
from homeassistant.core import HomeAssistant, callback

from .actions import care, history, profile, species, water
from .const import DOMAIN

ACTIONS: Final = (
    *care.ACTIONS,
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
            action.run,
            vol.Schema(dict(action.fields)),
            supports_response=action.answers,
        )
