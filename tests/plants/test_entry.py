"""The garden's entry, from outside: what it costs those who have none, and what comes and goes."""

import subprocess
import sys

from tests.house.python_files import ROOT
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()

# All that Home Assistant loads of us for somebody who has nodes only.
NODES_ONLY = """
import sys
from custom_components.plant_vita import (
    binary_sensor, button, config_flow, diagnostics, number, sensor, services, switch
)
print(sorted(name for name in sys.modules if name in {
    "numpy",
    "custom_components.plant_vita.analysis.series",
    "custom_components.plant_vita.plants.coordinator",
}))
"""


def test_whoever_has_nodes_only_does_not_load_what_judges_plants() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NODES_ONLY],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.strip() == "[]"


async def test_entities_come_and_go_with_what_a_plant_is_bound_to(growing: Growing) -> None:
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})
    before = growing.entity_id(plant_id, "sensor", "days_to_dry")
    assert before is not None
    subentry = growing.entry.subentries[plant_id]
    growing.hass.config_entries.async_update_subentry(growing.entry, subentry, data={})
    await growing.hass.async_block_till_done()
    assert growing.entity_id(plant_id, "sensor", "days_to_dry") is None
    growing.hass.config_entries.async_update_subentry(
        growing.entry, subentry, data={"moisture": ["sensor.soil"]}
    )
    await growing.hass.async_block_till_done()
    assert growing.entity_id(plant_id, "sensor", "days_to_dry") == before


async def test_a_garden_that_is_removed_leaves_no_files(growing: Growing) -> None:
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})
    await growing.stop()
    assert f"plant_vita.plant.{plant_id}" in growing.hass_storage
    await growing.hass.config_entries.async_remove(growing.entry.entry_id)
    assert f"plant_vita.plant.{plant_id}" not in growing.hass_storage
