"""A paired node belongs to one Home Assistant until that lets it go, or its button is held."""

import json

import pytest

from scripts.lab.api import ApiError

from .stage import DOMAIN, Stage, Stopwatch, entity, until

pytestmark = pytest.mark.asyncio(loop_scope="module")
TAKES_S = 60


def key_of(node) -> dict:
    """What the node holds: number and bytes of its key, and its code."""
    return json.loads((node.directory / "keys.json").read_text())


async def test_another_home_assistant_cannot_take_a_paired_node(stage: Stage, tmp_path):
    node = await stage.paired_node("Kitchen basil", parts=("soil", "pump"))
    await stage.api.until_state(entity(node, "switch", "pump"), "off")
    before, key = (await stage.entries())[node.name], key_of(node)
    async with Stage(tmp_path) as other:
        await node.stop()
        node.url, node.log = other.url, []
        await node.start()
        await node.wait_log("link: refused: unknown")
        assert await other.api.flows_in_progress(DOMAIN) == []
        assert (await other.api.begin(DOMAIN, "node"))["type"] == "progress"  # nobody to choose
        assert await other.entries() == {}
        await node.stop()
        assert other.complaints() == []
    assert node.pulses == []
    assert key_of(node) == key
    assert (await stage.entries())[node.name] == before
    assert await stage.api.flows_in_progress(DOMAIN) == []

    node.url, node.log = stage.url, []
    await node.start()
    await node.wait_log("link: connected")
    await stage.switch(node)
    await node.wait_for(lambda: len(node.pulses) == 1)
    await node.stop()


async def test_a_node_that_was_let_go_stays_dry_until_its_button_makes_a_new_code(
    stage: Stage, figures
):
    node = await stage.paired_node("Ficus", parts=("soil", "pump"))
    await stage.api.until_state(entity(node, "switch", "pump"), "off")
    code, entry = node.code, (await stage.entries())[node.name]
    await stage.api.rest("DELETE", f"/api/config/config_entries/entry/{entry['entry_id']}")
    await node.wait_log("link: refused: unknown")
    assert entity(node, "switch", "pump") not in await stage.api.states()
    with pytest.raises(ApiError):
        await stage.api.rest("GET", f"/api/states/{entity(node, 'switch', 'pump')}")
    assert await stage.api.flows_in_progress(DOMAIN) == []

    node.code = None
    await node.press(10.5)
    watch = Stopwatch()
    assert await node.wait_code() != code
    flow_id = await stage.discovered(node)
    figures.append(f"button held for 10 s → discovered again: {watch.seconds:.1f} s")
    old = await stage.type_code(flow_id, code)
    assert old["errors"] == {"base": "wrong_code"}
    result = await stage.type_code(flow_id, node.code)
    assert result["type"] == "create_entry"
    await stage.api.until_state(entity(node, "switch", "pump"), "off")
    assert node.pulses == []


async def test_a_held_button_asks_for_the_new_code_of_a_node_that_is_still_known(stage: Stage):
    node = await stage.paired_node("Fern", parts=("soil", "pump"))
    moisture = entity(node, "sensor", "soil_moisture")
    await stage.number(moisture)
    before = (await stage.entries())[node.name]
    node.code = None
    await node.press(10.5)

    async def asked():
        flows = await stage.api.flows_in_progress(DOMAIN)
        return next((flow for flow in flows if flow["context"]["source"] == "reauth"), None)

    flow = await until(asked, 40, "asked for the new code")
    shown = await stage.api.flow_step(flow["flow_id"])
    assert shown["step_id"] == "reauth_confirm"
    result = await stage.type_code(flow["flow_id"], await node.wait_code())
    assert (result["type"], result["reason"]) == ("abort", "reauth_successful")
    await node.wait_log("link: connected")
    assert (await stage.entries())[node.name]["entry_id"] == before["entry_id"]
    await stage.number(moisture)
