"""A node comes in: found, chosen or reset, its code typed right and wrong."""

from dataclasses import replace
from typing import Any

import pytest
from homeassistant.config_entries import (
    SOURCE_DHCP,
    SOURCE_IGNORE,
    SOURCE_USER,
    SOURCE_ZEROCONF,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.flows import pairing
from custom_components.plant_vita.glue import hub, keystore
from tests.nodes.fake_node import CODE, HARDWARE_ID, FakeNode, until
from tests.nodes.home import QUICK, Home, flows, home_fixture

home = home_fixture()

WRONG = "AAAABBBBCCCCDDDD"
OTHER = "a4cf12000002"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairing, "WAIT_FOR_NODE_S", 0.1)


async def begin(home: Home, source: str = SOURCE_USER, data: Any = None) -> ConfigFlowResult:
    flow = await home.hass.config_entries.flow.async_init(
        DOMAIN, context={"source": source}, data=data
    )
    return await submit(home, flow, next_step_id="node") if source == SOURCE_USER else flow


async def submit(home: Home, flow: ConfigFlowResult, **typed: Any) -> ConfigFlowResult:
    return await home.hass.config_entries.flow.async_configure(flow["flow_id"], typed)


async def look(home: Home, flow: ConfigFlowResult) -> ConfigFlowResult:
    """What the dialog of a flow shows now."""
    return await home.hass.config_entries.flow.async_configure(flow["flow_id"])


async def discovered(home: Home, node: FakeNode) -> ConfigFlowResult:
    """The flow that a dialling node has started; it goes on dialling."""
    node.background(node.keep_dialling())
    await until(lambda: [flow for flow in flows(home) if flow.get("step_id")])
    return await look(home, flows(home)[0])


def where(result: ConfigFlowResult) -> tuple[Any, Any]:
    return result["type"], result.get("step_id") or result.get("reason")


FORM, ABORT, CREATED = FlowResultType.FORM, FlowResultType.ABORT, FlowResultType.CREATE_ENTRY


async def test_a_node_that_dials_in_is_discovered_and_paired(home: Home) -> None:
    node = home.node(channels=[[0, "m", "Basil"], [2, "pump"]])
    flow = await discovered(home, node)
    assert where(flow) == (FORM, "pair")
    assert flow["description_placeholders"] == {"name": "Kitchen"}
    done = await submit(home, flow, code="abcd-efgh-ijkl-mnop")
    assert (done["type"], done["title"]) == (CREATED, "Kitchen")
    assert done["data"] == {
        "kind": "node",
        "node": {
            "hardware_id": HARDWARE_ID,
            "model": "esp32dev",
            "firmware": "0.1.0",
            "every": 60,
            "sleeps": False,
            "name": "Kitchen",
            "channels": [[0, "m", "Basil"], [2, "pump", None]],
        },
    }
    entry = done["result"]
    assert entry.unique_id == HARDWARE_ID
    assert entry.state is ConfigEntryState.LOADED
    await until(lambda: home.coordinator(node).session)
    await node.measures({0: 44})
    await home.shows(node, "sensor", "0_m", "44.0")
    assert home.stored_keys(node) == {"1": node.key.hex()}
    assert flows(home) == []
    assert home.hub.async_strangers() == []


async def test_a_node_without_a_name_is_called_by_its_model_and_id(home: Home) -> None:
    flow = await discovered(home, home.node(name=None))
    assert flow["description_placeholders"] == {"name": "esp32dev"}
    assert (await submit(home, flow, code=CODE))["title"] == "esp32dev 0001"


