"""A node that has been paired before gets a new key; its entities and history stay."""

import pytest
from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er, issue_registry as ir

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.glue import hub
from tests.nodes.fake_node import FakeNode, until
from tests.nodes.home import Home, flows, home_fixture

home = home_fixture()

NEW = "ZZZZYYYYXXXXWWWW"


async def submit(home: Home, flow: ConfigFlowResult, code: str) -> ConfigFlowResult:
    return await home.hass.config_entries.flow.async_configure(flow["flow_id"], {"code": code})


async def reset(home: Home, node: FakeNode) -> ConfigFlowResult:
    """Hold the node's button; the flow that follows when it calls."""
    node.press_button(NEW)
    node.background(node.keep_dialling())
    await until(lambda: [flow for flow in flows(home) if flow.get("step_id")])
    return flows(home)[0]


async def works(home: Home, node: FakeNode, entry: ConfigEntry) -> None:
    """The node is back under its entry, with a key that nobody had before."""
    assert home.hass.config_entries.async_entries(DOMAIN) == [entry]
    await until(lambda: home.coordinator(node).session)
    await node.measures({0: 17})
    await home.shows(node, "sensor", "0_m", "17.0")
    assert home.stored_keys(node) == {"1": node.key.hex()}


async def test_a_reset_node_is_paired_again(home: Home) -> None:
    node = home.node()
    entry = await home.add(node)
    old_key = node.key
    await node.connect()
    await node.hang_up()
    await until(lambda: home.coordinator(node).session is None)
    flow = await reset(home, node)
    assert (flow["step_id"], flow["context"]["source"]) == ("reauth_confirm", "reauth")
    form = await submit(home, flow, "AAAABBBBCCCCDDDD")
    assert form["errors"] == {"base": "wrong_code"}
    assert form["description_placeholders"] == {"name": "Kitchen"}
    done = await submit(home, flow, NEW)
    assert (done["type"], done["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    assert node.key != old_key
    await works(home, node, entry)


async def test_a_node_that_was_flashed_with_more_inputs(home: Home) -> None:
    node = home.node(channels=[[0, "m"], [1, "t"]])
    entry = await home.add(node)
    node.channels, node.firmware = [[0, "m"], [2, "lx"]], "0.9.0"
    flow = await reset(home, node)
    await submit(home, flow, NEW)
    await works(home, node, entry)
    await until(lambda: home.entity_id(node, "sensor", "2_lx"))
    assert home.entity_id(node, "sensor", "1_t") is None
    assert entry.data["node"]["firmware"] == "0.9.0"
    assert er.async_get(home.hass).async_get("sensor.kitchen_soil_moisture")


async def test_reconfigure_pairs_again(home: Home) -> None:
    node = home.node()
    entry = await home.add(node)
    flow = await entry.start_reconfigure_flow(home.hass)
    assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "reconfigure")
    assert flow["description_placeholders"] == {"name": "Kitchen"}
    assert (await submit(home, flow, "nonsense"))["errors"] == {"base": "malformed_code"}
    node.press_button(NEW)
    node.background(node.keep_dialling())
    done = await submit(home, flow, NEW)
    assert (done["type"], done["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    await works(home, node, entry)


async def test_a_node_that_is_never_reset_keeps_its_key(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "PAIR_WITHIN_S", 0.1)
    node = home.node()
    entry = await home.add(node)
    node.background(node.keep_dialling())
    await until(lambda: home.coordinator(node).session)
    flow = await entry.start_reconfigure_flow(home.hass)
    assert (await submit(home, flow, NEW))["errors"] == {"base": "node_silent"}
    await works(home, node, entry)


async def test_a_typed_code_helps_no_namesake(home: Home) -> None:
    """Who bears the name but not the code cannot become the node, and the node still can."""
    node = home.node()
    entry = await home.add(node)
    namesake = home.node(code="AAAABBBBCCCCDDDD")
    flow = await entry.start_reconfigure_flow(home.hass)
    pairing = home.hass.async_create_task(submit(home, flow, NEW))
    await until(lambda: home.hub.desk.key(node.hardware_id))
    assert await namesake.dial() == "proof"
    assert (await pairing)["errors"] == {"base": "wrong_code"}
    assert home.stored_keys(node)["1"] == node.key.hex()
    await node.connect()
    await works(home, node, entry)


async def test_reconfigure_instead_of_the_dialog_that_waits(home: Home) -> None:
    """A reset node has asked for its code; a person goes by way of its menu all the same."""
    node = home.node()
    entry = await home.add(node)
    assert (await reset(home, node))["context"]["source"] == "reauth"
    await home.hass.async_block_till_done()
    issue = ("homeassistant", f"config_entry_reauth_{DOMAIN}_{entry.entry_id}")
    assert issue in ir.async_get(home.hass).issues
    flow = await entry.start_reconfigure_flow(home.hass)
    assert flow["step_id"] == "reconfigure"
    assert (await submit(home, flow, NEW))["reason"] == "reconfigure_successful"
    await works(home, node, entry)
    assert flows(home) == []
    assert issue not in ir.async_get(home.hass).issues


async def test_a_stranger_s_knock_is_forgotten_when_the_node_calls(home: Home) -> None:
    """Anybody can give the name of a node that sleeps; its own key says that nothing is lost."""
    node = home.node()
    entry = await home.add(node)
    await node.connect()
    await works(home, node, entry)
    await node.hang_up()
    await until(lambda: home.coordinator(node).session is None)
    stranger = home.node()
    stranger.background(stranger.keep_dialling())
    await until(lambda: flows(home))
    await home.hass.async_block_till_done()
    issue = ("homeassistant", f"config_entry_reauth_{DOMAIN}_{entry.entry_id}")
    assert issue in ir.async_get(home.hass).issues
    await stranger.power_off()
    await node.connect()
    await works(home, node, entry)
    assert flows(home) == []
    assert issue not in ir.async_get(home.hass).issues
