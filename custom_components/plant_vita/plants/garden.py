"""The garden: one config entry whose subentries are plants."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..photos.album import async_forget_plants
from .catalogue import Catalogue
from .coordinator import PlantCoordinator
from .definition import PlantDefinition, plants
from .entry import GardenConfigEntry, device_of
from .memory import store_of
from .upcoming import upcoming

type PlantListener = Callable[[PlantCoordinator], None]


class Garden:
    """Keeps as many plants running as the entry has, and changes only what was changed."""

    def __init__(self, hass: HomeAssistant, entry: GardenConfigEntry, catalogue: Catalogue) -> None:
        """Nothing grows yet."""
        self._hass = hass
        self._entry = entry
        self._catalogue = catalogue
        self._listeners: list[PlantListener] = []
        self._watchers: list[CALLBACK_TYPE] = []
        self._chores: dict[str, list[tuple[object, ...]]] = {}
        self._told_on: date | None = None
        # A person may be quicker than a disk: changes are carried out one after the other.
        self._changing = asyncio.Lock()
        self.plants: dict[str, PlantCoordinator] = {}

    @callback
    def async_on_plant(self, listener: PlantListener) -> CALLBACK_TYPE:
        """Call `listener` for every plant there is, and for each that is added or changed."""
        self._listeners.append(listener)
        self._call(self.plants.values(), listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def async_on_chores(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `listener` when what is to be done has changed, or the day has."""
        self._watchers.append(listener)
        return lambda: self._watchers.remove(listener)

    @callback
    def async_changed(self, plant: PlantCoordinator) -> None:
        """More can be said of a plant than before: whoever shows it has to look again."""
        self._call([plant], *self._listeners)

    @callback
    def _async_judged(self, plant: PlantCoordinator) -> None:
        # Whoever shows the chores goes through all plants: not for each judgement of each of them.
        today = dt_util.now().date()
        chores: list[tuple[object, ...]] = [
            (due.uid, due.name, due.day, due.days)
            for due in upcoming([(plant.definition, plant.data)])
        ]
        if chores != self._chores.get(plant.plant_id) or today != self._told_on:
            self._chores[plant.plant_id] = chores
            self._tell()

    @callback
    def _tell(self) -> None:
        self._told_on = dt_util.now().date()
        for watch in self._watchers:
            watch()

    @callback
    def _call(self, grown: Iterable[PlantCoordinator], *listeners: PlantListener) -> None:
        for plant in grown:
            for listener in listeners:
                listener(plant)

    async def async_follow(self) -> None:
        """Make the plants those of the entry. Waits for the disk only."""
        async with self._changing:
            wanted = plants(self._entry)
            gone = self.plants.keys() - wanted.keys()
            for plant_id in gone:
                await self.plants.pop(plant_id).async_forget()
                self._chores.pop(plant_id, None)
            await async_forget_plants(self._hass, self._entry.options, gone)
            new = [one for plant_id, one in wanted.items() if plant_id not in self.plants]
            changed = [
                one
                for plant_id, one in wanted.items()
                if plant_id in self.plants and one != self.plants[plant_id].definition
            ]
            for started in await asyncio.gather(*(self._async_plant(one) for one in new)):
                self.plants[started.plant_id] = started
                self._call([started], *self._listeners)
                started.async_add_listener(partial(self._async_judged, started))
            for one in changed:
                plant = self.plants[one.plant_id]
                self._register(one, plant.definition)
                plant.async_redefine(one)
                self._call([plant], *self._listeners)
                await plant.async_refresh()
            self._tell()

    async def _async_plant(self, definition: PlantDefinition) -> PlantCoordinator:
        coordinator = PlantCoordinator(self._hass, self._entry, definition, self._catalogue)
        await coordinator.async_start()
        self._register(definition, None)
        return coordinator

    @callback
    def _register(self, definition: PlantDefinition, before: PlantDefinition | None) -> None:
        """Keep the device of a plant up to date; where it stands only when that was changed."""
        registry = dr.async_get(self._hass)
        is_new = device_of(self._hass, self._entry, definition.plant_id) is None
        species = self._catalogue.species.get(definition.species)
        device = registry.async_get_or_create(
            config_entry_id=self._entry.entry_id,
            config_subentry_id=definition.plant_id,
            identifiers={(DOMAIN, definition.plant_id)},
            name=definition.name,
            model=species.scientific_name if species else definition.species or None,
        )
        moved = before is not None and before.area != definition.area
        if moved or (is_new and definition.area):
            registry.async_update_device(device.id, area_id=definition.area)

    async def async_stop(self) -> None:
        """Write everything down."""
        async with self._changing:
            await asyncio.gather(*(plant.async_shutdown() for plant in self.plants.values()))


async def async_forget_all(hass: HomeAssistant, entry: GardenConfigEntry) -> None:
    """Remove the files of all plants of a garden that is removed itself."""
    for plant_id in plants(entry):
        await store_of(hass, plant_id).async_remove()
    await async_forget_plants(hass, entry.options, plants(entry))
