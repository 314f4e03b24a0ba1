"""Every provider and everything that can be wrong with its answer."""

import pytest

from custom_components.plant_vita.model.errors import AllFailedError
from custom_components.plant_vita.model.finding import Task
from custom_components.plant_vita.providers import attempt
from custom_components.plant_vita.providers.provider import Ask
from scripts.lab.clouds.databases import OpenPlantbookCloud
from scripts.lab.clouds.every import CLOUDS
from scripts.lab.clouds.gemini import GeminiCloud
from scripts.lab.clouds.server import Fault
from tests.providers.asked import NOW, asking, house, outcomes

PHOTOS = ("plant_id", "plantnet", "gemini")
USUAL = {
    Fault.S400: "provider_refused",
    Fault.S401: "provider_key",
    Fault.S403: "provider_forbidden",
    Fault.S404: "provider_refused",
    Fault.S429: "provider_busy",
    Fault.S429_SOON: "provider_busy",
    Fault.S429_LATE: "provider_busy",
    Fault.S500: "provider_down",
    Fault.S503: "provider_down",
    Fault.REDIRECT: "provider_answer",
    Fault.TIMEOUT: "provider_timeout",
    Fault.RESET: "provider_down",
    Fault.TRUNCATED: "provider_answer",
    Fault.GARBAGE: "provider_answer",
    Fault.LARGE: "provider_answer",
    Fault.LIE: "provider_answer",
    Fault.EMPTY: "provider_answer",
    Fault.NOTHING: "provider_answer",
    Fault.BLOCKED: "provider_answer",
}
QUOTAS = (Fault.S429, Fault.S429_SOON, Fault.S429_LATE)
OTHERWISE = {
    ("plantnet", Fault.S404): "no_match",
    **{(kind, fault): "provider_quota" for kind in ("plantnet", "perenual") for fault in QUOTAS},
    ("gemini", Fault.BLOCKED): "provider_blocked",
    # Its client cannot tell an answer that broke off from a line that did.
    ("gemini", Fault.TRUNCATED): "provider_down",
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """How often is tested here; how long between, in test_attempt.py."""
    monkeypatch.setattr(attempt, "_FIRST_WAIT_S", 0.05)


def question(kind: str) -> Ask:
    return asking() if kind in PHOTOS else Ask(task=Task.ENRICH, name="Monstera deliciosa")


def beside(kind: str) -> str:
    """A healthy service that is asked the same."""
    pairs = {"plant_id": "plantnet", "trefle": "perenual"}
    return pairs.get(kind, "plant_id" if kind in PHOTOS else "trefle")


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("kind", CLOUDS)
async def test_a_fault_is_named_and_harms_nobody_else(kind: str, fault: Fault) -> None:
    cloud, other = CLOUDS[kind](), CLOUDS[beside(kind)]()
    limit = 0.7 if fault is Fault.TIMEOUT else None
    async with house((kind, cloud), (beside(kind), other), time_limit=limit) as home:
        if kind == "gemini":
            # Importing Google's client may take longer than that.
            await home.panel.seats_for(Task.IDENTIFY)[0].provider.check()
        cloud.fail(fault, methods=("GET",) if kind == "openplantbook" else ())
        finding = await home.panel.ask(question(kind))
        expected = OTHERWISE.get((kind, fault), USUAL[fault])
        assert outcomes(finding) == {kind: expected, beside(kind): "answered"}
        assert cloud.calls


# How many requests that may cost are made, and how many of them count afterwards.
COSTS = {
    Fault.S429: (3, 0),
    Fault.S429_SOON: (3, 0),
    Fault.S429_LATE: (1, 0),
    Fault.S503: (3, 0),
    Fault.S401: (1, 0),
    Fault.S500: (1, 1),
    Fault.RESET: (1, 1),
    Fault.TIMEOUT: (1, 1),
    Fault.GARBAGE: (1, 1),
    Fault.LIE: (1, 1),
}


@pytest.mark.parametrize("fault", COSTS)
@pytest.mark.parametrize("kind", PHOTOS)
async def test_only_what_cost_nothing_is_sent_again(kind: str, fault: Fault) -> None:
    cloud = CLOUDS[kind]()
    sent, counted = COSTS[fault]
    if kind == "plantnet" and fault in QUOTAS:
        sent = 1  # a quota does not come back in a second
    limit = 0.7 if fault is Fault.TIMEOUT else None
    async with house((kind, cloud), time_limit=limit) as home:
        if kind == "gemini":
            await home.panel.seats_for(Task.IDENTIFY)[0].provider.check()
        cloud.fail(fault)
        with pytest.raises(AllFailedError):
            await home.panel.ask(asking())
        posts = [call for call in cloud.calls if call.method == "POST"]
        assert len(posts) == sent
        assert home.ledger.today(kind) == counted


async def test_a_token_that_is_not_given_is_named_too() -> None:
    for fault, outcome in ((Fault.S401, "provider_key"), (Fault.LIE, "provider_answer")):
        cloud = OpenPlantbookCloud()
        cloud.fail(fault, methods=("POST",))
        async with house(("openplantbook", cloud)) as home:
            with pytest.raises(AllFailedError) as caught:
                await home.panel.ask(question("openplantbook"))
            assert caught.value.key == outcome


async def test_a_service_that_recovers_is_heard_in_the_same_inquiry() -> None:
    for kind in PHOTOS:
        cloud = CLOUDS[kind]()
        cloud.fail(Fault.S503, times=2)
        async with house((kind, cloud)) as home:
            finding = await home.panel.ask(asking())
            assert outcomes(finding) == {kind: "answered"}
            assert len(cloud.calls) == 3
            assert home.ledger.today(kind) == 1


async def test_who_wants_to_be_left_alone_is() -> None:
    cloud = CLOUDS["plant_id"]()
    cloud.fail(Fault.S429_LATE, times=1)
    async with house(("plant_id", cloud), ("plantnet", CLOUDS["plantnet"]())) as home:
        finding = await home.panel.ask(asking())
        assert finding.voices[0].again_at == NOW + 3600
        home.clock.now += 3599
        finding = await home.panel.ask(asking())
        assert outcomes(finding)["plant_id"] == "provider_busy"
        assert finding.voices[0].again_at == NOW + 3600
        assert len(cloud.calls) == 1
        home.clock.now += 2
        finding = await home.panel.ask(asking())
        assert outcomes(finding)["plant_id"] == "answered"


@pytest.mark.parametrize("block", ["prompt", "SAFETY", "RECITATION", "PROHIBITED_CONTENT"])
async def test_every_way_to_decline_is_one(block: str) -> None:
    cloud = GeminiCloud()
    cloud.block = block
    cloud.fail(Fault.BLOCKED)
    async with house(("gemini", cloud)) as home:
        with pytest.raises(AllFailedError) as caught:
            await home.panel.ask(asking())
        assert caught.value.key == "provider_blocked"
