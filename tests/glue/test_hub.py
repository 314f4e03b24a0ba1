"""Where nodes arrive: strangers, namesakes, replaced sessions, limits."""

import asyncio
import json
from dataclasses import replace

import pytest
from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntryDisabler
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.glue import hub, keystore
from tests.nodes.fake_node import FakeNode, until
from tests.nodes.home import QUICK, Home, flows, home_fixture

home = home_fixture()

OTHER_CODE = "ZZZZYYYYXXXXWWWW"


def strangers_of(home: Home, count: int, first: int = 0) -> list[FakeNode]:
    return [
        home.node(hardware_id=f"stranger{number}", name=f"S{number}")
        for number in range(first, first + count)
    ]


async def all_dial(nodes: list[FakeNode]) -> None:
    await asyncio.gather(*(node.dial() for node in nodes))


async def test_an_unpaired_node_is_announced_once(home: Home) -> None:
    node = home.node()
    assert await node.dial() == "unpaired"
    assert node.close_code == 4401
    assert await node.dial() == "unpaired"
    await home.hass.async_block_till_done()
    (flow,) = flows(home)
    assert flow["context"]["unique_id"] == node.hardware_id
    assert flow["context"]["title_placeholders"] == {"name": "Kitchen"}


async def test_a_node_that_a_person_has_dismissed_is_not_announced_again(home: Home) -> None:
    node = home.node()
    await node.dial()
    await home.hass.async_block_till_done()
    home.hass.config_entries.flow.async_abort(flows(home)[0]["flow_id"])
    await node.dial()
    await home.hass.async_block_till_done()
    assert flows(home) == []
    assert home.hub.async_strangers()


async def test_strangers_and_their_flows_are_bounded(home: Home) -> None:
    home.limit(replace(QUICK, handshakes=100, parked=100))
    await all_dial(strangers_of(home, 40))
    await home.hass.async_block_till_done()
    assert len(home.hub.async_strangers()) == 32
    assert len(flows(home)) == 32


