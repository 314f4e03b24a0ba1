"""The intents, as automations and other assistants may use them."""

import pytest
from homeassistant.helpers import intent

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.voice.sentences import Ask
from tests.voice.talking import Talking, hose, talking_fixture
from tests.watering.garden_hose import BASIL

__all__ = ["hose"]

talking = talking_fixture()


async def test_the_intents_are_there_and_described(talking: Talking) -> None:
    await talking.grow(BASIL)
    ours = {one.intent_type: one for one in intent.async_get(talking.hass)}
    assert set(Ask) <= set(ours)
    assert all(ours[ask].description for ask in Ask)


async def test_an_intent_is_done_and_names_its_plants(talking: Talking) -> None:
    (basil,) = await talking.grow(BASIL)
    response = await intent.async_handle(
        talking.hass, DOMAIN, Ask.WATER, {"phrase": {"value": "the basil"}}, language="en"
    )
    assert response.speech["plain"]["speech"] == "Basil gets 100 millilitres."
    assert response.speech_slots == {"plants": [basil]}
    await intent.async_handle(talking.hass, DOMAIN, Ask.STOP)
    assert talking.hose.pump == "off"


@pytest.mark.parametrize("slots", [{}, {"phrase": {"value": "x" * 300}}, {"phrase": {"value": ""}}])
async def test_a_plant_is_needed(talking: Talking, slots: dict[str, dict[str, str]]) -> None:
    await talking.grow(BASIL)
    with pytest.raises(intent.InvalidSlotInfo):
        await intent.async_handle(talking.hass, DOMAIN, Ask.WATER, slots)
    assert talking.hose.pump == "off"
