"""What is answered, in the language of whoever speaks."""

import json
from typing import Any

import pytest

from custom_components.plant_vita.voice.answers import Question, async_answer
from custom_components.plant_vita.voice.sentences import Ask
from tests.actions.asking import ask, device
from tests.house.python_files import PRODUCT
from tests.voice.talking import Talking, hose, talking_fixture
from tests.watering.garden_hose import BASIL

__all__ = ["hose"]

talking = talking_fixture()


async def answer(talking: Talking, what: Ask, phrase: str = "", language: str = "en") -> str:
    asked = Question(
        phrase=phrase, language=language, assistant="conversation", context=talking.message()
    )
    return (await async_answer(talking.hass, what, asked)).text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Something is wrong with Basil: Soil too dry."),
        ("de", "Bei Basil stimmt etwas nicht: Erde zu trocken."),
    ],
)
async def test_how_a_plant_is_with_its_reasons(talking: Talking, language: str, words: str) -> None:
    talking.hose.say("sensor.soil", 5)
    await talking.grow({"title": "Basil", "moisture": ["sensor.soil"]}, {"title": "Fern"})
    await talking.hose.settle()
    assert await answer(talking, Ask.STATUS, "Basil", language) == words


async def test_what_is_not_known_is_not_called_fine(talking: Talking) -> None:
    await talking.grow({"title": "Fern"})
    assert await answer(talking, Ask.STATUS, "fern") == "Nothing is known yet of how Fern is."
    last = await answer(talking, Ask.LAST, "fern")
    assert last == "When Fern was last watered is not known."


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-06-10 08:05", "Fern was watered today at 08:05."),
        ("2026-06-09 23:59", "Fern was last watered yesterday at 23:59."),
        ("2026-06-07 08:00", "Fern was last watered 3 days ago."),
    ],
)
async def test_when_it_was_watered(talking: Talking, at: str, words: str) -> None:
    (fern,) = await talking.grow({"title": "Fern"})
    where = device(talking.hose, fern)
    await ask(talking.hose, "log_care", device_id=where, care="watered", at=at)
    assert await answer(talking, Ask.LAST, "fern") == words


async def test_water_says_how_much_or_why_not(talking: Talking) -> None:
    await talking.grow({**BASIL, "water": {"dose_ml": 60}}, {"title": "Fern"})
    assert await answer(talking, Ask.WATER, "basil") == "Basil gets 60 millilitres."
    assert [one["source"] for one in talking.hose.written("booking")] == ["voice"]
    assert await answer(talking, Ask.STOP) == "Watering is stopped."
    assert talking.hose.pump == "off"
    refused = await answer(talking, Ask.WATER, "fern")
    assert refused == (
        "Fern gets no water. This plant has no pump that can be used. "
        "Reconfigure it and choose one."
    )


async def test_a_guess_is_asked_back_before_water_or_a_note(talking: Talking) -> None:
    (basil,) = await talking.grow(BASIL)
    for what in (Ask.WATER, Ask.LOG):
        assert (await answer(talking, what, "basol")).startswith("Did you mean Basil?")
    assert (talking.hose.pump, talking.hose.shown(basil, "last_watered")) == ("off", "unknown")
    assert (await answer(talking, Ask.LAST, "basol")).startswith("When Basil")


async def test_plants_of_one_name_are_told_apart_by_their_place(talking: Talking) -> None:
    await talking.grow({"title": "Basil"}, {"title": "Basil"})
    asked = await answer(talking, Ask.WATER, "basil")
    assert asked.startswith("Which one do you mean: Basil, Basil?")
    place = await answer(talking, Ask.THIRSTY, "the cellar")
    assert place == "I know no plant called the cellar."


async def test_care_is_written_down(talking: Talking) -> None:
    (basil,) = await talking.grow(BASIL)
    assert await answer(talking, Ask.LOG, "basil") == "Noted: Basil has been watered."
    assert talking.hose.shown(basil, "last_watered") == "2026-06-10T12:00:00+00:00"


async def test_every_text_is_used_and_there(talking: Talking) -> None:
    texts: dict[str, Any] = json.loads((PRODUCT / "translations/en.json").read_text())
    source = (PRODUCT / "voice/answers.py").read_text()
    keys = {key for key in texts["common"] if key.startswith("voice_")}
    assert all(f'"{key}"' in source for key in keys)