async def test_a_patient_inventor_of_names_does_not_flood_the_flows(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.limit(replace(QUICK, handshakes=100, parked=100))
    await all_dial(strangers_of(home, 32))
    await home.hass.async_block_till_done()
    monkeypatch.setattr(hub, "STRANGER_GONE_S", -1.0)
    await all_dial(strangers_of(home, 8, first=32))
    await home.hass.async_block_till_done()
    assert home.hub.async_stranger("stranger39")
    assert len(flows(home)) == 32


async def test_who_has_not_called_lately_is_not_offered(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    await home.node().dial()
    assert [stranger.label for stranger in home.hub.async_strangers()] == ["Kitchen"]
    monkeypatch.setattr(hub, "STRANGER_GONE_S", -1.0)
    assert home.hub.async_strangers() == []


async def test_an_ignored_node_makes_no_flow_and_can_still_be_chosen(home: Home) -> None:
    node = home.node()
    ignored = MockConfigEntry(domain=DOMAIN, unique_id=node.hardware_id, source=SOURCE_IGNORE)
    ignored.add_to_hass(home.hass)
    await node.dial()
    await home.hass.async_block_till_done()
    assert flows(home) == []
    assert [one.hardware_id for one in home.hub.async_strangers()] == [node.hardware_id]


async def test_a_reset_node_asks_for_its_new_code_once(home: Home) -> None:
    node = home.node()
    entry = await home.add(node)
    node.press_button(OTHER_CODE)
    await node.dial()
    await node.dial()
    await home.hass.async_block_till_done()
    (flow,) = flows(home)
    assert (flow["context"]["source"], flow["context"]["entry_id"]) == ("reauth", entry.entry_id)


async def test_a_disabled_entry_asks_for_nothing(home: Home) -> None:
    node = home.node()
    entry = await home.add(node)
    await home.hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    node.press_button(OTHER_CODE)
    await node.dial()
    await home.hass.async_block_till_done()
    assert flows(home) == []


async def test_a_namesake_of_a_connected_node_causes_nothing(home: Home) -> None:
    node = home.node()
    await home.add(node)
    await node.connect()
    namesake = home.node(code=OTHER_CODE)
    assert await namesake.dial() == "unpaired"
    await home.hass.async_block_till_done()
    assert flows(home) == []
    assert node.listening
    await node.measures({0: 33})
    await home.shows(node, "sensor", "0_m", "33.0")


async def test_a_namesake_without_the_key_cannot_take_over(home: Home) -> None:
    node = home.node()
    await home.add(node)
    await node.connect()
    thief = home.node(kid=1, key=bytes(32))
    assert await thief.dial() == "proof"
    socket = await home.dialler()
    await socket.send_str(json.dumps({"v": 1, "id": node.hardware_id, "kid": 1, "nn": "0" * 32}))
    await socket.receive()
    await socket.send_bytes(b"PV\x01\x00\x01" + bytes(95))
    assert (await socket.receive()).data == 4400
    await until(lambda: home.hub.turned_away == {"proof": 2})
    assert node.listening


async def test_another_home_cannot_take_a_paired_node(home: Home) -> None:
    """Without a key it has nothing to say, with another one it is not believed."""
    node = home.node(kid=1, key=bytes(32))
    assert await node.dial() == "unknown"
    assert node.close_code == 4403
    await until(lambda: home.hub.turned_away == {"unknown": 1})
    await home.share_key(home.node())
    assert await node.dial() == "proof"
    assert flows(home) == []


async def test_a_newer_session_replaces_the_older(home: Home) -> None:
    node = home.node()
    await home.add(node)
    await node.connect()
    again = home.node(kid=node.kid, key=node.key, boot="0badcaff")
    await again.connect()
    assert await node.closed() == 4409
    await again.measures({0: 21})
    await home.shows(again, "sensor", "0_m", "21.0")
    assert home.coordinator(node).data.connected


async def test_no_more_nodes_than_the_limit(home: Home) -> None:
    first, second = home.node(), home.node(hardware_id="a4cf12000002", name="Cellar")
    for node in (first, second):
        await home.add(node)
    home.limit(replace(QUICK, nodes=1))
    await first.connect()
    assert await second.dial() is None
    await second.hello()
    assert await second.closed() == 4503
    replacement = home.node(kid=first.kid, key=first.key)
    await replacement.connect()
    assert await first.closed() == 4409


async def test_a_full_disk_turns_no_node_away(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.expect("An old key of a4cf12000001 is kept")
    node = home.node()
    await home.add(node)
    monkeypatch.setattr(keystore, "_read", lambda path: {})
    await node.connect()
    assert home.hub.keys.key(node.hardware_id, 0) is not None
    monkeypatch.undo()
    await node.connect()
    assert home.hub.keys.key(node.hardware_id, 0) is None


async def test_a_code_nobody_waits_for_any_more_keeps_no_link(home: Home) -> None:
    node = home.node()
    pairing = asyncio.create_task(home.hub.async_pair(node.hardware_id, node.code))
    await asyncio.sleep(0)
    assert await node.dial() is None
    pairing.cancel()
    await asyncio.wait([pairing])
    await node.hello()
    assert await node.closed() == 4401


async def test_another_version_is_an_issue_unless_the_node_is_there(home: Home) -> None:
    node = home.node()
    entry = await home.add(node)
    first = {"v": 2, "id": node.hardware_id}

    async def say_version_2() -> object:
        socket = await home.dialler()
        await socket.send_json(first)
        assert (await socket.receive_json()) == {"err": "version"}
        return (await socket.receive()).data

    await node.connect()
    assert await say_version_2() == 4426
    assert home.issues() == []
    await node.hang_up()
    await until(lambda: home.coordinator(node).session is None)
    await say_version_2()
    assert home.issues() == [f"version_{entry.entry_id}"]
    await node.connect()
    assert home.issues() == []


async def test_who_is_turned_away_is_logged_once_and_counted(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    await all_dial(strangers_of(home, 3))
    await until(lambda: home.hub.turned_away == {"unpaired": 3})
    told = [one for one in caplog.records if one.getMessage().startswith("Turned away (unpaired")]
    assert [one.levelname for one in told] == ["INFO", "DEBUG", "DEBUG"]
