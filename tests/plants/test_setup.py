"""Setting up and taking down the garden."""

from homeassistant.config_entries import ConfigEntryState

from custom_components.plant_vita.plants.entry import is_garden
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


async def test_an_empty_garden(growing: Growing) -> None:
    growing.make()
    await growing.start()
    assert is_garden(growing.entry)
    assert growing.garden.plants == {}


async def test_unloading_stops_listening_and_writes_down(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})
    await growing.stop()
    assert growing.entry.state is ConfigEntryState.NOT_LOADED
    assert growing.shown(plant_id, "health") == "unavailable"
    growing.say("sensor.soil", 41)
    await growing.pass_time(minutes=11)
    stored = growing.hass_storage[f"plant_vita.plant.{plant_id}"]["data"]
    assert stored["sources"]["moisture"]["sensor.soil"]["value"] == 40
