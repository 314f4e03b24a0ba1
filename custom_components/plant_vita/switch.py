"""Pumps and grow lights.

What a switch shows is what its node has reported, never what was asked for.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any, override

from homeassistant.components.switch import (
    SwitchDeviceClass,
    SwitchEntity,
    SwitchEntityDescription,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .coordinator import NodeCoordinator, PlantVitaConfigEntry
from .entity import ChannelEntity, async_add_channels
from .glue import actuation, wishes
from .model.node import Channel
from .model.quantity import ActuatorKind
from .plants.entry import async_add_plants, is_garden
from .watering.asking import raise_refusal, source_of
from .watering.pumps import node_pump_id
from .watering.waterworks import Waterworks, async_get_works

# An "off" must not wait behind an "on" whose answer does not come; the node itself keeps order.
PARALLEL_UPDATES = 0

SWITCHES = {
    kind: SwitchEntityDescription(
        key=str(kind), translation_key=str(kind), device_class=SwitchDeviceClass.SWITCH
    )
    for kind in ActuatorKind
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PlantVitaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Make the switches of the plants, or of one node."""
    if is_garden(entry):
        async_add_plants(entry, async_add_entities, Platform.SWITCH)
        return
    async_add_channels(entry, async_add_entities, partial(_switches, await async_get_works(hass)))


def _switches(
    works: Waterworks, coordinator: NodeCoordinator, channel: Channel
) -> Iterable[OutputSwitch]:
    if channel.kind == ActuatorKind.PUMP:
        yield PumpSwitch(works, coordinator, channel)
    elif channel.kind == ActuatorKind.LIGHT:
        yield LightSwitch(coordinator, SWITCHES[ActuatorKind.LIGHT], channel)


class OutputSwitch(ChannelEntity, SwitchEntity):
    """An output that always ends by itself: a pump after its pulse, a light after its day."""

    _unrecorded_attributes = frozenset({"ends_at", "blocked_by"})

    @property
    @override
    def is_on(self) -> bool | None:
        return self.actuator.on if self.actuator else None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        actuator = self.actuator
        until = actuator.until if actuator else None
        return {
            "ends_at": None if until is None else dt_util.utc_from_timestamp(until),
            "blocked_by": actuator.lock if actuator else None,
        }


class LightSwitch(OutputSwitch):
    """A grow light."""

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        index = self.channel.index
        await actuation.async_turn_light_on(
            self.coordinator,
            index,
            ms=wishes.light_ms(),
            level=wishes.level(self.coordinator.config_entry, index),
            waits=True,
        )

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await actuation.async_turn_light_off(self.coordinator, self.channel.index, waits=True)


class PumpSwitch(OutputSwitch):
    """A pump; the waterworks decide whether it may run, whoever turns it on (W9)."""

    def __init__(self, works: Waterworks, coordinator: NodeCoordinator, channel: Channel) -> None:
        """Show what the node says of the pump."""
        super().__init__(coordinator, SWITCHES[ActuatorKind.PUMP], channel)
        self._works = works
        self._pump_id = node_pump_id(coordinator.hardware_id, channel.index)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        demand, result = await self._works.async_ask(
            self._pump_id,
            source_of(self._context),
            ms=wishes.pulse_ms(self.coordinator.config_entry, self.channel.index),
            context=self._context,
        )
        raise_refusal(result, demand.asked_at)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        if error := await self._works.async_stop(by=self.entity_id, pump_ids=[self._pump_id]):
            raise actuation.translated(error)
