"""Photos that a plant's camera takes every few days, for its album.

When the last one was taken is what the album says: a restart changes nothing, and a photo that an
automation has kept of the same camera counts as well.
"""

import asyncio
import time
from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.importlib import async_import_module

from ..const import DOMAIN, LOGGER
from ..model.errors import PlantVitaError
from ..photos.album import async_get_album
from ..photos.images import async_bytes_of
from .coordinator import PlantCoordinator
from .daylight import is_good_light
from .entry import GardenConfigEntry

LOOK_EVERY: Final = timedelta(minutes=10)
"""Also how long after a start the first photo is taken: others have enough to do until then."""
AGAIN_S: Final = 1800.0
"""So much later it is tried again after a photo that was no good, or none at all."""
_DAY_S: Final = 86_400.0
# What was taken at two o'clock is due from eleven on, or each photo would be later than the last.
_EARLIER_S: Final = 6 * 3600.0
_CAMERA_S: Final = 60.0
_LOOKED_AT: Final = 20
_PRODUCT: Final = f"custom_components.{DOMAIN}"


class Snapshots:
    """Takes them one after the other, as long as the garden runs."""

    def __init__(self, hass: HomeAssistant, entry: GardenConfigEntry) -> None:
        self._hass, self._entry = hass, entry
        self._not_before: dict[str, float] = {}
        self._failing: set[str] = set()
        self._taking = False

    @callback
    def async_start(self) -> None:
        """Look every few minutes whether a photo is due."""
        self._entry.async_on_unload(
            async_track_time_interval(self._hass, self._async_look, LOOK_EVERY)
        )

    @callback
    def _async_look(self, now: datetime) -> None:
        plants = self._entry.runtime_data.garden.plants.values()
        wanted = [one for one in plants if one.definition.snapshot_days and one.definition.camera]
        if wanted and not self._taking:
            self._taking = True
            self._entry.async_create_background_task(
                self._hass, self._async_take_due(wanted, now), "plant_vita snapshots"
            )

    async def _async_take_due(self, plants: list[PlantCoordinator], now: datetime) -> None:
        try:
            # Its first import takes a while.
            await async_import_module(self._hass, "astral.sun")
            if is_good_light(self._hass, now):
                for plant in plants:
                    await self._async_look_at(plant)
        finally:
            self._taking = False

    async def _async_look_at(self, plant: PlantCoordinator) -> None:
        """One plant; what is wrong with its camera must not be in the others' way."""
        now, plant_id = time.time(), plant.plant_id
        if now < self._not_before.get(plant_id, 0.0):
            return
        self._not_before[plant_id] = now + AGAIN_S
        days = plant.definition.snapshot_days or 1
        try:
            entity_id = self._camera(plant)
            if await self._async_is_due(plant_id, entity_id, now - days * _DAY_S + _EARLIER_S):
                async with asyncio.timeout(_CAMERA_S):
                    await self._async_take(plant_id, entity_id)
                # A picture that never changes is kept once, and asked for no more often.
                self._not_before[plant_id] = now + days * _DAY_S - _EARLIER_S
        except (HomeAssistantError, PlantVitaError, TimeoutError) as error:
            if plant_id not in self._failing:
                self._failing.add(plant_id)
                LOGGER.warning("No photo of %s can be taken: %r", plant.definition.name, error)
            return
        if plant_id in self._failing:
            self._failing.discard(plant_id)
            LOGGER.info("Photos of %s are taken again", plant.definition.name)

    def _camera(self, plant: PlantCoordinator) -> str:
        registry = er.async_get(self._hass)
        entity_id = er.async_resolve_entity_id(registry, plant.definition.camera or "")
        if entity_id is None:
            raise HomeAssistantError("its camera was removed")
        return entity_id

    async def _async_is_due(self, plant_id: str, entity_id: str, since: float) -> bool:
        photos = await (await async_get_album(self._hass)).async_list(plant_id, limit=_LOOKED_AT)
        good = (one.taken_at for one in photos if one.source == entity_id and one.complaint is None)
        return max(good, default=0.0) <= since

    async def _async_take(self, plant_id: str, entity_id: str) -> None:
        """Raises PhotoError for a photo that is no good: it must not stand for the plant."""
        data = await async_bytes_of(self._hass, Context(), entity_id)
        # They load Pillow, and numpy.
        decoding = await async_import_module(self._hass, f"{_PRODUCT}.photos.decoding")
        quality = await async_import_module(self._hass, f"{_PRODUCT}.vision.quality")
        examined = await decoding.async_examined(self._hass, data)
        quality.check(examined.quality)
        album = await async_get_album(self._hass)
        await album.async_keep_examined(plant_id, examined, source=entity_id)
