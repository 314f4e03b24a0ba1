"""A node on a cable comes in: found or chosen, asked, never shown before it has answered."""

import asyncio
from typing import Any

import pytest
from homeassistant.components import usb
from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_USB,
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.usb import UsbServiceInfo
from homeassistant.loader import async_get_integration
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.flows import cable as steps
from custom_components.plant_vita.glue import cable as glue
from tests.nodes.cable_node import HARDWARE_ID, Cable, CableNode, LentPort, open_terminals
from tests.nodes.fake_node import until
from tests.nodes.home import Home, flows, home_fixture
from tests.nodes.plugboard import CH340, Plugboard, board_fixture

home = home_fixture()
board = board_fixture()

FORM, ABORT, CREATED = FlowResultType.FORM, FlowResultType.ABORT, FlowResultType.CREATE_ENTRY
OTHER = "avrffffffffffffffff"


async def begin(board: Plugboard) -> ConfigFlowResult:
    manager = board.home.hass.config_entries.flow
    flow = await manager.async_init(DOMAIN, context={"source": SOURCE_USER})
    return await submit(board, flow, next_step_id="cable")


async def submit(board: Plugboard, flow: ConfigFlowResult, **typed: Any) -> ConfigFlowResult:
    return await board.home.hass.config_entries.flow.async_configure(flow["flow_id"], typed)


async def found(board: Plugboard, cable: Cable) -> ConfigFlowResult:
    """Home Assistant has noticed a board."""
    info = UsbServiceInfo(
        device=cable.port,
        vid="2341",
        pid="0043",
        serial_number=None,
        manufacturer="Arduino",
        description="Uno",
    )
    return await board.home.hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USB}, data=info
    )


def where(result: ConfigFlowResult) -> tuple[Any, Any]:
    return result["type"], result.get("step_id") or result.get("reason")


# --- by hand --------------------------------------------------------------------------------------


async def test_by_hand(board: Plugboard) -> None:
    cable = board.plug("uno", CableNode())
    flow = await begin(board)
    assert (where(flow), flow["errors"]) == ((FORM, "cable"), {})
    done = await submit(board, flow, device=cable.port)
    assert (done["type"], done["title"]) == (CREATED, "Fern")
    assert done["data"] == {
        "kind": "node",
        "node": {
            "hardware_id": HARDWARE_ID,
            "model": "uno",
            "firmware": "0.1.0",
            "every": 60,
            "sleeps": False,
            "name": "Fern",
            "channels": [[0, "m", None, "A0"], [7, "pump", None]],
            "slots": 8,
        },
        "device": cable.port,
        "adapter": "2341:0043",
    }
    entry = done["result"]
    assert (entry.unique_id, entry.state) == (HARDWARE_ID, ConfigEntryState.LOADED)
    await until(lambda: board.connected(cable.node))
    assert not board.home.hub.keys.holds(HARDWARE_ID)


async def test_by_hand_at_a_serial_server(board: Plugboard, socket_enabled: None) -> None:
    lent = LentPort(CableNode(name=None))
    port = await lent.open()
    done = await submit(board, await begin(board), device=port)
    assert (done["type"], done["title"]) == (CREATED, "uno cdef")
    assert (done["data"]["device"], done["data"]["adapter"]) == (port, None)
    await until(lambda: board.connected(lent.node))
    await board.home.hass.config_entries.async_unload(done["result"].entry_id)
    await lent.close()


async def told(board: Plugboard, port: str) -> str:
    """What a person is told of a port; the form stays as it was."""
    flow = await submit(board, await begin(board), device=port)
    assert where(flow) == (FORM, "cable")
    (field,) = flow["data_schema"].schema
    assert field.description == {"suggested_value": port}
    board.home.hass.config_entries.flow.async_abort(flow["flow_id"])
    return flow["errors"]["base"]


async def test_ports_that_do_not_open(board: Plugboard, monkeypatch: pytest.MonkeyPatch) -> None:
    # How long a port that somebody here has is waited for.
    claim = type(board.home.hub.ports).async_claim
    monkeypatch.setattr(
        type(board.home.hub.ports), "async_claim", lambda ports, port, _: claim(ports, port, 0.2)
    )
    cable = board.plug("uno", CableNode())
    assert await told(board, "nonsense://x") == "port_name"
    assert await told(board, str(board.folder / "none")) == "port_missing"
    async with glue.async_at(board.home.hub, cable.port):
        link = glue.SerialLink(cable.port, longest=1024, heartbeat=20.0)
        assert await told(board, cable.port) == "port_busy"
        await link.close(1000)
    file = board.folder / "file"
    file.touch()
    assert await told(board, str(file)) == "port_failed"
    done = await submit(board, await begin(board), device=cable.port)
    assert done["type"] is CREATED


async def test_a_board_that_is_no_node(board: Plugboard) -> None:
    cable = board.plug("uno", CableNode(silent=True))
    assert await told(board, cable.port) == "not_a_node"
    assert open_terminals() == 2


