"""The firmware that comes with the integration, and its way into a node."""

import asyncio
from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER
from ..coordinator import NodeCoordinator
from ..model.errors import (
    LinkError,
    NotConnectedError,
    UpdateError,
    UpdateSilentError,
    UpdateUndoneError,
)
from ..model.node import NodeInfo
from ..node.session import NodeSession
from ..node.updating import Progress, async_send
from ..presence import rhythm_s
from ..protocol.updating import FirmwareImage, read_image

FOLDER: Final = Path(__file__).parents[1] / "firmware"
# So often may the link break on the way; the node goes on where it was.
SESSIONS: Final = 8
# A node that has lost its link dials again within a minute.
BACK_WITHIN_S: Final = 120.0
# After ten minutes without Home Assistant a node goes back to the firmware it had (slots.py).
TRIAL_S: Final = 600.0

DATA_IMAGES: HassKey[dict[str, FirmwareImage]] = HassKey(f"{DOMAIN}_firmware")


async def async_get_images(hass: HomeAssistant) -> dict[str, FirmwareImage]:
    """The firmware that is here for each kind of node."""
    if DATA_IMAGES not in hass.data:
        hass.data[DATA_IMAGES] = await hass.async_add_executor_job(_read, FOLDER)
    return hass.data[DATA_IMAGES]


def _read(folder: Path) -> dict[str, FirmwareImage]:
    images = [read_image(path.read_bytes()) for path in sorted(folder.glob("*.img"))]
    return {image.kind: image for image in images}


async def async_install(
    coordinator: NodeCoordinator, image: FirmwareImage, progress: Progress
) -> None:
    """Bring the image to the node and wait until the node runs it.

    Raises `RefusedError` if the node does not take it, `UpdateUndoneError` if it went back to the
    firmware it had, `UpdateSilentError` if it was not heard of any more, and another
    `PlantVitaError` if it was never reached or broke off too often.
    """
    watch = _Watch(coordinator)
    try:
        boot = await _async_bring(coordinator, watch, image, progress)
        session = await watch.async_session(
            TRIAL_S + BACK_WITHIN_S + _sleep_s(coordinator.info), not_of=boot
        )
        if session.info.firmware != image.version:
            raise UpdateUndoneError
    except TimeoutError as error:
        raise UpdateSilentError from error
    finally:
        watch.close()


class _Watch:
    """Waits for sessions of a node, for as long as somebody updates it."""

    def __init__(self, coordinator: NodeCoordinator) -> None:
        self._coordinator = coordinator
        self._arrived = asyncio.Event()
        self.close = coordinator.async_on_arrival(lambda _session: self._arrived.set())

    async def async_session(self, within: float, *, not_of: str | None = None) -> NodeSession:
        """A session that is open, of another boot than `not_of`; raises `TimeoutError`."""
        async with asyncio.timeout(within):
            while True:
                self._arrived.clear()
                session = self._coordinator.session
                if session and not session.closed and session.info.boot != not_of:
                    return session
                await self._arrived.wait()


async def _async_bring(
    coordinator: NodeCoordinator, watch: _Watch, image: FirmwareImage, progress: Progress
) -> str | None:
    """Send the image over as many sessions as it takes.

    The boot of the node that has taken it, None if the node runs it already.
    """
    for _ in range(SESSIONS):
        try:
            session = await watch.async_session(BACK_WITHIN_S + _sleep_s(coordinator.info))
        except TimeoutError as error:
            raise NotConnectedError from error
        if session.info.firmware == image.version:
            # It has begun, and only its answer was lost.
            return None
        try:
            await async_send(session, image, progress)
        except LinkError as error:
            LOGGER.debug("%s: the update broke off: %s", coordinator.name, error)
        else:
            return session.info.boot
    raise UpdateError


def _sleep_s(info: NodeInfo) -> float:
    return rhythm_s(info) if info.sleeps else 0.0
