"""What was found in photos of a plant is kept in its album, and the photos with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from homeassistant.core import HomeAssistant, callback

from ..const import LOGGER
from ..model.errors import PlantVitaError
from ..vision.prepare import Examined
from .album import async_get_album
from .images import label


@callback
def async_note(
    hass: HomeAssistant,
    plant_id: str,
    photos: Sequence[tuple[str | bytes, Examined]],
    findings: Sequence[Mapping[str, Any]],
) -> None:
    """Keep photos with what was found in them, as `kept.cleaned` takes it.

    Nobody waits for it: the answer is given by now, and a full disk must not spoil it.
    """
    if photos:
        hass.async_create_task(_async_kept(hass, plant_id, photos, findings), "plant_vita album")


async def _async_kept(
    hass: HomeAssistant,
    plant_id: str,
    photos: Sequence[tuple[str | bytes, Examined]],
    findings: Sequence[Mapping[str, Any]],
) -> None:
    try:
        album = await async_get_album(hass)
        for source, examined in photos:
            await album.async_keep_examined(
                plant_id, examined, findings=findings, source=label(source)
            )
    except PlantVitaError as error:
        LOGGER.warning("What was found in a photo is not kept: %s", error)


async def async_note_species(hass: HomeAssistant, plant_id: str, name: str) -> None:
    """Write to the newest photo which species a person says it shows; without one to none."""
    said = {"kind": "identify", "title": name}
    try:
        album = await async_get_album(hass)
        newest = await album.async_latest(plant_id)
        # What a service has found already says more: how sure it was, and which.
        if newest and not any(said.items() <= one.items() for one in newest.findings):
            await album.async_add_findings(newest, [said])
    except PlantVitaError as error:
        LOGGER.warning("The species is not written to the newest photo: %s", error)
