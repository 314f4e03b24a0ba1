"""Run by test_mdns.py in a network namespace of its own; see there."""

import pytest

from scripts.lab.provision import CONFIGURATION
from tests.namespace import tell

from .stage import Stage, Stopwatch, entity

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Home Assistant's own announcement, as in every house.
STAGE = {"configuration": CONFIGURATION + "zeroconf:\n"}


async def test_it_is_found_by_its_announcement_and_again_after_it_has_moved(stage: Stage):
    watch = Stopwatch()
    node = await stage.node("Kitchen basil", url="", parts=("soil", "pump"))
    flow_id = await stage.discovered(node)
    figures = [f"node without an address powered up → discovered: {watch.seconds:.1f} s"]
    assert node.url == ""
    result = await stage.type_code(flow_id, await node.wait_code())
    assert result["type"] == "create_entry"
    await stage.number(entity(node, "sensor", "soil_moisture"))

    # Another port, as after an installation anew: the node asks the network again.
    await stage.move()
    watch = Stopwatch()
    await stage.api.until_state(entity(node, "switch", "pump"), "off", within=90)
    figures.append(f"Home Assistant moved to another port → node back: {watch.seconds:.1f} s")
    tell(figures)
