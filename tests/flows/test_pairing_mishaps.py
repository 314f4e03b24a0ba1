"""Pairing goes wrong half-way, and is mended by what the dialog asks for."""

from dataclasses import replace

import pytest
from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.data_entry_flow import FlowResultType, UnknownFlow
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.glue import hub, keystore
from custom_components.plant_vita.model.errors import NodeSilentError
from tests.nodes.fake_node import CODE, FakeNode, until
from tests.nodes.home import QUICK, Home, described, flows, home_fixture

home = home_fixture()

NEW = "ZZZZYYYYXXXXWWWW"
ABORT, CREATED = FlowResultType.ABORT, FlowResultType.CREATE_ENTRY


def gives_up(home: Home, node: FakeNode) -> None:
    """Let the time be over for which somebody waits for a node after typing its code."""
    home.hub.desk._wishes[node.hardware_id].outcome.set_exception(NodeSilentError())


async def submit(home: Home, flow: ConfigFlowResult, code: str) -> ConfigFlowResult:
    return await home.hass.config_entries.flow.async_configure(flow["flow_id"], {"code": code})


async def asked(home: Home) -> ConfigFlowResult:
    """The dialog that a dialling node has opened."""
    await until(lambda: [flow for flow in flows(home) if flow.get("step_id")])
    return flows(home)[0]


async def asked_again(home: Home, entry: ConfigEntry, source: str) -> ConfigFlowResult:
    """The dialog in which a paired node gets its new code."""
    if source == "reauth":
        return await asked(home)
    return await entry.start_reconfigure_flow(home.hass)


async def works(home: Home, node: FakeNode) -> None:
    await until(lambda: home.coordinator(node).session)
    await node.measures({0: 17})
    await home.shows(node, "sensor", "0_m", "17.0")
    assert home.stored_keys(node) == {"1": node.key.hex()}


@pytest.mark.parametrize("source", ["reauth", "reconfigure"])
async def test_pairing_again_when_only_the_answer_was_lost(home: Home, source: str) -> None:
    """The node holds its new key already: "try once more" has to end well."""
    home.limit(replace(QUICK, ack_s=0.1))
    node = home.node(acks_key=False)
    entry = await home.add(node)
    node.press_button(NEW)
    node.background(node.keep_dialling())
    flow = await asked_again(home, entry, source)
    assert (await submit(home, flow, NEW))["errors"] == {"base": "no_answer"}
    await until(lambda: home.coordinator(node).session)
    done = await submit(home, flow, NEW)
    assert (done["type"], done.get("reason")) == (ABORT, f"{source}_successful")
    await works(home, node)
    assert flows(home) == []


@pytest.mark.parametrize("source", ["reauth", "reconfigure"])
async def test_pairing_again_before_the_node_has_come_back(home: Home, source: str) -> None:
    """Once more is tried so fast that the node comes with its new key only during the try."""
    home.limit(replace(QUICK, ack_s=0.1))
    node = home.node(acks_key=False)
    entry = await home.add(node)
    node.press_button(NEW)
    node.background(node.keep_dialling())
    flow = await asked_again(home, entry, source)
    first = home.hass.async_create_task(submit(home, flow, NEW))
    await until(lambda: node.kid == 1)
    await node.power_off()
    assert (await first)["errors"]["base"] in {"no_answer", "not_connected"}
    again = home.hass.async_create_task(submit(home, flow, NEW))
    await until(lambda: home.hub.desk.key(node.hardware_id))
    await node.connect()
    gives_up(home, node)
    assert (await again).get("reason") == f"{source}_successful"
    await works(home, node)


@pytest.mark.parametrize("source", ["reauth", "reconfigure"])
async def test_pairing_again_when_the_key_did_not_arrive(home: Home, source: str) -> None:
    node = home.node(takes_key=False, acks_key=False)
    entry = await home.add(node)
    node.press_button(NEW)
    node.background(node.keep_dialling())
    flow = await asked_again(home, entry, source)
    assert (await submit(home, flow, NEW))["errors"] == {"base": "no_answer"}
    assert node.kid == 0
    node.takes_key = node.acks_key = True
    done = await submit(home, flow, NEW)
    assert (done["type"], done.get("reason")) == (ABORT, f"{source}_successful")
    await works(home, node)