async def test_a_node_that_says_nonsense(board: Plugboard) -> None:
    cable = board.plug("uno", CableNode(channels=[[99, "m"]]))
    assert await told(board, cable.port) == "protocol"


async def test_a_bug_is_in_the_log(board: Plugboard, monkeypatch: pytest.MonkeyPatch) -> None:
    board.home.expect("Unexpected exception at a serial port")

    async def broken(*_: object) -> bool:
        msg = "a bug"
        raise RuntimeError(msg)

    monkeypatch.setattr(steps.ports, "async_is_taken", broken)
    assert await told(board, "/dev/ttyUSB0") == "unknown"


async def test_a_port_that_another_integration_lends_and_has_not_yet(board: Plugboard) -> None:
    assert await told(board, "esphome-hass://x/y") == "port_failed"


async def test_mistakes_are_mended_in_the_same_dialog(board: Plugboard) -> None:
    cable = board.plug("uno", CableNode(silent=True))
    flow = await submit(board, await begin(board), device=cable.port)
    assert flow["errors"] == {"base": "not_a_node"}
    cable.node.silent = False
    assert (await submit(board, flow, device=cable.port))["type"] is CREATED


async def test_a_port_in_use_is_not_touched(board: Plugboard) -> None:
    cable = board.plug("stick", CableNode())
    theirs = MockConfigEntry(domain="zha", data={"device": {"path": cable.port}})
    theirs.add_to_hass(board.home.hass)
    theirs.mock_state(board.home.hass, ConfigEntryState.LOADED)
    assert await told(board, cable.port) == "port_busy"
    assert (await found(board, cable))["reason"] == "not_a_node"
    assert cable.node.heard == []
    theirs.mock_state(board.home.hass, ConfigEntryState.NOT_LOADED)


# --- found ----------------------------------------------------------------------------------------


async def test_a_board_that_is_plugged_in_is_asked_and_then_shown(board: Plugboard) -> None:
    cable = board.plug("uno", CableNode())
    await board.scan()
    await until(lambda: [flow for flow in flows(board.home) if flow.get("step_id")])
    (flow,) = flows(board.home)
    assert flow["step_id"] == "cable_confirm"
    assert flow["context"]["title_placeholders"] == {"name": "Fern"}
    assert flow["context"]["confirm_only"]
    assert flow["context"]["unique_id"] == HARDWARE_ID
    # Nobody keeps the port while a person thinks.
    assert open_terminals() == 2
    done = await submit(board, flow)
    assert (done["type"], done["title"], done["data"]["device"]) == (CREATED, "Fern", cable.port)
    await until(lambda: board.connected(cable.node))
    assert flows(board.home) == []


async def test_what_is_no_node_is_never_shown(board: Plugboard) -> None:
    cable = board.plug("uno", CableNode(silent=True))
    assert where(await found(board, cable)) == (ABORT, "not_a_node")
    assert flows(board.home) == []


async def test_an_adapter_that_says_nothing_of_itself_is_not_asked(board: Plugboard) -> None:
    cable = board.plug("nano", CableNode(), CH340)
    await board.scan()
    await board.home.hass.async_block_till_done()
    assert cable.node.heard == []
    assert flows(board.home) == []


async def test_found_twice_is_asked_one_after_the_other(board: Plugboard) -> None:
    cable = board.plug("uno", CableNode())
    results = await asyncio.gather(*(found(board, cable) for _ in range(3)))
    assert sorted(str(where(result)[1]) for result in results) == [
        "already_in_progress",
        "already_in_progress",
        "cable_confirm",
    ]


async def test_a_known_node_on_another_port(board: Plugboard) -> None:
    board.home.limit(board.home.hub.limits)
    node = CableNode()
    old = board.plug("old", node)
    entry = await board.add(old, node)
    await until(lambda: board.connected(node))
    old.unplug()
    new = board.plug("new", node, CH340)
    assert where(await found(board, new)) == (ABORT, "already_configured")
    assert (entry.data["device"], entry.data["adapter"]) == (new.port, "1A86:7523")
    await until(lambda: board.connected(node))


async def test_a_known_node_that_is_connected_is_left_alone(board: Plugboard) -> None:
    cable = board.plug("uno", CableNode())
    entry = await board.add(cable, cable.node)
    await until(lambda: board.connected(cable.node))
    heard = len(cable.node.heard)
    assert where(await found(board, cable))[0] is ABORT
    assert len(cable.node.heard) == heard
    assert entry.data["device"] == cable.port


async def test_a_new_node_where_a_known_one_was(board: Plugboard) -> None:
    """Ports are given out again: the entry that had this one must not hide whoever has it now."""
    cable = board.plug("uno", CableNode())
    await board.add(cable, cable.node)
    await until(lambda: board.connected(cable.node))
    cable.unplug()
    cable.plug(CableNode(hardware_id=OTHER, name="Second"))
    await until(lambda: board.coordinator(CableNode()).session is None)
    flow = await found(board, cable)
    assert where(flow) == (FORM, "cable_confirm")
    assert flow["description_placeholders"] == {"name": "Second", "model": "uno"}


