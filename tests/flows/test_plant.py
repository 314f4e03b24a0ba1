"""Adding and changing a plant, with every brand of sensor and with none."""

from collections.abc import Mapping
from typing import Any

import pytest
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)

from custom_components.plant_vita.plants.entry import device_of
from tests.flows.dialog import add, change
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


def only_plant(growing: Growing) -> Mapping[str, Any]:
    (plant,) = growing.entry.subentries.values()
    return plant.data


async def test_a_name_is_enough(growing: Growing) -> None:
    await growing.grow()
    dialog = await add(growing)
    assert (await dialog.answer(name="Basil", outdoors=False))["step_id"] == "sources"
    assert (await dialog.answer())["type"] is FlowResultType.CREATE_ENTRY
    (plant,) = growing.entry.subentries.values()
    assert (plant.title, dict(plant.data)) == ("Basil", {"outdoors": False})
    assert growing.shown(plant.subentry_id, "last_watered") == "unknown"


async def test_a_name_of_blanks_is_none(growing: Growing) -> None:
    await growing.grow()
    dialog = await add(growing)
    flow = await dialog.answer(name="  ", species="ocimum_basilicum", pot_cm=14)
    assert flow["errors"] == {"name": "name_missing"}
    # Nothing that was typed is lost.
    assert dialog.suggested["pot_cm"] == 14
    assert dialog.suggested["species"] == "Basil (Ocimum basilicum)"


async def test_everything_is_kept(growing: Growing) -> None:
    kitchen = ar.async_get(growing.hass).async_create("Kitchen").id
    registry = er.async_get(growing.hass)
    soil = registry.async_get_or_create("sensor", "test", "x", suggested_object_id="soil")
    growing.say("sensor.soil", 40)
    growing.say("input_number.by_hand", 20, None)
    growing.say("number.lux", 500, "lx")
    await growing.grow()
    dialog = await add(growing)
    await dialog.answer(
        name="Basil", species="ocimum_basilicum", outdoors=True, pot_cm=14, area=kitchen
    )
    await dialog.answer(
        moisture=["sensor.soil"],
        temperature=["input_number.by_hand"],
        light=["number.lux"],
        pump="switch.pump",
        grow_light="light.lamp",
        camera="camera.shelf",
        snapshot_days=3.0,
    )
    assert (await dialog.answer())["type"] is FlowResultType.CREATE_ENTRY
    assert only_plant(growing) == {
        "species": "ocimum_basilicum",
        "outdoors": True,
        "pot_cm": 14,
        "area": kitchen,
        # By its registry id where it has one: it may be renamed.
        "moisture": [soil.id],
        "temperature": ["input_number.by_hand"],
        "light": ["number.lux"],
        "pump": "switch.pump",
        "grow_light": "light.lamp",
        "camera": "camera.shelf",
        "references": {soil.id: ["sensor.soil", "test", "x"]},
        "snapshot_days": 3,
    }
    (plant_id,) = growing.entry.subentries
    device = device_of(growing.hass, growing.entry, plant_id)
    assert device is not None
    assert device.area_id == kitchen


async def test_photos_need_a_camera(growing: Growing) -> None:
    await growing.grow()
    dialog = await add(growing)
    await dialog.answer(name="Basil")
    flow = await dialog.answer(snapshot_days=3)
    assert flow["errors"] == {"camera": "camera_missing"}
    assert dialog.suggested["snapshot_days"] == 3
    await dialog.answer(snapshot_days=3, camera="camera.shelf")
    assert only_plant(growing)["snapshot_days"] == 3


@pytest.mark.parametrize("typed", ["Monstera deliciosa", "swiss cheese plant"])
async def test_a_species_written_out_is_taken(growing: Growing, typed: str) -> None:
    await growing.grow()
    dialog = await add(growing)
    assert (await dialog.answer(name="M", species=typed))["step_id"] == "sources"
    await dialog.answer()
    assert only_plant(growing)["species"] == "monstera_deliciosa"


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [("monstera_deliciosa", "monstera_deliciosa"), ("as_typed", "monstra delicosa")],
)
async def test_a_species_with_mistakes_is_asked_for(
    growing: Growing, chosen: str, kept: str
) -> None:
    await growing.grow()
    dialog = await add(growing)
    flow = await dialog.answer(name="M", species="monstra delicosa")
    assert flow["step_id"] == "species"
    assert flow["description_placeholders"] == {"typed": "monstra delicosa"}
    assert (await dialog.answer(species=chosen))["step_id"] == "sources"
    await dialog.answer()
    assert only_plant(growing)["species"] == kept


async def test_a_species_that_nobody_knows_is_kept_as_typed(growing: Growing) -> None:
    await growing.grow()
    dialog = await add(growing)
    assert (await dialog.answer(name="M", species="xqzw"))["step_id"] == "sources"
    await dialog.answer()
    assert only_plant(growing)["species"] == "xqzw"


async def test_what_shows_no_number_is_refused(growing: Growing) -> None:
    growing.say("sensor.weather", "sunny", None)
    await growing.grow()
    dialog = await add(growing)
    await dialog.answer(name="M")
    flow = await dialog.answer(moisture=["sensor.weather"], pump="switch.pump")
    assert flow["errors"] == {"moisture": "not_a_number"}
    assert dialog.suggested["pump"] == "switch.pump"


