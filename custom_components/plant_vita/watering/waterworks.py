"""All pumps of the house, each with its arbiter, and what stops them all."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Context, Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.singleton import singleton
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..care.automatic import Decision
from ..care.events import Cleared, Interlock, Measured
from ..care.plan import Entry
from ..const import DOMAIN
from ..coordinator import NodeCoordinator
from ..model.errors import NoAnswerError, PlantVitaError
from ..model.node import NodeInfo
from ..model.quantity import ActuatorKind, ContactKind
from ..model.watering import Demand, Finished, Result, Source, Trouble, Why
from ..plants.entry import SIGNAL_GARDEN, garden_entry, running_garden
from . import automatic, diary, issues, wishes
from .bindings import Binding, PumpReference, bindings, facts_of, soil_of
from .books import Books
from .contacts import Contacts
from .missing import async_tell_missing
from .outlet import Outlet
from .pumps import EntityPump, NodePump, node_pump_id
from .sky import Sky

if TYPE_CHECKING:
    from ..plants.coordinator import PlantCoordinator

DATA_WORKS: HassKey[Waterworks] = HassKey(f"{DOMAIN}.waterworks")
ANCHOR_EVERY: Final = timedelta(hours=1)
_STOP_S: Final = 12.0


class Waterworks:
    """One for the house; survives the reload of any entry."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Nothing is known before `async_start`."""
        self._hass = hass
        self.books = Books(hass)
        self.outlets: dict[str, Outlet] = {}
        self.bound: dict[str, Binding] = {}
        self._nodes: dict[str, NodeCoordinator] = {}
        self.contacts = Contacts(hass, self._async_interlock)
        self._empty: set[str] = set()
        self._locked: set[str] = set()
        self._missing = False
        # Pumps that are being measured, whether they water a plant already or not.
        self._borrowed: dict[str, PumpReference] = {}
        self._heard: dict[str, tuple[PlantCoordinator, CALLBACK_TYPE]] = {}
        # What automatic care last decided, by plant.
        self.decisions: dict[str, Decision] = {}
        # When it last looked at the days ahead of a plant, and what it will do in them.
        self.plans: dict[str, tuple[float, tuple[Entry, ...]]] = {}
        self.sky = Sky(hass)
        self._listeners: list[CALLBACK_TYPE] = []
        self._binding = asyncio.Lock()

    async def async_start(self) -> None:
        """Read the ledger, then look out for leaks."""
        garden = garden_entry(self._hass)
        expected = bool(garden and garden.data.get(wishes.CONF_LEDGER))
        await self.books.async_load(expected=expected)
        if not expected:
            self.books.on_first_write = self._async_expect_ledger
        self._async_tell_ledger()
        hass = self._hass
        self.contacts.async_start()
        async_dispatcher_connect(hass, SIGNAL_GARDEN, self._async_garden_changed)
        hass.bus.async_listen(
            er.EVENT_ENTITY_REGISTRY_UPDATED,
            self._async_registry_changed,
            event_filter=self._async_concerns_us,
        )
        async_track_time_interval(hass, self._async_hourly, ANCHOR_EVERY, cancel_on_shutdown=True)
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self._async_shut_down)

    @callback
    def _async_expect_ledger(self) -> None:
        """From now on a ledger that is missing was lost."""
        if garden := garden_entry(self._hass):
            self._hass.config_entries.async_update_entry(
                garden, data={**garden.data, wishes.CONF_LEDGER: True}
            )

    async def _async_hourly(self, _now: datetime) -> None:
        await self.books.async_keep_time()
        self._async_tell_ledger()

    @callback
    def _async_tell_ledger(self) -> None:
        until = self.books.ledger.spent_until(self.books.moment())
        when = dt_util.as_local(dt_util.utc_from_timestamp(until)) if until else None
        issues.async_ledger(self._hass, when.strftime("%Y-%m-%d %H:%M") if when else None)

    async def _async_shut_down(self, _event: Event) -> None:
        running = [id_ for id_, outlet in self.outlets.items() if outlet.may_run]
        await self.async_stop(by="shutdown", pump_ids=running)
        for outlet in self.outlets.values():
            outlet.async_close()
        await self.books.async_close()

    # --- asking and stopping ----------------------------------------------------------------------

    async def async_ask(
        self,
        pump_id: str,
        source: Source,
        *,
        plant_ids: Iterable[str] | None = None,
        ml: float | None = None,
        ms: int | None = None,
        due_at: float | None = None,
        demand_id: str | None = None,
        context: Context | None = None,
    ) -> tuple[Demand, Result | None]:
        """Ask for water in the name of `context`; None for one that waits. Never raises."""
        outlet = self._outlet(pump_id)
        now = self.books.moment().wall
        demand = Demand(
            demand_id=demand_id or token_hex(8),
            pump_id=pump_id,
            plant_ids=self.plants_of(pump_id) if plant_ids is None else tuple(plant_ids),
            source=source,
            asked_at=now,
            ml=ml,
            ms=ms,
            due_at=now if due_at is None and source is Source.SCHEDULE else due_at,
        )
        return demand, await outlet.async_ask(demand, context)

    async def async_stop(
        self, *, by: str, pump_ids: Iterable[str] | None = None
    ) -> PlantVitaError | None:
        """Stop these pumps, or all; returns why one could not be told. No pump waits for another.

        Ends in time, whatever a pump does.
        """
        wanted = self.outlets.keys() if pump_ids is None else set(pump_ids) & self.outlets.keys()
        stopping = [
            self._hass.async_create_task(self.outlets[one].async_stop(by)) for one in sorted(wanted)
        ]
        if not stopping:
            return None
        told, late = await asyncio.wait(stopping, timeout=_STOP_S)
        failed = next((error for one in told if (error := one.result()) is not None), None)
        return NoAnswerError() if late and failed is None else failed

    @callback
    def _async_interlock(self, event: Interlock, pump_ids: frozenset[str] | None) -> None:
        """A contact has changed: of these pumps, or of all."""
        for pump_id, outlet in list(self.outlets.items()):
            if pump_ids is None or pump_id in pump_ids:
                outlet.async_feed(event)

    def _pumps_with(self, tank: str | None) -> list[str]:
        return [one.pump.pump_id for one in self.bound.values() if one.tank == tank]

    @callback
    def async_unlock(self, pump_id: str) -> None:
        """A person has looked (W14)."""
        self._outlet(pump_id).async_feed(Cleared())

    def plants_of(self, pump_id: str) -> tuple[str, ...]:
        """The plants that a pump waters."""
        return tuple(sorted(id_ for id_, one in self.bound.items() if one.pump.pump_id == pump_id))

    @callback
    def outlet_of(self, plant_id: str) -> Outlet | None:
        """The pump of a plant, None if it has none."""
        binding = self.bound.get(plant_id)
        return self._outlet(binding.pump.pump_id) if binding else None

    @callback
    def _outlet(self, pump_id: str) -> Outlet:
        if pump_id not in self.outlets:
            outlet = self.outlets[pump_id] = Outlet(self._hass, self.books, pump_id)
            outlet.async_listen(lambda: self._async_changed(outlet))
            outlet.on_end = self._async_ended
            for event in self.contacts.known(pump_id):
                outlet.async_feed(event)
        return self.outlets[pump_id]

    @callback
    def _async_ended(self, demand: Demand, result: Finished) -> None:
        diary.async_note(self._hass, self.plants, demand, result, self.books.moment().wall)

    @property
    def plants(self) -> dict[str, PlantCoordinator]:
        """The plants of the garden, as long as it is loaded."""
        return {plant_id: plant for plant_id, (plant, _) in self._heard.items()}

    @callback
    def _async_changed(self, outlet: Outlet) -> None:
        is_empty = bool(outlet.facts and outlet.facts.plants) and (
            outlet.status.blocked is Why.TANK_EMPTY
        )
        if is_empty is not (outlet.pump_id in self._empty):
            (self._empty.add if is_empty else self._empty.discard)(outlet.pump_id)
            issues.async_tank(self._hass, outlet.pump_id, outlet.name if is_empty else None)
        cause = outlet.status.locked
        if cause is not None and outlet.pump is not None and outlet.pump_id not in self._locked:
            # Said again after a restart, as long as nobody has looked.
            issues.async_raise(self._hass, outlet, Trouble.NO_RESPONSE, cause)
            self._locked.add(outlet.pump_id)
        elif cause is None:
            self._locked.discard(outlet.pump_id)
        self.async_tell_listeners()

    @callback
    def async_tell_listeners(self) -> None:
        """Something that is shown may have changed."""
        for listener in list(self._listeners):
            listener()

    @callback
    def async_listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `listener` whenever anything of any pump may have changed."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # --- nodes and plants come and go ------------------------------------------------------------

    @callback
    def async_attach_node(self, coordinator: NodeCoordinator) -> None:
        """The entry of a node is set up: its pumps are there."""
        self._nodes[coordinator.hardware_id] = coordinator
        coordinator.config_entry.async_on_unload(
            coordinator.async_on_info(lambda _before, info: self._async_pumps(coordinator, info))
        )
        self._async_pumps(coordinator, coordinator.info)

    @callback
    def _async_pumps(self, coordinator: NodeCoordinator, info: NodeInfo) -> None:
        for channel in info.channels:
            if channel.kind == ActuatorKind.PUMP:
                outlet = self._outlet(node_pump_id(coordinator.hardware_id, channel.index))
                if outlet.pump is None:
                    self._async_configure(outlet)
                    outlet.async_attach(NodePump(coordinator, channel.index))
        self._async_configure_all()

    async def async_detach_node(self, coordinator: NodeCoordinator) -> None:
        """The entry of a node is taken down: its pumps stop first."""
        self._nodes.pop(coordinator.hardware_id, None)
        mine = [
            outlet
            for id_, outlet in self.outlets.items()
            if id_.startswith(f"{coordinator.hardware_id}_")
        ]
        await asyncio.gather(*(outlet.async_detach() for outlet in mine))
        self._async_configure_all()

    async def async_rebind(self) -> None:
        """Follow what the plants are bound to; pumps that water nothing any more are let go."""
        async with self._binding:
            garden = running_garden(self._hass)
            self.bound = bindings(self._hass, garden) if garden else {}
            plants = list(garden.runtime_data.garden.plants.values()) if garden else []
            self._missing = async_tell_missing(self._hass, garden)
            pumps = (*self._borrowed.values(), *(one.pump for one in self.bound.values()))
            wanted = {one.pump_id: one.entity_id for one in pumps if one.entity_id is not None}
            for outlet in list(self.outlets.values()):
                pump = outlet.pump
                if isinstance(pump, EntityPump) and wanted.get(pump.pump_id) != pump.entity_id:
                    await outlet.async_detach()
            self._async_configure_all()
            for pump_id, entity_id in wanted.items():
                outlet = self._outlet(pump_id)
                if outlet.pump is None:
                    self._async_configure(outlet)
                    outlet.async_attach(EntityPump(self._hass, pump_id, entity_id))
            self.contacts.async_choose(
                wishes.leak_sensors(self._hass, garden_entry(self._hass)),
                {
                    one.tank: frozenset(self._pumps_with(one.tank))
                    for one in self.bound.values()
                    if one.tank
                },
            )
            self._async_hear(plants)

    async def async_borrow(self, pump: PumpReference) -> None:
        """Have a pump that may water no plant yet, until it is given back."""
        self._borrowed[pump.pump_id] = pump
        await self.async_rebind()

    async def async_give_back(self, pump_id: str) -> None:
        """It was measured, or nobody wants to: off, and let go if it is no plant's."""
        self._borrowed.pop(pump_id, None)
        await self.async_rebind()

    @callback
    def _async_hear(self, plants: Iterable[PlantCoordinator]) -> None:
        """Hear how wet the soil of every plant is, whenever it has been judged."""
        there = {one.plant_id: one for one in plants}
        for plant_id, (plant, stop) in list(self._heard.items()):
            if there.get(plant_id) is not plant:
                stop()
                del self._heard[plant_id]
        for plant_id, plant in there.items():
            if plant_id not in self._heard:
                stop = plant.async_add_listener(partial(self._async_judged, plant))
                self._heard[plant_id] = (plant, stop)
            self._async_judged(plant)

    @callback
    def _async_configure_all(self) -> None:
        for outlet in self.outlets.values():
            self._async_configure(outlet)

    @callback
    def _async_configure(self, outlet: Outlet) -> None:
        mine = [one for one in self.bound.values() if one.pump.pump_id == outlet.pump_id]
        node = self._nodes.get(outlet.pump_id.partition("_")[0])
        pumps = [one.pump for one in mine] or [
            one for one in self._borrowed.values() if one.pump_id == outlet.pump_id
        ]
        if not pumps and node is None:
            outlet.async_configure(None)
            issues.async_clear_all(self._hass, outlet.pump_id)
            self._locked.discard(outlet.pump_id)
            return
        is_node = node is not None or pumps[0].entity_id is None
        outlet.async_configure(
            facts_of(
                running_garden(self._hass),
                outlet.pump_id,
                mine,
                is_node=is_node,
                tank_watched=node is not None
                and any(one.kind == ContactKind.TANK_EMPTY for one in node.info.channels),
            )
        )

    @callback
    def _async_judged(self, plant: PlantCoordinator) -> None:
        """A plant has been judged: its pump hears how wet its soil is."""
        outlet, soil = self.outlet_of(plant.plant_id), soil_of(plant)
        if outlet is not None and soil is not None:
            outlet.async_feed(Measured(soil=soil))

    @callback
    def _async_concerns_us(self, data: er.EventEntityRegistryUpdatedData) -> bool:
        """Whether a pump or contact was renamed or removed, or one that was missing may be back."""
        if data["action"] == "create":
            return self._missing
        ids = {data["entity_id"], data.get("old_entity_id")}
        if ids & (self.contacts.chosen or frozenset()):
            return True
        return any(ids & {one.pump.entity_id, one.tank} for one in self.bound.values())

    @callback
    def _async_garden_changed(self) -> None:
        self.plans.clear()
        self._hass.async_create_task(self.async_rebind(), "Plant Vita follows its plants")

    @callback
    def _async_registry_changed(self, _event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        self._hass.async_create_task(self.async_rebind(), "Plant Vita follows its pumps")


@singleton(DATA_WORKS, async_=True)
async def async_get_works(hass: HomeAssistant) -> Waterworks:
    """The waterworks of this Home Assistant, started."""
    works = Waterworks(hass)
    await works.async_start()
    automatic.async_begin(hass, works)
    return works
