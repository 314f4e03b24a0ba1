import pytest

from custom_components.plant_vita.model.errors import ProviderKeyError
from custom_components.plant_vita.model.finding import Facts, Task
from custom_components.plant_vita.model.species import Measure
from custom_components.plant_vita.providers.provider import Ask
from scripts.lab.clouds.databases import OpenPlantbookCloud
from tests.providers.asked import free, house, provider

MONSTERA = Ask(task=Task.ENRICH, name="Monstera deliciosa Liebm.", language="de")


async def test_limits_come_in_our_units() -> None:
    cloud = OpenPlantbookCloud()
    async with provider(cloud, "openplantbook") as one:
        facts = await one.answer(MONSTERA, free)
    assert isinstance(facts, Facts)
    assert facts.name == "Monstera deliciosa"
    assert facts.limits == {
        Measure.MOISTURE: (15.0, 60.0),
        Measure.DLI: (2.0, 4.5),
        Measure.TEMPERATURE: (12.0, 32.0),
        Measure.HUMIDITY: (30.0, 85.0),
        Measure.CONDUCTIVITY: (350.0, 2000.0),
    }
    assert [call.path for call in cloud.calls] == [
        "/api/v1/token/",
        "/api/v1/plant/search",
        "/api/v1/plant/detail/monstera deliciosa/",
    ]
    assert cloud.calls[1].query == {"alias": "Monstera deliciosa"}
    assert cloud.calls[2].query == {"lang": "de", "include": "care"}


async def test_one_token_serves_many_and_is_renewed_when_withdrawn() -> None:
    cloud = OpenPlantbookCloud()
    async with provider(cloud, "openplantbook") as one:
        await one.answer(MONSTERA, free)
        await one.answer(MONSTERA, free)
        assert len(cloud.tokens) == 1
        cloud.tokens.clear()
        assert (await one.answer(MONSTERA, free)).name == "Monstera deliciosa"
        await one.check()


async def test_wrong_credentials_are_named() -> None:
    cloud = OpenPlantbookCloud(keys=("another",))
    async with provider(cloud, "openplantbook") as one:
        with pytest.raises(ProviderKeyError):
            await one.check()


async def test_another_species_is_not_taken_for_it() -> None:
    cloud = OpenPlantbookCloud()
    async with house(("openplantbook", cloud)) as home:
        finding = await home.panel.ask(Ask(task=Task.ENRICH, name="Monstera obliqua"))
        assert finding.voices[0].outcome == "no_match"
        assert finding.facts == ()
        assert home.ledger.today("openplantbook") == 1
        await home.panel.ask(MONSTERA)
        assert home.ledger.today("openplantbook") == 3


async def test_impossible_limits_are_left_out() -> None:
    cloud = OpenPlantbookCloud()
    cloud.plant |= {"min_temp": 40, "max_temp": 10, "min_env_humid": None}
    async with provider(cloud, "openplantbook") as one:
        facts = await one.answer(MONSTERA, free)
    assert set(facts.limits) == {Measure.MOISTURE, Measure.DLI, Measure.CONDUCTIVITY}
