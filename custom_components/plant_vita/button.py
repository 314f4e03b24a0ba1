"""What a person asks a node to do once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import (
    ButtonDeviceClass,
    ButtonEntity,
    ButtonEntityDescription,
)
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import NodeCoordinator, PlantVitaConfigEntry
from .entity import ChannelEntity, NodeEntity, async_add_channels
from .glue import actuation
from .model.node import Channel
from .plants.entry import async_add_plants, is_garden
from .protocol.messages import Op
from .watering.stop_all import async_add_stop_all
from .watering.waterworks import async_get_works

PARALLEL_UPDATES = 1

_SOIL = "m"


@dataclass(frozen=True, kw_only=True)
class NodeButtonEntityDescription(ButtonEntityDescription):
    """A button that sends `op`."""

    op: Op


NODE_BUTTONS = (
    NodeButtonEntityDescription(
        key="identify",
        device_class=ButtonDeviceClass.IDENTIFY,
        entity_category=EntityCategory.CONFIG,
        op=Op.IDENTIFY,
    ),
    NodeButtonEntityDescription(
        key="restart",
        device_class=ButtonDeviceClass.RESTART,
        entity_category=EntityCategory.CONFIG,
        op=Op.RESTART,
    ),
)

CANCEL = ButtonEntityDescription(
    key="cancel_waiting", translation_key="cancel_waiting", entity_category=EntityCategory.CONFIG
)

CALIBRATIONS = tuple(
    ButtonEntityDescription(
        key=f"calibrate_{point}",
        translation_key=f"calibrate_{point}",
        entity_category=EntityCategory.CONFIG,
    )
    for point in ("dry", "wet")
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PlantVitaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Make the buttons of the plants, or of one node."""
    if is_garden(entry):
        async_add_plants(entry, async_add_entities, Platform.BUTTON)
        async_add_stop_all(await async_get_works(hass), entry, async_add_entities)
        return
    coordinator = entry.runtime_data.coordinator
    async_add_entities(NodeButton(coordinator, description) for description in NODE_BUTTONS)
    async_add_entities([CancelButton(coordinator, CANCEL)])
    async_add_channels(entry, async_add_entities, _calibrations)


def _calibrations(coordinator: NodeCoordinator, channel: Channel) -> Iterable[CalibrationButton]:
    if channel.kind == _SOIL:
        for description in CALIBRATIONS:
            yield CalibrationButton(
                coordinator, description, channel, description.key, listens=False
            )


class NodeButton(NodeEntity, ButtonEntity):
    """Something the node does with itself."""

    entity_description: NodeButtonEntityDescription

    @override
    async def async_press(self) -> None:
        await actuation.async_tell(self.coordinator, self.entity_description.op, waits=True)


class CancelButton(NodeEntity, ButtonEntity):
    """Forgets what waits for the node; there also while the node is not."""

    def __init__(self, coordinator: NodeCoordinator, description: ButtonEntityDescription) -> None:
        """Only nodes that sleep have commands waiting for long."""
        super().__init__(coordinator, description)
        self._attr_entity_registry_enabled_default = coordinator.info.sleeps

    @property
    @override
    def available(self) -> bool:
        return True

    @override
    async def async_press(self) -> None:
        self.coordinator.queue.cancel()


class CalibrationButton(ChannelEntity, ButtonEntity):
    """Takes the present reading of a soil probe as one end of its scale."""

    @override
    async def async_press(self) -> None:
        await actuation.async_tell(
            self.coordinator,
            Op.CALIBRATE,
            channel=self.channel.index,
            settings={"at": self.entity_description.key.removeprefix("calibrate_")},
            waits=True,
        )
