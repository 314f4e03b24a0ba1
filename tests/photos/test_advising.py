"""A question about a plant is answered with what is known of it, and with nothing that names it."""

import json
import os
import re
from typing import Any

import pytest
from homeassistant.exceptions import HomeAssistantError

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.photos.advising import known_of
from scripts.lab.clouds.gemini import GeminiCloud
from scripts.lab.clouds.server import Fault
from tests.photos.accounts import House, house_fixture
from tests.photos.house_model import add_model, set_up_model
from tests.photos.planted import do, plant_in, planted
from tests.providers.test_instructions import FIFTY

house = house_fixture()
CARRIERS = FIFTY if os.environ.get("PLANT_VITA_FULL") == "1" else FIFTY[::9]
MARKUP = re.compile(r"[<>{}`|\\]|://|javascript:|\n")


async def refused(house: House, **data: Any) -> str | None:
    with pytest.raises(HomeAssistantError) as raised:
        await do(house, await planted(house), "ask", **data)
    assert raised.value.translation_domain == DOMAIN
    return raised.value.translation_key


async def test_it_is_answered_by_all_and_the_first_counts(house: House) -> None:
    entry = await planted(house, 2)
    await house.add("gemini")
    model = await set_up_model(house.hass)
    await add_model(house.hass)
    answer = await do(house, entry, "ask", question="  When do I\nwater it?  ")
    assert answer["question"] == "When do I water it?"
    assert (answer["known"], answer["service"]) == (True, "Google Gemini")
    assert answer["answer"] == "Not before the upper 3 cm are dry."
    said = {one["service"]: one["answer"] for one in answer["services"]}
    assert said["ai_task"] == "Wait until the upper three centimetres are dry."
    assert answer["left_the_house"] == {
        "to": ["Google Gemini", "AI Task: Lab model"],
        "photos": [],
        "readings": True,
    }
    json.dumps(answer)
    # Both get the same, and no name that a person gave.
    asked = json.loads(model.questions[0].rpartition("\n")[2])
    gemini = house.clouds["gemini"]
    assert isinstance(gemini, GeminiCloud)
    assert gemini.questions == [asked]
    assert asked["question"] == "When do I water it?"
    assert asked["species"] == ["Monstera deliciosa"]
    assert asked["readings"]["moisture_now"] == 2.0
    assert asked["readings"]["moisture_should_be_above"] > 10
    assert "Annas" not in model.questions[0]
    assert "Liebling" not in str(gemini.calls)
    assert model.pictures == [0]


async def test_the_same_question_is_paid_for_once(house: House) -> None:
    entry = await planted(house)
    await house.add("gemini")
    first = await do(house, entry, "ask", question="Why?")
    calls = len(house.clouds["gemini"].calls)
    again = await do(house, entry, "ask", question="Why?")
    assert again["answer"] == first["answer"]
    assert again["services"][0]["cached"] is True
    assert again["left_the_house"] == {"to": [], "photos": [], "readings": False}
    assert len(house.clouds["gemini"].calls) == calls


async def test_nobody_knows(house: House) -> None:
    entry = await planted(house)
    await house.add("gemini")
    cloud = house.clouds["gemini"]
    assert isinstance(cloud, GeminiCloud)
    cloud.replies["answer"] = {"known": False, "answer": "Who will win the election?"}
    answer = await do(house, entry, "ask", question="Who wins?")
    assert (answer["known"], answer["answer"], answer["service"]) == (False, None, None)
    assert answer["services"][0]["outcome"] == "no_match"


@pytest.mark.parametrize("question", ["", "  \n", "<b></b>", "https://example.com"])
async def test_no_question(house: House, question: str) -> None:
    assert await refused(house, question=question) == "question_empty"


async def test_nobody_to_ask(house: House) -> None:
    await house.add("plant_id")
    assert await refused(house, question="Why?") == "provider_none"


async def test_nobody_answers(house: House) -> None:
    await house.add("gemini")
    house.clouds["gemini"].fail(Fault.S500)
    assert await refused(house, question="Why?") == "provider_down"


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_what_a_model_was_made_to_write_is_plain_text(house: House, carrier: str) -> None:
    entry = await planted(house, species=carrier[:60])
    await house.add("gemini")
    cloud = house.clouds["gemini"]
    assert isinstance(cloud, GeminiCloud)
    cloud.replies["answer"] = {"known": True, "answer": f"Wait. {carrier}", "tool": "water"}
    answer = await do(house, entry, "ask", question=f"Why? {carrier}")
    assert len(answer["answer"]) <= 500
    assert not MARKUP.search(answer["answer"] + answer["question"])
    (asked,) = cloud.questions
    assert not MARKUP.search(asked["question"])
    assert set(asked) == {"language", "species", "question", "readings"}


async def test_what_is_known_does_not_change_by_the_minute(house: House) -> None:
    plant = plant_in(await planted(house, 2))
    before = known_of(plant)
    await plant.async_refresh()
    assert known_of(plant) == before
    assert before["outdoors"] is False
    assert before["problem_moisture_too_low"] is True
