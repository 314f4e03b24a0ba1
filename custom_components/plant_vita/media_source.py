"""The photos of the plants where Home Assistant browses media: garden, plant, photo."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, override

from homeassistant.auth.models import User
from homeassistant.components import websocket_api
from homeassistant.components.http import KEY_HASS_USER
from homeassistant.components.media_player import BrowseError, MediaClass, MediaType
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.http import current_request
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .model.errors import PhotoGoneError, PlantVitaError
from .photos.album import async_get_album
from .photos.attachments import ASKING, async_asked
from .photos.kept import KeptPhoto
from .photos.permission import may_see
from .photos.retention import MOST
from .photos.view import address
from .plants.entry import running_garden

_JPEG: Final = "image/jpeg"


async def async_get_media_source(hass: HomeAssistant) -> PlantMedia:
    """Offer the photos."""
    return PlantMedia(hass)


class PlantMedia(MediaSource):
    """Its identifiers are `<plant>` and `<plant>/<photo>`; without one it is the garden."""

    name: str = "Plant Vita"

    def __init__(self, hass: HomeAssistant) -> None:
        super().__init__(DOMAIN)
        self.hass = hass

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        if item.identifier.startswith(ASKING):
            return await async_asked(self.hass, item.identifier)
        place, _, name = item.identifier.partition("/")
        try:
            photo, path = await self._async_found(place, name)
        except PlantVitaError as error:
            raise Unresolvable(translation_domain=DOMAIN, translation_key=error.key) from error
        return PlayMedia(address(photo), _JPEG, path=path)

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        try:
            if item.identifier:
                return await self._async_plant(item.identifier)
            return await self._async_garden()
        except PlantVitaError as error:
            raise BrowseError(translation_domain=DOMAIN, translation_key=error.key) from error

    async def _async_found(self, plant_id: str, photo_id: str) -> tuple[KeptPhoto, Path]:
        """A photo and its file. Raises PhotoGoneError for whatever names none."""
        album = await async_get_album(self.hass)
        photo = await album.async_photo(plant_id, photo_id) if plant_id in self._plants() else None
        if photo is None:
            raise PhotoGoneError("no such photo")
        path = album.path(photo)
        if not await self.hass.async_add_executor_job(path.is_file):
            raise PhotoGoneError("its file was removed")
        return photo, path

    async def _async_garden(self) -> BrowseMediaSource:
        album = await async_get_album(self.hass)
        plants = [
            _folder(plant_id, name, await album.async_latest(plant_id))
            for plant_id, name in self._plants().items()
        ]
        garden = _folder(None, self.name)
        garden.children = sorted(plants, key=lambda plant: plant.title.casefold())
        garden.children_media_class = MediaClass.DIRECTORY
        return garden

    async def _async_plant(self, plant_id: str) -> BrowseMediaSource:
        name = self._plants().get(plant_id)
        if name is None:
            raise PhotoGoneError("no such plant")
        photos = await (await async_get_album(self.hass)).async_list(plant_id, limit=MOST)
        plant = _folder(plant_id, name, next(iter(photos), None))
        plant.children = [_picture(photo) for photo in photos]
        plant.children_media_class = MediaClass.IMAGE
        return plant

    @callback
    def _plants(self) -> Mapping[str, str]:
        """Ids and names of the plants that whoever asks may see."""
        if (entry := running_garden(self.hass)) is None:
            return {}
        user = _asking()
        return {
            plant_id: plant.definition.name
            for plant_id, plant in entry.runtime_data.garden.plants.items()
            if user is None or may_see(self.hass, user, plant_id)
        }


@callback
def _asking() -> User | None:
    """The person who asks; None for an automation, or Home Assistant itself."""
    if connection := websocket_api.current_connection.get():
        return connection.user
    request = current_request.get()
    return None if request is None else request.get(KEY_HASS_USER)


def _folder(plant_id: str | None, title: str, newest: KeptPhoto | None = None) -> BrowseMediaSource:
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=plant_id,
        media_class=MediaClass.DIRECTORY,
        media_content_type=MediaType.IMAGE,
        title=title,
        can_play=False,
        can_expand=True,
        thumbnail=address(newest, thumbnail=True) if newest else None,
    )


def _picture(photo: KeptPhoto) -> BrowseMediaSource:
    """Called after the time it was taken, and what was found last."""
    taken = dt_util.as_local(dt_util.utc_from_timestamp(photo.taken_at))
    found = [one["title"] for one in photo.findings[-1:]]
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=f"{photo.plant_id}/{photo.photo_id}",
        media_class=MediaClass.IMAGE,
        media_content_type=_JPEG,
        title=" · ".join([f"{taken:%Y-%m-%d %H:%M}", *found]),
        can_play=True,
        can_expand=False,
        thumbnail=address(photo, thumbnail=True),
    )
