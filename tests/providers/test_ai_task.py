"""A model of the house: what it is asked, and everything that can be wrong with what it says."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import pytest

from custom_components.plant_vita.model.errors import (
    AllFailedError,
    ProviderAnswerError,
    ProviderBlindError,
    ProviderDownError,
    ProviderError,
)
from custom_components.plant_vita.model.finding import Advice, Facts, Task
from custom_components.plant_vita.model.photo import Photo
from custom_components.plant_vita.providers.attempt import Seat, check
from custom_components.plant_vita.providers.inquiry import INSTRUCTIONS, SCHEMAS
from custom_components.plant_vita.providers.provider import Account, Ask, Models
from custom_components.plant_vita.providers.registry import PROVIDERS
from scripts.lab.clouds.plant_id import PlantIdCloud
from scripts.lab.lab_model.ai_task import REPLIES
from tests.providers.asked import House, asking, house, outcomes, photo

ANSWERS = {
    Task.IDENTIFY: REPLIES["candidates"],
    Task.DIAGNOSE: REPLIES["troubles"],
    Task.ADVISE: REPLIES["answer"],
    Task.ENRICH: REPLIES["known"],
}
SPEC = PROVIDERS["ai_task"]


@dataclass
class FakeModels(Models):
    """Says what it is told to; remembers what it was asked."""

    says: Any = None
    raises: ProviderError | None = None
    gone: ProviderError | None = None
    waits: bool = False
    asked: list[tuple[str, str, Mapping[str, Any], tuple[Photo, ...]]] = field(default_factory=list)

    def check(self, entity: str) -> str:
        if self.gone is not None:
            raise self.gone
        return "A model"

    async def generate(
        self,
        entity: str,
        instructions: str,
        schema: Mapping[str, Any],
        photos: tuple[Photo, ...],
    ) -> object:
        self.asked.append((entity, instructions, schema, photos))
        if self.waits:
            await asyncio.Event().wait()
        if self.raises is not None:
            raise self.raises
        return self.says


def seat(models: Models | None, **more: Any) -> Seat:
    options = {"entity": "ai_task.lab_model"}
    account = Account(secrets={}, base_url="", options=options, models=models)
    spec = replace(SPEC, **more)
    return Seat(id="model", spec=spec, provider=spec.open(account, None), options=options)


@pytest.fixture
async def home() -> AsyncGenerator[House]:
    async with aiohttp.ClientSession() as session:
        one = House(session=session, clouds={})
        await one.panel.open()
        yield one
        await one.panel.close()


async def test_it_is_given_the_instructions_the_data_the_schema_and_the_photos(home: House) -> None:
    models = FakeModels(says=ANSWERS[Task.DIAGNOSE])
    home.panel.seat(seat(models))
    ask = asking(Task.DIAGNOSE, names=("Ficus lyrata",), context={"moisture": 71.0})
    finding = await home.panel.ask(ask)
    ((entity, instructions, schema, photos),) = models.asked
    assert entity == "ai_task.lab_model"
    rules, _, data = instructions.partition("\n\nThe JSON object:\n")
    assert rules == INSTRUCTIONS[Task.DIAGNOSE]
    assert json.loads(data) == {
        "language": "en",
        "species": ["Ficus lyrata"],
        "readings": {"moisture": 71.0},
    }
    assert schema == SCHEMAS[Task.DIAGNOSE]
    assert photos == (photo(),)
    assert finding.troubles is not None
    assert [one.name for one in finding.troubles] == ["Overwatering"]
    assert home.ledger.today("model") == 1


async def test_what_it_says_to_a_question_and_of_a_species(home: House) -> None:
    models = FakeModels(says=ANSWERS[Task.ADVISE])
    home.panel.seat(seat(models))
    advised = await home.panel.ask(Ask(task=Task.ADVISE, question="When to water?"))
    assert advised.voices[0].reply == Advice(
        text="Wait until the upper three centimetres are dry.", model="A model"
    )
    models.says = ANSWERS[Task.ENRICH]
    told = await home.panel.ask(Ask(task=Task.ENRICH, name="Monstera deliciosa"))
    assert told.facts == (
        Facts(
            name="Monstera deliciosa",
            texts={"watering": "When the upper 3 cm are dry.", "light": "Bright shade."},
        ),
    )


FAULTS = {
    "down": ({"raises": ProviderDownError("failed")}, "provider_down", 1),
    "misshapen": ({"raises": ProviderAnswerError("ValueError")}, "provider_answer", 1),
    "gone": ({"gone": ProviderDownError("gone", unbilled=True)}, "provider_down", 0),
    "blind": ({"gone": ProviderBlindError("blind", unbilled=True)}, "provider_blind", 0),
    "silent": ({"waits": True}, "provider_timeout", 1),
    "lie": ({"says": {"plant": "yes", "candidates": "Monstera", "known": 7}}, "provider_answer", 1),
    "empty": ({"says": {}}, "provider_answer", 1),
    "nothing": ({"says": None}, "provider_answer", 1),
    "text": ({"says": "Monstera deliciosa"}, "provider_answer", 1),
    "numbers": ({"says": [1, 2, 3]}, "provider_answer", 1),
    "huge": ({"says": {"plant": 1.0, "candidates": ["x" * 10_000_000]}}, "provider_answer", 1),
    "markup": (
        {"says": {"plant": 1.0, "candidates": [{"name": "<b>Monstera</b>", "confidence": 1.0}]}},
        "provider_answer",
        1,
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_named_counted_and_harms_nobody_else(fault: str) -> None:
    told, outcome, counted = FAULTS[fault]
    async with house(("plant_id", PlantIdCloud())) as home:
        home.panel.seat(seat(FakeModels(**told), time_limit=0.2 if fault == "silent" else 60.0))
        finding = await home.panel.ask(asking())
        assert outcomes(finding) == {"plant_id": "answered", "model": outcome}
        assert home.ledger.today("model") == counted


async def test_a_model_thinks_once_even_of_a_species(home: House) -> None:
    models = FakeModels(raises=ProviderDownError("failed"))
    home.panel.seat(seat(models))
    with pytest.raises(AllFailedError):
        await home.panel.ask(Ask(task=Task.ENRICH, name="Monstera deliciosa"))
    assert len(models.asked) == 1


async def test_one_hundred_who_ask_at_once_are_one_question(home: House) -> None:
    models = FakeModels(says=ANSWERS[Task.IDENTIFY])
    home.panel.seat(seat(models))
    findings = await asyncio.gather(*(home.panel.ask(asking()) for _ in range(100)))
    assert len(models.asked) == 1
    assert {one.candidates[0].candidate.name for one in findings} == {"Monstera deliciosa"}


async def test_a_check_asks_nothing() -> None:
    models = FakeModels()
    assert (await check(seat(models))).remaining is None
    assert models.asked == []
    models.gone = ProviderBlindError("blind", unbilled=True)
    with pytest.raises(ProviderBlindError):
        await check(seat(models))


async def test_without_a_house_there_is_nobody_to_ask() -> None:
    with pytest.raises(ProviderDownError):
        await check(seat(None))
