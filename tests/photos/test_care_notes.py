"""How to care for a plant: what the catalogue, databases and models say, each by its name."""

import json
from typing import Any

import pytest
from homeassistant.util import dt as dt_util

from custom_components.plant_vita.plants.definition import CONF_LIMITS
from scripts.lab.clouds.databases import ADVERTISEMENT, PerenualCloud
from scripts.lab.clouds.server import Fault
from tests.photos.accounts import House, house_fixture
from tests.photos.house_model import add_model, set_up_model
from tests.photos.planted import do, planted

house = house_fixture()


@pytest.fixture(autouse=True)
def summer(monkeypatch: pytest.MonkeyPatch) -> None:
    day = dt_util.parse_datetime("2026-07-10T12:00:00+00:00")
    monkeypatch.setattr(dt_util, "now", lambda *_: day)


def by_topic(answer: Any, source: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in answer["instructions"]:
        if one["source"] == source:
            found.setdefault(one["topic"], []).append(one["text"])
    return found


async def test_the_catalogue_needs_nobody(house: House) -> None:
    house.hass.config.latitude = 52.0
    answer = await do(house, await planted(house), "care_instructions")
    assert (answer["species"], answer["season"]) == ("Monstera deliciosa", "summer")
    assert (answer["services"], answer["left_the_house"]) == ([], {"to": [], "photos": []})
    said = by_topic(answer, "Plant Vita")
    assert said["watering"][0] == "Water when the upper centimetres of the soil are dry."
    assert said["feeding"][-1].startswith("Feed every ")
    assert said["toxicity"] == ["Cats: Toxic. Dogs: Toxic. Children: Irritating."]
    assert set(said) == {
        "watering",
        "light",
        "temperature",
        "humidity",
        "feeding",
        "repotting",
        "toxicity",
    }
    (temperature,) = (one for one in answer["instructions"] if one["topic"] == "temperature")
    assert set(temperature["figures"]) == {"minimum", "low", "high", "maximum"}
    assert {one["kind"] for one in answer["instructions"]} <= {
        "toxicology",
        "horticulture",
        "estimate",
        "family",
        "class",
        "group",
    }
    json.dumps(answer)


async def test_winter_is_another_thing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.hass.config.latitude = 52.0
    entry = await planted(house)
    before = by_topic(await do(house, entry, "care_instructions"), "Plant Vita")
    day = dt_util.parse_datetime("2026-01-10T12:00:00+00:00")
    monkeypatch.setattr(dt_util, "now", lambda *_: day)
    for plant in entry.runtime_data.garden.plants.values():
        await plant.async_refresh()
    answer = await do(house, entry, "care_instructions")
    assert answer["season"] == "winter"
    after = by_topic(answer, "Plant Vita")
    assert after["feeding"][-1] == "No fertiliser at this time of the year."
    assert after["watering"] != before["watering"]


async def test_what_a_person_has_set_is_theirs(house: House) -> None:
    entry = await planted(house)
    (subentry,) = entry.subentries.values()
    data = {**subentry.data, CONF_LIMITS: {"water_days": 5.0, "moisture_low": 33.0}}
    house.hass.config_entries.async_update_subentry(entry, subentry, data=data)
    await house.settle()
    answer = await do(house, entry, "care_instructions")
    said = by_topic(answer, "You")
    assert len(said["watering"]) == 2
    assert said["watering"][0].endswith(": 5.")
    assert "33" in said["watering"][1]
    assert {one["kind"] for one in answer["instructions"] if one["source"] == "You"} == {"own"}


async def test_databases_and_models_say_what_they_know_beside_it(house: House) -> None:
    entry = await planted(house)
    for kind in ("openplantbook", "trefle", "perenual"):
        await house.add(kind)
    await set_up_model(house.hass)
    await add_model(house.hass)
    answer = await do(house, entry, "care_instructions")
    assert by_topic(answer, "OpenPlantbook")["temperature"] == ["Temperature: 12 to 32 °C."]
    assert by_topic(answer, "Perenual") == {
        "watering": ["Average", "Days between two waterings: 7 to 10."],
        "light": ["part shade, part sun/part shade"],
        "toxicity": ["Poisonous to pets.", "Poisonous to people."],
        "care": ["How hard it is to care for: Medium."],
    }
    assert by_topic(answer, "AI Task: Lab model") == {
        "watering": ["When the upper 3 cm are dry."],
        "light": ["Bright shade."],
    }
    kinds = {one["source"]: one["kind"] for one in answer["instructions"]}
    assert (kinds["Perenual"], kinds["AI Task: Lab model"]) == ("database", "model")
    outcomes = {one["service"]: one["outcome"] for one in answer["services"]}
    assert outcomes == dict.fromkeys(("openplantbook", "trefle", "perenual", "ai_task"), "answered")
    assert len(answer["left_the_house"]["to"]) == 4
    assert "Annas" not in str([house.clouds[kind].calls for kind in house.clouds])


async def test_some_can_be_chosen(house: House) -> None:
    entry = await planted(house)
    for kind in ("openplantbook", "trefle"):
        await house.add(kind)
    answer = await do(house, entry, "care_instructions", services=["trefle"])
    assert [one["service"] for one in answer["services"]] == ["trefle"]
    answer = await do(house, entry, "care_instructions", services=[])
    assert answer["services"] == []


@pytest.mark.parametrize("fault", [Fault.S401, Fault.S429, Fault.GARBAGE, Fault.RESET])
async def test_one_that_fails_is_named_and_the_catalogue_stays(house: House, fault: Fault) -> None:
    entry = await planted(house)
    await house.add("perenual")
    house.clouds["perenual"].fail(fault)
    answer = await do(house, entry, "care_instructions")
    assert by_topic(answer, "Plant Vita")["watering"]
    assert by_topic(answer, "Perenual") == {}
    (service,) = answer["services"]
    assert service["outcome"].startswith("provider_")


async def test_advertisements_are_no_instructions(house: House) -> None:
    entry = await planted(house)
    await house.add("perenual")
    cloud = house.clouds["perenual"]
    assert isinstance(cloud, PerenualCloud)
    for name in ("watering", "sunlight", "care_level", "watering_general_benchmark"):
        cloud.details[name] = ADVERTISEMENT
    answer = await do(house, entry, "care_instructions")
    assert set(by_topic(answer, "Perenual")) == {"toxicity"}
    assert "perenual.com" not in json.dumps(answer)


async def test_a_plant_of_no_known_species_gets_what_most_bear(house: House) -> None:
    entry = await planted(house, species="")
    await house.add("trefle")
    house.clouds["trefle"].calls.clear()
    answer = await do(house, entry, "care_instructions")
    assert answer["species"] is None
    assert house.clouds["trefle"].calls == []
    assert {one["kind"] for one in answer["instructions"]} == {"group"}
