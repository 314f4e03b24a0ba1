"""Species that the catalogue does not know are looked up in databases, and then are known."""

import asyncio
from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_USER
from homeassistant.exceptions import HomeAssistantError
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.model.species import Band, Fact, Measure
from custom_components.plant_vita.photos.entry import async_learnt_species
from custom_components.plant_vita.plants.catalogue import async_get_catalogue
from scripts.lab.clouds.databases import RARE
from scripts.lab.clouds.server import Fault
from tests.photos.accounts import House, house_fixture
from tests.photos.planted import do, plant_in, planted

house = house_fixture()
DATABASES = ("openplantbook", "trefle", "perenual")
ID = "rhaphidophora_cryptantha"


@pytest.fixture
async def library(house: House) -> House:
    """A house with an account at every database."""
    for kind in DATABASES:
        await house.add(kind)
        house.clouds[kind].calls.clear()
    return house


def asked(house: House) -> dict[str, int]:
    return {kind: len(house.clouds[kind].calls) for kind in DATABASES}


async def test_what_the_databases_say_becomes_a_species(library: House) -> None:
    assert await async_learnt_species(library.hass, f"{RARE} (Hook.f.) P.C.Boyce") == ID
    species = (await async_get_catalogue(library.hass)).species[ID]
    assert species.scientific_name == RARE
    assert (species.family, species.names["en"]) == ("Araceae", ("shingle plant",))
    assert species.growing[Measure.MOISTURE] == Band(minimum=25, low=25, high=65, maximum=65)
    assert set(species.water_days.values()) == {8}
    sources = {str(fact): one.name for fact, one in species.sources.items() if one.name}
    assert sources == {
        **dict.fromkeys(("names", *map(str, Measure)), "OpenPlantbook"),
        "watering": "Perenual",
        "toxicity": "Perenual",
    }
    assert Fact.HABIT not in species.sources
    # They are told a name, and nothing of the house.
    for kind in DATABASES:
        for call in library.clouds[kind].calls:
            told = {*call.query.values()} - {"key", "en", "care"}
            assert told <= {RARE}, call
    before = asked(library)
    assert await async_learnt_species(library.hass, RARE) == ID
    assert asked(library) == before


@pytest.mark.parametrize("name", ["basil", "", "Rhaphidophora", "<b>x</b>", "x" * 500])
async def test_what_is_no_scientific_name_is_asked_of_nobody(library: House, name: str) -> None:
    assert await async_learnt_species(library.hass, name) is None
    assert asked(library) == dict.fromkeys(DATABASES, 0)


async def test_what_nobody_knows_changes_nothing(library: House) -> None:
    assert await async_learnt_species(library.hass, "Quercus inventata") is None
    assert (await async_get_catalogue(library.hass)).learnt == {}


@pytest.mark.parametrize("fault", [Fault.S500, Fault.GARBAGE, Fault.S429, Fault.LIE, Fault.RESET])
async def test_one_that_fails_fails_nobody_else(library: House, fault: Fault) -> None:
    library.clouds["openplantbook"].fail(fault, methods=("GET",))
    assert await async_learnt_species(library.hass, RARE) == ID
    species = (await async_get_catalogue(library.hass)).species[ID]
    assert species.sources[Fact.NAMES].name == "Trefle"


async def test_that_all_fail_is_no_failure(library: House) -> None:
    for kind in DATABASES:
        library.clouds[kind].fail(Fault.S500)
    assert await async_learnt_species(library.hass, RARE) is None


async def test_one_hundred_who_look_it_up_at_once_ask_once(library: House) -> None:
    looks = (async_learnt_species(library.hass, RARE) for _ in range(100))
    assert set(await asyncio.gather(*looks)) == {ID}
    # A token, a search and a page of details; a search; a search and a page.
    assert asked(library) == {"openplantbook": 3, "trefle": 1, "perenual": 2}


async def test_models_are_not_asked_what_a_species_is(house: House) -> None:
    await house.add("gemini")
    house.clouds["gemini"].calls.clear()
    assert await async_learnt_species(house.hass, RARE) is None
    assert house.clouds["gemini"].calls == []


async def test_without_an_account_nobody_is_asked(house: House) -> None:
    assert await async_learnt_species(house.hass, RARE) is None


async def find(house: House, query: str, **context: Any) -> Any:
    answer = await house.hass.services.async_call(
        DOMAIN, "find_species", {"query": query}, blocking=True, return_response=True, **context
    )
    return answer["species"]


async def test_a_search_begins_at_home(library: House) -> None:
    assert (await find(library, "Monstera deliciosa"))[0]["source"] is None
    assert asked(library) == dict.fromkeys(DATABASES, 0)
    found = await find(library, RARE)
    assert found[0] == {
        "id": ID,
        "scientific_name": RARE,
        "name": "Shingle plant",
        "sure": True,
        "source": "OpenPlantbook",
    }
    # What it may also be, by its name, still follows.
    assert "rhaphidophora_tetrasperma" in [one["id"] for one in found[1:]]


async def test_a_plant_becomes_a_species_of_a_database(library: House) -> None:
    entry = await planted(library, species="")
    answer = await do(library, entry, "assign_species", species=RARE)
    assert answer == {"species": ID, "scientific_name": RARE}
    plant = plant_in(entry)
    assert plant.species_name == RARE
    assert plant.thresholds.bands[Measure.MOISTURE].low == 25
    assert plant.thresholds.water_days == 8


async def begin(house: House, entry: MockConfigEntry) -> Any:
    """The second step of somebody who adds a plant that only databases know."""
    manager = house.hass.config_entries.subentries
    flow = await manager.async_init((entry.entry_id, "plant"), context={"source": SOURCE_USER})
    return await manager.async_configure(
        flow["flow_id"], {"name": "Shingle", "species": RARE, "outdoors": False}
    )


async def test_a_plant_is_added_by_a_name_that_only_a_database_knows(library: House) -> None:
    entry = await planted(library)
    step = await begin(library, entry)
    # Nobody has to choose among others that it is not.
    assert step["step_id"] == "sources"
    manager = library.hass.config_entries.subentries
    assert (await manager.async_configure(step["flow_id"], {}))["type"] == "create_entry"
    assert [one.data["species"] for one in entry.subentries.values()] == ["monstera_deliciosa", ID]
    await library.settle()


async def test_databases_that_are_silent_keep_nobody_from_adding_a_plant(library: House) -> None:
    entry = await planted(library)
    for kind in DATABASES:
        library.clouds[kind].fail(Fault.S500)
    with pytest.raises(HomeAssistantError) as raised:
        await do(library, entry, "assign_species", species=RARE)
    assert raised.value.translation_key == "species_unknown"
    assert (await begin(library, entry))["step_id"] == "species"
