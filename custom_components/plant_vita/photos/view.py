"""The addresses of the photos that are kept, for those who may see the plant."""

from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web
from homeassistant.components.http import KEY_HASS_USER
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.http import HomeAssistantView

from ..const import DOMAIN
from ..model.errors import PhotoGoneError, PlantVitaError
from .album import async_get_album
from .kept import KeptPhoto
from .permission import may_see

PHOTO: Final = "photo"
THUMBNAIL: Final = "thumbnail"
# A photo never changes under its name. Others must not find it in a cache that people share.
_HEADERS: Final = {hdrs.CACHE_CONTROL: "private, max-age=604800, immutable"}


def address(photo: KeptPhoto, *, thumbnail: bool = False) -> str:
    """The path of a photo, to be signed or fetched by somebody who is logged in."""
    kind = THUMBNAIL if thumbnail else PHOTO
    return f"/api/{DOMAIN}/{kind}/{photo.plant_id}/{photo.photo_id}"


class PhotoView(HomeAssistantView):
    """Serves photos and their small pictures."""

    url = f"/api/{DOMAIN}/{{kind:{PHOTO}|{THUMBNAIL}}}/{{plant_id}}/{{photo_id}}"
    name = f"api:{DOMAIN}:photo"

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass

    async def get(
        self, request: web.Request, kind: str, plant_id: str, photo_id: str
    ) -> web.Response:
        """Give the JPEG; what somebody may not see is, for them, not there."""
        if not may_see(self._hass, request[KEY_HASS_USER], plant_id):
            return web.Response(status=HTTPStatus.NOT_FOUND)
        try:
            data = await self._async_read(plant_id, photo_id, small=kind == THUMBNAIL)
        except PlantVitaError:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if data is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return web.Response(body=data, content_type="image/jpeg", headers=_HEADERS)

    async def _async_read(self, plant_id: str, photo_id: str, *, small: bool) -> bytes | None:
        album = await async_get_album(self._hass)
        photo = await album.async_photo(plant_id, photo_id)
        if photo is None:
            return None
        try:
            return await album.async_read(photo, thumbnail=small)
        except PhotoGoneError:
            # A small picture that was lost spoils nothing while there is the photo itself.
            return await self._async_read(plant_id, photo_id, small=False) if small else None


@callback
def async_register(hass: HomeAssistant) -> None:
    """Serve the photos."""
    hass.http.register_view(PhotoView(hass))
