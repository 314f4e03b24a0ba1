"""Probes whose numbers say nothing by themselves."""

from homeassistant.data_entry_flow import FlowResultType

from tests.flows.dialog import add, change
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


async def test_a_raw_number_that_is_silent_is_asked_about_later(growing: Growing) -> None:
    growing.say("sensor.adc", "unavailable", None)
    await growing.grow()
    dialog = await add(growing)
    await dialog.answer(name="M")
    assert (await dialog.answer(moisture=["sensor.adc"]))["type"] is FlowResultType.CREATE_ENTRY
    growing.say("sensor.adc", 2000, None)
    (plant_id,) = growing.entry.subentries
    dialog = await change(growing, plant_id)
    await dialog.answer(name="M")
    assert (await dialog.answer(moisture=["sensor.adc"]))["step_id"] == "scale"
    flow = await dialog.answer(raw_dry=2800, raw_wet=1200)
    assert flow["reason"] == "reconfigure_successful"
    assert growing.plant(plant_id).data.inputs["moisture"].value == 50


async def test_raw_numbers_are_asked_about(growing: Growing) -> None:
    growing.say("sensor.adc", 2000, None)
    await growing.grow()
    dialog = await add(growing)
    await dialog.answer(name="M")
    flow = await dialog.answer(moisture=["sensor.adc"])
    assert flow["step_id"] == "scale"
    assert flow["description_placeholders"] == {"sensor": "adc", "now": "2000"}
    flow = await dialog.answer(raw_dry=5, raw_wet=5)
    assert flow["errors"] == {"raw_wet": "same_points"}
    await dialog.answer(raw_dry=2800, raw_wet=1200)
    (plant_id,) = growing.entry.subentries
    assert growing.plant(plant_id).data.inputs["moisture"].value == 50


async def test_two_probes_of_different_scale_are_asked_about_one_by_one(growing: Growing) -> None:
    growing.say("sensor.adc", 2000, None)
    growing.say("sensor.volts", 1, "V")
    await growing.grow()
    dialog = await add(growing)
    await dialog.answer(name="M")
    flow = await dialog.answer(moisture=["sensor.adc", "sensor.volts"])
    assert flow["description_placeholders"] == {"sensor": "adc", "now": "2000"}
    flow = await dialog.answer(raw_dry=2800, raw_wet=1200)
    assert flow["description_placeholders"] == {"sensor": "volts", "now": "1"}
    await dialog.answer(raw_dry=0, raw_wet=4)
    (plant_id,) = growing.entry.subentries
    # The mean of 50 and 25.
    assert growing.plant(plant_id).data.inputs["moisture"].value == 37.5
    assert growing.entry.subentries[plant_id].data["scales"] == {
        "sensor.adc": [2800, 1200],
        "sensor.volts": [0, 4],
    }
    dialog = await change(growing, plant_id)
    await dialog.answer(name="M")
    await dialog.answer(moisture=["sensor.adc", "sensor.volts"])
    assert dialog.suggested == {"raw_dry": 2800, "raw_wet": 1200}
    await dialog.answer(raw_dry=2800, raw_wet=1200)
    assert dialog.suggested == {"raw_dry": 0, "raw_wet": 4}


async def test_points_of_an_older_version_hold_for_every_probe(growing: Growing) -> None:
    growing.say("sensor.a", 2000, None)
    growing.say("sensor.b", 1600, None)
    plant_id = await growing.grow(
        {"moisture": ["sensor.a", "sensor.b"], "raw_dry": 2800, "raw_wet": 1200}
    )
    assert growing.plant(plant_id).data.inputs["moisture"].value == 62.5
    dialog = await change(growing, plant_id)
    await dialog.answer(name="M")
    await dialog.answer(moisture=["sensor.a", "sensor.b"])
    for _ in range(2):
        assert dialog.suggested == {"raw_dry": 2800, "raw_wet": 1200}
        flow = await dialog.answer(raw_dry=2800, raw_wet=1200)
    assert flow["reason"] == "reconfigure_successful"
    data = growing.entry.subentries[plant_id].data
    assert (data["raw_dry"], data["raw_wet"], "scales" in data) == (2800, 1200, False)


async def test_a_fraction_is_recognised(growing: Growing) -> None:
    growing.say("sensor.fraction", 0.4, None)
    await growing.grow()
    dialog = await add(growing)
    await dialog.answer(name="M")
    await dialog.answer(moisture=["sensor.fraction"])
    assert dialog.suggested == {"raw_dry": 0.0, "raw_wet": 1.0}
