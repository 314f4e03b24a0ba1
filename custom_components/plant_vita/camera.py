"""The cameras of nodes: stills over their sealed links, and a slow live view made of them."""

from collections.abc import Iterable
from functools import partial
from typing import override

from aiohttp import web
from homeassistant.components.camera import (
    Camera,
    CameraEntityDescription,
    async_get_still_stream,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.importlib import async_import_module

from .const import DOMAIN, LOGGER, MANUFACTURER
from .coordinator import NodeCoordinator, PlantVitaConfigEntry
from .entity import ChannelEntity, async_add_channels
from .glue.actuation import translated
from .glue.view import async_get_hub
from .model.errors import (
    CameraPhotoError,
    LinkError,
    NotConnectedError,
    PhotoError,
    PlantVitaError,
)
from .model.node import Channel
from .model.quantity import CAMERA
from .node.session import NodeSession
from .node.shutter import FRESH_S, Shutter
from .presence import rhythm_s

# A node takes one photo at a time, and keeps to that itself.
PARALLEL_UPDATES = 0

WIDE = 1024
"""In pixels: what an album keeps of any photo."""
NARROW = 640
"""Of the live view and of cards."""

DESCRIPTION = CameraEntityDescription(key="camera", translation_key="camera")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PlantVitaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Make the cameras of one node."""
    coordinator = entry.runtime_data.coordinator
    hub = await async_get_hub(hass)
    shutter = Shutter(
        lambda: coordinator.live_session,
        partial(_async_redrawn, hass),
        limits=hub.limits,
        clock=hass.loop.time,
    )
    entry.runtime_data.shutter = shutter
    entry.async_on_unload(shutter.close)

    def _cameras(coordinator: NodeCoordinator, channel: Channel) -> Iterable[NodeCamera]:
        if channel.kind == CAMERA:
            yield NodeCamera(coordinator, channel, shutter)

    async_add_channels(entry, async_add_entities, _cameras)


async def _async_redrawn(hass: HomeAssistant, data: bytes, edge: int) -> bytes:
    """Whatever a node has sent, its pixels are all that is handed on."""
    # It loads Pillow, and numpy.
    decoding = await async_import_module(hass, f"custom_components.{DOMAIN}.photos.decoding")
    try:
        jpeg: bytes = await decoding.async_redrawn(hass, data, edge)
    except PhotoError as error:
        msg = "not a photo"
        raise CameraPhotoError(msg) from error
    return jpeg


class NodeCamera(ChannelEntity, Camera):
    """One camera of a node; it is off unless somebody wants a photo."""

    _attr_brand = MANUFACTURER
    _attr_frame_interval = FRESH_S

    def __init__(self, coordinator: NodeCoordinator, channel: Channel, shutter: Shutter) -> None:
        """Take photos with the node's shutter."""
        ChannelEntity.__init__(self, coordinator, DESCRIPTION, channel, listens=False)
        Camera.__init__(self)
        self._attr_model = coordinator.info.model
        self._shutter = shutter
        self._wanted: set[int] = set()

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.async_on_arrival(self._async_arrived))

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        """A photo of now; whoever says a small `width` gets it sooner."""
        wanted = NARROW if width is not None and width <= NARROW else WIDE
        try:
            return await self._shutter.async_photo(self._index, wanted)
        except NotConnectedError as error:
            if self.coordinator.info.sleeps and (still := self._still_of_waking(wanted)):
                return still
            raise translated(error) from error
        except PlantVitaError as error:
            raise translated(error) from error

    def _still_of_waking(self, width: int) -> bytes | None:
        """The photo of the last waking, if there is one; there will be one of the next.

        An older one would be taken for one of today.
        """
        self._wanted.add(width)
        return self._shutter.last(self._index, width, within=rhythm_s(self.coordinator.info))

    @callback
    def _async_arrived(self, _session: NodeSession) -> None:
        """The node is awake, for a moment: what was asked for meanwhile is taken now."""
        wanted, self._wanted = self._wanted, set()
        for width in wanted:
            self.coordinator.config_entry.async_create_background_task(
                self.hass, self._async_catch_up(width), f"{self.coordinator.name}: photo"
            )

    async def _async_catch_up(self, width: int) -> None:
        try:
            await self._shutter.async_photo(self._index, width)
        except LinkError:
            self._wanted.add(width)  # it is asleep again, or its link broke: next time
        except PlantVitaError as error:
            LOGGER.debug("%s: no photo: %r", self.coordinator.name, error)

    @override
    async def handle_async_still_stream(
        self, request: web.Request, interval: float
    ) -> web.StreamResponse:
        """The live view: as many frames a second as the link allows, and one at most."""
        return await async_get_still_stream(
            request, self._async_frame, self.content_type, max(interval, FRESH_S)
        )

    async def _async_frame(self) -> bytes | None:
        """The next frame; what is there while the node waters; None, the end, when it is gone."""
        try:
            return await self._shutter.async_photo(self._index, NARROW)
        except PlantVitaError:
            return self._shutter.last(self._index, NARROW) if self.available else None
