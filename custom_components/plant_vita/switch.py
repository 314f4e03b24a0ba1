"""Pumps and grow lights.

What a switch shows is what its node has reported, never what was asked for.
"""

from collections.abc import Iterable
from typing import Any, override

from homeassistant.components.switch import (
    SwitchDeviceClass,
    SwitchEntity,
    SwitchEntityDescription,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .coordinator import NodeCoordinator, PlantVitaConfigEntry
from .entity import ChannelEntity, async_add_channels
from .glue import actuation, wishes
from .model.node import Channel
from .model.quantity import ActuatorKind

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
    """Make the switches of one node."""
    async_add_channels(entry, async_add_entities, _switches)


def _switches(coordinator: NodeCoordinator, channel: Channel) -> Iterable[OutputSwitch]:
    if channel.kind in SWITCHES:
        yield OutputSwitch(coordinator, SWITCHES[ActuatorKind(channel.kind)], channel)


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

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        entry, index = self.coordinator.config_entry, self.channel.index
        is_light = self.channel.kind == ActuatorKind.LIGHT
        await actuation.async_turn_on(
            self.coordinator,
            index,
            ms=wishes.light_ms() if is_light else wishes.pulse_ms(entry, index),
            level=wishes.level(entry, index) if is_light else None,
        )

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await actuation.async_turn_off(self.coordinator, self.channel.index)
