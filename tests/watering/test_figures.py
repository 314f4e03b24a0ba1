"""Water in litres, as Home Assistant's own view of water wants it."""

from homeassistant.components.energy.validate import WATER_USAGE_DEVICE_CLASSES, WATER_USAGE_UNITS

from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()


async def test_the_sums_fit_the_energy_dashboard(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    for key in ("water_today", "water_total"):
        attributes = hose.state(plant, "sensor", key).attributes
        assert attributes["device_class"] in WATER_USAGE_DEVICE_CLASSES
        assert attributes["unit_of_measurement"] in WATER_USAGE_UNITS["water"]  # type: ignore[index]
        assert attributes["state_class"] == "total"
    today = hose.state(plant, "sensor", "water_today").attributes
    assert today["last_reset"] == "2026-06-10T00:00:00+00:00"


async def test_today_begins_anew_at_midnight_and_the_total_goes_on(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    await hose.turn(plant, "on")
    await hose.pass_time(seconds=3.4)
    assert hose.shown(plant, "water_today") == "0.102"
    await hose.pass_time(hours=12, minutes=1)
    await hose.pass_time(minutes=10)
    assert hose.shown(plant, "water_today") == "0.0"
    assert hose.shown(plant, "water_total") == "0.102"


async def test_why_there_is_no_water_is_shown(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    state = hose.state(plant, "sensor", "watering_state")
    assert (state.state, state.attributes["reason"]) == ("idle", None)
    hose.hass.states.async_set("input_boolean.pump", "unavailable")
    await hose.hass.async_block_till_done()
    state = hose.state(plant, "sensor", "watering_state")
    assert (state.state, state.attributes["reason"]) == ("node_gone", "node_gone")
