"""All grow lights of the garden: which lamp each plant stands under, and their end."""

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from ..plants.entry import SIGNAL_GARDEN
from ..watering.wishes import reference
from .lamp import Lamp
from .register import Register
from .sockets import socket_of
from .wishes import LightWishes, light_wishes_of

if TYPE_CHECKING:
    from ..plants.entry import GardenConfigEntry
    from ..plants.garden import Garden
    from .outlook import Under


class Lamps:
    """One for the garden, as long as that is loaded."""

    def __init__(self, hass: HomeAssistant, entry: GardenConfigEntry, garden: Garden) -> None:
        """Nothing is switched before `async_start`."""
        self._hass = hass
        self._entry = entry
        self._garden = garden
        self._register = Register(hass)
        self._lamps: dict[str, Lamp] = {}
        self._listeners: list[CALLBACK_TYPE] = []
        self._running: list[CALLBACK_TYPE] = []
        self._changing = asyncio.Lock()
        self._stopped = False

    async def async_start(self) -> None:
        """Read what is known, take up what is ours, and follow what a person sets."""
        await self._register.async_load()
        self._running = [
            async_dispatcher_connect(self._hass, SIGNAL_GARDEN, self._async_garden_changed),
            self._hass.bus.async_listen(
                er.EVENT_ENTITY_REGISTRY_UPDATED, self._async_registry_changed
            ),
            self._hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, self._async_ends),
        ]
        await self.async_follow()

    async def _async_ends(self, _event: Event) -> None:
        await self.async_stop()

    async def async_stop(self) -> None:
        """Switch off what is ours and would shine for ever. Ends in time, whatever a lamp does."""
        async with self._changing:
            if self._stopped:
                return
            self._stopped = True
            for stop in self._running:
                stop()
            await asyncio.gather(*(lamp.async_close() for lamp in self._lamps.values()))
            await self._register.async_save()

    # --- who stands where ------------------------------------------------------------------------

    @callback
    def _async_garden_changed(self) -> None:
        self._hass.async_create_task(self.async_follow(), "Plant Vita follows its lamps")

    @callback
    def _async_registry_changed(self, event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        entity_ids = {event.data["entity_id"], event.data.get("old_entity_id")}
        sockets = [lamp.socket for lamp in self._lamps.values()]
        if None in sockets or any(one and one.entity_id in entity_ids for one in sockets):
            self._async_garden_changed()

    async def async_follow(self) -> None:
        """Follow what the plants are bound to; a lamp that no plant stands under is let go."""
        async with self._changing:
            if self._stopped:
                return
            wanted = self._wanted()
            for lamp in self._lamps.keys() - wanted.keys():
                await self._lamps.pop(lamp).async_close(gone=True)
                self._register.forget(lamp)
            pumps = self._pumps()
            for lamp, under in wanted.items():
                if lamp not in self._lamps:
                    self._lamps[lamp] = Lamp(self._hass, self._register, lamp)
                    self._lamps[lamp].async_listen(self._tell)
                self._lamps[lamp].async_follow(socket_of(self._hass, lamp, pumps), under)
        self._tell()

    def _wanted(self) -> dict[str, Under]:
        """The plants under each lamp, by what the lamp is known by for good."""
        registry = er.async_get(self._hass)
        wanted: dict[str, Under] = {}
        for plant_id, plant in self._garden.plants.items():
            bound, subentry = plant.definition.grow_light, self._entry.subentries.get(plant_id)
            if not bound or subentry is None:
                continue
            entity_id = er.async_resolve_entity_id(registry, bound)
            lamp = reference(self._hass, entity_id) if entity_id else bound
            stands = {plant_id: (plant, light_wishes_of(subentry.data))}
            wanted[lamp] = {**wanted.get(lamp, {}), **stands}
        return wanted

    def _pumps(self) -> set[str]:
        """The entities that plants are watered with: none of them is a lamp."""
        registry = er.async_get(self._hass)
        bound = (plant.definition.pump or "" for plant in self._garden.plants.values())
        return {one for one in (er.async_resolve_entity_id(registry, ref) for ref in bound) if one}

    # --- what is shown ---------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Lamp]:
        """Every lamp under which a plant stands."""
        return iter(self._lamps.values())

    @callback
    def of(self, plant_id: str) -> Lamp | None:
        """The lamp of a plant; None if it has none, or not yet."""
        return next((lamp for lamp in self._lamps.values() if plant_id in lamp.under), None)

    def wishes(self, plant_id: str) -> LightWishes:
        """What a person has set for a plant."""
        return light_wishes_of(self._entry.subentries[plant_id].data)

    @callback
    def async_listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `listener` when anything of any lamp may have changed."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()
