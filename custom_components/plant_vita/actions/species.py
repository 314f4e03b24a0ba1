"""Finding out which species a plant is and what ails it, from photos, and saying so."""

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import voluptuous as vol
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.importlib import async_import_module

from ..const import DOMAIN
from ..model.errors import PlantVitaError
from ..photos.album import async_get_album
from ..photos.entry import async_learnt_species
from ..photos.images import MEDIA
from ..plants.catalogue import async_get_catalogue
from ..plants.definition import CONF_SPECIES
from .action import DEVICES, OF_PLANTS, Action, async_chosen, async_one, refusal

if TYPE_CHECKING:
    from ..photos.asking import Source

ATTR_ENTITY, ATTR_MEDIA, ATTR_FILE = "entity_id", "media", "file"
ATTR_ORGANS, ATTR_SERVICES, ATTR_SPECIES = "organs", "services", "species"
ATTR_ANSWER, ATTR_LATEST = "answer", "latest_photo"
ANSWERS: Final = ("yes", "no")
ORGANS: Final = ("auto", "leaf", "flower", "fruit", "bark")
PHOTOS_MAX: Final = 5
_PHOTOS: Final = f"custom_components.{DOMAIN}.photos"
# What the media selector gives has more in it; the id is all that is needed.
MEDIUM: Final = vol.Any(
    cv.string,
    vol.All(
        vol.Schema({vol.Required("media_content_id"): cv.string}, extra=vol.REMOVE_EXTRA),
        lambda one: one["media_content_id"],
    ),
)


def _photos(call: ServiceCall, least: int) -> tuple[list[str], list[str]]:
    """The photos of a call, and what they show."""
    sources = [one for name in (ATTR_ENTITY, ATTR_MEDIA, ATTR_FILE) for one in call.data[name]]
    organs = call.data[ATTR_ORGANS]
    if not least <= len(sources) <= PHOTOS_MAX:
        raise refusal("photos_count")
    if organs and len(organs) != len(sources):
        raise refusal("organs_count")
    if any(not one.startswith(MEDIA) for one in call.data[ATTR_MEDIA]):
        raise refusal("photo_not_media")
    if any(not one.startswith("/") for one in call.data[ATTR_FILE]):
        raise refusal("photo_forbidden")
    return sources, organs


async def _async_identify(call: ServiceCall) -> ServiceResponse:
    """Ask the services which plant these photos show; of a plant that is named they are kept."""
    sources, organs = _photos(call, 1)
    plants = async_chosen(call)
    if len(plants) > 1:
        raise refusal("one_plant")
    await async_import_module(call.hass, f"{_PHOTOS}.identifying")
    from ..photos.identifying import async_identify  # noqa: PLC0415 - imported already

    return await async_identify(
        call.hass,
        call.context,
        sources,
        organs=organs,
        kinds=call.data.get(ATTR_SERVICES),
        language=call.hass.config.language[:2],
        plant_id=plants[0].plant_id if plants else None,
    )


async def _async_diagnose(call: ServiceCall) -> ServiceResponse:
    """Say what ails a plant, from photos of it if there are any, and from its sensors."""
    given, organs = _photos(call, 0)
    plant = async_one(call)
    sources: list[Source] = [*given]
    kept = await _async_latest(call, plant.plant_id) if call.data[ATTR_LATEST] else None
    if kept is not None:
        sources.append(kept[1])
    await async_import_module(call.hass, f"{_PHOTOS}.diagnosing")
    from ..photos.diagnosing import async_diagnose  # noqa: PLC0415 - imported already

    said = call.data.get(ATTR_ANSWER)
    answer = await async_diagnose(
        call.hass,
        call.context,
        plant,
        sources,
        organs=organs,
        kinds=call.data.get(ATTR_SERVICES),
        language=call.hass.config.language[:2],
        answer=None if said is None else said == ANSWERS[0],
    )
    # With it the same photo can be asked about again, though there may be a newer one by then.
    return {**(answer or {}), ATTR_LATEST: kept[0] if kept else None}


async def _async_latest(call: ServiceCall, plant_id: str) -> tuple[str, bytes] | None:
    """The newest photo in a plant's album, by its media id; None while there is none."""
    album = await async_get_album(call.hass)
    if (photo := await album.async_latest(plant_id)) is None:
        return None
    try:
        data = await album.async_read(photo)
    except PlantVitaError as error:
        raise HomeAssistantError(translation_domain=DOMAIN, translation_key=error.key) from error
    return f"{MEDIA}{DOMAIN}/{plant_id}/{photo.photo_id}", data


async def _async_assign_species(call: ServiceCall) -> ServiceResponse:
    """Let plants be of a species: by its id, or by a name that can mean no other."""
    plants = async_chosen(call)
    catalogue = await async_get_catalogue(call.hass)
    named = call.data[ATTR_SPECIES].strip()
    species_id: str | None = named if named in catalogue.species else None
    if species_id is None:
        language = call.hass.config.language
        found = await call.hass.async_add_executor_job(catalogue.search, named, language)
        species_id = found.sure
    if species_id is None:
        species_id = await async_learnt_species(call.hass, named)
    if species_id is None:
        raise refusal("species_unknown", name=named)
    for plant in plants:
        garden = plant.config_entry
        subentry = garden.subentries[plant.plant_id]
        call.hass.config_entries.async_update_subentry(
            garden, subentry, data=MappingProxyType({**subentry.data, CONF_SPECIES: species_id})
        )
    species = catalogue.species[species_id]
    await async_import_module(call.hass, f"{_PHOTOS}.noting")
    from ..photos.noting import async_note_species  # noqa: PLC0415 - imported already

    for plant in plants:
        await async_note_species(call.hass, plant.plant_id, species.scientific_name)
    return {"species": species_id, "scientific_name": species.scientific_name}


_LIST = vol.All(cv.ensure_list, [cv.string])
_OF_PHOTOS: Final = {
    vol.Optional(ATTR_ENTITY, default=list): cv.entity_ids,
    vol.Optional(ATTR_MEDIA, default=list): vol.All(cv.ensure_list, [MEDIUM]),
    vol.Optional(ATTR_FILE, default=list): _LIST,
    vol.Optional(ATTR_ORGANS, default=list): vol.All(cv.ensure_list, [vol.In(ORGANS)]),
    vol.Optional(ATTR_SERVICES): _LIST,
}
ACTIONS = (
    Action(
        name="identify",
        run=_async_identify,
        fields={vol.Optional(ATTR_DEVICE_ID, default=list): DEVICES, **_OF_PHOTOS},
    ),
    Action(
        name="diagnose",
        run=_async_diagnose,
        fields={
            **OF_PLANTS,
            **_OF_PHOTOS,
            vol.Optional(ATTR_LATEST, default=False): cv.boolean,
            vol.Optional(ATTR_ANSWER): vol.In(ANSWERS),
        },
    ),
    Action(
        name="assign_species",
        run=_async_assign_species,
        fields={**OF_PLANTS, vol.Required(ATTR_SPECIES): cv.string},
        answers=SupportsResponse.OPTIONAL,
    ),
)
