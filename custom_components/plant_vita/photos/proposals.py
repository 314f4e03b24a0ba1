"""What plants that services name are in the built-in catalogue, and what they would set."""

from collections.abc import Iterable
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util.json import JsonValueType

from ..model.species import Measure, Species
from ..plants.catalogue import Catalogue, async_get_catalogue

_SHOWN: Final = (Measure.MOISTURE, Measure.DLI)


async def async_proposals(
    hass: HomeAssistant, names: Iterable[str], language: str
) -> dict[str, JsonValueType]:
    """For each scientific name that is a species of the catalogue: its id and what it wants.

    `moisture` (%) and `dli` (mol/m²/d) are [low, high] of the time in which it grows, or None
    where that makes no sense for it.
    """
    catalogue = await async_get_catalogue(hass)
    return await hass.async_add_executor_job(_proposed, catalogue, list(names), language)


def _proposed(
    catalogue: Catalogue, names: Iterable[str], language: str
) -> dict[str, JsonValueType]:
    ids = {name: catalogue.search(name, language).sure for name in names}
    return {
        name: _as_proposal(catalogue.species[one], language)
        for name, one in ids.items()
        if one is not None
    }


def _as_proposal(species: Species, language: str) -> JsonValueType:
    bands = {measure: species.growing.get(measure) for measure in _SHOWN}
    return {
        "species": species.id,
        "common_name": species.common_name(language),
        **{
            str(measure): [band.low, band.high] if band else None for measure, band in bands.items()
        },
    }
