"""What ails a plant: with services and without, through the real action."""

import json
import os
import re
from typing import Any

import pytest
from homeassistant.exceptions import HomeAssistantError
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.photos.diagnosing import async_diagnose
from custom_components.plant_vita.plants.entry import device_of
from scripts.lab.clouds.gemini import GeminiCloud
from scripts.lab.clouds.plant_id import PlantIdCloud
from scripts.lab.clouds.server import Fault
from tests.photos.accounts import House, house_fixture
from tests.photos.planted import planted
from tests.providers.test_instructions import FIFTY

house = house_fixture()
CARRIERS = FIFTY if os.environ.get("PLANT_VITA_FULL") == "1" else FIFTY[::7]
MARKUP = re.compile(r"[<>{}`|\\]|://|javascript:|\n")


async def diagnose(house: House, entry: MockConfigEntry, **data: Any) -> Any:
    (plant_id,) = entry.subentries
    device = device_of(house.hass, entry, plant_id)
    assert device is not None
    answer = await house.hass.services.async_call(
        DOMAIN, "diagnose", {"device_id": device.id, **data}, blocking=True, return_response=True
    )
    await house.settle()
    json.dumps(answer)
    return answer


def causes(answer: Any) -> dict[str, float]:
    return {one["cause"]: one["confidence"] for one in answer["findings"]}


async def refused(house: House, entry: MockConfigEntry, **data: Any) -> str | None:
    with pytest.raises(HomeAssistantError) as raised:
        await diagnose(house, entry, **data)
    assert raised.value.translation_domain == DOMAIN
    return raised.value.translation_key


async def test_without_any_service_the_sensors_tell_and_say_so(house: House) -> None:
    answer = await diagnose(house, await planted(house, 2))
    (first,) = answer["findings"]
    assert (first["cause"], first["name"]) == ("under_watered", "Too little water")
    assert first["confidence"] > 0.9
    assert first["severity"] == "severe"
    (evidence,) = first["evidence"]
    assert evidence["text"].startswith("The soil was drier than")
    assert evidence["text"].endswith("% for 100 % of the last 14 days.")
    assert answer["basis"] == {"services": False, "photos": False, "sensors": True}
    assert answer["note"].startswith("No service was heard")
    assert answer["left_the_house"] == {"to": [], "photos": [], "readings": False}
    assert (answer["question"], answer["services"]) == (None, [])


async def test_photo_and_soil_are_weighed(house: House) -> None:
    entry = await planted(house, 99)
    for kind in house.clouds:
        await house.add(kind)
    answer = await diagnose(house, entry, file=house.photo())
    (first, *_) = answer["findings"]
    assert first["cause"] == "over_watered"
    assert first["confidence"] > 0.95
    assert first["treatment"]["prevention"] == ["Water less often.", "Use a pot with a hole."]
    assert {one["source"] for one in first["evidence"]} == {"sensor", "service"}
    assert "Plant.id" in first["services"]
    assert answer["basis"] == {"services": True, "photos": True, "sensors": True}
    assert answer["note"] is None
    assert answer["left_the_house"]["readings"] is True
    gemini = house.clouds["gemini"]
    assert isinstance(gemini, GeminiCloud)
    (asked,) = gemini.questions
    assert asked["species"] == ["Monstera deliciosa"]
    assert asked["readings"]["moisture_percent_of_time_too_high"] == 100
    # Its own name stays at home; the specialists get no reading either.
    for cloud in house.clouds.values():
        assert all(b"Liebling" not in call.body for call in cloud.calls)
    posts = [one for one in house.clouds["plant_id"].calls if one.method == "POST"]
    assert all(b"moisture" not in one.body for one in posts)


async def test_dry_soil_speaks_against_what_the_photo_suggests(house: House) -> None:
    entry = await planted(house, 2)
    await house.add("plant_id")
    found = causes(await diagnose(house, entry, file=house.photo()))
    assert found["under_watered"] > 0.9
    assert found["over_watered"] < 0.1


@pytest.mark.parametrize("fault", [Fault.S401, Fault.S429, Fault.S500, Fault.GARBAGE, Fault.LIE])
async def test_a_service_that_fails_leaves_the_sensors(house: House, fault: Fault) -> None:
    entry = await planted(house, 2)
    await house.add("plant_id")
    house.clouds["plant_id"].fail(fault)
    answer = await diagnose(house, entry, file=house.photo())
    assert list(causes(answer)) == ["under_watered"]
    assert answer["services"][0]["outcome"].startswith("provider_")
    assert answer["basis"]["services"] is False
    assert answer["note"] is not None


async def test_an_answer_to_its_question_costs_nothing(house: House) -> None:
    entry = await planted(house)
    await house.add("plant_id")
    cloud = house.clouds["plant_id"]
    assert isinstance(cloud, PlantIdCloud)
    cloud.diseases = [("overwatering", 0.5), ("Fungi", 0.45)]
    cloud.asks = "Is the soil wet?"
    path = house.photo()
    before = await diagnose(house, entry, file=path)
    assert before["question"] == {
        "text": "Is the soil wet?",
        "yes": "overwatering",
        "no": "Fungi",
        "service": "Plant.id",
    }
    after = await diagnose(house, entry, file=path, answer="no")
    assert [one["cause"] for one in before["findings"]] == ["over_watered", "fungus"]
    assert [one["cause"] for one in after["findings"]] == ["fungus", "over_watered"]
    assert after["question"] is None
    assert "You have confirmed it." in [e["text"] for e in after["findings"][0]["evidence"]]
    assert cloud.posts == 1
    assert await refused(house, entry, answer="yes", file=house.photo("x.jpg", b"")) == "photo_type"


async def test_what_cannot_be_said_is_said_why(house: House) -> None:
    entry = await planted(house)
    assert await refused(house, entry) == "diagnosis_nothing"
    await house.add("plant_id")
    assert await refused(house, entry, file=[house.photo()] * 6) == "photos_count"
    assert await refused(house, entry, answer="yes", file=house.photo()) == "question_none"


@pytest.mark.parametrize("carrier", CARRIERS)
async def test_instructions_in_an_answer_command_nothing(house: House, carrier: str) -> None:
    entry = await planted(house, 2)
    await house.add("gemini")
    gemini = house.clouds["gemini"]
    assert isinstance(gemini, GeminiCloud)
    reply = gemini.replies["troubles"]
    reply["explanation"] = carrier
    reply["troubles"][0] |= {"description": carrier, "prevention": [carrier], "tool": carrier}
    calls = async_capture_events(house.hass, "call_service")
    answer = await diagnose(house, entry, file=house.photo())
    assert [(one.data["domain"], one.data["service"]) for one in calls] == [(DOMAIN, "diagnose")]
    assert answer["services"][0]["outcome"] == "answered"
    for text in [json.dumps(answer, ensure_ascii=False)]:
        words = re.sub(r'[{}]|\\"', " ", text)
        assert not MARKUP.search(words), words
    for state in house.hass.states.async_all():
        assert not MARKUP.search(f"{state.state}"), state
        assert carrier not in str(state.attributes)


def test_it_is_what_the_action_calls() -> None:
    assert async_diagnose.__module__.endswith("photos.diagnosing")