@pytest.mark.parametrize("source", ["reauth", "reconfigure"])
async def test_pairing_again_on_a_full_disk_changes_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    node = home.node()
    entry = await home.add(node)
    await node.connect()
    await node.hang_up()
    await until(lambda: home.coordinator(node).session is None)
    old, data = node.key, dict(entry.data)
    node.press_button(NEW)
    node.background(node.keep_dialling())
    flow = await asked_again(home, entry, source)
    with monkeypatch.context() as patch:
        patch.setattr(keystore, "_read", lambda path: {})
        assert (await submit(home, flow, NEW))["errors"] == {"base": "store_failed"}
        assert node.kid == 0
    assert (home.hub.keys.key(node.hardware_id, 1), dict(entry.data)) == (old, data)
    assert (await submit(home, flow, NEW))["reason"] == f"{source}_successful"
    await works(home, node)


async def test_the_file_of_the_keys_is_lost(home: Home) -> None:
    """Its node is asked for a new code, and the repairs page is clean afterwards."""
    node = home.node(kid=1, key=bytes(32))
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Kitchen",
        unique_id=node.hardware_id,
        data={"kind": "node", "node": described(node)},
    )
    entry.add_to_hass(home.hass)
    await home.hass.config_entries.async_setup(entry.entry_id)
    flow = await asked(home)
    await home.hass.async_block_till_done()
    issue = ("homeassistant", f"config_entry_reauth_{DOMAIN}_{entry.entry_id}")
    assert issue in ir.async_get(home.hass).issues
    assert await node.dial() == "unknown"
    node.press_button(NEW)
    node.background(node.keep_dialling())
    assert (await submit(home, flow, NEW))["reason"] == "reauth_successful"
    await works(home, node)
    assert issue not in ir.async_get(home.hass).issues


async def test_the_dialog_is_closed_while_the_code_is_tried(home: Home) -> None:
    """The node has its key by then, so adding it later needs no code."""
    node = home.node()
    await node.dial()
    flow = await asked(home)
    trying = home.hass.async_create_task(submit(home, flow, CODE))
    await until(lambda: home.hub.desk.key(node.hardware_id))
    home.hass.config_entries.flow.async_abort(flow["flow_id"])
    node.background(node.keep_dialling())
    with pytest.raises(UnknownFlow):
        await trying
    assert home.hass.config_entries.async_entries(DOMAIN) == []
    again = await asked(home)
    assert again["step_id"] == "confirm"
    done = await home.hass.config_entries.flow.async_configure(again["flow_id"], {})
    assert done["type"] is CREATED
    await works(home, node)


async def test_two_nodes_are_paired_side_by_side(home: Home) -> None:
    """Each code goes to its own node."""
    codes = {"a4cf12000001": CODE, "a4cf12000002": NEW}
    nodes = [home.node(hardware_id=one, code=code, name=one) for one, code in codes.items()]
    for node in nodes:
        node.background(node.keep_dialling())
    await until(lambda: len([flow for flow in flows(home) if flow.get("step_id")]) == 2)
    for flow in flows(home):
        done = await submit(home, flow, codes[flow["context"]["unique_id"]])
        assert (done["type"], done["title"]) == (CREATED, flow["context"]["unique_id"])
    for node in nodes:
        await works(home, node)


async def test_a_first_pairing_when_only_the_answer_was_lost(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once more ends at once: nobody waits for a node that does not use the code any more."""
    home.limit(replace(QUICK, ack_s=0.1))
    node = home.node(acks_key=False)
    await node.dial()
    flow = await asked(home)
    first = home.hass.async_create_task(submit(home, flow, CODE))
    await until(lambda: home.hub.desk.key(node.hardware_id))
    await node.connect()
    await node.closed()
    assert (await first)["errors"] == {"base": "no_answer"}
    node.background(node.keep_dialling())
    await until(lambda: home.hub.async_stranger(node.hardware_id).info)
    tries: list[str] = []

    async def silence(_hub: hub.Hub, hardware_id: str, _code: str) -> None:
        tries.append(hardware_id)
        raise NodeSilentError

    monkeypatch.setattr(hub.Hub, "async_pair", silence)
    done = await submit(home, flow, CODE)
    assert (done["type"], done["title"]) == (CREATED, "Kitchen")
    assert tries == []
    await works(home, node)
