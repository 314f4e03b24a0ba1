"""The catalogue inside of Home Assistant."""

import asyncio

from homeassistant.core import HomeAssistant

from custom_components.plant_vita.plants.catalogue import async_get_catalogue


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
