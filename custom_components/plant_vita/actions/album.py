"""Keeping photos of plants, and removing them; nothing of it leaves the house."""

from typing import Final

import voluptuous as vol
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv

from ..const import DOMAIN
from ..model.errors import PlantVitaError
from ..photos.album import async_get_album
from ..photos.images import MEDIA, async_bytes_of, label
from .action import Action, async_chosen, refusal
from .species import ATTR_ENTITY, ATTR_FILE, ATTR_MEDIA, MEDIUM

ATTR_PHOTO: Final = "photo"
_ONE_PLANT: Final = {vol.Required(ATTR_DEVICE_ID): vol.All(cv.string, lambda one: [one])}


async def _async_keep(call: ServiceCall) -> ServiceResponse:
    """Keep one photo of one plant."""
    (plant,) = async_chosen(call)
    given = [name for name in (ATTR_ENTITY, ATTR_MEDIA, ATTR_FILE) if name in call.data]
    if len(given) != 1:
        raise refusal("photo_one")
    kind, source = given[0], call.data[given[0]]
    if kind == ATTR_MEDIA and not source.startswith(MEDIA):
        raise refusal("photo_not_media")
    if kind == ATTR_FILE and not source.startswith("/"):
        raise refusal("photo_forbidden")
    data = await async_bytes_of(call.hass, call.context, source)
    album = await async_get_album(call.hass)
    try:
        photo = await album.async_keep(plant.plant_id, data, source=label(source))
    except PlantVitaError as error:
        raise _failed(error) from error
    return {
        "photo": photo.photo_id,
        "green": round(photo.green, 1),
        "yellowing": None if photo.yellowing is None else round(photo.yellowing, 1),
        "growth": None if photo.growth is None else round(photo.growth, 1),
        "complaint": photo.complaint,
    }


async def _async_delete(call: ServiceCall) -> ServiceResponse:
    """Remove photos of one plant: those that are named, or all of them."""
    (plant,) = async_chosen(call)
    album = await async_get_album(call.hass)
    try:
        removed = await album.async_remove(plant.plant_id, call.data.get(ATTR_PHOTO))
    except PlantVitaError as error:
        raise _failed(error) from error
    return {"removed": removed}


def _failed(error: PlantVitaError) -> HomeAssistantError:
    return HomeAssistantError(translation_domain=DOMAIN, translation_key=error.key)


ACTIONS = (
    Action(
        name="keep_photo",
        run=_async_keep,
        fields={
            **_ONE_PLANT,
            vol.Optional(ATTR_ENTITY): cv.entity_id,
            vol.Optional(ATTR_MEDIA): MEDIUM,
            vol.Optional(ATTR_FILE): cv.string,
        },
        answers=SupportsResponse.OPTIONAL,
    ),
    Action(
        name="delete_photos",
        run=_async_delete,
        fields={**_ONE_PLANT, vol.Optional(ATTR_PHOTO): vol.All(cv.ensure_list, [cv.string])},
        answers=SupportsResponse.OPTIONAL,
    ),
)
