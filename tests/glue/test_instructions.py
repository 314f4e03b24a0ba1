"""How a node is to report: told when it comes, and when a person changes their mind."""

import logging
from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntry

from custom_components.plant_vita.glue.instructions import async_wire
from custom_components.plant_vita.model.errors import NotConnectedError, RefusedError
from tests.nodes.fake_node import FakeNode, Json, until
from tests.nodes.home import Home, home_fixture

home = home_fixture()

WISHES = {"every": 30, "channels": {"0": {"median": 5, "dead_band": 0.5}, "1": {"heartbeat": 600}}}
TOLD = [
    {"op": "config", "set": {"every": 30}},
    {"op": "config", "ch": 0, "set": {"med": 5, "db": 0.5}},
    {"op": "config", "ch": 1, "set": {"hb": 600}},
]


def change(home: Home, entry: ConfigEntry, **options: Any) -> None:
    home.hass.config_entries.async_update_entry(entry, options={**entry.options, **options})


async def sync(home: Home, node: FakeNode) -> None:
    """Let everything that was said before arrive."""
    await node.measures({0: 10 + node.number})
    await home.shows(node, "sensor", "0_m", f"{9 + node.number}.0")
    await home.hass.async_block_till_done()


async def test_told_at_every_arrival(home: Home) -> None:
    node = home.node(channels=[[0, "m"], [1, "t"]])
    await home.add(node, options=WISHES)
    for _ in range(2):
        await node.connect()
        await until(lambda: len(node.commands) == 3)
        assert node.commands == TOLD


async def test_without_wishes_nothing_is_said(home: Home) -> None:
    node = home.node()
    await home.add(node)
    await node.connect()
    await sync(home, node)
    assert node.commands == []


async def test_a_change_is_told_at_once(home: Home) -> None:
    node = home.node()
    entry = await home.add(node)
    await node.connect()
    change(home, entry, every=15)
    await until(lambda: node.commands == [{"op": "config", "set": {"every": 15}}])


async def test_a_change_the_node_need_not_know_is_not_told(home: Home) -> None:
    node = home.node(channels=[[0, "m"], [2, "pump"]])
    entry = await home.add(node, options={"every": 30})
    await node.connect()
    await until(lambda: len(node.commands) == 1)
    change(home, entry, pulses={"2": 9.0})
    await node.hello(every=30)
    await sync(home, node)
    assert len(node.commands) == 1


async def test_a_change_while_the_node_is_away_is_told_when_it_comes(home: Home) -> None:
    node = home.node(sleeps=True)
    entry = await home.add(node)
    await node.connect()
    await node.hang_up()
    await until(lambda: home.coordinator(node).session is None)
    change(home, entry, every=900)
    await home.hass.async_block_till_done()
    await node.connect()
    await until(lambda: node.commands == [{"op": "config", "set": {"every": 900}}])


async def test_settings_of_a_channel_that_is_no_more_are_not_told(home: Home) -> None:
    node = home.node(channels=[[0, "m"]])
    await home.add(node, options=WISHES)
    await node.connect()
    await until(lambda: len(node.commands) == 2)
    for _ in range(2):
        await sync(home, node)
    assert node.commands == TOLD[:2]


async def test_the_last_word_counts(home: Home) -> None:
    """A change comes while the node is still being told the older settings."""
    node = home.node(channels=[[0, "m"], [1, "t"]])
    entry = await home.add(node, options=WISHES)
    changes = [{"channels": {"1": {"heartbeat": 60}}}]

    def change_once(command: Json) -> Json:
        if changes:
            home.hass.config_entries.async_update_entry(entry, options=changes.pop())
        return {"ok": 1}

    node.answer = change_once
    await node.connect()
    await until(lambda: node.commands[-1:] == [{"op": "config", "ch": 1, "set": {"hb": 60}}])
    await sync(home, node)
    assert node.commands[-1] == {"op": "config", "ch": 1, "set": {"hb": 60}}


async def test_a_refusal_is_in_the_log(home: Home) -> None:
    home.expect("Kitchen does not accept its settings: bad")
    node = home.node(answer=lambda command: {"err": "bad"})
    await home.add(node, options=WISHES)
    await node.connect()
    await until(lambda: node.commands)
    await sync(home, node)
    assert node.commands == TOLD[:1]


async def test_a_node_that_leaves_meanwhile_is_told_next_time(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    node = home.node(channels=[[0, "m"], [1, "t"]])

    def leave(command: Json) -> None:
        node.background(node.hang_up())

    node.answer = leave
    await home.add(node, options=WISHES)
    await node.connect()
    await until(lambda: "was not told its settings" in caplog.text)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    node.answer = lambda command: {"ok": 1}
    await node.connect()
    await until(lambda: node.commands == TOLD)


async def test_wiring_is_told_once_and_a_refusal_is_raised(home: Home) -> None:
    node = home.node()
    entry = await home.add(node)
    with pytest.raises(NotConnectedError):
        await async_wire(entry.runtime_data.coordinator, 1, {})
    await node.connect()
    await async_wire(entry.runtime_data.coordinator, 1, {"k": "pump", "at": "D7"})
    assert node.commands == [{"op": "wire", "ch": 1, "set": {"k": "pump", "at": "D7"}}]
    node.answer = lambda _: {"err": "busy"}
    with pytest.raises(RefusedError):
        await async_wire(entry.runtime_data.coordinator, 1, {})
