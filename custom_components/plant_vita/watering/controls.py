"""What a person can set and switch at a plant that has a pump."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, override

from homeassistant.components.date import DateEntity, DateEntityDescription
from homeassistant.components.number import (
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.components.switch import (
    SwitchDeviceClass,
    SwitchEntity,
    SwitchEntityDescription,
)
from homeassistant.const import EntityCategory, UnitOfVolume
from homeassistant.core import callback
from homeassistant.helpers.entity import EntityDescription
from homeassistant.util import dt as dt_util

from ..care.automatic import Mode
from ..care.plan import Entry
from ..glue.actuation import translated
from ..model.watering import Phase, Started
from ..plants.coordinator import PlantCoordinator
from ..plants.entity import PlantEntity
from ..plants.wishes import async_keep
from . import wishes
from .asking import raise_refusal, source_of
from .outlet import Outlet
from .waterworks import DATA_WORKS, Waterworks
from .wishes import Wishes, wishes_of

WATERING = SwitchEntityDescription(
    key="watering", translation_key="watering", device_class=SwitchDeviceClass.SWITCH
)
AUTOMATIC = SelectEntityDescription(
    key="automatic_watering",
    translation_key="automatic_watering",
    entity_category=EntityCategory.CONFIG,
    options=[str(mode) for mode in Mode],
)
# Most plants in pots are never harvested.
HARVEST = DateEntityDescription(
    key="harvest",
    translation_key="harvest",
    entity_category=EntityCategory.CONFIG,
    entity_registry_enabled_default=False,
)


# More of what is ahead is guessed rather than planned.
_SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class WishNumberDescription(NumberEntityDescription):
    """`wish` is the field of `Wishes` that is set."""

    wish: str


def _millilitres(key: str, wish: str, limits: tuple[float, float]) -> WishNumberDescription:
    return WishNumberDescription(
        key=key,
        translation_key=key,
        entity_category=EntityCategory.CONFIG,
        native_unit_of_measurement=UnitOfVolume.MILLILITERS,
        native_min_value=limits[0],
        native_max_value=limits[1],
        native_step=5,
        mode=NumberMode.BOX,
        wish=wish,
    )


NUMBERS = (
    _millilitres("watering_dose", "dose_ml", wishes.DOSE_ML),
    _millilitres("daily_water", "daily_ml", wishes.DAILY_ML),
)


class WateredEntity(PlantEntity):
    """Something of a plant and its pump; changes with either."""

    def __init__(
        self, works: Waterworks, plant: PlantCoordinator, description: EntityDescription
    ) -> None:
        """Belong to the plant's device."""
        super().__init__(plant, description)
        self.works = works
        self.plant_id = plant.plant_id

    @property
    def outlet(self) -> Outlet | None:
        """The plant's pump, None while there is none."""
        return self.works.outlet_of(self.plant_id)

    @property
    def wishes(self) -> Wishes:
        """What a person has set for the plant."""
        return wishes_of(self.coordinator.config_entry.subentries[self.plant_id].data)

    @callback
    def async_wish(self, **said: object) -> None:
        """Keep it with the plant."""
        garden = self.coordinator.config_entry
        async_keep(self.hass, garden, self.plant_id, wishes.CONF_WATER, **said)
        self.async_write_ha_state()

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.works.async_listen(self.async_write_ha_state))

    @property
    @override
    def available(self) -> bool:
        return self.outlet is not None


class WateringSwitch(WateredEntity, SwitchEntity):
    """Gives the plant its dose, and stops; on only while water is known to be given (W17)."""

    _unrecorded_attributes = frozenset({"ends_at"})

    @property
    @override
    def is_on(self) -> bool | None:
        if (outlet := self.outlet) is None:
            return None
        status = outlet.status
        if status.phase is Phase.PAUSED and status.demand is not None:
            # Between two pulses of one dose; before the first nothing has been given.
            return isinstance(outlet.results.get(status.demand.demand_id), Started)
        return status.on

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        if (outlet := self.outlet) is None:
            return
        demand, result = await self.works.async_ask(
            outlet.pump_id,
            source_of(self._context),
            ml=self.wishes.dose_ml,
            context=self._context,
        )
        raise_refusal(result, demand.asked_at)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        if (outlet := self.outlet) is None:
            return
        error = await self.works.async_stop(by=self.entity_id, pump_ids=[outlet.pump_id])
        if error is not None:
            raise translated(error)


class AutomaticSelect(WateredEntity, SelectEntity):
    """Whether the plant is watered when it is dry: never, by advice only, or by itself."""

    _unrecorded_attributes = frozenset({"wants_ml", "why_not", "looks_again", "plan"})

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        said = self.works.decisions.get(self.plant_id)
        until = said.until if said else None
        _, ahead = self.works.plans.get(self.plant_id, (0.0, ()))
        return {
            "wants_ml": round(said.ml, 1) if said else None,
            "why_not": str(said.why) if said and said.why else None,
            "looks_again": dt_util.utc_from_timestamp(until) if until else None,
            "plan": [_told(entry) for entry in ahead[:_SHOWN]],
        }

    @property
    @override
    def current_option(self) -> str:
        return str(self.wishes.automatic)

    @override
    async def async_select_option(self, option: str) -> None:
        self.async_wish(automatic=Mode(option))


def _told(entry: Entry) -> dict[str, Any]:
    """One line of the plan."""
    return {
        "at": dt_util.utc_from_timestamp(entry.at).isoformat(timespec="seconds"),
        "ml": round(entry.ml, 1),
        "why_not": str(entry.why) if entry.why else None,
    }


class WishNumber(WateredEntity, NumberEntity):
    """Millilitres that a person has set."""

    entity_description: WishNumberDescription

    @property
    @override
    def native_value(self) -> float:
        value: float = getattr(self.wishes, self.entity_description.wish)
        return value

    @override
    async def async_set_native_value(self, value: float) -> None:
        self.async_wish(**{self.entity_description.wish: value})


class HarvestDate(WateredEntity, DateEntity):
    """The day on which an annual is harvested: what is in the soil by then is used up before."""

    @property
    @override
    def native_value(self) -> date | None:
        return self.wishes.harvest

    @override
    async def async_set_value(self, value: date) -> None:
        self.async_wish(harvest=value.isoformat())


def switches(plant: PlantCoordinator) -> Iterable[PlantEntity]:
    """The switch of a plant that has a pump."""
    if plant.definition.pump:
        yield WateringSwitch(plant.hass.data[DATA_WORKS], plant, WATERING)


def selects(plant: PlantCoordinator) -> Iterable[PlantEntity]:
    """How a plant that has a pump is watered."""
    if plant.definition.pump:
        yield AutomaticSelect(plant.hass.data[DATA_WORKS], plant, AUTOMATIC)


def dates(plant: PlantCoordinator) -> Iterable[PlantEntity]:
    """When a plant that has a pump is harvested."""
    if plant.definition.pump:
        yield HarvestDate(plant.hass.data[DATA_WORKS], plant, HARVEST)


def numbers(plant: PlantCoordinator) -> Iterable[PlantEntity]:
    """How much water a plant that has a pump may have."""
    if plant.definition.pump:
        for description in NUMBERS:
            yield WishNumber(plant.hass.data[DATA_WORKS], plant, description)
