"""A pump is told of its tank, and measured with a cup."""

from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER
from homeassistant.data_entry_flow import FlowResultType, InvalidData

from custom_components.plant_vita.flows.calibrating import RUN_S
from custom_components.plant_vita.plants.wishes import async_keep
from custom_components.plant_vita.watering import wishes
from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()


class Dialog:
    """Reconfiguring a plant, or adding one."""

    def __init__(self, hose: Hose, plant: str = "") -> None:
        self.hose = hose
        self.plant = plant
        self.flow: Any = None

    async def open(self, pump: str = "input_boolean.pump") -> None:
        known = {"source": SOURCE_RECONFIGURE, "subentry_id": self.plant}
        self.flow = await self.hose.hass.config_entries.subentries.async_init(
            (self.hose.entry.entry_id, "plant"),
            context=known if self.plant else {"source": SOURCE_USER},
        )
        await self.answer(name="Basil")
        await self.answer(moisture=["sensor.soil"], pump=pump)

    async def answer(self, **said: Any) -> Any:
        self.flow = await self.hose.hass.config_entries.subentries.async_configure(
            self.flow["flow_id"], said
        )
        await self.hose.hass.async_block_till_done()
        return self.flow


async def opened(hose: Hose) -> Dialog:
    hose.say("sensor.soil", 40)
    plant = await hose.grow(BASIL)
    dialog = Dialog(hose, plant)
    await dialog.open()
    assert dialog.flow["step_id"] == "pump"
    return dialog


async def test_the_tank_and_who_may_water_are_kept_with_the_plant(hose: Hose) -> None:
    dialog = await opened(hose)
    flow = await dialog.answer(tank="binary_sensor.tank", ai_water=True)
    assert flow["reason"] == "reconfigure_successful"
    data = hose.entry.subentries[dialog.plant].data
    assert (data["tank"], data["ai_water"]) == ("binary_sensor.tank", True)
    facts = hose.outlet(dialog.plant).facts
    assert facts is not None
    assert (facts.ai_allowed, facts.tank_watched) == (True, True)


async def test_a_pump_is_measured_with_a_cup(hose: Hose) -> None:
    dialog = await opened(hose)
    assert (await dialog.answer(calibrate=True))["step_id"] == "cup"
    assert hose.pump == "off"
    assert (await dialog.answer())["step_id"] == "measured"
    assert hose.pump == "on"
    await hose.pass_time(seconds=RUN_S)
    assert hose.pump == "off"
    flow = await dialog.answer(measured=60)
    assert flow["reason"] == "reconfigure_successful"
    facts = hose.outlet(dialog.plant).facts
    assert facts is not None
    assert facts.ml_per_s == 12.0
    # 100 ml take longer than the pump was thought to need.
    await hose.pass_time(minutes=1)
    await hose.turn(dialog.plant, "on")
    assert hose.written("booking")[-1]["ms"] == 8333


async def test_a_pump_is_measured_before_its_plant_is_there(hose: Hose) -> None:
    hose.say("sensor.soil", 40)
    await hose.grow()
    dialog = Dialog(hose)
    await dialog.open()
    assert (await dialog.answer(calibrate=True))["step_id"] == "cup"
    assert (await dialog.answer())["step_id"] == "measured"
    assert hose.pump == "on"
    [booking] = hose.written("booking")
    assert (booking["plant_ids"], booking["ms"]) == ([], 5000)
    await hose.pass_time(seconds=RUN_S)
    assert (await dialog.answer(measured=60))["type"] is FlowResultType.CREATE_ENTRY
    await hose.hass.async_block_till_done()
    [plant] = hose.entry.subentries
    facts = hose.outlet(plant).facts
    assert facts is not None
    assert (facts.ml_per_s, facts.plants, facts.bounded_by_hardware) == (12.0, (plant,), False)


async def test_another_pump_is_measured_before_it_is_chosen(hose: Hose) -> None:
    await hose.plug_in("pump", "tap")
    hose.hass.states.async_set("switch.tap", "off")
    dialog = await opened(hose)
    other = Dialog(hose, dialog.plant)
    on: list[Any] = []

    async def turn_on(call: Any) -> None:
        on.append(call)
        hose.hass.states.async_set("switch.tap", "on")

    async def turn_off(call: Any) -> None:
        hose.hass.states.async_set("switch.tap", "off")

    hose.hass.services.async_register("switch", "turn_on", turn_on)
    hose.hass.services.async_register("switch", "turn_off", turn_off)
    await other.open(pump="switch.tap")
    await other.answer(calibrate=True)
    assert (await other.answer())["step_id"] == "measured"
    assert len(on) == 1
    # Whoever leaves in the midst of it leaves no pump running, and nothing bound.
    hose.hass.config_entries.subentries.async_abort(other.flow["flow_id"])
    await hose.hass.async_block_till_done()
    assert hose.hass.states.is_state("switch.tap", "off")
    assert hose.outlet(dialog.plant).pump_id != "switch.tap"
    assert hose.works.outlets["switch.tap"].pump is None


async def test_what_is_not_over_or_was_cut_short_is_no_measure(hose: Hose) -> None:
    dialog = await opened(hose)
    await dialog.answer(calibrate=True)
    await dialog.answer()
    flow = await dialog.answer(measured=60)
    assert (flow["step_id"], flow["errors"]) == ("measured", {"base": "pump_runs"})
    await hose.pass_time(seconds=2)
    await hose.turn(dialog.plant, "off")
    flow = await dialog.answer(measured=24)
    assert (flow["step_id"], flow["errors"]) == ("cup", {"base": "pump_cut_short"})
    assert wishes.rate_of(hose.entry, hose.outlet(dialog.plant).pump_id) is None
    # It can be done again at once.
    await hose.pass_time(minutes=1)
    assert (await dialog.answer())["step_id"] == "measured"


async def test_water_in_a_cup_is_no_watering(hose: Hose) -> None:
    dialog = await opened(hose)
    await dialog.answer(calibrate=True)
    await dialog.answer()
    await hose.pass_time(seconds=RUN_S)
    assert hose.shown(dialog.plant, "last_watered") == "unknown"
    # And counts for the budget all the same.
    assert hose.shown(dialog.plant, "water_today") == "0.15"


async def test_a_pump_that_may_not_run_says_why(hose: Hose) -> None:
    dialog = await opened(hose)
    hose.hass.states.async_set("binary_sensor.leak", "on", {"device_class": "moisture"})
    await dialog.answer(calibrate=True)
    flow = await dialog.answer()
    assert (flow["step_id"], flow["errors"]) == ("cup", {"base": "pump_refused"})
    assert "leak sensor" in flow["description_placeholders"]["reason"]
    assert hose.pump == "off"


async def test_what_no_pump_gives_is_not_taken(hose: Hose) -> None:
    dialog = await opened(hose)
    await dialog.answer(calibrate=True)
    await dialog.answer()
    await hose.pass_time(seconds=RUN_S)
    for wrong in (0, 2501):
        with pytest.raises(InvalidData):
            await dialog.answer(measured=wrong)
    assert wishes.rate_of(hose.entry, "input_boolean.pump") is None


async def test_what_a_person_sets_meanwhile_is_not_undone(hose: Hose) -> None:
    dialog = await opened(hose)
    async_keep(hose.hass, hose.entry, dialog.plant, "water", daily_ml=300)
    await dialog.answer()
    assert hose.entry.subentries[dialog.plant].data["water"] == {"daily_ml": 300}