async def test_by_hand_nobody_then_somebody(home: Home) -> None:
    flow = await begin(home)
    assert flow["type"] is FlowResultType.SHOW_PROGRESS
    assert flow["progress_action"] == "wait_for_node"
    await home.hass.async_block_till_done()
    assert where(await look(home, flow)) == (FORM, "nobody")
    flow = await submit(home, flow)
    assert flow["type"] is FlowResultType.SHOW_PROGRESS
    await home.hass.async_block_till_done()
    assert where(await look(home, flow)) == (FORM, "nobody")
    node = home.node()
    node.background(node.keep_dialling())
    await until(home.hub.async_strangers)
    flow = await submit(home, flow)
    assert where(flow) == (FORM, "choose")
    flow = await submit(home, flow, node=HARDWARE_ID)
    assert (where(flow), flow["description_placeholders"]) == ((FORM, "pair"), {"name": "Kitchen"})
    assert (await submit(home, flow, code=CODE))["type"] is CREATED


async def test_by_hand_a_node_calls_while_somebody_waits(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairing, "WAIT_FOR_NODE_S", 20.0)
    flow = await begin(home)
    assert (await look(home, flow))["type"] is FlowResultType.SHOW_PROGRESS
    await home.node().dial()
    await home.hass.async_block_till_done()
    assert where(await look(home, flow)) == (FORM, "choose")


async def test_a_dialog_that_is_closed_stops_waiting(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairing, "WAIT_FOR_NODE_S", 20.0)
    flow = await begin(home)
    home.hass.config_entries.flow.async_abort(flow["flow_id"])
    assert flows(home) == []


async def test_one_of_several_is_chosen(home: Home) -> None:
    first, second = home.node(), home.node(hardware_id=OTHER, name=None)
    for node in (first, second):
        node.background(node.keep_dialling())
    await until(lambda: len(home.hub.async_strangers()) == 2)
    flow = await begin(home)
    ((choice, field),) = flow["data_schema"].schema.items()
    assert choice.default() == field.config["options"][0]["value"]
    assert sorted((one["value"], one["label"]) for one in field.config["options"]) == [
        (HARDWARE_ID, f"Kitchen ({HARDWARE_ID})"),
        (OTHER, f"esp32dev ({OTHER})"),
    ]
    flow = await submit(home, flow, node=OTHER)
    done = await submit(home, flow, code=CODE)
    assert done["result"].unique_id == OTHER
    await until(lambda: home.coordinator(second).session)
    assert first.kid == 0


async def test_a_node_that_says_nothing_of_itself_is_its_id(home: Home) -> None:
    socket = await home.dialler()
    await socket.send_json({"v": 1, "id": HARDWARE_ID, "kid": 0, "nn": "0" * 32})
    await socket.receive()
    flow = await begin(home)
    (field,) = flow["data_schema"].schema.values()
    assert [one["label"] for one in field.config["options"]] == [HARDWARE_ID]
    flow = await submit(home, flow, node=HARDWARE_ID)
    assert flow["description_placeholders"] == {"name": HARDWARE_ID}


async def test_who_was_chosen_has_gone_meanwhile(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = home.node(), home.node(hardware_id=OTHER)
    await first.dial()
    await second.dial()
    flow = await begin(home)
    await home.add(first)
    assert where(await submit(home, flow, node=HARDWARE_ID)) == (FORM, "choose")
    monkeypatch.setattr(hub, "STRANGER_GONE_S", -1.0)
    assert where(await submit(home, flow, node=OTHER)) == (FORM, "nobody")


# --- codes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "told"), [(WRONG, "wrong_code"), ("ABC", "malformed_code"), ("", "malformed_code")]
)
async def test_a_wrong_code_is_told_and_can_be_mended(home: Home, typed: str, told: str) -> None:
    flow = await discovered(home, home.node())
    flow = await submit(home, flow, code=typed)
    assert (where(flow), flow["errors"]) == ((FORM, "pair"), {"base": told})
    assert flow["description_placeholders"] == {"name": "Kitchen"}
    assert (await submit(home, flow, code=CODE))["type"] is CREATED


async def test_twenty_wrong_codes(home: Home) -> None:
    flow = await discovered(home, home.node())
    for _ in range(20):
        flow = await submit(home, flow, code=WRONG)
        assert flow["errors"] == {"base": "wrong_code"}
    assert (await submit(home, flow, code=CODE))["errors"] == {"base": "too_many_tries"}


