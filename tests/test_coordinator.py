"""What Home Assistant believes of a node, and for how long."""

import asyncio
import time
from dataclasses import fields, replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.homeassistant import SERVICE_UPDATE_ENTITY
from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.plant_vita.glue.view import async_get_hub
from custom_components.plant_vita.model.node import Actuator, Fault, NodeState, Reading
from custom_components.plant_vita.protocol.limits import Limits
from custom_components.plant_vita.protocol.messages import ReadingSet, Telemetry
from tests.nodes.fake_node import until
from tests.nodes.home import Home, home_fixture

home = home_fixture()


async def test_late_readings_do_not_touch_the_state(home: Home) -> None:
    node = home.node(channels=[[0, "m"], [1, "t"]])
    await home.add(node)
    await node.connect()
    await node.measures({0: 40})
    await home.shows(node, "sensor", "0_m", "40.0")
    await node.measures({0: 10}, age=90_001)
    await node.says(
        {"t": "past", "b": "deadbeef", "n": 1, "p": [[7_200_000, 0, 5], [91_000, 0, 6]]}
    )
    await node.measures({1: 20}, age=90_000)
    await home.shows(node, "sensor", "1_t", "20.0")
    assert home.state(node, "sensor", "0_m").state == "40.0"
    await until(lambda: len(node.heard_of("got")) >= 2)
    got = {message["b"]: message["n"] for message in node.heard_of("got")}
    assert got == {"0badcafe": 3, "deadbeef": 2}


async def test_a_reading_that_comes_twice_counts_once_and_is_confirmed_twice(home: Home) -> None:
    node = home.node()
    await home.add(node)
    await node.connect()
    await node.measures({0: 40})
    await until(lambda: node.heard_of("got"))
    await node.connect()
    node.number -= 1
    await node.measures({0: 99})
    await until(lambda: node.heard_of("got"))
    assert home.state(node, "sensor", "0_m").state == "40.0"
    assert home.coordinator(node).accepted == 1


async def test_values_that_cannot_be_true_are_faults(home: Home) -> None:
    node = home.node(channels=[[0, "m"], [1, "t"]])
    await home.add(node)
    await node.connect()
    await node.measures({0: 100.1, 1: -40})
    await home.shows(node, "sensor", "1_t", "-40.0")
    assert home.state(node, "sensor", "0_m").state == "unknown"
    assert home.coordinator(node).data.faults == {0: "range"}


async def test_only_the_listeners_of_what_changed_write(home: Home) -> None:
    node = home.node(channels=[[0, "m"], [1, "t"], [2, "pump"]])
    await home.add(node)
    await node.connect()
    await node.measures({0: 40, 1: 20})
    await node.reports({2: 0})
    await home.shows(node, "switch", "2_pump", "off")
    coordinator = home.coordinator(node)
    await until(lambda: 1 in coordinator.data.readings)
    told: list[object] = []
    removers = [
        coordinator.async_add_listener(lambda context=context: told.append(context), context)
        for context in (0, 1, 2, "node", "faults", None)
    ]
    await node.measures({0: 41})
    await until(lambda: told)
    assert told == [0]
    await node.measures({1: "open"})
    await until(lambda: len(told) == 3)
    assert set(told[1:]) == {1, "faults"}
    await node.reports({2: 5000})
    await until(lambda: len(told) == 4)
    assert told[3] == 2
    for remove in removers:
        remove()


async def test_a_failed_probe_that_fails_otherwise_is_told(home: Home) -> None:
    node = home.node()
    await home.add(node)
    await node.connect()
    for fault in ("open", "short", "silent"):
        await node.measures({0: fault})
        await until(
            lambda fault=fault: (
                [
                    one["fault"]
                    for one in home.state(node, "binary_sensor", "problem").attributes["faults"]
                ]
                == [fault]
            )
        )


async def test_last_seen_changes_once_a_minute_at_most(
    home: Home, freezer: FrozenDateTimeFactory
) -> None:
    node = home.node()
    home.enable(node, "sensor", "last_seen")
    await home.add(node)
    await node.connect()
    seen: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        if event.data["new_state"]:
            seen.append(event.data["new_state"].state)

    entity_id = home.entity_id(node, "sensor", "last_seen")
    assert entity_id
    async_track_state_change_event(home.hass, entity_id, note)
    for minute in range(3):
        for _ in range(5):
            freezer.tick(13)
            await node.measures({0: 30 + node.number})
            await home.shows(node, "sensor", "0_m", f"{29 + node.number}.0")
        assert len(seen) == minute + 1
    await node.says({"t": "tele", "n": 1, "age": 0, "r": {}})
    freezer.tick(1)
    await node.measures({0: 1})
    await home.shows(node, "sensor", "0_m", "1.0")
    assert len(seen) == 3


