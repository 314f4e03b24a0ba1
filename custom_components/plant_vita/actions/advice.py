"""Asking about a plant in words, and how to care for it."""

from typing import Final

import voluptuous as vol
from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.importlib import async_import_module

from ..const import DOMAIN
from .action import OF_PLANTS, Action, async_one
from .species import ATTR_SERVICES

ATTR_QUESTION: Final = "question"
_PHOTOS: Final = f"custom_components.{DOMAIN}.photos"
_SERVICES: Final = {vol.Optional(ATTR_SERVICES): vol.All(cv.ensure_list, [cv.string])}


async def _async_ask(call: ServiceCall) -> ServiceResponse:
    """Ask models a question about a plant."""
    plant = async_one(call)
    await async_import_module(call.hass, f"{_PHOTOS}.advising")
    from ..photos.advising import async_advise  # noqa: PLC0415 - imported already

    return await async_advise(
        call.hass,
        plant,
        call.data[ATTR_QUESTION],
        kinds=call.data.get(ATTR_SERVICES),
        language=call.hass.config.language[:2],
    )


async def _async_care_instructions(call: ServiceCall) -> ServiceResponse:
    """Tell how to care for a plant at this time of the year."""
    plant = async_one(call)
    await async_import_module(call.hass, f"{_PHOTOS}.care_notes")
    from ..photos.care_notes import async_care_notes  # noqa: PLC0415 - imported already

    return await async_care_notes(
        call.hass,
        plant,
        kinds=call.data.get(ATTR_SERVICES),
        language=call.hass.config.language[:2],
    )


ACTIONS = (
    Action(
        name="ask",
        run=_async_ask,
        fields={**OF_PLANTS, vol.Required(ATTR_QUESTION): cv.string, **_SERVICES},
    ),
    Action(
        name="care_instructions",
        run=_async_care_instructions,
        fields={**OF_PLANTS, **_SERVICES},
    ),
)
