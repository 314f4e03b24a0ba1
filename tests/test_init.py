"""Set-up, unloading, reloading, removing, stopping."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.glue import keystore
from custom_components.plant_vita.model.errors import NoAnswerError
from tests.nodes.fake_node import until
from tests.nodes.home import QUICK, Home, described, home_fixture

home = home_fixture()


async def test_an_empty_line_of_yaml_listens_for_nodes(home: Home) -> None:
    assert not home.hass.config_entries.async_entries(DOMAIN)
    assert await home.node().dial() == "unpaired"


async def test_set_up_does_not_need_the_node(home: Home) -> None:
    node = home.node()
    entry = await home.add(node)
    assert entry.state is ConfigEntryState.LOADED
    assert home.state(node, "sensor", "0_m").state == "unknown"


async def test_unloading_hangs_up_and_leaves_nothing_behind(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    node = home.node()
    entry = await home.add(node)
    await node.connect()
    await node.measures({0: 40.5})
    await home.shows(node, "sensor", "0_m", "40.5")
    assert await home.hass.config_entries.async_unload(entry.entry_id)
    assert await node.closed() == 1001
    assert home.state(node, "sensor", "0_m").state == "unavailable"
    assert home.hub.coordinators == {}
    caplog.clear()
    async_fire_time_changed(home.hass, dt_util.utcnow() + timedelta(minutes=10))
    await home.hass.async_block_till_done()
    assert "Kitchen" not in caplog.text


async def test_a_node_whose_entry_is_not_loaded_is_asked_to_come_back(home: Home) -> None:
    node = home.node()
    entry = await home.add(node)
    await home.hass.config_entries.async_unload(entry.entry_id)
    assert await node.dial() is None
    await node.hello()
    assert await node.closed() == 4503
    assert not home.hass.config_entries.flow.async_progress()


async def test_a_node_comes_back_after_a_reload(home: Home) -> None:
    node = home.node()
    entry = await home.add(node)
    node.background(node.keep_dialling())
    await until(lambda: home.coordinator(node).session)
    before = home.coordinator(node)
    assert await home.hass.config_entries.async_reload(entry.entry_id)
    assert home.coordinator(node) is not before
    await until(lambda: home.coordinator(node).session)
    await node.measures({0: 12})
    await home.shows(node, "sensor", "0_m", "12.0")


async def test_removing_unpairs(home: Home, tmp_path: Path) -> None:
    node = home.node()
    entry = await home.add(node)
    await node.connect()
    await home.hass.config_entries.async_remove(entry.entry_id)
    assert await node.closed() == 1001
    stored = json.loads((tmp_path / ".storage" / "plant_vita.keys").read_text())
    assert stored["data"] == {"nodes": {}}
    assert await node.dial() == "unknown"
    assert node.close_code == 4403


async def test_removing_while_the_disk_is_full(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.expect("Kitchen is still paired, and will be offered again")
    node = home.node()
    entry = await home.add(node)
    with monkeypatch.context() as patch:
        patch.setattr(keystore, "_read", lambda path: {})
        await home.hass.config_entries.async_remove(entry.entry_id)
    await node.dial()
    await node.hello()
    assert await node.closed() == 4503
    (stranger,) = home.hub.async_strangers()
    assert stranger.info is not None


async def test_removing_in_the_middle_of_a_handshake(home: Home) -> None:
    node = home.node()
    entry = await home.add(node)
    assert await node.dial() is None
    await home.hass.config_entries.async_remove(entry.entry_id)
    await node.hello()
    assert await node.closed() == 4403
    assert not home.hub.async_strangers()
    assert not home.hass.config_entries.flow.async_progress()


async def test_stopping_closes_every_link_at_once(home: Home) -> None:
    paired, stranger = home.node(), home.node(hardware_id="a4cf12000002")
    await home.add(paired)
    await paired.connect()
    words: list[str | None] = []

    async def dial() -> None:
        words.append(await stranger.dial())

    stranger.background(dial())
    await until(home.hub.async_strangers)
    home.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    assert await paired.closed(within=1) == 1001
    await until(lambda: words, within=1)
    assert words == ["closed"]


async def test_a_pairing_does_not_hold_up_the_stop(home: Home) -> None:
    home.limit(replace(QUICK, ack_s=60.0))
    node = home.node(acks_key=False, takes_key=False)
    pairing = home.hass.async_create_task(home.hub.async_pair(node.hardware_id, node.code))
    await until(lambda: home.hub.desk.key(node.hardware_id))
    assert await node.dial() is None
    await node.hello()
    await until(lambda: node.heard_of("key"))
    home.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    assert await node.closed(within=1) == 1001
    with pytest.raises(NoAnswerError):
        await pairing


async def test_who_calls_during_the_stop_is_sent_away(home: Home) -> None:
    node = home.node()
    await home.add(node)
    home.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await home.hass.async_block_till_done()
    assert await node.dial() == "closed"
    assert node.close_code == 1001


async def test_a_silent_caller_does_not_hold_up_the_stop(home: Home) -> None:
    socket = await home.dialler()
    await until(lambda: home.hub.door._callers)
    home.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await until(lambda: not home.hub.door._callers, within=0.5)
    await socket.close()


async def test_lost_keys_are_asked_for_again(home: Home) -> None:
    node = home.node()
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Kitchen",
        unique_id=node.hardware_id,
        data={"kind": "node", "node": described(node)},
    )
    entry.add_to_hass(home.hass)
    assert await home.hass.config_entries.async_setup(entry.entry_id)
    await home.hass.async_block_till_done()
    (flow,) = home.hass.config_entries.flow.async_progress()
    assert (flow["context"]["source"], flow["step_id"]) == ("reauth", "reauth_confirm")