async def test_the_time_of_start_stays_while_the_boot_does(home: Home) -> None:
    node = home.node(uptime_ms=3_600_000)
    await home.add(node)
    await node.connect()
    started = home.coordinator(node).data.started_at
    node.uptime_ms += 1500
    await node.connect()
    assert home.coordinator(node).data.started_at == started
    node.uptime_ms = 100
    await node.connect()
    assert home.coordinator(node).data.started_at > started + 3000


async def test_a_node_that_talks_too_fast_is_cut_off_and_the_log_says_so_once(home: Home) -> None:
    home.expect("Kitchen too many messages; the link was closed")
    node = home.node()
    await home.add(node)
    home.limit(Limits())
    for _ in range(2):
        await node.connect()
        for _ in range(12):
            await node.says({"t": "log", "lv": "i", "msg": "again"})
        assert await node.closed() == 4429
    await until(lambda: home.coordinator(node).complaints == {"rate": 2})


async def test_its_last_words_are_kept(home: Home) -> None:
    node = home.node()
    await home.add(node)
    await node.connect()
    for number in range(25):
        await node.says({"t": "log", "lv": "w", "msg": f"line {number}"})
    await until(lambda: len(home.coordinator(node).log) == 20)
    await until(lambda: home.coordinator(node).log[-1][1].text == "line 24")


async def test_a_message_of_a_newer_firmware_is_let_pass(home: Home) -> None:
    node = home.node()
    await home.add(node)
    await node.connect()
    await node.says({"t": "novelty", "x": [1, 2]})
    await node.measures({0: 3, 40: 7})
    await home.shows(node, "sensor", "0_m", "3.0")
    session = home.coordinator(node).session
    assert session
    assert session.unknown == 1


async def test_what_the_node_said_wins_over_what_is_remembered(home: Home) -> None:
    node = home.node(channels=[[0, "m"], [1, "t"]])
    await home.add(node)
    await node.connect()
    await node.measures({0: 3})
    await home.shows(node, "sensor", "0_m", "3.0")
    coordinator = home.coordinator(node)
    # Whatever its clock said: Home Assistant's may have been set in the meantime.
    coordinator.async_restore(0, Reading(99.0, 9e9))
    coordinator.async_restore(1, Reading(20.0, 0.0))
    values = {index: reading.value for index, reading in coordinator.data.readings.items()}
    assert values == {0: 3.0, 1: 20.0}


async def test_what_was_received_is_shown_again_after_a_start(home: Home) -> None:
    node = home.node(channels=[[0, "m"], [1, "t"], [2, "leak"], [3, "m"], [4, "h"]])
    hub = await async_get_hub(home.hass)
    hub.inbox.received(node.hardware_id).latest = {
        0: Reading(41.5, 1000.0),
        1: Reading(85.1, 1000.0),  # no node is that warm
        2: Reading(1.0, 1000.0),
        3: Reading(Fault.OPEN, 1000.0),
        4: Reading(50.04, 1000.0),
        9: Reading(1.0, 1000.0),  # there is no such channel any more
    }
    await home.add(node)
    shown = {tail: home.state(node, "sensor", tail).state for tail in ("0_m", "1_t", "3_m", "4_h")}
    assert shown == {"0_m": "41.5", "1_t": "unknown", "3_m": "unknown", "4_h": "50.0"}
    assert home.state(node, "binary_sensor", "2_leak").state == "on"
    faults = home.state(node, "binary_sensor", "problem").attributes["faults"]
    assert [(fault["input"], fault["fault"]) for fault in faults] == [("t", "range"), ("m", "open")]
    await node.connect()
    await node.measures({1: 20, 3: 30})
    await home.shows(node, "binary_sensor", "problem", "off")
    assert 9 not in home.coordinator(node).data.readings


@pytest.mark.parametrize(("shown_at", "value"), [(1090.0, 41.5), (1090.1, 37.5)])
async def test_the_newer_of_two_memories_is_shown(
    home: Home, shown_at: float, value: float
) -> None:
    node = home.node()
    hub = await async_get_hub(home.hass)
    hub.inbox.received(node.hardware_id).latest = {0: Reading(41.5, 1000.0)}
    await home.add(node)
    coordinator = home.coordinator(node)
    # A reading is shown up to 90 s after it was made.
    coordinator.async_restore(0, Reading(37.5, shown_at))
    assert coordinator.data.readings[0].value == value
    assert coordinator.received.latest[0].value == value


