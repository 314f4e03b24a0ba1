"""How plants are, what was done for them, and what they may be."""

import time
from datetime import datetime

import voluptuous as vol
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util

from ..photos.entry import async_learnt_species
from ..plants.catalogue import MOST_FOUND, Found, async_get_catalogue
from ..plants.report import of_plant
from ..plants.state import Care
from .action import (
    DEVICES,
    OF_PLANTS,
    Action,
    async_chosen,
    async_is_permitted,
    async_plants,
    refusal,
)

ATTR_CARE, ATTR_AT, ATTR_QUERY, ATTR_LANGUAGE = "care", "at", "query", "language"
# A clock that is a little ahead is no reason to refuse.
_AHEAD_S = 300.0


async def _async_get_plants(call: ServiceCall) -> ServiceResponse:
    """How the chosen plants are, or all of them."""
    chosen = ATTR_DEVICE_ID in call.data
    plants = async_chosen(call) if chosen else async_plants(call.hass).values()
    return {"plants": [of_plant(plant) for plant in plants]}


async def _async_log_care(call: ServiceCall) -> ServiceResponse:
    """Write down what was done for plants, now or some time ago."""
    plants = async_chosen(call)
    at = _moment(call.data.get(ATTR_AT))
    for plant in plants:
        await plant.async_cared(Care(call.data[ATTR_CARE]), at)
    return {"plants": [of_plant(plant) for plant in plants]} if call.return_response else None


async def _async_find_species(call: ServiceCall) -> ServiceResponse:
    """Look in the built-in catalogue, which needs no network; then in databases, if there are any.

    These count calls: they are asked for those only who may have something done.
    """
    language = call.data.get(ATTR_LANGUAGE, call.hass.config.language)
    query = call.data[ATTR_QUERY]
    catalogue = await async_get_catalogue(call.hass)
    found = await call.hass.async_add_executor_job(catalogue.search, query, language)
    if found.sure is None and await async_is_permitted(call, POLICY_CONTROL):
        learnt = await async_learnt_species(call.hass, query)
        if learnt is not None:
            others = [one for one in found.likely if one != learnt]
            found = Found(likely=(learnt, *others[: MOST_FOUND - 1]), sure=learnt)
    return {
        "species": [
            {
                "id": species_id,
                "scientific_name": catalogue.species[species_id].scientific_name,
                "name": catalogue.species[species_id].common_name(language),
                "sure": species_id == found.sure,
                "source": catalogue.source(species_id),
            }
            for species_id in found.likely
        ]
    }


def _moment(at: datetime | None) -> float:
    """Unix seconds; a time without a zone is the house's."""
    now = time.time()
    if at is None:
        return now
    moment = dt_util.as_utc(at).timestamp()
    if moment > now + _AHEAD_S:
        raise refusal("in_the_future")
    return moment


ACTIONS = (
    Action(
        name="get_plants",
        policy=POLICY_READ,
        run=_async_get_plants,
        fields={vol.Optional(ATTR_DEVICE_ID): DEVICES},
    ),
    Action(
        name="log_care",
        run=_async_log_care,
        fields={
            **OF_PLANTS,
            vol.Required(ATTR_CARE): vol.In([str(care) for care in Care]),
            vol.Optional(ATTR_AT): cv.datetime,
        },
        answers=SupportsResponse.OPTIONAL,
    ),
    Action(
        name="find_species",
        policy=POLICY_READ,
        run=_async_find_species,
        fields={
            vol.Required(ATTR_QUERY): cv.string,
            vol.Optional(ATTR_LANGUAGE): cv.string,
        },
    ),
)
