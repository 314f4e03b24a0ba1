"""Whether a plant needs somebody."""

from custom_components.plant_vita.plants.state import Care
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


async def test_a_plant_that_was_forgotten(growing: Growing) -> None:
    plant_id = await growing.grow({})
    plant = growing.plant(plant_id)
    assert growing.shown(plant_id, "plant_problem", "binary_sensor") == "unknown"
    await plant.async_cared(Care.WATERED, plant.data.at)
    assert growing.shown(plant_id, "plant_problem", "binary_sensor") == "off"
    await growing.pass_time(days=8, hours=1)
    assert growing.shown(plant_id, "plant_problem", "binary_sensor") == "on"
    assert growing.reasons(plant_id) == ["water_overdue"]


async def test_several_reasons_at_once(growing: Growing) -> None:
    growing.say("sensor.soil", 3)
    growing.say("sensor.t", 50, "°C")
    plant_id = await growing.grow({"moisture": ["sensor.soil"], "temperature": ["sensor.t"]})
    assert growing.shown(plant_id, "plant_problem", "binary_sensor") == "on"
    assert growing.reasons(plant_id) == ["temperature_too_high", "moisture_too_low"]
