"""A node on a balcony sleeps between its readings, and nobody takes that for absence.

Home Assistant's clock runs five times as fast as the node's here, for its patience takes minutes.
"""

import asyncio

import pytest

from .clocks import faked
from .stage import Stage, Stopwatch, entity

pytestmark = pytest.mark.asyncio(loop_scope="module")

FASTER = 5
EVERY_S = 5
PATIENCE_S = 3 * EVERY_S + 60  # of Home Assistant's time
STAGE = {"environment": faked(speed=FASTER)}


async def test_a_sleeping_node_is_there_and_one_that_misses_its_times_is_not(stage: Stage, figures):
    node = await stage.paired_node(
        "Balcony",
        board="esp32c3",
        plant="tomato",
        parts=("soil", "battery"),
        settings={"sleep": 1, "every": EVERY_S, "tuning": {"0": {"hb": 1}}},
    )
    moisture = entity(node, "sensor", "soil_moisture")
    await stage.number(moisture)
    await past_first_minutes(node)
    async with stage.api.events("state_changed") as changes:
        for _ in range(4):
            await slept(node)
        seen = await states_of(moisture, changes)
    assert "unavailable" not in seen
    assert len(set(seen)) >= 2  # it was heard between its dreams

    watch = Stopwatch()
    await node.kill()
    await stage.api.until_state(moisture, "unavailable", within=60)
    waited = watch.seconds * FASTER
    figures.append(f"sleeping node (every {EVERY_S} s) dead → unavailable: {waited:.0f} s")
    assert waited <= PATIENCE_S + 10
    assert waited > PATIENCE_S - 3 * EVERY_S * FASTER
    await stage.said_once("is unavailable: it has not called in time")
    await node.start()
    await stage.number(moisture, within=60)
    await stage.said_once("Balcony is back")


async def past_first_minutes(node) -> None:
    """It stays awake for two minutes after power-up; let them pass without a link."""
    node.fault("wifi")
    await node.restart()
    await node.advance(118)
    node.fault("wifi", on=False)
    await node.advance(60)  # the longest pause between two tries


async def slept(node) -> None:
    """Wait until the node has slept once and is awake again."""
    pid = node.pid
    await node.wait_for(lambda: node.pid != pid, 30)


async def states_of(entity_id: str, changes) -> list[str]:
    """Every state of an entity that has been told."""
    seen = []
    while True:
        try:
            async with asyncio.timeout(0.5):
                change = (await anext(changes))["data"]
        except TimeoutError:
            return seen
        if change["entity_id"] == entity_id:
            seen.append(change["new_state"]["state"])
