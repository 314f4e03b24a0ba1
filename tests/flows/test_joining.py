"""A network node is told over its cable where to call, and calls; or does not, and that is said."""

import asyncio
import logging
from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_USB, SOURCE_USER, ConfigFlowResult
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.usb import UsbServiceInfo
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.flows import joining
from custom_components.plant_vita.glue import keystore
from tests.nodes.cable_node import Cable, CableNode, Json
from tests.nodes.fake_node import HARDWARE_ID, FakeNode, until
from tests.nodes.home import flows, home_fixture
from tests.nodes.plugboard import Plugboard, board_fixture

home = home_fixture()
board = board_fixture()

FORM, ABORT, CREATED = FlowResultType.FORM, FlowResultType.ABORT, FlowResultType.CREATE_ENTRY
MENU, PROGRESS = FlowResultType.MENU, FlowResultType.SHOW_PROGRESS
NETWORK = {"ssid": "Garden", "password": "correct horse"}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "CALL_WITHIN_S", 3.0)
    monkeypatch.setattr(joining, "_LOOK_EVERY_S", 0.02)


@pytest.fixture
async def cable(board: Plugboard) -> Cable:
    return board.plug("esp32", network_node())


def network_node(**changed: Any) -> CableNode:
    return CableNode(
        hardware_id=HARDWARE_ID, model="esp32s3", name="Sill", slots=0, joins=True, **changed
    )


async def submit(board: Plugboard, flow: ConfigFlowResult, **typed: Any) -> ConfigFlowResult:
    return await board.home.hass.config_entries.flow.async_configure(flow["flow_id"], typed)


async def begin(board: Plugboard, cable: Cable) -> ConfigFlowResult:
    manager = board.home.hass.config_entries.flow
    flow = await manager.async_init(DOMAIN, context={"source": SOURCE_USER})
    flow = await submit(board, flow, next_step_id="cable")
    return await submit(board, flow, device=cable.port)


async def after(board: Plugboard, flow: ConfigFlowResult) -> ConfigFlowResult:
    """What the dialog shows when the waiting is over."""
    await board.home.hass.async_block_till_done()
    return await board.home.hass.config_entries.flow.async_configure(flow["flow_id"])


async def closed(board: Plugboard, flow: ConfigFlowResult) -> None:
    """The dialog is closed, so that nobody waits for the call until its time is over."""
    board.home.hass.config_entries.flow.async_abort(flow["flow_id"])
    await board.home.hass.async_block_till_done()


def where(result: ConfigFlowResult) -> tuple[Any, Any]:
    return result["type"], result.get("step_id") or result.get("reason")


def calls(board: Plugboard, told: Json) -> FakeNode:
    """The node restarts and dials in with what it was told."""
    node = board.home.node(
        name="Sill", model="esp32s3", kid=told["kid"], key=bytes.fromhex(told["k"])
    )
    node.background(node.keep_dialling())
    return node


async def test_told_and_called(
    board: Plugboard, cable: Cable, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    flow = await begin(board, cable)
    assert (where(flow), flow["errors"]) == ((FORM, "wifi"), {})
    assert flow["description_placeholders"] == {"name": "Sill"}
    flow = await submit(board, flow, **NETWORK, url="http://192.0.2.1:8123")
    assert (where(flow), flow["progress_action"]) == ((PROGRESS, "calling"), "wait_for_call")
    (told,) = cable.node.joined()
    assert {name: told[name] for name in ("ssid", "pw", "url", "kid")} == {
        "ssid": "Garden",
        "pw": "correct horse",
        "url": "http://192.0.2.1:8123",
        "kid": 1,
    }
    node = calls(board, told)
    assert board.home.stored_keys(node) == {"1": told["k"]}
    done = await after(board, flow)
    assert (done["type"], done["title"]) == (CREATED, "Sill")
    assert done["data"]["node"]["model"] == "esp32s3"
    assert set(done["data"]) == {"kind", "node"}
    await until(lambda: board.home.coordinator(node).session)
    assert flows(board.home) == []
    assert board.home.stored_keys(node) == {"1": told["k"]}
    everything = caplog.text + str(done["data"])
    assert "correct horse" not in everything
    assert told["k"] not in caplog.text.replace(f"'1': '{told['k']}'", "")


async def test_found_when_it_is_plugged_in(board: Plugboard, cable: Cable) -> None:
    info = UsbServiceInfo(
        device=cable.port,
        vid="303A",
        pid="1001",
        serial_number=None,
        manufacturer="Espressif",
        description="USB JTAG/serial debug unit",
    )
    flow = await board.home.hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USB}, data=info
    )
    assert where(flow) == (FORM, "wifi")
    assert flows(board.home)[0]["context"]["title_placeholders"] == {"name": "Sill"}
    flow = await submit(board, flow, ssid="Open network")
    (told,) = cable.node.joined()
    assert (told["pw"], "url" in told) == ("", False)
    calls(board, told)
    assert (await after(board, flow))["type"] is CREATED


