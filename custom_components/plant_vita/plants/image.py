"""The newest photo of a plant that was kept."""

import asyncio
from datetime import datetime
from typing import Final, override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, LOGGER
from ..model.errors import PlantVitaError
from ..photos.album import SIGNAL_ALBUM, async_get_album
from ..photos.kept import KeptPhoto
from .coordinator import PlantCoordinator
from .entity import PlantEntity
from .entry import GardenConfigEntry

PHOTO: Final = ImageEntityDescription(key="photo", translation_key="photo")


class PlantPhoto(PlantEntity, ImageEntity):
    """Its state is when the photo was taken; unknown once there is no photo any more."""

    def __init__(self, coordinator: PlantCoordinator) -> None:
        """Which photo it is, is looked up before it shows anything."""
        PlantEntity.__init__(self, coordinator, PHOTO)
        ImageEntity.__init__(self, coordinator.hass)
        self._photo: KeptPhoto | None = None
        # Of two looks at the disk the later one has to have the last word.
        self._looking = asyncio.Lock()

    @property
    @override
    def said(self) -> object:
        return self._photo.photo_id if self._photo else None

    @property
    @override
    def image_last_updated(self) -> datetime | None:
        return dt_util.utc_from_timestamp(self._photo.taken_at) if self._photo else None

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(self.hass, SIGNAL_ALBUM, self._async_album_changed)
        )
        await self._async_look()

    async def _async_album_changed(self, plant_id: str) -> None:
        if plant_id == self.coordinator.plant_id:
            await self._async_look()
            self.async_write_ha_state()

    async def _async_look(self) -> None:
        async with self._looking:
            try:
                album = await async_get_album(self.hass)
                self._photo = await album.async_latest(self.coordinator.plant_id)
            except PlantVitaError as error:
                LOGGER.warning("The newest photo cannot be looked up: %s", error)

    @override
    async def async_image(self) -> bytes | None:
        if self._photo is None:
            return None
        try:
            return await (await async_get_album(self.hass)).async_read(self._photo)
        except PlantVitaError as error:
            LOGGER.debug("The newest photo cannot be read: %s", error)
            return None


async def async_add_photos(
    hass: HomeAssistant,
    entry: GardenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Make one for each plant that has a photo, from its first one on.

    Whoever keeps no photos has no empty pictures, and no disk is asked for them.
    """
    plants = entry.runtime_data.garden.plants
    registry = er.async_get(hass)
    there = {
        plant_id
        for plant_id in plants
        if registry.async_get_entity_id(Platform.IMAGE, DOMAIN, f"{plant_id}_{PHOTO.key}")
    }
    for plant_id in there:
        async_add_entities([PlantPhoto(plants[plant_id])], config_subentry_id=plant_id)

    async def _async_album_changed(plant_id: str) -> None:
        if plant_id in there or plant_id not in plants:
            return
        try:
            latest = await (await async_get_album(hass)).async_latest(plant_id)
        except PlantVitaError as error:
            LOGGER.warning("The newest photo cannot be looked up: %s", error)
            return
        # While the disk was asked, another photo or the plant's removal may have come first.
        if latest is not None and plant_id not in there and plant_id in plants:
            there.add(plant_id)
            async_add_entities([PlantPhoto(plants[plant_id])], config_subentry_id=plant_id)

    entry.async_on_unload(async_dispatcher_connect(hass, SIGNAL_ALBUM, _async_album_changed))
