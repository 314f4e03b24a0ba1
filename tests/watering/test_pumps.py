"""What a pump says is handed on as it says it, and nothing is made up (W17)."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.plant_vita.care.events import (
    Acked,
    Ended,
    LinkDown,
    LinkUp,
    NodeRefused,
    NotSent,
    Reported,
    Unanswered,
)
from custom_components.plant_vita.model.errors import NoAnswerError, NotConnectedError
from custom_components.plant_vita.model.watering import InterlockKind
from custom_components.plant_vita.watering.pumps import EntityPump, NodePump, node_pump_id
from tests.nodes.fake_node import FakeNode, until
from tests.nodes.home import Home, home_fixture

home = home_fixture()

PLUG = "switch.plug"


@pytest.fixture
async def node(home: Home) -> FakeNode:
    node = home.node(channels=[[2, "pump"]])
    await home.add(node)
    return node


def listen(home: Home, node: FakeNode) -> tuple[NodePump, list[Any]]:
    heard: list[Any] = []
    pump = NodePump(home.coordinator(node), 2)
    pump.async_start(heard.append)
    return pump, heard


async def test_a_nodes_pump_is_told_apart_by_its_switch(home: Home, node: FakeNode) -> None:
    pump, _ = listen(home, node)
    assert pump.pump_id == node_pump_id(node.hardware_id, 2) == "a4cf12000001_2_pump"
    assert (pump.name, pump.bounded) == ("Kitchen", True)


async def test_only_the_nodes_own_words_count(home: Home, node: FakeNode) -> None:
    pump, heard = listen(home, node)
    assert heard == []
    await node.connect()
    await until(lambda: heard)
    assert heard == [LinkUp()]
    # What was known before is no news, and yet it was said.
    for _ in range(2):
        await node.reports({2: 0})
    await until(lambda: len(heard) == 3)
    assert heard[1:] == [Reported(on=False), Reported(on=False)]
    await node.reports({2: 0}, lock={"2": "tank"})
    await node.reports({2: 0}, lock={"2": "heat"})
    await until(lambda: len(heard) == 5)
    assert [one.lock for one in heard[3:]] == [
        InterlockKind.TANK_EMPTY,
        InterlockKind.OVERCURRENT,
    ]
    await node.hang_up()
    await until(lambda: heard[-1] == LinkDown())
    await pump.async_close()
    await node.connect()
    await node.reports({2: 0})
    assert heard[-1] == LinkDown()


async def test_the_end_of_a_pulse_is_that_of_this_pulse(home: Home, node: FakeNode) -> None:
    pump, heard = listen(home, node)
    await node.connect()
    assert await pump.async_run("b1", 4000) == Acked(booking_id="b1")
    # Said before the command was: not its end.
    await node.reports({2: 0})
    await node.reports({2: 3900})
    await node.reports({2: 0}, why="timer")
    await until(lambda: len(heard) == 5)
    assert heard == [
        LinkUp(),
        Reported(on=False),
        Reported(on=True),
        Ended(booking_id="b1", ms=4000),
        Reported(on=False),
    ]
    # One that was stopped ran for a time that nobody has told.
    await pump.async_run("b2", 4000)
    await node.reports({2: 3900})
    await node.reports({2: 0}, why="stop")
    await until(lambda: Ended(booking_id="b2") in heard)


@pytest.mark.parametrize(
    ("answer", "event"),
    [
        ({"err": "soak", "ms": 5000}, NodeRefused(booking_id="b", reason="soak", retry_ms=5000)),
        (None, Unanswered(booking_id="b")),
    ],
)
async def test_how_the_node_took_it(home: Home, node: FakeNode, answer: Any, event: object) -> None:
    pump, _ = listen(home, node)
    await node.connect()
    node.answer = lambda command: answer
    assert await pump.async_run("b", 1000) == event
    error = await pump.async_off()
    assert (error is None) is False


async def test_a_node_that_is_away_was_told_nothing(home: Home, node: FakeNode) -> None:
    pump, _ = listen(home, node)
    assert await pump.async_run("b", 1000) == NotSent(booking_id="b")
    assert isinstance(await pump.async_off(), NotConnectedError)


# --- any switch ----------------------------------------------------------------------------------


@pytest.fixture
def heard() -> list[Any]:
    return []


@pytest.fixture
def plug(hass: HomeAssistant, heard: list[Any]) -> EntityPump:
    hass.states.async_set(PLUG, "off", {"friendly_name": "Plug"})
    pump = EntityPump(hass, "id", PLUG)
    pump.async_start(heard.append)
    return pump


async def shows(hass: HomeAssistant, state: str | None) -> None:
    if state is None:
        hass.states.async_remove(PLUG)
    else:
        hass.states.async_set(PLUG, state)
    await hass.async_block_till_done()


async def test_a_switch_is_what_it_shows(
    hass: HomeAssistant, plug: EntityPump, heard: list[Any]
) -> None:
    assert (plug.name, plug.bounded) == ("Plug", False)
    for state in ("on", "on", "unknown", "unavailable", "off", None):
        await shows(hass, state)
    assert heard == [
        LinkUp(),
        Reported(on=False),
        Reported(on=True),
        Reported(on=None),
        LinkDown(),
        LinkUp(),
        Reported(on=False),
        LinkDown(),
    ]
    assert plug.name == PLUG
    await plug.async_close()
    await shows(hass, "on")
    assert heard[-1] == LinkDown()


@pytest.mark.parametrize(
    ("state", "on"),
    [("open", True), ("opening", True), ("closing", True), ("closed", False), ("jammed", None)],
)
async def test_a_valve_that_moves_is_open(
    hass: HomeAssistant, plug: EntityPump, state: str, *, on: bool | None
) -> None:
    await shows(hass, state)
    assert plug.on is on


async def test_on_is_what_it_shows_after_the_call(
    hass: HomeAssistant, plug: EntityPump, heard: list[Any]
) -> None:
    async def turn(call: Any) -> None:
        hass.states.async_set(PLUG, call.service.removeprefix("turn_"))

    hass.services.async_register("switch", "turn_on", turn)
    hass.services.async_register("switch", "turn_off", turn)
    assert await plug.async_run("b", 5000) == Acked(booking_id="b")
    await hass.async_block_till_done()
    assert await plug.async_off() is None
    await hass.async_block_till_done()
    assert heard[2:5] == [Reported(on=True), Ended(booking_id="b"), Reported(on=False)]


async def test_one_that_shows_nothing_has_not_answered(
    hass: HomeAssistant, plug: EntityPump, heard: list[Any]
) -> None:
    calls = async_mock_service(hass, "switch", "turn_on")
    assert await plug.async_run("b", 50) == Unanswered(booking_id="b")
    assert len(calls) == 1
    # And one that stays on is not said to be off, nor told again by what it says itself.
    await shows(hass, "on")
    async_mock_service(hass, "switch", "turn_off")
    before = len(heard)
    assert await plug.async_off() is None
    assert heard[before:] == []


async def test_one_that_is_not_there_was_told_nothing(
    hass: HomeAssistant, plug: EntityPump
) -> None:
    await shows(hass, "unavailable")
    assert await plug.async_run("b", 50) == NotSent(booking_id="b")
    assert isinstance(await plug.async_off(), NotConnectedError)


async def test_a_call_that_fails_may_have_been_done(hass: HomeAssistant, plug: EntityPump) -> None:
    async def fail(_call: Any) -> None:
        raise ValueError

    hass.services.async_register("switch", "turn_off", fail)
    assert isinstance(await plug.async_off(), NoAnswerError)