async def suggested(board: Plugboard, flow: ConfigFlowResult) -> dict[str, Any]:
    return {
        str(field): field.description["suggested_value"]
        for field in flow["data_schema"].schema
        if field.description and field.description.get("suggested_value")
    }


async def test_the_address_is_ours_at_first(board: Plugboard, cable: Cable) -> None:
    await async_process_ha_core_config(board.home.hass, {"internal_url": "http://192.0.2.20:8123"})
    flow = await begin(board, cable)
    assert await suggested(board, flow) == {"url": "http://192.0.2.20:8123"}


async def test_no_address_is_known(
    board: Plugboard, cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> str:
        raise joining.NoURLAvailableError

    monkeypatch.setattr(joining, "get_url", unknown)
    assert await suggested(board, await begin(board, cable)) == {}


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"ssid": ""}, {"ssid": "ssid"}),
        ({"ssid": "ä" * 17}, {"ssid": "ssid"}),
        ({"ssid": "Garden", "password": "seven77"}, {"password": "wifi_password"}),
        ({"ssid": "Garden", "password": "x" * 65}, {"password": "wifi_password"}),
        ({"ssid": "Garden", "url": "homeassistant.local"}, {"url": "url"}),
        ({"ssid": "Garden", "url": "http://" + "h" * 122}, {"url": "url"}),
    ],
)
async def test_what_cannot_be_is_told_before_anything_is_sent(
    board: Plugboard, cable: Cable, typed: dict[str, str], errors: dict[str, str]
) -> None:
    flow = await submit(board, await begin(board, cable), **typed)
    assert (where(flow), flow["errors"]) == ((FORM, "wifi"), errors)
    assert await suggested(board, flow) == {name: text for name, text in typed.items() if text}
    assert cable.node.joined() == []
    assert not board.home.hub.keys.holds(HARDWARE_ID)
    flow = await submit(board, flow, **NETWORK)
    assert where(flow) == (PROGRESS, "calling")
    await closed(board, flow)


# --- it does not go through -----------------------------------------------------------------------


async def test_the_node_refuses(board: Plugboard, cable: Cable) -> None:
    cable.node.answer = lambda _: {"err": "bad"}
    flow = await submit(board, await begin(board, cable), **NETWORK)
    assert (where(flow), flow["errors"]) == ((FORM, "wifi"), {"base": "join_refused"})


async def test_pulled_before_it_was_told(board: Plugboard, cable: Cable) -> None:
    flow = await begin(board, cable)
    cable.unplug()
    flow = await submit(board, flow, **NETWORK)
    assert flow["errors"] == {"base": "port_missing"}
    assert not board.home.hub.keys.holds(HARDWARE_ID)
    cable.plug()
    flow = await submit(board, flow, **NETWORK)
    assert where(flow) == (PROGRESS, "calling")
    await closed(board, flow)


async def test_another_board_was_plugged_in(board: Plugboard, cable: Cable) -> None:
    flow = await begin(board, cable)
    cable.unplug()
    cable.plug(network_node(starts=5))
    cable.node.hardware_id = "a4cf12000009"
    cable.node.start()
    flow = await submit(board, flow, **NETWORK)
    assert flow["errors"] == {"base": "other_node"}
    assert cable.node.joined() == []


async def test_a_full_disk(board: Plugboard, cable: Cable, monkeypatch: pytest.MonkeyPatch) -> None:
    flow = await begin(board, cable)
    with monkeypatch.context() as patch:
        patch.setattr(keystore, "_read", lambda path: {})
        flow = await submit(board, flow, **NETWORK)
    assert flow["errors"] == {"base": "store_failed"}
    assert cable.node.joined() == []


