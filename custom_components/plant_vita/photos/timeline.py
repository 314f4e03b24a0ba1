"""How a plant has looked and what was found in it, page by page, for the cards."""

import asyncio
from datetime import timedelta
from typing import Any, Final

import voluptuous as vol
from homeassistant.components import websocket_api
from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..model.errors import PlantVitaError
from .album import async_get_album
from .garden import async_plant_id
from .kept import KeptPhoto
from .permission import may_read
from .view import address

TIMELINE: Final = f"{DOMAIN}/photos/timeline"
_PAGE_MAX: Final = 50
_PAGE: Final = 20
# A dashboard on a wall stays open for days; it asks again once a day at most.
_SIGNED_FOR: Final = timedelta(days=1)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Offer the command; may be called again."""
    websocket_api.async_register_command(hass, async_timeline)


@websocket_api.websocket_command(
    {
        vol.Required("type"): TIMELINE,
        vol.Required("device_id"): vol.All(str, vol.Length(max=64)),
        vol.Optional("before"): vol.All(vol.Any(int, float), vol.Range(min=0, max=2**40)),
        vol.Optional("limit", default=_PAGE): vol.All(int, vol.Range(min=1, max=_PAGE_MAX)),
    }
)
@websocket_api.async_response
async def async_timeline(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Send photos of a plant, newest first.

    `before` is the `taken` of the last photo of the page before, in Unix seconds.
    """
    if not may_read(hass, connection.user, msg["device_id"]):
        connection.send_error(msg["id"], websocket_api.ERR_UNAUTHORIZED, "Unauthorized")
        return
    if (plant_id := async_plant_id(hass, msg["device_id"])) is None:
        connection.send_error(msg["id"], websocket_api.ERR_NOT_FOUND, "No such plant")
        return
    limit = msg["limit"]
    try:
        album = await async_get_album(hass)
        # One more than is shown tells whether there are more.
        found = await album.async_list(plant_id, limit=limit + 1, before=msg.get("before"))
    except PlantVitaError as error:
        raise HomeAssistantError(translation_domain=DOMAIN, translation_key=error.key) from error
    photos = []
    for photo in found[:limit]:
        photos.append(_shown(hass, photo))
        # A signature takes its time, and others wait for the loop.
        await asyncio.sleep(0)
    connection.send_result(msg["id"], {"photos": photos, "more": len(found) > limit})


@callback
def _shown(hass: HomeAssistant, photo: KeptPhoto) -> dict[str, Any]:
    """Green and growth in %; the addresses are whoever's who asks, and of no use to others."""
    return {
        "id": photo.photo_id,
        "taken": photo.taken_at,
        "url": async_sign_path(hass, address(photo), _SIGNED_FOR),
        "thumbnail": async_sign_path(hass, address(photo, thumbnail=True), _SIGNED_FOR),
        "green": round(photo.green, 1),
        "growth": None if photo.growth is None else round(photo.growth, 1),
        "findings": [dict(one) for one in photo.findings],
    }
