"""Plants of the two integrations that are called `plant`."""

from typing import Any

import pytest
from homeassistant.config import async_hass_config_yaml
from homeassistant.config_entries import SOURCE_USER
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    patch_yaml_files,
)

from custom_components.plant_vita.plants.definition import Input
from custom_components.plant_vita.plants.takeover import async_foreign
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()

YAML = """
plant:
  Kitchen basil:
    sensors:
      moisture: sensor.soil
      temperature: sensor.t
      brightness: sensor.lux
    min_moisture: 25
    max_moisture: 55
    min_temperature: 12
    min_brightness: 2000
  Upside down:
    sensors:
      conductivity: sensor.ec
    min_conductivity: 3000
    max_conductivity: 300
"""
BASIL = {
    "moisture_minimum": 25.0,
    "moisture_maximum": 55.0,
    "temperature_minimum": 12.0,
    # What Home Assistant's own takes where nothing is said.
    "conductivity_minimum": 500.0,
    "conductivity_maximum": 3000.0,
}


async def core_plants(growing: Growing) -> Any:
    files = {growing.hass.config.path("configuration.yaml"): YAML}
    with patch_yaml_files(files):
        config = await async_hass_config_yaml(growing.hass)
        assert await async_setup_component(growing.hass, "plant", config)
        await growing.hass.async_block_till_done()
    return files


async def test_nobody_else_keeps_plants(growing: Growing) -> None:
    await growing.grow()
    assert await async_foreign(growing.hass, growing.entry) == []


async def test_plants_of_home_assistants_own_integration(growing: Growing) -> None:
    files = await core_plants(growing)
    await growing.grow()
    with patch_yaml_files(files):
        basil, upside_down = await async_foreign(growing.hass, growing.entry)
    assert basil.name == "Kitchen basil"
    assert basil.inputs == {
        Input.MOISTURE: "sensor.soil",
        Input.TEMPERATURE: "sensor.t",
        Input.LIGHT: "sensor.lux",
    }
    assert basil.limits == BASIL
    assert not [key for key in upside_down.limits if key.startswith("conductivity")]


async def test_a_configuration_that_cannot_be_read_has_no_plants(growing: Growing) -> None:
    files = await core_plants(growing)
    await growing.grow()
    broken = dict.fromkeys(files, "plant: [")
    with patch_yaml_files(broken):
        assert await async_foreign(growing.hass, growing.entry) == []


def custom(growing: Growing, **info: Any) -> MockConfigEntry:
    entry = MockConfigEntry(
        domain="plant",
        title="Fern",
        data={
            "plant_info": {
                "name": "Fern",
                "species": "monstera deliciosa",
                "moisture_sensor": "sensor.old",
                "illuminance_sensor": "sensor.lux",
                "limits": {"min_moisture": 20, "max_moisture": 60, "min_dli": 4, "max_mmol": 9},
                **info,
            }
        },
    )
    entry.add_to_hass(growing.hass)
    return entry


async def test_plants_of_the_custom_integration(growing: Growing) -> None:
    theirs = custom(growing)
    registry = er.async_get(growing.hass)
    now = {
        ("sensor", "current-moisture"): ("41", {"external_sensor": "sensor.new"}),
        ("number", "max-moisture"): ("65", {"unit_of_measurement": "%"}),
        ("number", "max-temperature"): ("86", {"unit_of_measurement": "°F"}),
        ("number", "min-humidity"): ("unavailable", {}),
    }
    for (platform, tail), (state, attributes) in now.items():
        entity = registry.async_get_or_create(
            platform, "plant", f"{theirs.entry_id}-{tail}", config_entry=theirs
        )
        growing.hass.states.async_set(entity.entity_id, state, attributes)
    await growing.grow()
    (fern,) = await async_foreign(growing.hass, growing.entry)
    assert (fern.name, fern.species) == ("Fern", "monstera deliciosa")
    # What is set now counts, not what was set in the beginning.
    assert fern.inputs == {Input.MOISTURE: "sensor.new", Input.LIGHT: "sensor.lux"}
    assert fern.limits == {
        "moisture_minimum": 20.0,
        "moisture_maximum": 65.0,
        "dli_minimum": 4.0,
        "temperature_maximum": 30.0,
    }


async def test_limits_of_the_beginning_are_in_the_unit_of_that_time(growing: Growing) -> None:
    custom(growing, limits={"max_temperature": 86}, limits_temperature_unit="°F")
    custom(growing, limits={"max_temperature": 30})
    await growing.grow()
    found = await async_foreign(growing.hass, growing.entry)
    assert [one.limits for one in found] == [{"temperature_maximum": 30.0}] * 2


@pytest.mark.parametrize("info", [{}, {"limits": {}, "species": None}])
async def test_taking_over_by_the_dialog(growing: Growing, info: dict[str, Any]) -> None:
    theirs = custom(growing, **info)
    growing.say("sensor.old", 40)
    await growing.grow()
    manager = growing.hass.config_entries.subentries
    flow = await manager.async_init(
        (growing.entry.entry_id, "plant"), context={"source": SOURCE_USER}
    )
    assert flow["type"] is FlowResultType.MENU
    flow = await manager.async_configure(flow["flow_id"], {"next_step_id": "takeover"})
    flow = await manager.async_configure(flow["flow_id"], {"plants": [f"plant:{theirs.entry_id}"]})
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "taken_over")
    assert flow["description_placeholders"] == {"count": "1"}
    await growing.hass.async_block_till_done()
    (plant,) = growing.garden.plants.values()
    assert plant.definition.name == "Fern"
    assert plant.definition.inputs[Input.MOISTURE] == ("sensor.old",)
    assert plant.data.inputs[Input.MOISTURE].value == 40
    assert plant.definition.species == ("" if info else "monstera_deliciosa")
    assert plant.definition.limits.get("moisture_minimum") == (None if info else 20.0)
    # Once taken over it is not offered again.
    assert await async_foreign(growing.hass, growing.entry) == []
    flow = await manager.async_init(
        (growing.entry.entry_id, "plant"), context={"source": SOURCE_USER}
    )
    assert flow["step_id"] == "plant"
