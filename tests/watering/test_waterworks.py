"""Water for a plant whose pump is any switch: given once, bounded, written down, and ended."""

import asyncio
import os
from typing import Any

import pytest
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er

from custom_components.plant_vita.model.watering import Refusal, Source
from tests.nodes.fake_node import until
from tests.watering.garden_hose import BASIL, PUMP, Hose, hose_fixture

hose = hose_fixture()


async def refused(hose: Hose, plant: str, *, person: bool = True) -> str | None:
    with pytest.raises(HomeAssistantError) as caught:
        await hose.turn(plant, "on", person=person)
    return caught.value.translation_key


async def test_a_dose_is_written_down_given_and_ended(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    assert hose.shown(plant, "watering", "switch") == "off"
    assert hose.shown(plant, "watering_state") == "idle"
    await hose.turn(plant, "on")
    # 100 ml at 30 ml/s, as long as nobody has measured.
    [booking] = hose.written("booking")
    assert (booking["ms"], booking["ml"]) == (3333, 99.99)
    assert (booking["plant_ids"], booking["source"]) == ([plant], "manual")
    assert hose.pump == "on"
    assert hose.shown(plant, "watering", "switch") == "on"
    assert hose.shown(plant, "watering_state") == "running"
    await hose.pass_time(seconds=3)
    assert hose.pump == "on"
    await hose.pass_time(seconds=0.5)
    assert hose.pump == "off"
    assert hose.shown(plant, "watering", "switch") == "off"
    # It was told to be off a sixth of a second late: that is water, too.
    assert hose.shown(plant, "water_today") == "0.105"
    assert hose.shown(plant, "water_total") == "0.105"


async def test_the_disk_has_it_before_the_pump_is_told(
    hose: Hose, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant = await hose.grow(BASIL)
    shown: list[str] = []
    sync = os.fsync

    def look(descriptor: int) -> None:
        shown.append(hose.pump)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    await hose.turn(plant, "on")
    assert set(shown) == {"off"}
    assert hose.pump == "on"


async def test_without_the_disk_no_water(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    hose.ledger.parent.mkdir(exist_ok=True)
    hose.ledger.with_name("plant_vita.ledger.new").symlink_to("/dev/full")
    assert await refused(hose, plant) == "watering_disk"
    assert hose.pump == "off"
    assert f"watering_disk_{PUMP_ID(hose)}" in hose.issues()
    # The failed write has taken away what was in its way.
    await hose.turn(plant, "on")
    assert hose.pump == "on"
    assert f"watering_disk_{PUMP_ID(hose)}" not in hose.issues()


def PUMP_ID(hose: Hose) -> str:  # noqa: N802 - a constant of this house
    entry = er.async_get(hose.hass).async_get(PUMP)
    return entry.id if entry else PUMP


async def test_a_stop_ends_it_and_only_what_was_given_counts(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    await hose.turn(plant, "on")
    await hose.pass_time(seconds=1)
    await hose.turn(plant, "off")
    assert hose.pump == "off"
    # The settlement is on its way to the disk.
    await until(lambda: hose.shown(plant, "water_today") == "0.03")
    assert hose.state(plant, "sensor", "watering_state").attributes["last_result"] == {
        "at": "2026-06-10T12:00:01+00:00",
        "source": "manual",
        "why": "stopped",
        "ml": 30.0,
    }


async def test_whoever_asks_meanwhile_waits_for_the_turn(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    await hose.turn(plant, "on")
    second = asyncio.create_task(hose.turn(plant, "on"))
    await until(lambda: hose.outlet(plant).status.queued == 1)
    assert len(hose.written("booking")) == 1
    assert hose.state(plant, "sensor", "watering_state").attributes["queued"] == 1
    await hose.turn(plant, "off")
    with pytest.raises(ServiceValidationError, match="stopped"):
        await second
    assert hose.pump == "off"
    assert len(hose.written("booking")) == 1


async def test_whoever_waited_gets_water_when_it_is_their_turn(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    await hose.turn(plant, "on")
    second = asyncio.create_task(hose.turn(plant, "on"))
    await until(lambda: hose.outlet(plant).status.queued == 1)
    hose.tick(3.4)
    await until(lambda: hose.pump == "off")
    hose.tick(5.1)
    await second
    assert hose.pump == "on"


async def test_the_budget_is_the_plants_whoever_asks_and_a_day_long(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    for _ in range(4):
        await hose.turn(plant, "on")
        await hose.pass_time(seconds=3.4)
        await hose.pass_time(seconds=60)
    # Each was turned off a little late, and so there is not enough left for a fifth.
    assert float(hose.shown(plant, "water_today")) == pytest.approx(0.408, abs=0.001)
    assert await refused(hose, plant) == "watering_budget_spent"
    [pump_id] = hose.works.outlets
    for source in Source:
        _, result = await hose.works.async_ask(pump_id, source, ml=100)
        assert isinstance(result, Refusal), source
    assert hose.pump == "off"
    # A pulse may have run a little after it was booked.
    await hose.pass_time(hours=24, minutes=20)
    await hose.turn(plant, "on")
    assert hose.pump == "on"


async def test_an_automation_is_not_a_person(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    assert await refused(hose, plant, person=False) == "watering_no_reading"
    hose.say("sensor.soil", 20)
    await hose.settle()
    await hose.turn(plant, "on", person=False)
    assert [one["source"] for one in hose.written("booking")] == ["schedule"]
    await hose.pass_time(seconds=4)
    await hose.pass_time(minutes=5)
    assert await refused(hose, plant, person=False) in {
        "watering_soaking",
        "watering_unanswered",
    }


async def test_a_leak_anywhere_stops_everything(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    await hose.turn(plant, "on")
    hose.hass.states.async_set("binary_sensor.cellar", "on", {"device_class": "moisture"})
    await hose.hass.async_block_till_done()
    assert hose.pump == "off"
    assert hose.shown(plant, "watering_state") == "leak"
    assert await refused(hose, plant) == "watering_leak"
    # A sensor that drowned says nothing any more, and is still wet.
    hose.hass.states.async_set("binary_sensor.cellar", "unavailable", {"device_class": "moisture"})
    assert await refused(hose, plant) == "watering_leak"
    hose.hass.states.async_set("binary_sensor.cellar", "off", {"device_class": "moisture"})
    await hose.pass_time(seconds=10)
    await hose.turn(plant, "on")
    assert hose.pump == "on"


@pytest.mark.parametrize(
    ("chosen", "stops"), [(["binary_sensor.cellar"], True), (["binary_sensor.roof"], False)]
)
async def test_a_person_may_say_which_sensors_see_leaks(
    hose: Hose, chosen: list[str], *, stops: bool
) -> None:
    """A rain sensor is of the same kind, and no leak."""
    entry = hose.make(BASIL)
    hose.hass.config_entries.async_update_entry(entry, options={"leak_sensors": chosen})
    await hose.start()
    plant = next(iter(entry.subentries))
    hose.hass.states.async_set("binary_sensor.cellar", "on", {"device_class": "moisture"})
    await hose.hass.async_block_till_done()
    if stops:
        assert await refused(hose, plant) == "watering_leak"
    else:
        await hose.turn(plant, "on")


async def test_an_empty_tank_is_told_and_keeps_the_pump_off(hose: Hose) -> None:
    hose.hass.states.async_set("binary_sensor.tank", "on")
    plant = await hose.grow({**BASIL, "tank": "binary_sensor.tank"})
    assert hose.shown(plant, "watering_state") == "tank_empty"
    assert await refused(hose, plant) == "watering_tank_empty"
    assert hose.issues() == [f"watering_tank_empty_{PUMP_ID(hose)}"]
    hose.hass.states.async_set("binary_sensor.tank", "off")
    await hose.hass.async_block_till_done()
    assert hose.issues() == []
    await hose.turn(plant, "on")


async def test_a_pump_that_does_not_answer_is_unknown_and_its_water_counts(hose: Hose) -> None:
    plant = await hose.grow(BASIL)

    async def lost(_call: Any) -> None:
        return

    hose.hass.services.async_register("input_boolean", "turn_on", lost)
    asking = asyncio.create_task(refused(hose, plant))
    await until(lambda: hose.outlet(plant).status.phase == "sent")
    hose.tick(3.4)
    assert await asking == "watering_no_answer"
    await hose.hass.async_block_till_done()
    # It was told to be off, and shows that it is.
    assert hose.shown(plant, "watering", "switch") == "off"
    assert float(hose.shown(plant, "water_today")) == pytest.approx(0.1, abs=0.003)
    assert hose.shown(plant, "watering_state") == "idle"


async def test_one_that_cannot_be_turned_off_is_an_emergency(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    await hose.turn(plant, "on")
    tries: list[Any] = []

    async def deaf(call: Any) -> None:
        tries.append(call)

    hose.hass.services.async_register("input_boolean", "turn_off", deaf)
    for _ in range(10):
        await hose.pass_time(seconds=4)
    assert len(tries) >= 5
    assert f"watering_stuck_on_{PUMP_ID(hose)}" in hose.issues()
    assert float(hose.shown(plant, "water_today")) > 1.0
    hose.hass.states.async_set(PUMP, "off")
    await hose.pass_time(seconds=5)
    assert hose.issues() == []


async def test_what_was_left_on_is_turned_off_at_the_next_start(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    await hose.turn(plant, "on")
    await hose.stop()
    assert hose.pump == "off"
    hose.hass.states.async_set(PUMP, "on")
    await hose.start()
    await hose.pass_time(seconds=1)
    await hose.pass_time(seconds=130)
    assert hose.pump == "off"


async def test_a_reload_gives_no_budget_and_no_water(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    await hose.turn(plant, "on")
    await hose.pass_time(seconds=3.4)
    await hose.stop()
    await hose.start()
    assert hose.pump == "off"
    assert len(hose.written("booking")) == 2
    assert float(hose.shown(plant, "water_total")) == pytest.approx(0.102, abs=0.001)


async def test_two_plants_at_one_pump_share_its_water_and_each_has_its_budget(hose: Hose) -> None:
    basil = await hose.grow(BASIL, {**BASIL, "title": "Mint"})
    mint = list(hose.entry.subentries)[1]
    await hose.turn(basil, "on")
    await hose.pass_time(seconds=3.333)
    [booking, *_] = hose.written("booking")
    assert sorted(booking["plant_ids"]) == sorted([basil, mint])
    assert [hose.shown(one, "water_total") for one in (basil, mint)] == ["0.05", "0.05"]


async def test_all_stop_at_one_button(hose: Hose) -> None:
    await hose.grow(BASIL)
    [plant] = hose.entry.subentries
    await hose.turn(plant, "on")
    await hose.hass.services.async_call(
        "button",
        "press",
        {
            "entity_id": er.async_get(hose.hass).async_get_entity_id(
                "button", "plant_vita", f"{hose.entry.entry_id}_stop_all_watering"
            )
        },
        blocking=True,
    )
    assert hose.pump == "off"
