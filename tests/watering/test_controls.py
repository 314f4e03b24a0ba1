"""What a person can set at a plant that has a pump."""

import pytest

from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()


async def test_a_plant_without_a_pump_has_nothing_to_set(hose: Hose) -> None:
    plant = await hose.grow({"title": "Cactus"})
    for platform, key in (
        ("switch", "watering"),
        ("select", "automatic_watering"),
        ("number", "watering_dose"),
        ("number", "daily_water"),
    ):
        assert hose.entity_id(plant, platform, key) is None


@pytest.mark.parametrize(
    ("key", "usual", "wish"),
    [("watering_dose", "100.0", "dose_ml"), ("daily_water", "500.0", "daily_ml")],
)
async def test_a_number_is_kept_with_the_plant_and_holds_at_once(
    hose: Hose, key: str, usual: str, wish: str
) -> None:
    plant = await hose.grow(BASIL)
    state = hose.state(plant, "number", key)
    assert (state.state, state.attributes["unit_of_measurement"]) == (usual, "mL")
    await hose.hass.services.async_call(
        "number", "set_value", {"entity_id": state.entity_id, "value": 60}, blocking=True
    )
    await hose.hass.async_block_till_done()
    assert hose.shown(plant, key, "number") == "60.0"
    assert hose.entry.subentries[plant].data["water"] == {wish: 60}
    if wish == "daily_ml":
        facts = hose.outlet(plant).facts
        assert facts is not None
        assert facts.daily_ml == 60
    else:
        await hose.turn(plant, "on")
        assert hose.written("booking")[0]["ml"] == 60


async def test_a_pump_that_is_taken_away_takes_its_entities_along(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    subentry = hose.entry.subentries[plant]
    data = {name: value for name, value in subentry.data.items() if name != "pump"}
    hose.hass.config_entries.async_update_subentry(hose.entry, subentry, data=data)
    await hose.hass.async_block_till_done()
    assert hose.entity_id(plant, "switch", "watering") is None
    assert hose.entity_id(plant, "sensor", "watering_state") is None
