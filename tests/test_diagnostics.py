"""What may be shown to others."""

import json
from pathlib import Path

from homeassistant.components.diagnostics import REDACTED
from homeassistant.helpers.json import ExtendedJSONEncoder

from custom_components.plant_vita.diagnostics import async_get_config_entry_diagnostics
from tests.nodes.cable_node import CableNode
from tests.nodes.fake_node import FakeNode, until
from tests.nodes.home import Home, home_fixture
from tests.nodes.plugboard import Plugboard

home = home_fixture()


async def talkative(home: Home) -> FakeNode:
    """A node that says its name wherever it can."""
    node = home.node(name="Anna's kitchen", channels=[[0, "m"], [1, "t"], [2, "pump", "Basil"]])
    await home.add(node, options={"pulses": {"2": 3.0}})
    await node.connect()
    await node.measures({0: 41, 1: "open"})
    await node.reports({2: 4000}, lock={"2": "tank"})
    for text in ("Anna's kitchen is up", f"id {node.hardware_id}", "MAC A4:CF:12:00:00:01"):
        await node.says({"t": "log", "lv": "w", "msg": text})
    await until(lambda: len(home.coordinator(node).log) == 3)
    return node


async def test_everything_that_helps_is_there(home: Home) -> None:
    node = await talkative(home)
    await node.says({"t": "novelty"})
    await home.node(hardware_id="stranger1").dial()
    await until(lambda: home.hub.turned_away)
    # A pump that runs with an empty tank is told to be off; the node's answer is the last message.
    session = home.coordinator(node).live_session
    await until(lambda: node.commands and session.received == 7)
    entry = home.coordinator(node).config_entry
    found = await async_get_config_entry_diagnostics(home.hass, entry)
    data = home.coordinator(node).data
    assert found["node"] == {
        "model": "esp32dev",
        "firmware": "0.1.0",
        "every": 60,
        "sleeps": False,
        "channels": [[0, "m", None], [1, "t", None], [2, "pump", "Basil"]],
    }
    assert (found["available"], found["connected"], found["why"]) == (True, True, "cmd")
    assert found["readings"][0]["value"] == 41.0
    assert found["readings"][1]["value"] == "open"
    assert found["actuators"] == {
        2: {"on": True, "until": data.actuators[2].until, "level": None, "lock": "tank"}
    }
    assert found["session"] == {"received": 7, "unknown": 1, "kid": 1}
    assert (found["received"], found["faults"]) == (1, {})
    assert found["turned_away"] == {"unpaired": 1}
    assert found["options"] == {"pulses": {"2": 3.0}}
    assert [line["text"] for line in found["log"]] == [
        f"{REDACTED} is up",
        f"id {REDACTED}",
        f"MAC {REDACTED}",
    ]


async def test_nothing_says_whose_node_it_is_or_opens_it(home: Home) -> None:
    node = await talkative(home)
    entry = home.coordinator(node).config_entry
    found = await async_get_config_entry_diagnostics(home.hass, entry)
    text = json.dumps(found, cls=ExtendedJSONEncoder).lower()
    assert "basil" in text
    secrets = (node.key.hex(), node.code, node.hardware_id, "a4:cf:12", "anna")
    assert [secret for secret in secrets if secret.lower() in text] == []


async def test_a_node_that_is_not_there(home: Home) -> None:
    node = home.node()
    entry = await home.add(node)
    found = await async_get_config_entry_diagnostics(home.hass, entry)
    assert (found["session"], found["connected"], found["last_seen"]) == (None, False, None)


async def test_a_cable_says_its_port_and_what_was_dropped(home: Home, tmp_path: Path) -> None:
    board = Plugboard(home, tmp_path)
    node = CableNode()
    cable = board.plug(f"usb-Plant_{node.hardware_id.upper()}-if00", node)
    entry = await board.add(cable, node)
    await until(lambda: board.connected(node))
    node.say_bytes(b"noise\n")
    await until(lambda: home.hub.cables[node.hardware_id].dropped["crc"])
    found = await async_get_config_entry_diagnostics(home.hass, entry)
    assert found["cable"] == {
        "port": f"{tmp_path}/usb-Plant_{REDACTED}-if00",
        "adapter": "2341:0043",
        "opened": 1,
        "open": True,
        "dropped": {"too_long": 0, "crc": 1, "utf8": 0},
        "fault": None,
    }
    assert node.hardware_id not in json.dumps(found, cls=ExtendedJSONEncoder)
    await home.hass.config_entries.async_unload(entry.entry_id)
    board.unplug_all()


async def test_a_node_without_a_cable_says_so(home: Home) -> None:
    node = await talkative(home)
    entry = home.coordinator(node).config_entry
    assert (await async_get_config_entry_diagnostics(home.hass, entry))["cable"] is None
