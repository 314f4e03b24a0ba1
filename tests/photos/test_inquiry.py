"""What somebody who asks from a browser is told, step by step."""

import asyncio
from typing import Any

import pytest
from homeassistant.core import Context

from custom_components.plant_vita.model.finding import Task
from custom_components.plant_vita.photos import inquiry
from custom_components.plant_vita.photos.inquiry import Inquiry
from scripts.lab.clouds.server import Fault
from tests.photos.accounts import House, house_fixture, picture
from tests.photos.test_diagnosing import planted

house = house_fixture()


class Line:
    """A connection that writes down what is sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def send_event(self, _: int, event: dict[str, Any]) -> None:
        self.sent.append(event)

    def context(self, _: dict[str, Any]) -> Context:
        return Context()


async def told(
    house: House, task: Task, plant: Any = None, photo: bytes | None = None, **more: Any
) -> list[dict[str, Any]]:
    """Everything that is said to one question."""
    line = Line()
    msg = {"id": 1, "task": task, "language": "en", **more}
    with pytest.MonkeyPatch.context() as patch:
        if photo is not None:
            msg["file_id"] = "one"

            async def taken(*_: object) -> bytes:
                return photo

            patch.setattr(inquiry, "async_bytes_of_upload", taken)
        await Inquiry(house.hass, line, msg, plant).async_answer()  # type: ignore[arg-type]
    await house.settle()
    return line.sent


async def test_each_step_and_the_answer_with_what_it_would_set(house: House) -> None:
    await house.add("plant_id")
    await house.add("plantnet")
    house.clouds["plantnet"].fail(Fault.S500)
    said = await told(house, Task.IDENTIFY, photo=picture(), language="de")
    assert {one["type"] for one in said[:-1]} == {"progress"}
    steps = {(one["service"], one["state"]): one["message"] for one in said[:-1]}
    assert steps["Plant.id", "answered"] is None
    assert steps["Pl@ntNet", "provider_down"] == "Der Dienst ist nicht erreichbar oder gestört."
    result = said[-1]
    assert (result["type"], result["species"]) == ("result", "Monstera deliciosa")
    assert result["catalogue"]["Monstera deliciosa"]["species"] == "monstera_deliciosa"


async def test_failures_are_told_in_the_readers_language(house: House) -> None:
    (said,) = await told(house, Task.IDENTIFY, photo=picture(), language="nl")
    assert said == {
        "type": "error",
        "key": "provider_none",
        "message": "Er is geen dienst ingesteld die dit kan.",
    }
    await house.add("plant_id")
    *_, said = await told(house, Task.IDENTIFY, photo=b"no photo")
    assert (said["type"], said["key"]) == ("error", "photo_type")
    assert "JPEG" in said["message"]
    (said,) = await told(house, Task.IDENTIFY)
    assert said["key"] == "photo_one"
    (said,) = await told(house, Task.DIAGNOSE)
    assert said["key"] == "not_a_plant"
    # A language that nobody has translated is answered in English.
    (said,) = await told(house, Task.IDENTIFY, language="tlh")
    assert said["message"] == "Give exactly one photo: an entity, a medium or a file."


async def test_an_upload_that_is_gone_is_told(house: House) -> None:
    await house.add("plant_id")
    (said,) = await told(house, Task.IDENTIFY, file_id="0" * 32)
    assert said["key"] == "photo_unavailable"
    assert said["message"] == "No photo can be had from upload."


async def test_a_question_is_asked_and_answered_for_nothing(house: House) -> None:
    await house.add("plant_id")
    cloud: Any = house.clouds["plant_id"]
    cloud.asks = "Is the soil wet?"
    entry = await planted(house, 40)
    (plant,) = entry.runtime_data.garden.plants.values()
    result = (await told(house, Task.DIAGNOSE, plant, picture()))[-1]
    assert result["question"]["text"] == "Is the soil wet?"
    assert result["findings"][0]["evidence"]
    again = (await told(house, Task.DIAGNOSE, plant, picture(), answer=True))[-1]
    assert again["question"] is None
    assert again["left_the_house"]["to"] == []
    assert cloud.posts == 1


async def test_no_wait_is_for_ever(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.add("plant_id")
    house.clouds["plant_id"].fail(Fault.TIMEOUT)
    monkeypatch.setattr(inquiry, "WITHIN_S", 0.2)
    async with asyncio.timeout(10):
        *_, said = await told(house, Task.IDENTIFY, photo=picture())
    assert (said["type"], said["key"]) == ("error", "providers_failed")
    assert said["message"] == "None of the services answered."
