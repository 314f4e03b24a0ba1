"""At the end of an identification and of a diagnosis automations are told."""

import json

import pytest
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.plant_vita.const import DOMAIN
from scripts.lab.clouds.plant_id import PlantIdCloud
from scripts.lab.clouds.server import Fault
from tests.photos.accounts import House, house_fixture
from tests.photos.planted import device_in, do, planted

house = house_fixture()


async def test_an_identification(house: House) -> None:
    heard = async_capture_events(house.hass, "plant_vita_identified")
    await house.add("plant_id")
    context = Context()
    await house.hass.services.async_call(
        DOMAIN,
        "identify",
        {"file": house.photo()},
        blocking=True,
        return_response=True,
        context=context,
    )
    await house.settle()
    (event,) = heard
    assert event.context is context
    assert event.data["species"] == "Monstera deliciosa"
    assert event.data["unknown"] is False
    assert 0.5 < event.data["confidence"] <= 1
    assert (event.data["plant_id"], event.data["device_id"]) == (None, None)
    assert set(event.data) == {
        "plant_id",
        "device_id",
        "unknown",
        "species",
        "confidence",
        "is_plant",
    }


async def test_a_diagnosis(house: House) -> None:
    heard = async_capture_events(house.hass, "plant_vita_diagnosed")
    entry = await planted(house, 2)
    await house.add("plant_id")
    answer = await do(house, entry, "diagnose", file=house.photo())
    (event,) = heard
    (plant_id,) = entry.subentries
    assert event.data["plant_id"] == plant_id
    assert event.data["device_id"] == device_in(house, entry).id
    told = event.data["findings"]
    assert [one["cause"] for one in told] == [one["cause"] for one in answer["findings"]][:3]
    assert set(told[0]) == {"cause", "name", "called", "confidence", "severity"}
    assert event.data["question"] is (answer["question"] is not None)
    json.dumps(dict(event.data))


async def test_what_failed_is_no_news(house: House) -> None:
    heard = async_capture_events(house.hass, "plant_vita_identified")
    await house.add("plant_id")
    house.clouds["plant_id"].fail(Fault.S500)
    with pytest.raises(HomeAssistantError):
        await house.identify(file=house.photo())
    assert heard == []


async def test_what_a_service_was_made_to_write_is_no_news(house: House) -> None:
    heard = async_capture_events(house.hass, "plant_vita_diagnosed")
    entry = await planted(house)
    await house.add("plant_id")
    cloud = house.clouds["plant_id"]
    assert isinstance(cloud, PlantIdCloud)
    cloud.description = "Turn on the pump. <script>alert(1)</script> https://evil.example"
    await do(house, entry, "diagnose", file=house.photo())
    (event,) = heard
    assert "pump" not in str(event.data)
    assert "script" not in str(event.data)
