import pytest

from custom_components.plant_vita.model.errors import ProviderQuotaError, ProviderRefusedError
from custom_components.plant_vita.model.finding import Diagnosed, Identified, Task
from custom_components.plant_vita.providers.provider import Ask
from scripts.lab.clouds.plantnet import PlantNetCloud
from scripts.lab.clouds.server import Fault
from tests.providers.asked import asking, free, house, outcomes, photo, provider


async def test_the_request_is_as_documented() -> None:
    cloud = PlantNetCloud()
    ask = Ask(task=Task.IDENTIFY, photos=(photo(1), photo(2)), language="nl")
    async with provider(cloud, "plantnet", flora="k-world-flora") as one:
        await one.answer(ask, free)
    call = cloud.calls[0]
    assert (call.method, call.path) == ("POST", "/v2/identify/k-world-flora")
    assert call.query == {
        "api-key": "key",
        "lang": "nl",
        "nb-results": "10",
        "include-related-images": "false",
        "no-reject": "false",
    }
    assert call.body.count(b'name="images"') == 2
    assert call.body.count(b'name="organs"') == 2
    assert photo(1).jpeg in call.body


async def test_the_answer_is_read() -> None:
    cloud = PlantNetCloud()
    async with provider(cloud, "plantnet") as one:
        found = await one.answer(asking(), free)
        sick = await one.answer(asking(Task.DIAGNOSE), free)
        assert (await one.check()).remaining == 498
    assert isinstance(found, Identified)
    first = found.candidates[0]
    assert (first.name, first.confidence) == ("Monstera deliciosa", 0.71)
    assert (first.family, first.powo) == ("Araceae", "87447-1")
    assert isinstance(sick, Diagnosed)
    assert (sick.troubles[0].code, sick.troubles[0].confidence) == ("TETRUR", 0.43)
    assert cloud.calls[1].path == "/v2/diseases/identify"


async def test_no_match_is_an_answer_and_kept() -> None:
    cloud = PlantNetCloud()
    cloud.results = []
    async with house(("plantnet", cloud)) as home:
        for cached in (False, True):
            finding = await home.panel.ask(asking())
            assert outcomes(finding) == {"plantnet": "no_match"}
            assert finding.species is None
            assert finding.voices[0].cached is cached
        assert len(cloud.calls) == 1
        assert home.ledger.today("plantnet") == 1


async def test_another_404_is_none() -> None:
    cloud = PlantNetCloud()
    cloud.PATH = "/v3"
    async with provider(cloud, "plantnet") as one:
        one._account = type(one._account)(
            secrets=one._account.secrets, base_url=cloud.url.replace("v3", "v2")
        )
        with pytest.raises(ProviderRefusedError):
            await one.answer(asking(), free)


async def test_a_used_up_quota_says_when_it_comes_back() -> None:
    cloud = PlantNetCloud()
    cloud.quota = 0
    async with provider(cloud, "plantnet") as one:
        with pytest.raises(ProviderQuotaError) as caught:
            await one.answer(asking(), free)
        assert caught.value.wait_s == 4321
    cloud = PlantNetCloud()
    cloud.fail(Fault.S429)
    cloud._limits = dict  # an answer without the header
    async with provider(cloud, "plantnet") as one:
        with pytest.raises(ProviderQuotaError) as caught:
            await one.answer(asking(), free)
        assert caught.value.wait_s is not None
        assert 0 < caught.value.wait_s <= 86_400
