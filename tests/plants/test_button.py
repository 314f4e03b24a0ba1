"""What a person tells of a plant."""

from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()


async def press(growing: Growing, plant_id: str, key: str) -> None:
    await growing.hass.services.async_call(
        "button",
        "press",
        {"entity_id": growing.entity_id(plant_id, "button", key)},
        blocking=True,
    )
    await growing.hass.async_block_till_done()


async def test_watered_and_fed_are_shown_at_once(growing: Growing) -> None:
    plant_id = await growing.grow({})
    await press(growing, plant_id, "watered")
    assert growing.shown(plant_id, "last_watered") == "2026-06-10T12:00:00+00:00"
    assert growing.shown(plant_id, "last_fed") == "unknown"
    await growing.pass_time(hours=1)
    await press(growing, plant_id, "fed")
    assert growing.shown(plant_id, "last_watered") == "2026-06-10T12:00:00+00:00"
    assert growing.shown(plant_id, "last_fed") == "2026-06-10T13:00:00+00:00"
    assert growing.shown(plant_id, "next_feeding") == "2026-07-08T13:00:00+00:00"


async def test_the_species_limits_again(growing: Growing) -> None:
    plant_id = await growing.grow({"limits": {"water_days": 3}, "outdoors": True})
    assert growing.shown(plant_id, "water_days", "number") == "3.0"
    await press(growing, plant_id, "reset_limits")
    assert growing.shown(plant_id, "water_days", "number") == "7"
    assert growing.entry.subentries[plant_id].data == {"outdoors": True}
