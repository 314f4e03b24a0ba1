"""Pumps and lights show what their node has reported, whatever was asked for (W17)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import State
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from custom_components.plant_vita.protocol.messages import AckError
from tests.nodes.fake_node import FakeNode, Json, until
from tests.nodes.home import Home, gone, home_fixture

home = home_fixture()

CHANNELS = [[0, "m"], [2, "pump"], [3, "light"]]
PUMP, LIGHT = "2_pump", "3_light"


@pytest.fixture
async def node(home: Home) -> FakeNode:
    node = home.node(channels=CHANNELS)
    await home.add(node)
    await node.connect()
    return node


@pytest.fixture
def pump(home: Home, node: FakeNode) -> Callable[[], State]:
    return lambda: home.state(node, "switch", PUMP)


async def turn(home: Home, node: FakeNode, what: str, which: str = PUMP) -> None:
    await home.call(f"switch.turn_{what}", home.entity_id(node, "switch", which))


async def test_before_the_node_has_spoken_nothing_is_known(home: Home, node: FakeNode) -> None:
    for which in (PUMP, LIGHT):
        state = home.state(node, "switch", which)
        assert state.state == "unknown"
        assert (state.attributes["ends_at"], state.attributes["blocked_by"]) == (None, None)


async def test_an_acknowledged_command_alone_turns_nothing(
    home: Home, node: FakeNode, pump: Callable[[], State]
) -> None:
    await node.reports({2: 0})
    await home.shows(node, "switch", PUMP, "off")
    await turn(home, node, "on")
    assert node.commands == [{"op": "on", "ch": 2, "ms": 5000}]
    assert pump().state == "off"
    await node.reports({2: 5000})
    await home.shows(node, "switch", PUMP, "on")
    await turn(home, node, "off")
    assert node.commands[1:] == [{"op": "off", "ch": 2}]
    assert pump().state == "on"
    await node.reports({2: 0}, why="stop")
    await home.shows(node, "switch", PUMP, "off")
    assert home.coordinator(node).data.why == "stop"


async def test_the_end_of_a_pulse_is_shown_and_does_not_hurry(
    home: Home, node: FakeNode, pump: Callable[[], State], freezer: FrozenDateTimeFactory
) -> None:
    now = freezer.time_to_freeze.timestamp()
    await node.reports({2: 5000})
    await home.shows(node, "switch", PUMP, "on")
    ends: datetime = pump().attributes["ends_at"]
    assert ends.timestamp() == pytest.approx(now + 5, abs=0.01)
    await node.reports({2: 4000})
    await node.measures({0: 1})
    await home.shows(node, "sensor", "0_m", "1.0")
    assert pump().attributes["ends_at"] == ends
    await node.reports({2: 2000})
    await until(lambda: pump().attributes["ends_at"] != ends)
    assert pump().attributes["ends_at"].timestamp() == pytest.approx(now + 2, abs=0.01)


async def test_a_lost_acknowledgement_leaves_nobody_the_wiser(
    home: Home, node: FakeNode, pump: Callable[[], State]
) -> None:
    await node.reports({2: 0, 3: 0})
    await home.shows(node, "switch", PUMP, "off")
    node.answer = lambda command: None
    with pytest.raises(HomeAssistantError) as caught:
        await turn(home, node, "on")
    assert caught.value.translation_key == "watering_no_answer"
    assert not isinstance(caught.value, ServiceValidationError)
    assert pump().state == "unknown"
    assert home.state(node, "switch", LIGHT).state == "off"
    await node.reports({2: 3000})
    await home.shows(node, "switch", PUMP, "on")


async def test_a_link_that_breaks_under_a_command_leaves_nobody_the_wiser(
    home: Home, node: FakeNode, pump: Callable[[], State]
) -> None:
    await node.reports({2: 0})
    await home.shows(node, "switch", PUMP, "off")

    def leave(command: Json) -> None:
        node.background(node.hang_up())

    node.answer = leave
    with pytest.raises(HomeAssistantError) as caught:
        await turn(home, node, "on")
    assert caught.value.translation_key == "watering_no_answer"
    assert pump().state == "unknown"
    await node.connect()
    assert pump().state == "unknown"
    # Never again, but for the "off" that does no harm.
    assert [command["op"] for command in node.commands] in ([], ["off"])
    await node.reports({2: 0}, why="link")
    await home.shows(node, "switch", PUMP, "off")


async def test_off_does_not_wait_for_an_answer_that_does_not_come(
    home: Home, node: FakeNode
) -> None:
    await node.reports({2: 0})
    await home.shows(node, "switch", PUMP, "off")
    node.answer = lambda command: None if command["op"] == "on" else {"ok": 1}
    turning_on = home.hass.async_create_task(turn(home, node, "on"))
    await until(lambda: len(node.commands) == 1)
    await turn(home, node, "off")
    assert not turning_on.done()
    assert node.commands[1] == {"op": "off", "ch": 2}
    with pytest.raises(HomeAssistantError):
        await turning_on


@pytest.mark.parametrize("gone", [True, False], ids=["node away", "never there"])
async def test_without_a_link_nothing_is_sent(home: Home, *, gone: bool) -> None:
    node = home.node(channels=CHANNELS)
    await home.add(node)
    if gone:
        await node.connect()
        await node.reports({2: 0})
        await home.shows(node, "switch", PUMP, "off")
        await node.hang_up()
        await until(lambda: home.coordinator(node).session is None)
    with pytest.raises(HomeAssistantError) as caught:
        await turn(home, node, "on")
    assert caught.value.translation_key == "watering_node_gone"
    assert home.state(node, "switch", PUMP).state == ("off" if gone else "unknown")


# Said of a calibration or of a firmware.
OTHERS = (AckError.FAULT, AckError.OLD, AckError.FULL, AckError.HASH, AckError.NOT_WANTED)
NO_WATER = (AckError.UNKNOWN, AckError.BAD, *OTHERS)


@pytest.mark.parametrize("word", AckError)
async def test_a_refusal_is_told_to_whoever_asked(
    home: Home, node: FakeNode, pump: Callable[[], State], word: AckError
) -> None:
    await node.reports({2: 0})
    await home.shows(node, "switch", PUMP, "off")
    node.answer = lambda command: {"err": word, "ms": 41_700}
    with pytest.raises(ServiceValidationError) as caught:
        await turn(home, node, "on")
    assert caught.value.translation_domain == "plant_vita"
    assert caught.value.translation_key == {
        # A node that does not understand is broken, whichever word it has for that.
        **dict.fromkeys(NO_WATER, "watering_node_refused"),
        # It has run before: how long, nobody knows.
    }.get(word, f"refused_{word}")
    assert caught.value.translation_placeholders is not None
    waits = caught.value.translation_placeholders["seconds"]
    assert waits == ("0" if word is AckError.REPEAT else "42")
    assert pump().state == "off"


async def test_a_light_waits_for_a_node_that_is_away_and_its_end_does_not_move(
    home: Home, freezer: FrozenDateTimeFactory, node: FakeNode
) -> None:
    await node.reports({3: 0})
    await home.shows(node, "switch", LIGHT, "off")
    await gone(home, node)
    await turn(home, node, "on", LIGHT)
    await turn(home, node, "off", LIGHT)
    await turn(home, node, "on", LIGHT)
    freezer.tick(5)
    await node.connect()
    await until(lambda: node.commands)
    # Only what was asked last, and no longer than it would have been.
    [command] = node.commands
    assert 57_594_000 <= command.pop("ms") <= 57_595_000
    assert command == {"op": "on", "ch": 3, "lv": 100}


async def test_a_pump_never_waits_for_a_node(home: Home, node: FakeNode) -> None:
    await node.reports({2: 0})
    await home.shows(node, "switch", PUMP, "off")
    await gone(home, node)
    with pytest.raises(HomeAssistantError) as caught:
        await turn(home, node, "on")
    assert caught.value.translation_key == "watering_node_gone"
    assert home.coordinator(node).queue.waiting == ()
    await node.connect()
    await node.reports({2: 0})
    await home.hass.async_block_till_done()
    assert node.commands == []


async def test_what_was_on_when_the_link_ended_is_unknown(
    home: Home, node: FakeNode, pump: Callable[[], State]
) -> None:
    await node.reports({2: 9000, 3: 0}, lv={"3": 70})
    await home.shows(node, "switch", PUMP, "on")
    await node.hang_up()
    await home.shows(node, "switch", PUMP, "unknown")
    assert home.state(node, "switch", LIGHT).state == "off"


async def test_what_was_on_when_the_session_was_replaced_is_unknown(
    home: Home, node: FakeNode, pump: Callable[[], State]
) -> None:
    await node.reports({2: 9000})
    await home.shows(node, "switch", PUMP, "on")
    again = home.node(kid=node.kid, key=node.key, boot="0badcaff", channels=CHANNELS)
    await again.connect()
    assert pump().state == "unknown"
    await again.reports({2: 0}, why="boot")
    await home.shows(node, "switch", PUMP, "off")


async def test_what_blocks_an_output_is_shown(
    home: Home, node: FakeNode, pump: Callable[[], State]
) -> None:
    await node.reports({2: 0}, lock={"2": "tank"}, why="interlock")
    await until(lambda: pump().attributes["blocked_by"] == "tank")
    assert pump().state == "off"
    await node.reports({2: 0})
    await until(lambda: pump().attributes["blocked_by"] is None)


async def test_a_light_is_on_for_a_day_of_sixteen_hours_at_its_level(
    home: Home, node: FakeNode
) -> None:
    await turn(home, node, "on", LIGHT)
    assert node.commands == [{"op": "on", "ch": 3, "ms": 57_600_000, "lv": 100}]


@pytest.mark.parametrize(
    ("options", "command"),
    [
        ({"pulses": {"2": 7.5}}, {"op": "on", "ch": 2, "ms": 7500}),
        ({"pulses": {"9": 7.5}}, {"op": "on", "ch": 2, "ms": 5000}),
    ],
)
async def test_a_pump_runs_for_as_long_as_a_person_has_set(
    home: Home, options: dict[str, Any], command: Json
) -> None:
    node = home.node(channels=CHANNELS)
    await home.add(node, options=options)
    await node.connect()
    await node.reports({2: 0})
    await home.shows(node, "switch", PUMP, "off")
    await turn(home, node, "on")
    assert node.commands == [command]
