"""What a person can set at a plant that has a grow light."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, override

from homeassistant.components.number import (
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.components.time import TimeEntity, TimeEntityDescription
from homeassistant.const import EntityCategory, UnitOfTime
from homeassistant.core import callback
from homeassistant.helpers.entity import EntityDescription
from homeassistant.util import dt as dt_util

from ..care.automatic import Mode
from ..care.grow_light import Shine
from ..plants.coordinator import PlantCoordinator
from ..plants.entity import PlantEntity
from ..plants.report import local_iso
from ..plants.wishes import async_keep
from . import wishes
from .lamp import Lamp
from .lamps import Lamps
from .wishes import LightWishes

AUTOMATIC_LIGHT = SelectEntityDescription(
    key="automatic_light",
    translation_key="automatic_light",
    entity_category=EntityCategory.CONFIG,
    options=[str(mode) for mode in Mode],
)
LAMP_HOURS = NumberEntityDescription(
    key="lamp_hours",
    translation_key="lamp_hours",
    entity_category=EntityCategory.CONFIG,
    native_unit_of_measurement=UnitOfTime.HOURS,
    native_min_value=wishes.LAMP_HOURS[0],
    native_max_value=wishes.LAMP_HOURS[1],
    native_step=0.5,
    mode=NumberMode.BOX,
)


@dataclass(frozen=True, kw_only=True)
class NightDescription(TimeEntityDescription):
    """One end of the plant's night; `key` is the field of `LightWishes`, too."""

    value_fn: Callable[[LightWishes], time]


NIGHT = (
    NightDescription(
        key="night_from",
        translation_key="night_from",
        entity_category=EntityCategory.CONFIG,
        value_fn=lambda wanted: wanted.night_from,
    ),
    NightDescription(
        key="night_to",
        translation_key="night_to",
        entity_category=EntityCategory.CONFIG,
        value_fn=lambda wanted: wanted.night_to,
    ),
)


class LitEntity(PlantEntity):
    """Something of a plant and its lamp; changes with either."""

    def __init__(self, plant: PlantCoordinator, description: EntityDescription) -> None:
        """Belong to the plant's device."""
        super().__init__(plant, description)
        self.plant_id = plant.plant_id

    @property
    def lamps(self) -> Lamps:
        """All lamps of the garden."""
        lamps: Lamps = self.coordinator.config_entry.runtime_data.lamps
        return lamps

    @property
    def lamp(self) -> Lamp | None:
        """The plant's lamp; None before it has been looked for."""
        return self.lamps.of(self.plant_id)

    @property
    def wishes(self) -> LightWishes:
        """What a person has set for the plant."""
        return self.lamps.wishes(self.plant_id)

    @callback
    def async_wish(self, **said: object) -> None:
        """Keep it with the plant."""
        garden = self.coordinator.config_entry
        async_keep(self.hass, garden, self.plant_id, wishes.CONF_LIGHTING, **said)
        self.async_write_ha_state()

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.lamps.async_listen(self.async_write_ha_state))


class AutomaticLightSelect(LitEntity, SelectEntity):
    """Whether the plant is lit when it lacks light: never, by advice only, or by itself."""

    _unrecorded_attributes = frozenset({"looks_again", "plan"})

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        outlook = self.lamp.outlooks.get(self.plant_id) if self.lamp else None
        until = outlook.decision.until if outlook else None
        return {
            "looks_again": dt_util.utc_from_timestamp(until) if until else None,
            "plan": [told(shine) for shine in outlook.planned] if outlook else [],
        }

    @property
    @override
    def current_option(self) -> str:
        return str(self.wishes.automatic)

    @override
    async def async_select_option(self, option: str) -> None:
        if self.lamp is not None and option == Mode.ON:
            self.lamp.async_begin_anew()
        self.async_wish(automatic=option)


def told(shine: Shine) -> dict[str, str]:
    """One line of the plan."""
    return {
        name: local_iso(at, "seconds") for name, at in (("from", shine.start), ("to", shine.end))
    }


class NightTime(LitEntity, TimeEntity):
    """When the plant's night begins or ends, by the clock on the wall."""

    entity_description: NightDescription

    @property
    @override
    def native_value(self) -> time:
        return self.entity_description.value_fn(self.wishes)

    @override
    async def async_set_value(self, value: time) -> None:
        self.async_wish(**{self.entity_description.key: value.isoformat()})


class LampHours(LitEntity, NumberEntity):
    """For how long the lamp shines each day where no light can be measured."""

    @property
    @override
    def native_value(self) -> float:
        return self.wishes.hours

    @override
    async def async_set_native_value(self, value: float) -> None:
        self.async_wish(hours=value)


def selects(plant: PlantCoordinator) -> Iterable[PlantEntity]:
    """How a plant that has a grow light is lit."""
    if plant.definition.grow_light:
        yield AutomaticLightSelect(plant, AUTOMATIC_LIGHT)


def times(plant: PlantCoordinator) -> Iterable[PlantEntity]:
    """The night of a plant that has a grow light."""
    if plant.definition.grow_light:
        for description in NIGHT:
            yield NightTime(plant, description)


def numbers(plant: PlantCoordinator) -> Iterable[PlantEntity]:
    """How long the lamp of a plant shines by time."""
    if plant.definition.grow_light:
        yield LampHours(plant, LAMP_HOURS)