async def test_a_bug_is_in_the_log(
    board: Plugboard, cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    board.home.expect("Unexpected exception while a node was told to join")
    flow = await begin(board, cable)

    def broken(*_: object, **__: object) -> None:
        msg = "a bug"
        raise RuntimeError(msg)

    monkeypatch.setattr(joining, "Join", broken)
    flow = await submit(board, flow, **NETWORK)
    assert flow["errors"] == {"base": "unknown"}


async def test_it_restarts_before_its_answer_is_out(board: Plugboard, cable: Cable) -> None:
    """A native USB port goes away with the restart; the node has written everything down."""

    def gone(_: Json) -> None:
        asyncio.get_running_loop().call_soon(cable.unplug)

    cable.node.answer = gone
    flow = await submit(board, await begin(board, cable), **NETWORK)
    assert where(flow) == (PROGRESS, "calling")
    calls(board, cable.node.joined()[0])
    assert (await after(board, flow))["type"] is CREATED


async def test_it_never_calls_and_then_it_does(
    board: Plugboard, cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "CALL_WITHIN_S", 0.1)
    flow = await submit(board, await begin(board, cable), **NETWORK)
    flow = await after(board, flow)
    assert (where(flow), flow["menu_options"]) == ((MENU, "not_called"), ["calling", "wifi"])
    assert flow["description_placeholders"] == {"name": "Sill"}
    flow = await submit(board, flow, next_step_id="calling")
    assert where(flow) == (PROGRESS, "calling")
    flow = await after(board, flow)
    assert where(flow) == (MENU, "not_called")
    monkeypatch.setattr(joining, "CALL_WITHIN_S", 3.0)
    flow = await submit(board, flow, next_step_id="wifi")
    assert (where(flow), flow["errors"]) == ((FORM, "wifi"), {})
    flow = await submit(board, flow, ssid="Garden 2.4", password="another one")
    first, second = cable.node.joined()
    assert (second["ssid"], first["kid"], second["kid"]) == ("Garden 2.4", 1, 2)
    node = calls(board, second)
    assert (await after(board, flow))["type"] is CREATED
    await until(lambda: board.home.coordinator(node).session)
    assert board.home.stored_keys(node) == {"2": second["k"]}


async def test_only_the_answer_to_the_second_password_was_lost(
    board: Plugboard, cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The node may hold either key: whichever it proves, it is let in."""
    monkeypatch.setattr(joining, "CALL_WITHIN_S", 0.1)
    flow = await after(board, await submit(board, await begin(board, cable), **NETWORK))
    flow = await submit(board, flow, next_step_id="wifi")
    monkeypatch.setattr(joining, "CALL_WITHIN_S", 3.0)
    flow = await submit(board, flow, **NETWORK)
    node = calls(board, cable.node.joined()[0])
    assert (await after(board, flow))["type"] is CREATED
    await until(lambda: board.home.coordinator(node).session)


async def test_a_dialog_that_is_closed_leaves_a_node_that_is_offered_without_a_code(
    board: Plugboard, cable: Cable
) -> None:
    flow = await submit(board, await begin(board, cable), **NETWORK)
    board.home.hass.config_entries.flow.async_abort(flow["flow_id"])
    assert flows(board.home) == []
    # Even if Home Assistant was killed meanwhile.
    await board.home.lose_memory()
    calls(board, cable.node.joined()[0])
    await until(lambda: [flow for flow in flows(board.home) if flow.get("step_id")])
    (flow,) = flows(board.home)
    assert flow["step_id"] == "confirm"
    assert (await submit(board, flow))["type"] is CREATED


# --- a node that is here already ------------------------------------------------------------------


async def test_a_known_node_gets_another_network(board: Plugboard, cable: Cable) -> None:
    node = board.home.node(name="Sill", model="esp32s3")
    entry = await board.home.add(node)
    await node.connect()
    old = board.home.stored_keys(node)
    assert set(old) == {"1"}
    flow = await submit(board, await begin(board, cable), **NETWORK)
    assert where(flow) == (PROGRESS, "calling")
    (told,) = cable.node.joined()
    assert told["kid"] == 2
    # The old key is good until the new one is proved: the node may not have taken it.
    assert board.home.stored_keys(node) == {**old, "2": told["k"]}
    node.kid, node.key = 2, bytes.fromhex(told["k"])
    await node.connect()
    done = await after(board, flow)
    assert where(done) == (ABORT, "joined")
    assert done["description_placeholders"] == {"name": "Sill"}
    assert board.home.stored_keys(node) == {"2": told["k"]}
    assert board.home.hass.config_entries.async_entries(DOMAIN) == [entry]
    assert "device" not in entry.data


async def test_a_known_node_that_did_not_take_it_goes_on_as_before(
    board: Plugboard, cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "CALL_WITHIN_S", 0.1)
    node = board.home.node(name="Sill", model="esp32s3")
    await board.home.add(node)
    cable.node.answer = lambda _: None
    flow = await submit(board, await begin(board, cable), **NETWORK)
    assert where(await after(board, flow)) == (MENU, "not_called")
    await node.connect()
    assert set(board.home.stored_keys(node)) == {"1"}


async def test_an_ignored_node_that_somebody_wants_after_all(
    board: Plugboard, cable: Cable
) -> None:
    ignored = MockConfigEntry(domain=DOMAIN, unique_id=HARDWARE_ID, source=SOURCE_IGNORE)
    ignored.add_to_hass(board.home.hass)
    flow = await submit(board, await begin(board, cable), **NETWORK)
    calls(board, cable.node.joined()[0])
    assert (await after(board, flow))["type"] is CREATED
