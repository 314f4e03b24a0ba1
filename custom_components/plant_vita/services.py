"""Actions for automations, scripts and assistants; all of them answer."""

import time
from datetime import datetime
from typing import TYPE_CHECKING

import voluptuous as vol
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .plants.catalogue import async_get_catalogue
from .plants.entry import is_garden
from .plants.report import of_plant
from .plants.state import Care

if TYPE_CHECKING:
    from .plants.coordinator import PlantCoordinator

ATTR_CARE, ATTR_AT, ATTR_QUERY, ATTR_LANGUAGE = "care", "at", "query", "language"
# A clock that is a little ahead is no reason to refuse.
_AHEAD_S = 300.0

GET_PLANTS, LOG_CARE, FIND_SPECIES = "get_plants", "log_care", "find_species"
_DEVICES = vol.All(cv.ensure_list, [cv.string])


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions: they exist also while no garden is loaded, and say so."""
    hass.services.async_register(
        DOMAIN,
        GET_PLANTS,
        _async_get_plants,
        vol.Schema({vol.Optional(ATTR_DEVICE_ID): _DEVICES}),
        supports_response=SupportsResponse.ONLY,
    )
    hass.services.async_register(
        DOMAIN,
        LOG_CARE,
        _async_log_care,
        vol.Schema(
            {
                vol.Required(ATTR_DEVICE_ID): _DEVICES,
                vol.Required(ATTR_CARE): vol.In([str(care) for care in Care]),
                vol.Optional(ATTR_AT): cv.datetime,
            }
        ),
        supports_response=SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN,
        FIND_SPECIES,
        _async_find_species,
        vol.Schema({vol.Required(ATTR_QUERY): cv.string, vol.Optional(ATTR_LANGUAGE): cv.string}),
        supports_response=SupportsResponse.ONLY,
    )


async def _async_get_plants(call: ServiceCall) -> ServiceResponse:
    """How the chosen plants are, or all of them."""
    plants = _plants(call.hass)
    chosen = call.data.get(ATTR_DEVICE_ID)
    shown = plants.values() if chosen is None else _chosen(call.hass, chosen)
    return {"plants": [of_plant(plant) for plant in shown]}


async def _async_log_care(call: ServiceCall) -> ServiceResponse:
    """Write down what was done for plants, now or some time ago."""
    plants = _chosen(call.hass, call.data[ATTR_DEVICE_ID])
    at = _moment(call.data.get(ATTR_AT))
    for plant in plants:
        await plant.async_cared(Care(call.data[ATTR_CARE]), at)
    return {"plants": [of_plant(plant) for plant in plants]} if call.return_response else None


async def _async_find_species(call: ServiceCall) -> ServiceResponse:
    """Look in the built-in catalogue, which needs no network."""
    language = call.data.get(ATTR_LANGUAGE, call.hass.config.language)
    catalogue = await async_get_catalogue(call.hass)
    found = await call.hass.async_add_executor_job(
        catalogue.search, call.data[ATTR_QUERY], language
    )
    return {
        "species": [
            {
                "id": species_id,
                "scientific_name": catalogue.species[species_id].scientific_name,
                "name": catalogue.species[species_id].common_name(language),
                "sure": species_id == found.sure,
            }
            for species_id in found.likely
        ]
    }


def _plants(hass: HomeAssistant) -> dict[str, PlantCoordinator]:
    """All plants by their ids."""
    plants: dict[str, PlantCoordinator] = {}
    for entry in hass.config_entries.async_entries(DOMAIN):
        if is_garden(entry) and entry.state is ConfigEntryState.LOADED:
            plants |= entry.runtime_data.garden.plants
    return plants


def _chosen(hass: HomeAssistant, device_ids: list[str]) -> list[PlantCoordinator]:
    """The plants that these devices are; each of them must be one."""
    plants, registry = _plants(hass), dr.async_get(hass)
    chosen: list[PlantCoordinator] = []
    for device_id in device_ids:
        device = registry.async_get(device_id)
        plant_id = device.config_subentry_id if device else None
        if plant_id not in plants:
            raise ServiceValidationError(translation_domain=DOMAIN, translation_key="not_a_plant")
        chosen.append(plants[plant_id])
    return chosen


def _moment(at: datetime | None) -> float:
    """Unix seconds; a time without a zone is the house's."""
    now = time.time()
    if at is None:
        return now
    moment = dt_util.as_utc(at).timestamp()
    if moment > now + _AHEAD_S:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="in_the_future")
    return moment