async def test_what_is_to_be_remembered_is_what_is_shown(home: Home) -> None:
    node = home.node(channels=[[0, "m"], [1, "t"]])
    await home.add(node)
    await node.connect()
    coordinator = home.coordinator(node)
    await node.measures({0: 3, 1: 20})
    await home.shows(node, "sensor", "1_t", "20.0")
    await node.measures({0: 4})
    await home.shows(node, "sensor", "0_m", "4.0")
    latest = coordinator.received.latest
    assert {index: reading.value for index, reading in latest.items()} == {0: 4.0, 1: 20.0}
    await node.hello(channels=[[0, "m"], [1, "h"]])
    await until(lambda: coordinator.kinds[1] == "h")
    assert {index: reading.value for index, reading in coordinator.received.latest.items()} == {
        0: 4.0
    }


async def test_a_report_changes_the_readings_and_nothing_else(home: Home) -> None:
    node = home.node()
    await home.add(node)
    await node.connect()
    coordinator = home.coordinator(node)
    # Every field that there is differs from its default.
    coordinator.data = before = NodeState(
        info=coordinator.info,
        connected=True,
        last_seen=time.time(),
        started_at=1.0,
        why="boot",
        readings={7: Reading(1.0, 1.0)},
        actuators={2: Actuator(on=True)},
    )
    default = NodeState()
    for field in fields(NodeState):
        assert getattr(before, field.name) != getattr(default, field.name)
    await node.measures({0: 3})
    await home.shows(node, "sensor", "0_m", "3.0")
    after = coordinator.data
    assert set(after.readings) == {0, 7}
    assert replace(after, readings=before.readings) == before


async def test_what_came_in_one_report_has_one_context(home: Home) -> None:
    node = home.node(channels=[[0, "m"], [1, "t"], [2, "leak"]])
    await home.add(node)
    await node.connect()
    contexts: list[dict[str, str]] = []
    for value in (1, 0):
        await node.measures({0: 3 + value, 1: 20 + value, 2: value})
        await home.shows(node, "binary_sensor", "2_leak", "on" if value else "off")
        contexts.append(
            {
                tail: home.state(node, platform, tail).context.id
                for platform, tail in (
                    ("sensor", "0_m"),
                    ("sensor", "1_t"),
                    ("binary_sensor", "2_leak"),
                )
            }
        )
    first, second = contexts
    assert first["0_m"] == first["1_t"]
    # The logbook would say that the moisture had switched on the leak.
    assert first["2_leak"] != first["0_m"]
    assert second["0_m"] == second["1_t"] != first["0_m"]


async def test_asking_for_an_update_is_harmless(home: Home) -> None:
    node = home.node()
    await home.add(node)
    await node.connect()
    await node.measures({0: 3})
    await home.shows(node, "sensor", "0_m", "3.0")
    assert await async_setup_component(home.hass, "homeassistant", {})
    entity_id = home.entity_id(node, "sensor", "0_m")
    await home.call(f"homeassistant.{SERVICE_UPDATE_ENTITY}", entity_id)
    await home.hass.async_block_till_done()
    async_fire_time_changed(home.hass, dt_util.utcnow() + timedelta(seconds=20))
    await home.hass.async_block_till_done()
    assert home.state(node, "sensor", "0_m").state == "3.0"


async def test_a_burst_is_one_state_and_the_rest_is_statistics(home: Home) -> None:
    node = home.node()
    await home.add(node)
    await node.connect()
    coordinator = home.coordinator(node)
    session = coordinator.session
    assert session is not None
    told: list[object] = []
    given: list[dict[int, float]] = []
    remove = coordinator.async_add_listener(
        lambda: told.append(coordinator.data.readings[0].value), 0
    )
    coordinator._inbox = SimpleNamespace(
        keep=lambda *_: None, overtaken=lambda _id, _moment, values: given.append(values)
    )
    for number, value in enumerate((10, 11, 12), 1):
        coordinator.on_telemetry(
            session,
            Telemetry(
                boot=None,
                sets=(ReadingSet(number=number, age_ms=0, values={0: float(value)}),),
            ),
        )
    await until(lambda: told)
    assert told == [12.0]
    assert given == [{0: 10.0}, {0: 11.0}, {0: 12.0}]
    remove()


async def test_what_comes_in_quick_succession_is_shown_four_times_a_second(home: Home) -> None:
    node = home.node()
    await home.add(node)
    await node.connect()
    coordinator = home.coordinator(node)
    told: list[object] = []
    remove = coordinator.async_add_listener(
        lambda: told.append(coordinator.data.readings[0].value), 0
    )
    for value in range(1, 9):
        await node.measures({0: value})
        await asyncio.sleep(0.01)
    await until(lambda: 8.0 in told)
    assert told == [1.0, 8.0]
    # Somebody who reloads the entry at this moment loses nothing.
    await node.measures({0: 9})
    await until(lambda: coordinator.accepted == 9)
    assert coordinator.received.latest[0].value == 8.0
    await home.hass.config_entries.async_reload(coordinator.config_entry.entry_id)
    assert coordinator.received.latest[0].value == 9.0
    assert home.state(node, "sensor", "0_m").state == "9.0"
    remove()
