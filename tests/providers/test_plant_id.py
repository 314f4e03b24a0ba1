import base64
import json
from typing import Any

import pytest
from aiohttp import web

from custom_components.plant_vita.model.errors import (
    AllFailedError,
    ProviderAnswerError,
    ProviderDownError,
    ProviderQuotaError,
)
from custom_components.plant_vita.model.finding import Diagnosed, Identified, Task
from custom_components.plant_vita.providers import plant_id
from scripts.lab.clouds.plant_id import PlantIdCloud
from scripts.lab.clouds.server import Fault
from tests.providers.asked import asking, free, house, photo, provider


async def test_the_request_is_as_documented() -> None:
    cloud = PlantIdCloud()
    async with provider(cloud, "plant_id") as one:
        await one.answer(asking(language="de"), free)
    call = cloud.calls[0]
    assert (call.method, call.path) == ("POST", "/api/v3/identification")
    assert call.query == {"details": "common_names,taxonomy,gbif_id", "language": "de"}
    assert call.headers["Api-Key"] == "key"
    body = json.loads(call.body)
    assert set(body) == {"images", "similar_images", "custom_id"}
    assert base64.b64decode(body["images"][0]) == photo().jpeg
    assert 0 <= body["custom_id"] < 2**53


async def test_the_answer_is_read() -> None:
    cloud = PlantIdCloud()
    async with provider(cloud, "plant_id") as one:
        found = await one.answer(asking(), free)
        sick = await one.answer(asking(Task.DIAGNOSE), free)
    assert isinstance(found, Identified)
    first = found.candidates[0]
    assert (first.name, first.confidence, first.family) == ("Monstera deliciosa", 0.88, "Araceae")
    assert first.common_names == ("Swiss cheese plant",)
    assert first.gbif
    assert first.gbif.isdecimal()
    assert found.candidates[1].common_names == ()
    assert isinstance(sick, Diagnosed)
    assert (sick.troubles[0].name, sick.healthy) == ("overwatering", 0.2)
    assert sick.troubles[0].biological == ("Let the soil dry.",)
    assert cloud.calls[1].path == "/api/v3/health_assessment"


async def test_an_answer_that_is_not_ready_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(plant_id, "_pause", pause)
    cloud = PlantIdCloud()
    cloud.pending = 3
    async with provider(cloud, "plant_id") as one:
        assert await one.answer(asking(), free)
        assert [call.method for call in cloud.calls] == ["POST", "GET", "GET", "GET"]
        assert waits == [1.0, 2.0, 3.0]
        cloud.pending = 99
        with pytest.raises(ProviderAnswerError):
            await one.answer(asking(seed=2), free)


class Losing(PlantIdCloud):
    """Works, and loses the answer to every POST."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.how = fault

    async def _create(self, request: web.Request, result: dict[str, Any]) -> web.Response:
        await super()._create(request, result)
        found = await self._failing(self.how, request, "key")
        assert isinstance(found, web.Response)
        return found


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.S500])
async def test_a_lost_answer_is_fetched_and_nothing_sent_twice(fault: Fault) -> None:
    cloud = Losing(fault)
    async with house(("plant_id", cloud)) as home:
        finding = await home.panel.ask(asking())
        assert finding.species is not None
        assert cloud.posts == 1
        assert [call.method for call in cloud.calls] == ["POST", "GET"]
        assert home.ledger.today("plant_id") == 1


async def test_after_a_time_out_the_answer_is_looked_for_before_anything_is_sent() -> None:
    cloud = Losing(Fault.TIMEOUT)
    async with house(("plant_id", cloud), time_limit=0.5) as home:
        with pytest.raises(AllFailedError) as caught:
            await home.panel.ask(asking())
        assert caught.value.key == "provider_timeout"
        finding = await home.panel.ask(asking())
        assert finding.voices[0].outcome == "answered"
        assert [call.method for call in cloud.calls] == ["POST", "GET"]
        assert (cloud.posts, home.ledger.today("plant_id")) == (1, 1)


async def test_a_request_that_never_arrived_is_sent_again() -> None:
    cloud = PlantIdCloud()
    cloud.fail(Fault.RESET, times=1, methods=("POST",))
    async with house(("plant_id", cloud)) as home:
        await home.panel.ask(asking())
        assert [call.method for call in cloud.calls] == ["POST", "GET", "POST"]
        assert home.ledger.today("plant_id") == 1


async def test_when_nobody_knows_it_is_down_and_counts() -> None:
    cloud = PlantIdCloud()
    cloud.fail(Fault.RESET)
    async with provider(cloud, "plant_id") as one:
        with pytest.raises(ProviderDownError) as caught:
            await one.answer(asking(), free)
    assert not caught.value.unbilled


async def test_credits_and_limits_are_quotas() -> None:
    cloud = PlantIdCloud()
    cloud.credits = 0
    async with provider(cloud, "plant_id") as one:
        with pytest.raises(ProviderQuotaError) as caught:
            await one.answer(asking(), free)
        assert caught.value.wait_s is None
        with pytest.raises(ProviderQuotaError):
            await one.check()
        cloud.credits, cloud.day_limit = 10, 0
        with pytest.raises(ProviderQuotaError) as caught:
            await one.answer(asking(), free)
        assert caught.value.wait_s is not None
        assert 0 < caught.value.wait_s <= 86_400
        assert (await one.check()).remaining == 10


async def test_failed_there_is_an_unusable_answer() -> None:
    cloud = PlantIdCloud()
    async with provider(cloud, "plant_id") as one:
        original = cloud._state
        cloud._state = lambda number: {**original(number), "status": "FAILED", "result": None}
        with pytest.raises(ProviderAnswerError):
            await one.answer(asking(), free)