async def test_what_gives_no_water_is_no_pump(growing: Growing) -> None:
    lamp = er.async_get(growing.hass).async_get_or_create(
        "switch", "plant_vita", "a4cf12000001_3_light"
    )
    await growing.grow()
    dialog = await add(growing)
    await dialog.answer(name="M")
    flow = await dialog.answer(pump=lamp.entity_id)
    assert flow["errors"] == {"pump": "no_pump"}


@pytest.mark.parametrize("silent", ["unavailable", "unknown", None])
async def test_what_is_silent_now_may_be_bound(growing: Growing, silent: str | None) -> None:
    if silent:
        growing.say("sensor.soil", silent)
    await growing.grow()
    dialog = await add(growing)
    await dialog.answer(name="M")
    flow = await dialog.answer(moisture=["sensor.soil"])
    assert flow["type"] is FlowResultType.CREATE_ENTRY


async def test_a_plant_is_not_judged_by_a_plant(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    first = await growing.grow({"moisture": ["sensor.soil"]})
    health = growing.entity_id(first, "sensor", "health")
    dialog = await add(growing)
    await dialog.answer(name="M")
    (moisture,) = (key for key in dialog.flow["data_schema"].schema if key == "moisture")
    selector = dialog.flow["data_schema"].schema[moisture]
    assert health in selector.config["exclude_entities"]


async def test_a_plant_that_came_while_the_dialog_was_open_is_no_sensor(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    await growing.grow()
    dialog = await add(growing)
    await dialog.answer(name="M")
    other = await add(growing)
    await other.answer(name="Fern")
    await other.answer(moisture=["sensor.soil"])
    (fern,) = growing.entry.subentries
    flow = await dialog.answer(moisture=[growing.entity_id(fern, "sensor", "health")])
    assert flow["errors"] == {"moisture": "own_entity"}


async def test_what_shines_is_asked(growing: Growing) -> None:
    growing.say("sensor.lux", 10_000, "lx")
    await growing.grow()
    dialog = await add(growing)
    await dialog.answer(name="M")
    assert dialog.suggested["light_source"] == "sunlight"
    await dialog.answer(light=["sensor.lux"], light_source="led_white")
    (plant_id,) = growing.entry.subentries
    assert growing.plant(plant_id).data.inputs["light"].value == pytest.approx(150)
    dialog = await change(growing, plant_id)
    await dialog.answer(name="M")
    assert dialog.suggested["light_source"] == "led_white"


async def test_changing_a_plant_keeps_what_is_not_asked(growing: Growing) -> None:
    hall = ar.async_get(growing.hass).async_create("Hall").id
    growing.say("sensor.a", 40)
    growing.say("sensor.b", 50)
    plant_id = await growing.grow(
        {
            "title": "Basil",
            "species": "ocimum_basilicum",
            "moisture": ["sensor.a", "0123456789abcdef0123456789abcdef"],
            "limits": {"moisture_low": 31.0},
        }
    )
    coordinator = growing.plant(plant_id)
    device = device_of(growing.hass, growing.entry, plant_id)
    assert device is not None
    dr.async_get(growing.hass).async_update_device(device.id, area_id=hall)
    dialog = await change(growing, plant_id)
    basil = "Basil (Ocimum basilicum)"
    assert dialog.suggested == {"name": "Basil", "species": basil, "area": hall}
    await dialog.answer(name="Mint", species="mentha_spicata", area=hall)
    assert dialog.suggested == {"moisture": ["sensor.a"], "light_source": "sunlight"} | {
        one: [] for one in ("light", "temperature", "humidity", "conductivity")
    }
    flow = await dialog.answer(moisture=["sensor.b"])
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    subentry = growing.entry.subentries[plant_id]
    assert subentry.title == "Mint"
    assert subentry.data == {
        "outdoors": False,
        "species": "mentha_spicata",
        "area": hall,
        "moisture": ["sensor.b"],
        "limits": {"moisture_low": 31.0},
    }
    assert growing.plant(plant_id) is coordinator
    assert coordinator.data.inputs["moisture"].value == 50


async def test_what_moves_water_cannot_be_a_lamp(growing: Growing) -> None:
    await growing.grow()
    registry = er.async_get(growing.hass)
    pump = registry.async_get_or_create("switch", "plant_vita", "a4cf12000001_2_pump").entity_id
    for lamp, bound in ((pump, {}), ("switch.plug", {"pump": "switch.plug"})):
        dialog = await add(growing)
        await dialog.answer(name="Basil", outdoors=False)
        flow = await dialog.answer(grow_light=lamp, **bound)
        assert flow["errors"] == {"grow_light": "not_a_lamp"}
        assert dialog.suggested["grow_light"] == lamp


async def test_how_a_plant_is_lit_stays_when_it_is_changed(growing: Growing) -> None:
    wishes = {"automatic": "advice", "hours": 3}
    plant = await growing.grow({"grow_light": "light.lamp", "lighting": wishes})
    dialog = await change(growing, plant)
    await dialog.answer(name="Basil", outdoors=False)
    await dialog.answer(grow_light="light.other")
    assert only_plant(growing)["lighting"] == wishes
    assert only_plant(growing)["grow_light"] == "light.other"
