"""Events go to the arbiter one by one; actions are carried out in their order."""

import asyncio

import pytest

from custom_components.plant_vita.care.events import Reported, Tick
from custom_components.plant_vita.model.watering import (
    Demand,
    Refusal,
    Source,
    Why,
)
from custom_components.plant_vita.watering.outlet import Outlet
from tests.nodes.fake_node import until
from tests.watering.garden_hose import BASIL, PUMP, Hose, hose_fixture

hose = hose_fixture()


async def test_whoever_is_told_hands_in_more_without_harm(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    outlet, heard = hose.outlet(plant), []

    def again() -> None:
        heard.append(outlet.status.phase)
        if len(heard) < 3:
            outlet.async_feed(Tick())

    stop = outlet.async_listen(again)
    outlet.async_feed(Reported(on=False))
    assert len(heard) == 3
    stop()
    outlet.async_feed(Tick())
    assert len(heard) == 3


async def test_whoever_goes_away_has_asked_all_the_same(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    await hose.turn(plant, "on")
    second = asyncio.create_task(hose.turn(plant, "on"))
    await until(lambda: hose.outlet(plant).status.queued == 1)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    # A stop drops it.
    assert hose.outlet(plant).status.queued == 1
    await hose.turn(plant, "off")
    assert hose.outlet(plant).status.queued == 0


async def test_a_hand_at_the_switch_itself_gets_the_water_of_the_day_and_no_more(
    hose: Hose,
) -> None:
    plant = await hose.grow(BASIL)
    await hose.hass.services.async_call(
        "input_boolean", "turn_on", {"entity_id": PUMP}, blocking=True
    )
    await hose.hass.async_block_till_done()
    # It counts as a strong one, 30 ml a second: 500 ml are 16.7 s.
    assert (hose.pump, hose.shown(plant, "watering_state")) == ("on", "running")
    await hose.pass_time(seconds=16)
    assert hose.pump == "on"
    await hose.pass_time(seconds=1)
    assert hose.pump == "off"
    line, beyond = hose.written("booking")
    assert (line["source"], round(line["ml"])) == ("manual", 500)
    # A clock that jumps by a second turned it off a third of one late, and that counts, too.
    assert round(beyond["ms"]) in range(330, 340)
    # There is nothing left for another.
    await hose.pass_time(hours=1)
    await hose.hass.services.async_call(
        "input_boolean", "turn_on", {"entity_id": PUMP}, blocking=True
    )
    await hose.hass.async_block_till_done()
    assert hose.pump == "off"


async def test_without_a_pump_nothing_is_sent(hose: Hose) -> None:
    plant = await hose.grow(BASIL)
    outlet = Outlet(hose.hass, hose.works.books, "nowhere")
    demand = Demand(
        demand_id="d",
        pump_id="nowhere",
        plant_ids=(plant,),
        source=Source.MANUAL,
        asked_at=0.0,
        ml=10,
    )
    assert await outlet.async_ask(demand) == Refusal(why=Why.NO_PUMP)
    assert outlet.last is not None
    assert outlet.last[2] == Refusal(why=Why.NO_PUMP)
    assert outlet.name == "nowhere"
    assert await outlet.async_stop("test") is None
    outlet.async_close()
