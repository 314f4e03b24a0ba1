"""Plants that move from one Home Assistant to another."""

import json
from typing import Any

import pytest
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.plants.definition import Input
from custom_components.plant_vita.plants.portable import Portable, as_mapping
from custom_components.plant_vita.plants.state import Care
from tests.actions.asking import ask, device
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


async def grown(growing: Growing) -> str:
    """A plant with everything; its id."""
    registry = er.async_get(growing.hass)
    soil = registry.async_get_or_create(
        "sensor", "zha", "0x1", suggested_object_id="soil", unit_of_measurement="V"
    )
    growing.say("sensor.soil", 2.0, "V")
    growing.say("sensor.air", 21.0, "°C")
    growing.hass.states.async_set("switch.pump", "off")
    growing.hass.states.async_set("camera.sill", "idle")
    return await growing.grow(
        {
            "title": "Basil",
            "species": "ocimum_basilicum",
            "outdoors": True,
            "pot_cm": 14.0,
            "moisture": [soil.id],
            "temperature": ["sensor.air"],
            "pump": "switch.pump",
            "camera": "camera.sill",
            "raw_dry": 3.0,
            "raw_wet": 1.0,
            "scales": {soil.id: [2.5, 1.5]},
            "light_source": "led_white",
            "limits": {"moisture_low": 30.0},
        }
    )


async def exported(growing: Growing, plant_id: str) -> dict[str, Any]:
    answer = await ask(growing, "export_plant", device_id=device(growing, plant_id))
    (profile,) = json.loads(json.dumps(answer))["profiles"]
    found: dict[str, Any] = profile
    return found


async def test_a_plant_comes_back_with_all_that_was_known_of_it(growing: Growing) -> None:
    plant_id = await grown(growing)
    basil = device(growing, plant_id)
    await ask(growing, "log_care", device_id=basil, care="fed", at="2026-06-01 08:00:00")
    await ask(growing, "log_care", device_id=basil, care="watered", at="2026-06-09 08:00:00")
    profile = await exported(growing, plant_id)
    assert (profile["format"], profile["version"]) == ("plant_vita.plant", 1)
    # By the id that it has today, not by one that no other house knows.
    assert profile["inputs"] == {"moisture": ["sensor.soil"], "temperature": ["sensor.air"]}
    assert profile["scales"] == {"sensor.soil": {"dry": 2.5, "wet": 1.5}}
    answer = await ask(growing, "import_plant", profile=profile)
    assert answer["name"] == "Basil"
    assert answer["unbound"] == {"pump": ["switch.pump"]}
    again = growing.plant(answer["plant_id"])
    assert answer["plant_id"] != plant_id
    assert again.memory.last == growing.plant(plant_id).memory.last
    assert [care for _, care in again.memory.log] == [Care.FED, Care.WATERED]
    before = growing.plant(plant_id).definition
    assert again.definition.scale == before.scale
    assert again.definition.scales == before.scales != {}
    assert again.definition.lamp is before.lamp
    assert again.data.inputs[Input.MOISTURE].value == 50.0
    assert growing.shown(answer["plant_id"], "last_fed") == "2026-06-01T08:00:00+00:00"
    back = await exported(growing, answer["plant_id"])
    assert back == {**profile, "helpers": {"camera": "camera.sill"}}
    # A registered entity is bound by what survives its renaming.
    soil = er.async_get(growing.hass).async_get("sensor.soil")
    assert soil is not None
    subentry = growing.entry.subentries[answer["plant_id"]]
    assert subentry.data["moisture"] == [soil.id]


async def test_what_it_knows_outlives_a_restart(growing: Growing) -> None:
    plant_id = await grown(growing)
    profile = await exported(growing, plant_id)
    profile["log"] = [[1_780_000_000.0, "fed"]]
    answer = await ask(growing, "import_plant", profile=profile)
    await growing.stop()
    await growing.start()
    assert growing.plant(answer["plant_id"]).memory.log == [(1_780_000_000.0, Care.FED)]


async def test_entities_that_do_not_exist_here_are_named(growing: Growing) -> None:
    growing.say("sensor.here", 40)
    await growing.grow({"title": "Fern"})
    own = growing.entity_id(next(iter(growing.entry.subentries)), "sensor", "next_watering")
    assert own is not None
    profile = as_mapping(
        Portable(
            name="Basil",
            inputs={
                Input.MOISTURE: ("sensor.gone", "sensor.here"),
                Input.LIGHT: ("sensor.dark",),
                Input.TEMPERATURE: (own,),
            },
            helpers={"camera": "camera.gone", "grow_light": "light.lamp"},
        )
    )
    answer = await ask(growing, "import_plant", profile=profile)
    assert answer["unbound"] == {
        "moisture": ["sensor.gone"],
        "light": ["sensor.dark"],
        "temperature": [own],
        "camera": ["camera.gone"],
        "grow_light": ["light.lamp"],
    }
    definition = growing.plant(answer["plant_id"]).definition
    assert definition.inputs == {Input.MOISTURE: ("sensor.here",)}
    assert (definition.camera, definition.grow_light) == (None, None)
    assert growing.issues() == []


@pytest.mark.parametrize(
    ("profile", "reason", "placeholders"),
    [
        ({}, "profile_invalid", {"field": "format"}),
        ("nonsense", "profile_invalid", {"field": "format"}),
        ({**as_mapping(Portable(name="<b>"))}, "profile_invalid", {"field": "name"}),
        ({**as_mapping(Portable(name="B")), "version": 2}, "profile_version", {}),
        ({**as_mapping(Portable(name="B" * 300))}, "profile_too_large", {}),
    ],
)
async def test_what_is_no_profile_changes_nothing(
    growing: Growing, profile: object, reason: str, placeholders: dict[str, str]
) -> None:
    await growing.grow({"title": "Fern"})
    before, stored = dict(growing.entry.subentries), set(growing.hass_storage)
    with pytest.raises(ServiceValidationError) as refused:
        await ask(growing, "import_plant", profile=profile)
    await growing.hass.async_block_till_done()
    assert (refused.value.translation_domain, refused.value.translation_key) == (DOMAIN, reason)
    assert (refused.value.translation_placeholders or {}) == placeholders
    assert dict(growing.entry.subentries) == before
    assert len(growing.garden.plants) == 1
    assert set(growing.hass_storage) == stored


async def test_twice_is_two_plants(growing: Growing) -> None:
    await growing.grow()
    profile = as_mapping(Portable(name="Basil"))
    ids = {(await ask(growing, "import_plant", profile=profile))["plant_id"] for _ in range(2)}
    assert set(growing.garden.plants) == ids
    assert len(ids) == 2


async def test_without_a_garden_there_is_no_place_for_it(growing: Growing) -> None:
    await growing.grow()
    await growing.stop()
    with pytest.raises(ServiceValidationError) as refused:
        await ask(growing, "import_plant", profile=as_mapping(Portable(name="Basil")))
    assert refused.value.translation_key == "no_garden"
