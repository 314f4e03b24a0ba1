"""How each plant grows, as its photos show: looked at with each new one, and twice a day."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.importlib import async_import_module

from ..analysis.growth import growth
from ..analysis.series import series
from ..const import DOMAIN, LOGGER
from ..model.errors import PlantVitaError
from ..model.plant import Direction, Trend
from ..photos.album import SIGNAL_ALBUM, async_get_album
from ..photos.kept import KeptPhoto
from .entry import GardenConfigEntry
from .garden import Garden

# Weeks pass, and old photos no longer count, though nobody takes new ones.
_AGAIN: Final = timedelta(hours=12)
# Two months of four a day; of who takes more, the newest are looked at.
_MOST: Final = 240
_VIEWS: Final = f"custom_components.{DOMAIN}.photos.views"


class GrowthWatch:
    """Tells each plant how it grows. Of plants that never had a photo no disk is asked."""

    def __init__(self, hass: HomeAssistant, garden: Garden) -> None:
        """Look at nothing yet."""
        self._hass, self._garden = hass, garden
        # Of two looks the later one has to have the last word.
        self._looking = asyncio.Lock()

    @callback
    def async_watch(self, entry: GardenConfigEntry) -> CALLBACK_TYPE:
        """Look at the photos there are, and then at each new one; stop with what it returns."""

        @callback
        def _again(_now: datetime | None = None) -> None:
            entry.async_create_background_task(self._hass, self._async_all(), f"{DOMAIN} growth")

        _again()
        stops = (
            async_dispatcher_connect(self._hass, SIGNAL_ALBUM, self.async_look),
            async_track_time_interval(self._hass, _again, _AGAIN),
        )

        @callback
        def _stop() -> None:
            for stop in stops:
                stop()

        return _stop

    async def _async_all(self) -> None:
        for plant in list(self._garden.plants.values()):
            if plant.memory.growth is not None:
                await self.async_look(plant.plant_id)

    async def async_look(self, plant_id: str) -> None:
        """Look at the photos of one plant; of what is no plant any more there is nothing to say."""
        async with self._looking:
            if (plant := self._garden.plants.get(plant_id)) is None:
                return
            before = plant.memory.growth
            try:
                album = await async_get_album(self._hass)
                photos = await album.async_list(plant_id, limit=_MOST)
            except PlantVitaError as error:
                # What was known stays; the next photo is the next occasion.
                LOGGER.warning("Photos cannot be compared: %s", error)
                return
            if not photos and before is None:
                return
            await async_import_module(self._hass, _VIEWS)
            direction = before.direction if before else Direction.UNKNOWN
            found = await self._hass.async_add_executor_job(_grown, photos, time.time(), direction)
            await plant.async_grown(found)
            if before is None and self._garden.plants.get(plant_id) is plant:
                self._garden.async_changed(plant)


def _grown(photos: Sequence[KeptPhoto], now: float, before: Direction) -> Trend:
    from ..photos.views import views_of  # noqa: PLC0415 - imported already

    views = [
        series([photo.taken_at for photo in view], [photo.green for photo in view])
        for view in views_of(photos)
    ]
    return growth(views, now=now, before=before)
