"""An account is set up whatever its service does, and costs nothing before it is."""

import subprocess
import sys

from homeassistant.config_entries import ConfigEntryState

from custom_components.plant_vita.model.finding import Task
from custom_components.plant_vita.photos.panel import async_get_desk
from scripts.lab.clouds.server import Fault
from tests.house.python_files import ROOT
from tests.photos.accounts import House, house_fixture

house = house_fixture()

PROGRAM = """
import sys
import custom_components.plant_vita, custom_components.plant_vita.config_flow
import custom_components.plant_vita.sensor, custom_components.plant_vita.diagnostics
import custom_components.plant_vita.intent
ours = "custom_components.plant_vita."
names = ["providers." + one for one in ("provider", "registry", "gemini")]
names += ["photos.account", "photos.archive.gcs", "photos.archive.s3", "flows.plant"]
names += ["flows.garden_options", "flows.calibrating", "voice.answers"]
print([name for name in names if ours + name in sys.modules])
import custom_components.plant_vita.photos.panel, custom_components.plant_vita.photos.coordinator
names = ["google.genai", "homeassistant.components.ai_task", "numpy", ours + "vision.prepare"]
names += ["homeassistant.components.media_source"]
names += [ours + "photos." + one for one in ("identifying", "advising", "looking_up")]
print([name for name in names if name in sys.modules])
"""


async def test_it_sits_at_the_panel_while_it_is_loaded(house: House) -> None:
    entry = await house.add("gemini")
    panel = (await async_get_desk(house.hass)).panel
    assert [seat.id for seat in panel.seats_for(Task.IDENTIFY)] == [entry.entry_id]
    assert await house.hass.config_entries.async_unload(entry.entry_id)
    assert panel.seats_for(Task.IDENTIFY) == ()
    assert await house.hass.config_entries.async_remove(entry.entry_id)


async def test_a_service_that_is_away_keeps_its_seat(house: House) -> None:
    house.clouds["plant_id"].fail(Fault.S503)
    entry = await house.add("plant_id")
    assert entry.state is ConfigEntryState.LOADED
    panel = (await async_get_desk(house.hass)).panel
    assert [seat.id for seat in panel.seats_for(Task.IDENTIFY)] == [entry.entry_id]


def test_nothing_heavy_is_imported_to_start() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.split() == ["[]", "[]"]
