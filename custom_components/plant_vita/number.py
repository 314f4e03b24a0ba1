"""What a person sets for an output: how bright, how long."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import EntityCategory, Platform, UnitOfRatio, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import CONF_LEVELS, CONF_PULSES
from .coordinator import NodeCoordinator, PlantVitaConfigEntry
from .entity import ChannelEntity, async_add_channels
from .glue import actuation, wishes
from .model.node import Channel
from .model.quantity import LONGEST_MS, ActuatorKind
from .plants.entry import async_add_plants, is_garden

PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class WishEntityDescription(NumberEntityDescription):
    """A number kept in the entry's options under `wish`; `value_fn` reads it."""

    wish: str
    value_fn: Callable[[PlantVitaConfigEntry, int], float]


NUMBERS = {
    ActuatorKind.LIGHT: WishEntityDescription(
        key="level",
        translation_key="level",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        native_min_value=1,
        native_max_value=100,
        native_step=1,
        mode=NumberMode.SLIDER,
        wish=CONF_LEVELS,
        value_fn=wishes.level,
    ),
    ActuatorKind.PUMP: WishEntityDescription(
        key="pulse",
        translation_key="pulse",
        device_class=NumberDeviceClass.DURATION,
        entity_category=EntityCategory.CONFIG,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        native_min_value=0.5,
        native_max_value=LONGEST_MS[ActuatorKind.PUMP] / 1000,
        native_step=0.5,
        wish=CONF_PULSES,
        value_fn=wishes.pulse_s,
    ),
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PlantVitaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Make the numbers of the plants, or of one node."""
    if is_garden(entry):
        async_add_plants(entry, async_add_entities, Platform.NUMBER)
        return
    async_add_channels(entry, async_add_entities, _numbers)


def _numbers(coordinator: NodeCoordinator, channel: Channel) -> Iterable[WishNumber]:
    if channel.kind in NUMBERS:
        description = NUMBERS[ActuatorKind(channel.kind)]
        yield WishNumber(coordinator, description, channel, description.key)


class WishNumber(ChannelEntity, NumberEntity):
    """A wish of a person; a light that is on follows at once."""

    entity_description: WishEntityDescription

    @property
    @override
    def native_value(self) -> float:
        actuator = self.actuator
        if actuator and actuator.on and actuator.level is not None:
            return actuator.level
        return self.entity_description.value_fn(self.coordinator.config_entry, self.channel.index)

    @override
    async def async_set_native_value(self, value: float) -> None:
        index = self.channel.index
        if self.channel.kind == ActuatorKind.LIGHT and self.actuator and self.actuator.on:
            await actuation.async_set_level(self.coordinator, index, round(value))
        wishes.async_set(
            self.hass, self.coordinator.config_entry, self.entity_description.wish, index, value
        )
        self.async_write_ha_state()
