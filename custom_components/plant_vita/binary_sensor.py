"""What can be wrong with a node and its water."""

from collections.abc import Iterable
from typing import Any, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import FAULTS, NodeCoordinator, PlantVitaConfigEntry
from .entity import ChannelEntity, NodeEntity, async_add_channels
from .glue.names import channel_label
from .model.node import Channel, Fault
from .model.quantity import ContactKind
from .plants.entry import async_add_plants, is_garden

PARALLEL_UPDATES = 0

CONTACTS = {
    ContactKind.TANK_EMPTY: BinarySensorEntityDescription(
        key="tank_empty",
        translation_key="tank_empty",
        device_class=BinarySensorDeviceClass.PROBLEM,
    ),
    ContactKind.LEAK: BinarySensorEntityDescription(
        key="leak", translation_key="leak", device_class=BinarySensorDeviceClass.MOISTURE
    ),
}

PROBLEM = BinarySensorEntityDescription(
    key="problem",
    translation_key="problem",
    device_class=BinarySensorDeviceClass.PROBLEM,
    entity_category=EntityCategory.DIAGNOSTIC,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PlantVitaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Make the binary sensors of the plants, or of one node."""
    if is_garden(entry):
        async_add_plants(entry, async_add_entities, Platform.BINARY_SENSOR)
        return
    async_add_entities([ProblemSensor(entry.runtime_data.coordinator, PROBLEM, FAULTS)])
    async_add_channels(entry, async_add_entities, _contacts)


def _contacts(coordinator: NodeCoordinator, channel: Channel) -> Iterable[ContactSensor]:
    if channel.kind in CONTACTS:
        yield ContactSensor(coordinator, CONTACTS[ContactKind(channel.kind)], channel)


class ContactSensor(ChannelEntity, BinarySensorEntity):
    """A float switch or a leak probe; on means trouble."""

    @property
    @override
    def is_on(self) -> bool | None:
        reading = self.reading
        return None if reading is None or isinstance(reading.value, Fault) else reading.value > 0


class ProblemSensor(NodeEntity, BinarySensorEntity):
    """Whether any input of the node has a fault, and which."""

    _unrecorded_attributes = frozenset({"faults"})

    @property
    @override
    def is_on(self) -> bool:
        return bool(self.coordinator.data.faults)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        info = self.coordinator.info
        faults = self.coordinator.data.faults
        return {
            "faults": [
                {
                    "input": channel.kind,
                    "label": channel_label(info, channel),
                    "fault": str(faults[channel.index]),
                }
                for channel in info.channels
                if channel.index in faults
            ]
        }
