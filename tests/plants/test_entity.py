"""What all entities of a plant have in common."""

from homeassistant.helpers import entity_registry as er

from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


async def test_ids_hold_nothing_but_the_plants_own(growing: Growing) -> None:
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})
    registry = er.async_get(growing.hass)
    entities = er.async_entries_for_config_entry(registry, growing.entry.entry_id)
    of_plant = [entity for entity in entities if entity.config_subentry_id == plant_id]
    assert all(entity.unique_id.startswith(f"{plant_id}_") for entity in of_plant)
    # The rest is the garden's: its list and its calendar.
    rest = {entity.domain for entity in entities if entity not in of_plant}
    assert (len(of_plant) > len(rest), rest) == (True, {"todo", "calendar"})


async def test_names_follow_the_plant(growing: Growing) -> None:
    plant_id = await growing.grow({"title": "Basil"})
    assert growing.state(plant_id, "sensor", "last_fed").name == "Basil Last fed"


async def test_what_makes_no_sense_any_more_is_gone_after_a_change_while_unloaded(
    growing: Growing,
) -> None:
    plant_id = await growing.grow({"light": ["sensor.lux"]})
    assert growing.entity_id(plant_id, "sensor", "dli") is not None
    await growing.stop()
    growing.hass.config_entries.async_update_subentry(
        growing.entry, growing.entry.subentries[plant_id], data={}
    )
    await growing.start()
    assert growing.entity_id(plant_id, "sensor", "dli") is None
    assert growing.entity_id(plant_id, "sensor", "last_fed") is not None


async def test_only_what_has_changed_is_written(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})
    plant = growing.plant(plant_id)
    await plant.async_refresh()
    before = {state.entity_id: state.last_reported for state in growing.hass.states.async_all()}
    growing.freezer.tick(60)
    growing.say("sensor.soil", 41)
    await plant.async_refresh()
    written = {
        state.entity_id
        for state in growing.hass.states.async_all()
        if state.last_reported != before[state.entity_id]
    }
    # The figure that health is made of has moved, nothing else.
    assert written == {"sensor.soil", growing.entity_id(plant_id, "sensor", "health")}
    plant.async_set_update_error(RuntimeError())
    assert growing.shown(plant_id, "last_fed") == "unavailable"
    assert growing.shown(plant_id, "moisture_low", "number") == "unavailable"
    assert growing.shown(plant_id, "plant_problem", "binary_sensor") == "unavailable"
