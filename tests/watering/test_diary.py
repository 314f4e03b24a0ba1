"""A pump that has watered a plant is noted with it, and the calendar goes on from there."""

from tests.watering.garden_hose import BASIL, PUMP, Hose, hose_fixture

hose = hose_fixture()

FERN = {
    "title": "Fern",
    "pump": PUMP,
    "water": {"automatic": "on"},
    "limits": {"water_days": 3},
}


async def test_a_plant_without_a_sensor_is_watered_on_its_days_and_not_each_day(hose: Hose) -> None:
    plant = await hose.grow(FERN)
    hose.freezer.move_to("2026-06-11 06:58:00+00:00")
    watered = []
    for _ in range(5):
        for _ in range(2):
            await hose.pass_time(minutes=5)
            await hose.pass_time(seconds=4)
        watered.append(hose.shown(plant, "last_watered")[:10])
        await hose.pass_time(hours=23, minutes=49, seconds=52)
    assert watered == ["2026-06-11"] * 3 + ["2026-06-14"] * 2
    asked = [one["source"] for one in hose.written("booking") if "@" in one["demand_id"]]
    assert asked == ["schedule", "schedule"]


async def test_nobody_has_to_say_that_a_pump_has_watered(hose: Hose) -> None:
    basil = await hose.grow(BASIL, {**BASIL, "title": "Mint"})
    mint = list(hose.entry.subentries)[1]
    await hose.turn(basil, "on")
    assert hose.shown(basil, "last_watered") == "unknown"
    await hose.pass_time(seconds=3.4)
    # Both get wet.
    for plant in (basil, mint):
        assert hose.shown(plant, "last_watered") == "2026-06-10T12:00:03+00:00"


async def test_a_few_drops_before_a_stop_are_no_watering(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    await hose.turn(plant, "on")
    await hose.pass_time(seconds=0.3)
    await hose.turn(plant, "off")
    await hose.hass.async_block_till_done()
    assert hose.shown(plant, "last_watered") == "unknown"
    await hose.pass_time(minutes=1)
    await hose.turn(plant, "on")
    await hose.pass_time(seconds=1)
    await hose.turn(plant, "off")
    await hose.hass.async_block_till_done()
    assert hose.shown(plant, "last_watered") == "2026-06-10T12:01:01+00:00"
