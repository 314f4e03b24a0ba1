"""Whether a plant is watered by itself is off until a person says otherwise."""

from tests.watering.garden_hose import BASIL, Hose, hose_fixture

hose = hose_fixture()


async def test_a_plant_with_a_pump_is_watered_by_itself_only_if_a_person_wants_it(
    hose: Hose,
) -> None:
    plant = await hose.grow(BASIL, {"title": "Mint"})
    other = list(hose.entry.subentries)[1]
    state = hose.state(plant, "select", "automatic_watering")
    assert (state.state, state.attributes["options"]) == ("off", ["off", "advice", "on"])
    assert hose.entity_id(other, "select", "automatic_watering") is None
    await hose.hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": state.entity_id, "option": "advice"},
        blocking=True,
    )
    assert hose.shown(plant, "automatic_watering", "select") == "advice"
    assert hose.entry.subentries[plant].data["water"] == {"automatic": "advice"}