async def test_a_node_that_was_added_while_a_person_was_thinking(board: Plugboard) -> None:
    cable = board.plug("uno", CableNode())
    flow = await found(board, cable)
    await submit(board, await begin(board), device=cable.port)
    assert flows(board.home) == []
    assert board.home.hass.config_entries.async_entries(DOMAIN)
    assert flow["flow_id"] not in {one["flow_id"] for one in flows(board.home)}


async def test_the_same_node_over_the_network_is_not_turned_into_a_cable(board: Plugboard) -> None:
    """Its entry has a key; what answers on a cable only says that it is that node."""
    node = board.home.node()
    entry = await board.home.add(node)
    cable = board.plug("uno", CableNode(hardware_id=node.hardware_id))
    assert where(await found(board, cable)) == (ABORT, "already_configured")
    assert "device" not in entry.data


async def test_an_ignored_node_stays_ignored_when_it_is_found(board: Plugboard) -> None:
    ignored = MockConfigEntry(domain=DOMAIN, unique_id=HARDWARE_ID, source=SOURCE_IGNORE)
    ignored.add_to_hass(board.home.hass)
    cable = board.plug("uno", CableNode())
    assert where(await found(board, cable)) == (ABORT, "already_configured")
    assert ignored.data == {}


# --- another port ---------------------------------------------------------------------------------


async def test_another_port_by_hand(board: Plugboard) -> None:
    node = CableNode()
    old = board.plug("old", node)
    entry = await board.add(old, node)
    await until(lambda: board.connected(node))
    flow = await entry.start_reconfigure_flow(board.home.hass)
    assert where(flow) == (FORM, "port")
    assert flow["description_placeholders"] == {"name": "Fern"}
    (field,) = flow["data_schema"].schema
    assert field.description == {"suggested_value": old.port}
    stranger = board.plug("stranger", CableNode(hardware_id=OTHER))
    flow = await submit(board, flow, device=stranger.port)
    assert (where(flow), flow["errors"]) == ((FORM, "port"), {"base": "other_node"})
    flow = await submit(board, flow, device=str(board.folder / "none"))
    assert flow["errors"] == {"base": "port_missing"}
    old.unplug()
    new = board.plug("new", node, CH340)
    done = await submit(board, flow, device=new.port)
    assert where(done) == (ABORT, "reconfigure_successful")
    assert (entry.data["device"], entry.data["adapter"]) == (new.port, "1A86:7523")
    await until(lambda: board.connected(node))


async def test_the_same_port_by_hand(board: Plugboard) -> None:
    cable = board.plug("uno", CableNode())
    entry = await board.add(cable, cable.node)
    await until(lambda: board.connected(cable.node))
    flow = await entry.start_reconfigure_flow(board.home.hass)
    done = await submit(board, flow, device=cable.port)
    assert where(done) == (ABORT, "reconfigure_successful")
    assert board.connected(cable.node)


async def test_a_network_node_still_asks_for_its_code(board: Plugboard) -> None:
    entry = await board.home.add(board.home.node())
    flow = await entry.start_reconfigure_flow(board.home.hass)
    assert where(flow) == (FORM, "reconfigure")


# --- the manifest ---------------------------------------------------------------------------------


async def test_only_adapters_that_say_what_they_are_lead_to_us(home: Home) -> None:
    manifest = (await async_get_integration(home.hass, DOMAIN)).manifest
    assert "usb" in manifest["dependencies"]
    assert "serialx>=1.11" in manifest["requirements"]
    genuine = {"2341", "2A03"}
    for matcher in manifest["usb"]:
        assert matcher["vid"] == matcher["vid"].upper()
        assert matcher["pid"] == matcher["pid"].upper()
        shared = matcher["vid"] not in genuine and (matcher["vid"], matcher["pid"]) != (
            "303A",
            "1001",
        )
        assert ("description" in matcher) is shared


@pytest.mark.parametrize(
    ("vid", "pid", "description", "ours"),
    [
        ("2341", "0043", None, True),
        ("2341", "0042", "Arduino Mega 2560", True),
        ("2A03", "0043", None, True),
        ("1A86", "7523", "USB Serial", False),
        ("10C4", "EA60", "CP2102 USB to UART Bridge Controller", False),
        ("0403", "6001", "FT232R USB UART", False),
        ("0403", "6001", "Arduino Nano", True),
        ("303A", "1001", "USB JTAG/serial debug unit", True),
        ("303A", "4001", "Nabu Casa ZWA-2", False),
    ],
)
async def test_which_adapters_lead_to_us(
    home: Home, vid: str, pid: str, description: str | None, *, ours: bool
) -> None:
    device = usb.USBDevice(
        device="/dev/ttyX",
        vid=vid,
        pid=pid,
        serial_number=None,
        manufacturer=None,
        description=description,
    )
    manifest = (await async_get_integration(home.hass, DOMAIN)).manifest
    assert any(usb.usb_device_matches_matcher(device, one) for one in manifest["usb"]) is ours
