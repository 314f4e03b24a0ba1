"""What all entities of a node have in common."""

from collections.abc import Callable, Iterable
from typing import override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import CONNECTION_NETWORK_MAC, DeviceInfo, format_mac
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN, MANUFACTURER
from .coordinator import NODE, NodeCoordinator, PlantVitaConfigEntry
from .glue.names import channel_label, channel_unique_id
from .model.node import Actuator, Channel, NodeInfo, Reading

_MAC_DIGITS = 12


def device_info(info: NodeInfo, title: str) -> DeviceInfo:
    """The device of a node; an ESP32's hardware id is its MAC address."""
    hardware_id = info.hardware_id
    is_mac = len(hardware_id) == _MAC_DIGITS and all(c in "0123456789abcdef" for c in hardware_id)
    return DeviceInfo(
        identifiers={(DOMAIN, hardware_id)},
        connections={(CONNECTION_NETWORK_MAC, format_mac(hardware_id))} if is_mac else set(),
        manufacturer=MANUFACTURER,
        model=info.model,
        name=info.name or title,
        serial_number=hardware_id,
        sw_version=info.firmware,
    )


class NodeEntity(CoordinatorEntity[NodeCoordinator]):
    """An entity that shows something of the node itself."""

    _attr_has_entity_name = True

    def __init__(
        self,
        coordinator: NodeCoordinator,
        description: EntityDescription,
        context: object = NODE,
    ) -> None:
        """Listen to `context` of the coordinator only."""
        super().__init__(coordinator, context)
        self.entity_description = description
        self._attr_unique_id = f"{coordinator.hardware_id}_{description.key}"
        self._attr_device_info = device_info(coordinator.info, coordinator.config_entry.title)

    @property
    @override
    def available(self) -> bool:
        return self.coordinator.presence.available


class ChannelEntity(NodeEntity):
    """An entity that shows or moves one channel of a node."""

    def __init__(
        self,
        coordinator: NodeCoordinator,
        description: EntityDescription,
        channel: Channel,
        role: str | None = None,
        *,
        listens: bool = True,
    ) -> None:
        """`role` tells several entities of one channel apart; not all show what is measured."""
        super().__init__(coordinator, description, channel.index if listens else None)
        self.channel = channel
        self._index = channel.index
        self._attr_unique_id = channel_unique_id(
            coordinator.hardware_id, channel.index, channel.kind, role
        )
        if label := channel_label(coordinator.info, channel):
            self._attr_translation_key = f"{description.translation_key}_of"
            self._attr_translation_placeholders = {"label": label}

    @property
    def reading(self) -> Reading | None:
        """What the channel last measured."""
        return self.coordinator.data.readings.get(self._index)

    @property
    def actuator(self) -> Actuator | None:
        """What the node last said of this output."""
        return self.coordinator.data.actuators.get(self._index)


@callback
def async_add_channels(
    entry: PlantVitaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[NodeCoordinator, Channel], Iterable[Entity]],
) -> None:
    """Make the entities of every channel, now and whenever the node shows up with new ones."""
    coordinator = entry.runtime_data.coordinator
    known: set[tuple[int, str]] = set()

    @callback
    def _add(_before: NodeInfo | None, info: NodeInfo) -> None:
        # A new label is no new entity.
        new = [one for one in info.channels if (one.index, one.kind) not in known]
        known.clear()
        known.update((channel.index, channel.kind) for channel in info.channels)
        async_add_entities([entity for channel in new for entity in make(coordinator, channel)])

    _add(None, coordinator.info)
    entry.async_on_unload(coordinator.async_on_info(_add))