async def test_a_locked_node(home: Home) -> None:
    flow = await discovered(home, home.node(locked=True))
    assert (await submit(home, flow, code=CODE))["errors"] == {"base": "too_many_tries"}


async def test_a_silent_node(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "PAIR_WITHIN_S", 0.1)
    node = home.node()
    flow = await discovered(home, node)
    await node.power_off()
    assert (await submit(home, flow, code=CODE))["errors"] == {"base": "node_silent"}


async def test_a_full_disk(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    node = home.node()
    flow = await discovered(home, node)
    with monkeypatch.context() as patch:
        patch.setattr(keystore, "_read", lambda path: {})
        flow = await submit(home, flow, code=CODE)
    assert flow["errors"] == {"base": "store_failed"}
    assert (node.kid, home.hub.keys.holds(HARDWARE_ID)) == (0, False)
    assert (await submit(home, flow, code=CODE))["type"] is CREATED


async def test_a_node_that_refuses_its_key(home: Home) -> None:
    flow = await discovered(home, home.node(takes_key=False))
    assert (await submit(home, flow, code=CODE))["errors"] == {"base": "key_refused"}


async def test_no_answer_to_the_key_and_the_node_does_not_hold_it(home: Home) -> None:
    node = home.node(takes_key=False, acks_key=False)
    flow = await discovered(home, node)
    flow = await submit(home, flow, code=CODE)
    assert flow["errors"] == {"base": "no_answer"}
    node.takes_key = node.acks_key = True
    assert (await submit(home, flow, code=CODE))["type"] is CREATED
    await until(lambda: home.coordinator(node).session)


async def test_no_answer_to_the_key_but_the_node_holds_it(home: Home) -> None:
    """Only the answer was lost; typing the code once more is what the message asks for."""
    home.limit(replace(QUICK, ack_s=0.1))
    node = home.node(acks_key=False)
    flow = await discovered(home, node)
    flow = await submit(home, flow, code=CODE)
    assert flow["type"] is CREATED or flow["errors"] == {"base": "no_answer"}
    assert node.kid == 1
    if flow["type"] is not CREATED:
        await until(lambda: home.hub.async_stranger(HARDWARE_ID).info)
        flow = await submit(home, flow, code=CODE)
    assert flow["type"] is CREATED
    await until(lambda: home.coordinator(node).session)


async def test_what_nobody_expects_is_in_the_log(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.expect("Unexpected exception while pairing")
    flow = await discovered(home, home.node())

    async def broken(*_: object) -> None:
        msg = "a bug"
        raise RuntimeError(msg)

    monkeypatch.setattr(hub.Hub, "async_pair", broken)
    assert (await submit(home, flow, code=CODE))["errors"] == {"base": "unknown"}


# --- interrupted, twice, already there --------------------------------------------------------


async def test_an_interrupted_pairing_needs_no_code(home: Home) -> None:
    node = home.node()
    await home.share_key(node)
    flow = await discovered(home, node)
    assert where(flow) == (FORM, "confirm")
    assert flow["description_placeholders"] == {"name": "Kitchen"}
    assert flows(home)[0]["context"]["confirm_only"]
    done = await submit(home, flow)
    assert (done["type"], done["title"]) == (CREATED, "Kitchen")
    await until(lambda: home.coordinator(node).session)


async def test_an_interrupted_pairing_is_found_by_hand_too(home: Home) -> None:
    node = home.node()
    await home.share_key(node)
    home.hass.config_entries.flow.async_abort((await discovered(home, node))["flow_id"])
    flow = await submit(home, await begin(home), node=HARDWARE_ID)
    assert where(flow) == (FORM, "confirm")


async def test_a_node_that_was_reset_before_it_was_confirmed(home: Home) -> None:
    node = home.node()
    await home.share_key(node)
    flow = await discovered(home, node)
    node.press_button(WRONG)
    await until(lambda: home.hub.async_stranger(HARDWARE_ID).info is None)
    flow = await submit(home, flow)
    assert where(flow) == (FORM, "pair")
    assert (await submit(home, flow, code=WRONG))["type"] is CREATED


async def test_two_dialogs_for_one_node(home: Home) -> None:
    first = await discovered(home, home.node())
    second = await submit(home, await begin(home), node=HARDWARE_ID)
    assert where(second) == (FORM, "pair")
    pairing_first = home.hass.async_create_task(submit(home, first, code=WRONG))
    told = await submit(home, second, code=CODE)
    assert told["errors"] == {"base": "cannot_pair"}
    await pairing_first
    assert (await submit(home, second, code=CODE))["type"] is CREATED
    assert flows(home) == []


async def test_found_again_while_it_is_being_added(home: Home) -> None:
    await discovered(home, home.node())
    again = await begin(home, SOURCE_DHCP, dhcp(HARDWARE_ID))
    assert where(again) == (ABORT, "already_in_progress")


def dhcp(mac: str) -> DhcpServiceInfo:
    return DhcpServiceInfo(ip="192.0.2.7", hostname="plantvita-000001", macaddress=mac)


def zeroconf(properties: dict[str, Any]) -> ZeroconfServiceInfo:
    return ZeroconfServiceInfo(
        ip_address="192.0.2.7",
        ip_addresses=["192.0.2.7"],
        port=80,
        hostname="plantvita.local.",
        type="_plant-vita._tcp.local.",
        name="plantvita._plant-vita._tcp.local.",
        properties=properties,
    )


@pytest.mark.parametrize(
    ("source", "data", "name"),
    [
        (SOURCE_DHCP, dhcp(HARDWARE_ID), "plantvita-000001"),
        (SOURCE_ZEROCONF, zeroconf({"id": HARDWARE_ID, "name": "Ca\x07binet"}), "Ca binet"),
        (SOURCE_ZEROCONF, zeroconf({"id": HARDWARE_ID, "name": "a" * 33}), "a" * 32),
        (SOURCE_ZEROCONF, zeroconf({"id": HARDWARE_ID}), HARDWARE_ID),
    ],
)
async def test_found_by_its_address_or_its_own_announcement(
    home: Home, source: str, data: Any, name: str
) -> None:
    flow = await begin(home, source, data)
    assert where(flow) == (FORM, "pair")
    assert flow["description_placeholders"] == {"name": name}
    assert flows(home)[0]["context"]["title_placeholders"] == {"name": name}
    node = home.node()
    node.background(node.keep_dialling())
    assert (await submit(home, flow, code=CODE))["type"] is CREATED


@pytest.mark.parametrize("properties", [{}, {"id": None}, {"id": "a/b"}, {"id": "x" * 33}])
async def test_what_announces_itself_without_an_id_is_no_node(
    home: Home, properties: dict[str, Any]
) -> None:
    flow = await begin(home, SOURCE_ZEROCONF, zeroconf(properties))
    assert where(flow) == (ABORT, "not_a_node")


@pytest.mark.parametrize("ignored", [True, False])
async def test_a_node_that_is_there_already(home: Home, *, ignored: bool) -> None:
    if ignored:
        MockConfigEntry(domain=DOMAIN, unique_id=HARDWARE_ID, source=SOURCE_IGNORE).add_to_hass(
            home.hass
        )
    else:
        await home.add(home.node())
    flow = await begin(home, SOURCE_DHCP, dhcp(HARDWARE_ID))
    assert where(flow) == (ABORT, "already_configured")


async def test_an_ignored_node_can_be_added_by_hand(home: Home) -> None:
    MockConfigEntry(domain=DOMAIN, unique_id=HARDWARE_ID, source=SOURCE_IGNORE).add_to_hass(
        home.hass
    )
    node = home.node()
    node.background(node.keep_dialling())
    await until(home.hub.async_strangers)
    flow = await submit(home, await begin(home), node=HARDWARE_ID)
    done = await submit(home, flow, code=CODE)
    assert done["type"] is CREATED
    await until(lambda: home.coordinator(node).session)
