"""Two hundred sentences through Home Assistant's own conversation, right after installation."""

import time
from typing import Any

import pytest
from homeassistant.components import conversation
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, device_registry as dr, intent

from custom_components.plant_vita.intent import PlantIntent
from custom_components.plant_vita.voice.listening import Listener
from custom_components.plant_vita.voice.sentences import Ask
from tests.actions.asking import ask, device
from tests.voice.talking import Talking, hose, talking_fixture
from tests.voice.utterances import NAMES, SAID

__all__ = ["hose"]

talking = talking_fixture()
KEYS = "bfmko"


class House:
    """Five plants, each with a pump of its own, and everything that was understood."""

    def __init__(self, talking: Talking, language: str) -> None:
        self.talking, self.language = talking, language
        self.heard: list[tuple[Ask, str]] = []
        self.ids: dict[str, str] = {}

    async def build(self, monkeypatch: pytest.MonkeyPatch) -> None:
        hose, (*names, kitchen, salon) = self.talking.hose, NAMES[self.language]
        await self.talking.pumps(*KEYS)
        plants = [
            {
                "title": name,
                "pump": f"input_boolean.{key}",
                "limits": {"water_days": 2 if key in "bf" else 9},
                "water": {"dose_ml": 5},
            }
            for key, name in zip(KEYS, names, strict=True)
        ]
        self.ids = dict(zip(KEYS, await self.talking.grow(*plants), strict=True))
        areas = ar.async_get(hose.hass)
        there = {one: areas.async_create(one).id for one in (kitchen, salon)}
        for key, plant_id in self.ids.items():
            where = device(hose, plant_id)
            await ask(hose, "log_care", device_id=where, care="watered", at="2026-06-07 08:00")
            place = there[kitchen if key in "bk" else salon]
            dr.async_get(hose.hass).async_update_device(where, area_id=place)
        real = PlantIntent.async_handle

        async def listen(one: PlantIntent, asked: intent.Intent) -> intent.IntentResponse:
            response = await real(one, asked)
            told = response.speech_slots["plants"]
            self.heard.append((one._ask, "".join(k for k in KEYS if self.ids[k] in told)))
            return response

        monkeypatch.setattr(PlantIntent, "async_handle", listen)
        await hose.hass.async_block_till_done()

    async def say(self, text: str) -> str:
        """What is answered."""
        result = await conversation.async_converse(
            self.talking.hass, text, None, self.talking.message(), language=self.language
        )
        speech: str = result.response.speech["plain"]["speech"]
        return speech

    def running(self) -> str:
        """The pumps that run."""
        pumps = self.talking.hass.states
        assert len(pumps.async_all("input_boolean")) == len(KEYS)
        return "".join(key for key in KEYS if pumps.is_state(f"input_boolean.{key}", "on"))

    async def problem_with(self, text: str, wanted: Ask, who: str) -> str | None:
        """What went wrong with a sentence, if anything did."""
        self.heard.clear()
        answer = await self.say(text)
        flows = self.running()
        asked_back = len(who) == 2 and wanted is not Ask.THIRSTY
        water = who.replace("+", "") if wanted is Ask.WATER and not asked_back else ""
        await self.say("stop watering")
        await self.talking.hose.pass_time(minutes=2)
        found = self.heard[:-1]
        if flows != water:
            return f"{text}: water for {flows!r}: {answer}"
        if found != [(wanted, who.replace("+", ""))]:
            return f"{text}: {found}: {answer}"
        if asked_back and "?" not in answer:
            return f"{text}: not asked back: {answer}"
        return None


@pytest.fixture
async def house(
    talking: Talking, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> House:
    built = House(talking, getattr(request, "param", "en"))
    await built.build(monkeypatch)
    return built


@pytest.mark.parametrize("house", SAID, indirect=True)
async def test_every_sentence_is_understood(house: House) -> None:
    sentences = SAID[house.language]
    assert len(sentences) == 40
    # Who has been watered by a sentence is not thirsty any more: those come last.
    order = sorted(sentences, key=lambda one: (one[1] is Ask.WATER, one[1] is Ask.LOG))
    wrong = [problem for one in order if (problem := await house.problem_with(*one))]
    assert wrong == []


async def test_what_is_not_about_plants_is_home_assistants(house: House) -> None:
    hass = house.talking.hass
    hass.states.async_set("light.lamp", "off", {"friendly_name": "Lamp"})
    for text in ("what is the weather", "how is the weather", "how is the bathroom", "hello"):
        await house.say(text)
    assert house.heard == []
    # It looks like a plant's name and is none: what Home Assistant says of it comes through.
    assert await house.say("how is the basement")
    assert [one for one, _ in house.heard] == [Ask.STATUS]
    assert house.running() == ""


async def test_what_is_hidden_is_neither_told_nor_watered(house: House) -> None:
    house.talking.expose(to=False)
    for text in ("water the basil", "when did I last water the basil", "how is the basil"):
        answer = await house.say(text)
        assert "basil" in answer.lower() or "understand" in answer
    assert [who for _, who in house.heard] == ["", "", ""]
    assert "basil" not in (await house.say("which plants need water")).lower()
    assert house.running() == ""
    # But whoever says stop is heard.
    assert await house.say("stop watering") == "Watering is stopped."


async def test_a_new_name_is_heard_at_once(house: House) -> None:
    hass, ids = house.talking.hass, house.ids
    dr.async_get(hass).async_update_device(
        device(house.talking.hose, ids["b"]), name_by_user="Quirinus"
    )
    await hass.async_block_till_done()
    await house.say("how is quirinus")
    await house.say("how is quirinius")
    assert house.heard == [(Ask.STATUS, "b"), (Ask.STATUS, "b")]


async def test_without_plants_nothing_is_listened_to(house: House) -> None:
    manager = conversation.get_agent_manager(house.talking.hass)
    assert any("water {plant}" in one for one in manager.trigger_sentences)
    await house.talking.hose.stop()
    await house.talking.hass.async_block_till_done()
    assert manager.trigger_sentences == []


async def test_hostile_names_are_no_sentences(hass: HomeAssistant, talking: Talking) -> None:
    names: list[dict[str, Any]] = [
        {"title": one} for one in ("(x|{y}", "[[", "}{", "<a>", "\\", "water {plant}", "…")
    ]
    await talking.grow(*names, {"title": "Basil"})
    await hass.async_block_till_done()
    context = talking.message()
    result = await conversation.async_converse(hass, "how is the basil", None, context)
    assert "Basil" in result.response.speech["plain"]["speech"]


async def test_a_large_garden_is_heard_in_time(hass: HomeAssistant, talking: Talking) -> None:
    words = ("Alder", "Birch", "Cedar", "Dahlia", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper")
    await talking.grow(*({"title": f"{one} {two}"} for one in words for two in words[:5]))
    await hass.async_block_till_done()
    context = talking.message()
    await conversation.async_converse(hass, "how is the hazel elm", None, context)
    started = time.perf_counter()
    for text in ("how is the hazel elm", "turn on the light in the kitchen"):
        await conversation.async_converse(hass, text, None, context)
    # Some ten milliseconds each; the bound is for a machine that is busy.
    assert time.perf_counter() - started < 5


async def test_sentences_are_registered_once(hass: HomeAssistant, talking: Talking) -> None:
    await talking.grow({"title": "Basil"})
    await hass.async_block_till_done()
    manager = conversation.get_agent_manager(hass)
    before = len(manager.trigger_sentences)
    await Listener(hass).async_look()
    assert len(manager.trigger_sentences) == 2 * before
    assert before == len(set(manager.trigger_sentences))
