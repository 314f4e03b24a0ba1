"""A node behind a broker: paired and watered through it, over its restart, and handed over."""

import asyncio

import pytest
import pytest_asyncio

from benchmarks.mqtt import Broker
from scripts.lab.process import free_port

from .stage import DOMAIN, Stage, entity

pytestmark = pytest.mark.asyncio(loop_scope="module")
TAKES_S = 80


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def broker(tmp_path_factory):
    made = Broker(tmp_path_factory.mktemp("broker"), free_port())
    await asyncio.to_thread(made.start)
    yield made
    await asyncio.to_thread(made.stop)


async def join(stage: Stage, broker: Broker) -> None:
    """Tell a Home Assistant of the broker, as a person does."""
    flow = await stage.api.start_flow("mqtt")
    result = await stage.api.flow_step(
        flow["flow_id"],
        {
            "broker": "127.0.0.1",
            "port": broker.port,
            "other_settings": {"set_client_cert": False, "set_ca_cert": "off"},
        },
    )
    assert result["type"] == "create_entry", result


async def test_a_node_behind_a_broker(stage: Stage, broker, tmp_path, full_campaign):
    await join(stage, broker)
    # Nothing but the broker leads from this node to anybody.
    node = await stage.paired_node(
        "Basil", parts=("soil", "pump"), url=f"mqtt://127.0.0.1:{broker.port}"
    )
    moisture, pump = entity(node, "sensor", "soil_moisture"), entity(node, "switch", "pump")
    assert await stage.number(moisture) == pytest.approx(node.truth()["moisture"], abs=6)
    await stage.switch(node)
    await node.wait_for(lambda: len(node.pulses) == 1)

    # The broker restarts: the same node is back, and nothing is lost.
    await stage.api.until_state(pump, "off")
    before = len(node.log)
    await asyncio.to_thread(broker.stop)
    await node.wait_for(lambda: any(line.startswith("link:") for line in node.log[before:]))
    await asyncio.to_thread(broker.start)
    await node.wait_for(lambda: "link: connected" in node.log[before:])
    await stage.api.until_state(pump, "off", within=30)
    assert node.resets == []

    if full_campaign:
        await hand_over(stage, broker, node, tmp_path)


async def hand_over(stage: Stage, broker: Broker, node, tmp_path) -> None:
    """A second Home Assistant hears the node too, and is silent until it is its own."""
    pump = entity(node, "switch", "pump")
    async with Stage(tmp_path) as other:
        await join(other, broker)
        before = len(node.log)
        await node.restart()
        await node.wait_for(lambda: "link: connected" in node.log[before:])
        await stage.api.until_state(pump, "off", within=30)
        assert await other.api.flows_in_progress(DOMAIN) == []
        # Its button makes a new code, and the other one's person types it.
        node.code = None
        await node.press(10.5)
        result = await other.pair(node, await node.wait_code())
        assert result["type"] == "create_entry", result
        moisture = entity(node, "sensor", "soil_moisture")
        assert await other.number(moisture) == pytest.approx(node.truth()["moisture"], abs=6)
        # The first one still has its entry and an old key; that disturbs nobody.
        before = len(node.log)
        await node.restart()
        await node.wait_for(lambda: "link: connected" in node.log[before:])
        await other.api.until_state(pump, "off", within=30)
        # Its command arrives: the node remembers the water that the first one gave.
        assert "soak in" in str(await other.refusal(node))
        assert len(node.pulses) == 1
        await node.stop()
        assert other.complaints() == []
