"""An ESP32 that knows no network is told one over its USB cable, and calls."""

import asyncio

import pytest

from firmware.simulator.bench import SimulatedNode
from scripts.lab.api import Json
from scripts.lab.arduino import bring_in

from .stage import QUICK, Stage, Stopwatch, entity

pytestmark = pytest.mark.asyncio(loop_scope="module")

CALL_S = 60.0


async def finished(stage: Stage, flow: Json) -> Json:
    """The step after the waiting."""
    async with asyncio.timeout(CALL_S):
        while flow["type"] in {"progress", "progress_done"}:
            await asyncio.sleep(0.2)
            flow = await stage.api.flow_step(flow["flow_id"])
    return flow


async def test_told_over_its_cable_it_joins_and_calls(stage: Stage, tmp_path, figures):
    node = SimulatedNode(
        tmp_path / "fern",
        name="Fern",
        parts=("soil",),
        settings=QUICK,
        wifi=("garden", "not for the log"),
        blank=True,
        cable=True,
    )
    stage.nodes.append(node)
    await node.start()
    flow = await bring_in(stage.api, node.console_path)
    assert (flow["type"], flow["step_id"]) == ("form", "wifi"), flow
    watch = Stopwatch()
    typed = {"ssid": "garden", "password": "not for the log", "url": stage.url}
    flow = await finished(stage, await stage.api.flow_step(flow["flow_id"], typed))
    assert flow["type"] == "create_entry", flow
    figures.append(f"ESP32 told its network over the cable → entry: {watch.seconds:.1f} s")
    assert 0 < await stage.number(entity(node, "sensor", "soil_moisture"), within=30) < 100
    assert not [line for line in node.log if "not for the log" in line]
    assert stage.log_lines("not for the log") == []
