"""Nodes come and go, and so does Home Assistant: nobody is told twice, nothing is forgotten."""

import asyncio

import pytest

from .stage import Stage, Stopwatch, entity

pytestmark = pytest.mark.asyncio(loop_scope="module")

GRACE_S = 10.0


@pytest.fixture(scope="module")
def name():
    return "Kitchen basil"


async def test_a_node_without_power_is_unavailable_after_ten_seconds_and_logged_once(
    stage: Stage, name, figures
):
    node = await stage.paired_node(name, parts=("soil", "dht22", "pump", "tank"))
    moisture = entity(node, "sensor", "soil_moisture")
    await stage.number(moisture)
    ours = [one for one in await stage.api.states() if name_of(node, one)]

    await node.kill()
    watch = Stopwatch()
    await stage.api.until_state(moisture, "unavailable", within=30)
    figures.append(f"node without power → its entities unavailable: {watch.seconds:.1f} s")
    assert GRACE_S - 0.5 <= watch.seconds <= GRACE_S + 5
    states = await stage.api.states()
    assert {one for one in ours if states[one]["state"] != "unavailable"} == set()
    await stage.said_once("is unavailable: it has not called in time")

    watch = Stopwatch()
    await node.start()
    await stage.number(moisture, within=60)
    figures.append(f"power again → entities available: {watch.seconds:.2f} s")
    await stage.api.until_state(entity(node, "switch", "pump"), "off")

    await stage.said_once(f"{name} is back")
    assert len(stage.log_lines("is unavailable: it has not called in time")) == 1
    await node.stop()


def name_of(node, entity_id: str) -> bool:
    """Whether this is an entity of the node that says something about its plant."""
    return f".{node.name.lower().replace(' ', '_')}_" in entity_id


async def test_a_short_loss_of_the_link_is_no_absence(stage: Stage):
    node = await stage.paired_node("Ficus", parts=("soil", "pump"))
    moisture = entity(node, "sensor", "soil_moisture")
    await stage.number(moisture)
    said = len(stage.log_lines("is unavailable: it has not called in time"))
    async with stage.api.events("state_changed") as changes:
        node.log = []
        await node.restart()
        await node.wait_log("link: connected")
        await stage.api.until_state(entity(node, "switch", "pump"), "off")
        seen = await drained(changes)
    assert "unavailable" not in {
        change["data"]["new_state"]["state"]
        for change in seen
        if change["data"]["entity_id"].startswith("sensor.ficus")
    }
    assert len(stage.log_lines("is unavailable: it has not called in time")) == said
    await node.stop()


async def drained(changes) -> list:
    """Everything that has come."""
    seen = []
    while True:
        try:
            async with asyncio.timeout(1.0):
                seen.append(await anext(changes))
        except TimeoutError:
            return seen


async def test_after_a_restart_values_are_restored_and_the_node_comes_back_by_itself(
    stage: Stage, figures
):
    node = await stage.paired_node("Monstera", parts=("soil", "bme280", "pump"))
    sensors = [entity(node, "sensor", what) for what in ("soil_moisture", "air_pressure")]
    for one in sensors:
        await stage.number(one)
    entry = (await stage.entries())[node.name]
    await node.stop()
    before = await stage.api.states()
    await stage.stop()
    await stage.start()
    after = await stage.api.states()
    assert [after[one]["state"] for one in sensors] == [before[one]["state"] for one in sensors]
    assert after[entity(node, "switch", "pump")]["state"] == "unknown"  # nobody has said

    await node.start()
    await stage.api.until_state(entity(node, "switch", "pump"), "off", within=60)
    assert (await stage.entries())[node.name]["entry_id"] == entry["entry_id"]

    node.log = []
    await stage.stop()
    watch = Stopwatch()
    await stage.start()
    await stage.api.until_state(entity(node, "switch", "pump"), "off", within=60)
    figures.append(f"Home Assistant starts → running, and node back: {watch.seconds:.1f} s")
    assert node.resets == []


async def test_reloading_an_entry_keeps_its_values(stage: Stage):
    node = await stage.paired_node("Fern", parts=("soil", "pump"))
    moisture = entity(node, "sensor", "soil_moisture")
    before = await stage.number(moisture)
    entry = (await stage.entries())[node.name]
    await stage.api.rest("POST", f"/api/config/config_entries/entry/{entry['entry_id']}/reload")
    assert await stage.number(moisture) == pytest.approx(before, abs=3)
    await stage.api.until_state(entity(node, "switch", "pump"), "off", within=40)
