"""Only a person unlocks a pump whose water did not reach the soil (W14)."""

from homeassistant.components.repairs import RepairsFlow
from homeassistant.helpers import issue_registry as ir

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.model.watering import Cause
from custom_components.plant_vita.repairs import async_create_fix_flow
from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()


async def given_in_vain(hose: Hose, plant: str) -> None:
    hose.say("sensor.soil", 20)
    await hose.settle()
    await hose.turn(plant, "on")
    await hose.pass_time(seconds=5)
    for _ in range(8):
        await hose.pass_time(minutes=5)
        hose.say("sensor.soil", 20.1)
        await hose.settle()
        hose.say("sensor.soil", 20)
        await hose.settle()


async def flow_of(hose: Hose, issue: ir.IssueEntry) -> RepairsFlow:
    flow = await async_create_fix_flow(hose.hass, issue.issue_id, issue.data)
    flow.hass = hose.hass
    flow.context = {"issue_id": issue.issue_id}
    flow.handler, flow.flow_id = DOMAIN, "f"
    return flow


async def test_a_pump_whose_water_is_lost_twice_is_locked_until_a_person_has_looked(
    hose: Hose,
) -> None:
    plant = await hose.grow({**BASIL, "water": {"dose_ml": 150, "daily_ml": 2000}})
    for _ in range(2):
        assert hose.issues() == []
        await given_in_vain(hose, plant)
    [key] = hose.issues()
    assert key.startswith("watering_no_response_")
    issue = ir.async_get(hose.hass).async_get_issue(DOMAIN, key)
    assert issue is not None
    assert issue.is_fixable
    assert issue.translation_key in {f"watering_locked_{cause}" for cause in Cause}
    assert issue.translation_placeholders == {"pump": "pump"}
    assert hose.shown(plant, "watering_state") == "locked"
    # A restart forgets nothing.
    await hose.stop()
    await hose.start()
    assert hose.shown(plant, "watering_state") == "locked"
    flow = await flow_of(hose, issue)
    form = await flow.async_step_init()
    assert form["step_id"] == "confirm"
    assert form["description_placeholders"] == {"pump": "pump"}
    assert hose.shown(plant, "watering_state") == "locked"
    assert (await flow.async_step_confirm({}))["type"] == "create_entry"
    await hose.hass.async_block_till_done()
    assert hose.shown(plant, "watering_state") == "idle"
    assert hose.issues() == []
