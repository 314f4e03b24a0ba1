"""A node's grow light in a real Home Assistant: lit for a plant, stopped by a hand, never left."""

from datetime import UTC, datetime, timedelta

import pytest

from scripts.lab.gardening import answer, make_garden, new_plant

from .stage import Stage, entity

pytestmark = pytest.mark.asyncio(loop_scope="module")

AUTOMATIC, STATUS = "select.moss_automatic_light", "sensor.moss_grow_light_status"
# Longer than a lamp shines that nobody tells to go on.
FORGOTTEN_S = 1300.0


async def set_time(stage: Stage, which: str, ahead: timedelta) -> None:
    clock = (datetime.now(UTC) + ahead).strftime("%H:%M:%S")
    target = {"entity_id": f"time.moss_night_{which}"}
    await stage.api.action("time.set_value", {"time": clock}, target=target)


async def choose(stage: Stage, option: str) -> None:
    target = {"entity_id": AUTOMATIC}
    await stage.api.action("select.select_option", {"option": option}, target=target)


async def test_a_node_s_lamp_shines_for_a_plant(stage: Stage, figures):
    api = stage.api
    await api.command("config/core/update", time_zone="UTC")
    node = await stage.paired_node("Shelf", parts=("light",), settings={"every": 60})
    lamp = entity(node, "switch", "grow_light")
    await api.until_state(lamp, "off", within=20)
    flow = await new_plant(api, await make_garden(api))
    await answer(api, flow, name="Moss", outdoors=False)
    assert (await answer(api, flow, grow_light=lamp))["type"] == "create_entry"
    await api.until_state(STATUS, "off", within=20)
    await set_time(stage, "begins", timedelta(hours=2))
    await set_time(stage, "ends", timedelta(hours=3))
    target = {"entity_id": "number.moss_lamp_hours_without_light_sensor"}
    await api.action("number.set_value", {"value": 20}, target=target)
    assert node.world.lamp() == 0.0

    asked = datetime.now(UTC)
    await choose(stage, "on")
    shown = await api.until_state(lamp, "on", within=20)
    ends = datetime.fromisoformat(shown["attributes"]["ends_at"])
    assert timedelta(minutes=19) < ends - asked < timedelta(minutes=21)
    await api.until_state(STATUS, "shines", within=20)
    assert node.world.lamp() == 1.0
    figures.append(f"automatic → a node's lamp shows on: {(datetime.now(UTC) - asked)}")


async def test_a_person_has_the_last_word(stage: Stage):
    (node,) = stage.nodes
    await stage.switch(node, on=False, what="grow_light")
    await stage.api.until_state(STATUS, "switched_off", within=20)
    assert node.world.lamp() == 0.0
    await choose(stage, "on")
    await stage.api.until_state(STATUS, "shines", within=20)


async def test_its_night_is_dark(stage: Stage):
    (node,) = stage.nodes
    await set_time(stage, "begins", timedelta(hours=-1))
    await stage.api.until_state(STATUS, "night", within=20)
    lamp = entity(node, "switch", "grow_light")
    assert (await stage.state(lamp), node.world.lamp()) == ("off", 0.0)
    await set_time(stage, "begins", timedelta(hours=2))
    await stage.api.until_state(STATUS, "shines", within=20)


async def test_without_home_assistant_it_goes_dark_and_is_picked_up(stage: Stage, full_campaign):
    (node,) = stage.nodes
    await stage.kill()
    assert node.world.lamp() == 1.0
    await node.advance(FORGOTTEN_S)
    assert node.world.lamp() == 0.0
    if full_campaign:  # another start, and the same in one process: tests/lighting/test_lamp.py
        await stage.start()
        await stage.api.until_state(STATUS, "shines", within=60)
        assert node.world.lamp() == 1.0
