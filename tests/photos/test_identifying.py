"""Which plant is it: what is sent, who says what, and what is said when nobody can."""

import asyncio
import base64
import json
from typing import Any

import pytest
from homeassistant.exceptions import HomeAssistantError

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.photos.decoding import async_get_turn
from custom_components.plant_vita.photos.identifying import async_identify
from custom_components.plant_vita.vision import prepare
from custom_components.plant_vita.vision.prepare import Examined
from scripts.lab.clouds.pictures import jpeg, plant
from scripts.lab.clouds.server import Fault
from tests.photos.accounts import House, house_fixture, picture

house = house_fixture()


async def refused(house: House, **data: Any) -> str | None:
    with pytest.raises(HomeAssistantError) as raised:
        await house.identify(**data)
    await house.settle()
    assert raised.value.translation_domain == DOMAIN
    return raised.value.translation_key


async def test_all_services_together_and_each_by_itself(house: House) -> None:
    for kind in house.clouds:
        await house.add(kind)
    answer = await house.identify(file=house.photo())
    assert (answer["species"], answer["unknown"]) == ("Monstera deliciosa", False)
    assert answer["confidence"] > 0.5
    assert answer["candidates"][0]["name"] == "Monstera deliciosa"
    services = {one["service"]: one for one in answer["services"]}
    assert {kind: one["outcome"] for kind, one in services.items()} == {
        "plant_id": "answered",
        "plantnet": "answered",
        "gemini": "answered",
    }
    first = services["plant_id"]["candidates"][0]
    assert (first["name"], first["confidence"]) == ("Monstera deliciosa", 0.88)
    assert services["plantnet"]["candidates"][0]["confidence"] == 0.71
    left = answer["left_the_house"]
    assert sorted(left["to"]) == ["Google Gemini", "Pl@ntNet", "Plant.id"]
    assert [(one["width"], one["height"]) for one in left["photos"]] == [(640, 480)]
    json.dumps(answer)


async def test_what_is_sent_is_pixels_only(house: House) -> None:
    await house.add("plant_id")
    answer = await house.identify(file=house.photo())
    (call,) = [one for one in house.clouds["plant_id"].calls if one.method == "POST"]
    body = json.loads(call.body)
    sent = base64.b64decode(body["images"][0])
    assert b"Anna" in picture()
    assert b"Anna" not in sent
    assert len(sent) == answer["left_the_house"]["photos"][0]["bytes"]
    assert {"latitude", "longitude"}.isdisjoint(body)


async def test_the_same_photo_is_not_sent_twice(house: House) -> None:
    await house.add("plant_id")
    await house.identify(file=house.photo())
    answer = await house.identify(file=house.photo("copy.jpg"))
    assert answer["services"][0]["cached"] is True
    assert answer["left_the_house"] == {"to": [], "photos": []}
    assert answer["species"] == "Monstera deliciosa"
    assert len([one for one in house.clouds["plant_id"].calls if one.method == "POST"]) == 1


async def test_a_service_that_fails_fails_nobody_else(house: House) -> None:
    await house.add("plant_id")
    await house.add("plantnet")
    house.clouds["plant_id"].fail(Fault.S500)
    answer = await house.identify(file=house.photo())
    outcomes = {one["name"]: one["outcome"] for one in answer["services"]}
    assert outcomes == {"Plant.id": "provider_down", "Pl@ntNet": "answered"}
    assert answer["candidates"][0]["name"] == "Monstera deliciosa"
    # It may have looked at the photo before it failed.
    assert sorted(answer["left_the_house"]["to"]) == ["Pl@ntNet", "Plant.id"]


async def test_unknown_when_nobody_is_sure(house: House) -> None:
    await house.add("plantnet")
    house.clouds["plantnet"].results = [  # type: ignore[attr-defined]
        ("Monstera deliciosa", 0.11),
        ("Ficus lyrata", 0.1),
    ]
    answer = await house.identify(file=house.photo())
    assert (answer["unknown"], answer["species"], answer["confidence"]) == (True, None, None)
    assert len(answer["candidates"]) == 2


async def test_only_those_that_were_chosen_and_what_the_photos_show(house: House) -> None:
    await house.add("plant_id")
    await house.add("plantnet")
    files = [house.photo("one.jpg"), house.photo("two.jpg", jpeg(plant(2, (640, 480))))]
    answer = await house.identify(file=files, organs=["leaf", "flower"], services="plantnet")
    assert [one["service"] for one in answer["services"]] == ["plantnet"]
    (call,) = [one for one in house.clouds["plantnet"].calls if one.method == "POST"]
    assert call.body.index(b"leaf") < call.body.index(b"flower")
    assert [one for one in house.clouds["plant_id"].calls if one.method == "POST"] == []


async def test_a_limit_of_ones_own_sends_nothing(house: House) -> None:
    await house.add("plant_id", daily=0)
    await house.add("plantnet")
    answer = await house.identify(file=house.photo())
    limited = next(one for one in answer["services"] if one["service"] == "plant_id")
    assert limited["outcome"] == "provider_limit"
    assert limited["again_at"] is not None
    assert answer["left_the_house"]["to"] == ["Pl@ntNet"]


async def test_failures_are_said_in_the_readers_language(house: House) -> None:
    assert await refused(house, file=house.photo()) == "provider_none"
    await house.add("gemini")
    assert await refused(house, file=house.photo("text.jpg", b"no photo")) == "photo_type"
    black = jpeg(plant(1, (640, 480), light=0.02))
    assert await refused(house, file=house.photo("night.jpg", black)) == "photo_too_dark"
    assert house.clouds["gemini"].calls == []
    house.clouds["gemini"].fail(Fault.S401)
    assert await refused(house, file=house.photo()) == "provider_key"
    flows = house.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["step_id"] for flow in flows] == ["key"]


async def test_a_question_that_is_given_up_harms_nobody(house: House) -> None:
    await house.add("plant_id")
    house.clouds["plant_id"].delay = (0.3, 0.3)
    path = house.photo()
    ask = [asyncio.create_task(house.identify(file=path)) for _ in range(2)]
    await asyncio.sleep(0.15)
    ask[0].cancel()
    answer = await ask[1]
    assert answer["species"] == "Monstera deliciosa"
    assert len([one for one in house.clouds["plant_id"].calls if one.method == "POST"]) == 1


async def test_it_takes_turns_with_the_album(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.add("plant_id")
    turn, examine = async_get_turn(house.hass), prepare.examine
    taken: list[bool] = []

    def examined(data: bytes) -> Examined:
        taken.append(turn.locked())
        return examine(data)

    monkeypatch.setattr(prepare, "examine", examined)
    await house.identify(file=house.photo())
    assert taken == [True]
    assert not turn.locked()


def test_it_is_what_the_action_calls() -> None:
    assert async_identify.__module__.endswith("photos.identifying")
