"""Which pump is whose, and that no plant can ask itself for water."""

from homeassistant.helpers import entity_registry as er

from custom_components.plant_vita.model.watering import PumpFacts
from custom_components.plant_vita.plants.definition import Input
from custom_components.plant_vita.watering.bindings import (
    Binding,
    PumpReference,
    facts_of,
    pump_of,
    soil_of,
)
from custom_components.plant_vita.watering.wishes import Wishes
from tests.watering.garden_hose import BASIL, PUMP, Hose, hose_fixture

hose = hose_fixture()


async def test_a_pump_is_a_nodes_or_any_switch(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    registry = er.async_get(hose.hass)
    node = registry.async_get_or_create("switch", "plant_vita", "a4cf12000001_2_pump")
    light = registry.async_get_or_create("switch", "plant_vita", "a4cf12000001_3_light")
    plug = registry.async_get(PUMP)
    assert plug is not None
    assert pump_of(hose.hass, node.id) == PumpReference(pump_id="a4cf12000001_2_pump")
    assert pump_of(hose.hass, plug.id) == PumpReference(pump_id=plug.id, entity_id=PUMP)
    assert pump_of(hose.hass, "switch.yaml") == PumpReference(
        pump_id="switch.yaml", entity_id="switch.yaml"
    )
    own = hose.entity_id(plant, "switch", "watering")
    for none in (None, "", light.id, own, "0123456789abcdef0123456789abcdef"):
        assert pump_of(hose.hass, none) is None


async def test_the_pump_of_an_arduino_is_a_node_s_too(hose: Hose) -> None:
    # Its id is made of its chip's family and has capitals.
    pump = er.async_get(hose.hass).async_get_or_create(
        "switch", "plant_vita", "AV30dfd5aaa65fa5d8_1_pump"
    )
    assert pump_of(hose.hass, pump.id) == PumpReference(pump_id="AV30dfd5aaa65fa5d8_1_pump")


def bound(plant: str, daily_ml: float, *, sensed: bool, ai: bool) -> Binding:
    return Binding(
        plant_id=plant,
        pump=PumpReference(pump_id="p"),
        wishes=Wishes(daily_ml=daily_ml),
        sensed=sensed,
        ai_allowed=ai,
    )


def test_where_plants_differ_the_careful_one_counts() -> None:
    both = [bound("b", 300, sensed=True, ai=True), bound("a", 800, sensed=False, ai=False)]
    assert facts_of(None, "p", both, is_node=True, tank_watched=True) == PumpFacts(
        plants=("a", "b"),
        sensed=frozenset({"b"}),
        ml_per_s=None,
        cap_ms=30_000,
        pause_s=60.0,
        daily_ml=300,
        most_ml=800,
        daily_ms=120_000,
        soak_s=1800.0,
        ai_allowed=False,
        bounded_by_hardware=True,
        tank_watched=True,
    )
    alone = facts_of(None, "p", both[:1], is_node=False, tank_watched=False)
    assert (alone.ai_allowed, alone.bounded_by_hardware, alone.daily_ms) == (True, False, None)
    assert not facts_of(None, "p", [], is_node=True, tank_watched=False).ai_allowed


async def test_the_soil_is_what_the_plant_is_judged_by(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    assert soil_of(hose.plant(plant)) is None
    for moisture in (40, 35, 35):
        hose.say("sensor.soil", moisture)
        await hose.settle()
        await hose.pass_time(minutes=2)
    soil = soil_of(hose.plant(plant))
    assert soil is not None
    state = hose.plant(plant).data.inputs[Input.MOISTURE]
    assert (soil.plant_id, soil.moisture, soil.at) == (plant, 35, state.measured_at)
    assert soil.every_s == 1200
    assert soil.changed_at is not None
    assert soil.at - soil.changed_at >= 0
    assert (soil.flawed, soil.out_of_soil) == (False, False)


async def test_a_pump_that_is_renamed_stays_the_same(hose: Hose) -> None:
    registry = er.async_get(hose.hass)
    plug = registry.async_get(PUMP)
    assert plug is not None
    plant = await hose.grow({**BASIL, "pump": plug.id})
    registry.async_update_entity(PUMP, new_entity_id="input_boolean.tap")
    await hose.hass.async_block_till_done()
    await hose.turn(plant, "on")
    state = hose.hass.states.get("input_boolean.tap")
    assert state is not None
    assert state.state == "on"
