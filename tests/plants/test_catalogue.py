"""The catalogue inside of Home Assistant."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from homeassistant.core import HomeAssistant

from custom_components.plant_vita.model.finding import Facts
from custom_components.plant_vita.model.species import Species
from custom_components.plant_vita.plants import catalogue as catalogue_module
from custom_components.plant_vita.plants.catalogue import (
    DATA_CATALOGUE,
    async_add_species,
    async_get_catalogue,
)
from custom_components.plant_vita.plants.profile import ORDINARY
from custom_components.plant_vita.species.compiled import compiled
from custom_components.plant_vita.species.search import SpeciesIndex
from custom_components.plant_vita.species.stored import as_stored

FACTS = Facts(name="Rhaphidophora cryptantha", common_names=("Shingle plant",))
RARE = compiled("Rhaphidophora cryptantha", [("OpenPlantbook", FACTS)], ORDINARY)


async def test_everybody_gets_the_same_one(hass: HomeAssistant) -> None:
    first, second = await asyncio.gather(async_get_catalogue(hass), async_get_catalogue(hass))
    assert first is second
    assert "monstera_deliciosa" in first.species


async def test_a_name_written_out_is_sure(hass: HomeAssistant) -> None:
    catalogue = await async_get_catalogue(hass)
    assert catalogue.search("Monstera deliciosa", "en").sure == "monstera_deliciosa"
    assert catalogue.search("köstliches fensterblatt", "de").sure == "monstera_deliciosa"


async def test_a_mistake_is_likely_but_not_sure(hass: HomeAssistant) -> None:
    found = (await async_get_catalogue(hass)).search("monstra delicosa", "en")
    assert found.likely[0] == "monstera_deliciosa"
    assert found.sure is None


async def test_what_is_no_plant_is_not_found(hass: HomeAssistant) -> None:
    found = (await async_get_catalogue(hass)).search("xqzw", "en")
    assert (found.likely, found.sure) == ((), None)


async def test_a_house_that_never_searches_has_no_index(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[int] = []

    class Watched(SpeciesIndex):
        def __init__(self, species: Iterable[Species]) -> None:
            super().__init__(species)
            built.append(len(self))

    monkeypatch.setattr(catalogue_module, "SpeciesIndex", Watched)
    catalogue = await async_get_catalogue(hass)
    count = len(catalogue.species)
    assert built == []
    assert catalogue.search("ficus", "en").likely
    assert catalogue.search("monstera", "en").likely
    assert built == [count]
    assert await async_add_species(hass, RARE)
    assert built == [count]
    assert catalogue.search("shingle plant", "en").sure == RARE.id
    assert built == [count, count + 1]


async def test_what_was_learnt_is_found_by_everybody_and_after_a_restart(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    catalogue = await async_get_catalogue(hass)
    everything = catalogue.species
    assert catalogue.search("Shingle plant", "en").sure is None
    assert await async_add_species(hass, RARE)
    assert everything["rhaphidophora_cryptantha"] == RARE
    assert catalogue.search("shingle plant", "de").sure == "rhaphidophora_cryptantha"
    assert catalogue.source("rhaphidophora_cryptantha") == "OpenPlantbook"
    assert catalogue.source("monstera_deliciosa") is None
    # As after a start: read again from the disk.
    del hass.data[DATA_CATALOGUE]
    again = await async_get_catalogue(hass)
    assert again is not catalogue
    assert again.species["rhaphidophora_cryptantha"] == RARE
    assert again.search("shingle plant", "en").sure == "rhaphidophora_cryptantha"


async def test_what_the_catalogue_knows_is_never_anothers(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    own = (await async_get_catalogue(hass)).species["monstera_deliciosa"]
    other = replace(RARE, id="monstera_deliciosa")
    assert await async_add_species(hass, other)
    assert (await async_get_catalogue(hass)).species["monstera_deliciosa"] == own
    # A later release may come to know what was learnt, and another may have written the file.
    stored = [as_stored(other), {"id": "from the future"}, as_stored(RARE)]
    hass_storage["plant_vita.species"] = {
        "version": 1,
        "minor_version": 1,
        "key": "plant_vita.species",
        "data": {"species": stored},
    }
    del hass.data[DATA_CATALOGUE]
    again = await async_get_catalogue(hass)
    assert again.species["monstera_deliciosa"] == own
    assert list(again.learnt) == ["rhaphidophora_cryptantha"]


async def test_nobody_fills_the_memory(
    hass: HomeAssistant, hass_storage: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue_module, "MOST_LEARNT", 1)
    assert await async_add_species(hass, RARE)
    assert not await async_add_species(hass, replace(RARE, id="another"))
    assert "another" not in (await async_get_catalogue(hass)).species
    assert await async_add_species(hass, RARE)


async def test_several_learnt_at_once_are_all_found(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    others = [
        replace(RARE, id=f"quercus_{name}", scientific_name=f"Quercus {name}")
        for name in ("prima", "secunda", "tertia")
    ]
    await asyncio.gather(*(async_add_species(hass, one) for one in others))
    catalogue = await async_get_catalogue(hass)
    found = {catalogue.search(one.scientific_name, "en").sure for one in others}
    assert found == {one.id for one in others}
    assert len(hass_storage["plant_vita.species"]["data"]["species"]) == 3
