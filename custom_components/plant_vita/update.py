"""The firmware of a node: what it runs, and what has come with the integration."""

import asyncio
from typing import Any, override

from homeassistant.components.update import (
    UpdateDeviceClass,
    UpdateEntity,
    UpdateEntityDescription,
    UpdateEntityFeature,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import NodeCoordinator, PlantVitaConfigEntry
from .entity import NodeEntity
from .glue.actuation import translated
from .glue.firmware import async_get_images, async_install
from .model.errors import NotConnectedError, PlantVitaError
from .model.node import NodeInfo
from .protocol.updating import FirmwareImage, is_newer

# A house full of nodes is not to be without water at once.
PARALLEL_UPDATES = 1

FIRMWARE = UpdateEntityDescription(
    key="firmware",
    device_class=UpdateDeviceClass.FIRMWARE,
    entity_category=EntityCategory.CONFIG,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PlantVitaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Make the entity as soon as the node says that its firmware may come over the link."""
    coordinator = entry.runtime_data.coordinator
    images = await async_get_images(hass)
    made = False

    @callback
    def _add(_before: NodeInfo | None, info: NodeInfo) -> None:
        nonlocal made
        if not made and info.image in images:
            made = True
            async_add_entities([FirmwareUpdate(coordinator, images[info.image])])

    _add(None, coordinator.info)
    entry.async_on_unload(coordinator.async_on_info(_add))


class FirmwareUpdate(NodeEntity, UpdateEntity):
    """What a node runs, and the way to something newer."""

    def __init__(self, coordinator: NodeCoordinator, image: FirmwareImage) -> None:
        """Offer this image to the node."""
        super().__init__(coordinator, FIRMWARE)
        self._image = image

    @property
    @override
    def available(self) -> bool:
        # It restarts on the way.
        return super().available or self._attr_in_progress is True

    @property
    @override
    def supported_features(self) -> UpdateEntityFeature:
        if self.coordinator.info.image is None:
            # Whoever set the node up has meanwhile said that it is not to be changed from here.
            return UpdateEntityFeature(0)
        return UpdateEntityFeature.INSTALL | UpdateEntityFeature.PROGRESS

    @property
    @override
    def installed_version(self) -> str:
        return self.coordinator.info.firmware

    @property
    @override
    def latest_version(self) -> str:
        installed = self.installed_version
        return self._image.version if is_newer(self._image.version, installed) else installed

    @override
    async def async_install(self, version: str | None, backup: bool, **kwargs: Any) -> None:
        self._progress(None)
        installing = self.coordinator.config_entry.async_create_background_task(
            self.hass,
            async_install(self.coordinator, self._image, self._progress),
            f"Plant Vita update {self.coordinator.hardware_id}",
        )
        try:
            await installing
        except PlantVitaError as error:
            raise translated(error) from error
        except asyncio.CancelledError as error:
            if (task := asyncio.current_task()) and task.cancelling():
                raise
            # The entry is being unloaded.
            raise translated(NotConnectedError()) from error
        finally:
            self._attr_in_progress = False
            self._attr_update_percentage = None
            self.async_write_ha_state()

    @callback
    def _progress(self, share: float | None) -> None:
        """Show how much of the image the node has; None while nobody knows."""
        self._attr_in_progress = True
        self._attr_update_percentage = None if share is None else round(100 * share)
        self.async_write_ha_state()
