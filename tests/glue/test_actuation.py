"""The only way to a pump; what a person is told when it is closed."""

import ast
from pathlib import Path

import pytest
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.glue import actuation
from custom_components.plant_vita.model import errors
from custom_components.plant_vita.protocol.messages import AckError, Op
from tests.house.python_files import PRODUCT, shown
from tests.nodes.fake_node import FakeNode, until
from tests.nodes.home import Home, home_fixture

home = home_fixture()

REASONS = tuple(AckError)


@pytest.fixture
async def node(home: Home) -> FakeNode:
    node = home.node(channels=[[0, "m"], [2, "pump"], [3, "light"]])
    await home.add(node)
    await node.connect()
    return node


async def test_each_function_is_one_command(home: Home, node: FakeNode) -> None:
    coordinator = home.coordinator(node)
    await actuation.async_turn_on(coordinator, 2, ms=1500)
    await actuation.async_turn_on(coordinator, 3, ms=60_000, level=0)
    await actuation.async_set_level(coordinator, 3, 0)
    await actuation.async_turn_off(coordinator, 2)
    await actuation.async_tell(coordinator, Op.PING)
    assert node.commands == [
        {"op": "on", "ch": 2, "ms": 1500},
        {"op": "on", "ch": 3, "ms": 60_000, "lv": 0},
        {"op": "level", "ch": 3, "lv": 0},
        {"op": "off", "ch": 2},
        {"op": "ping"},
    ]


async def test_no_command_is_ever_sent_twice(home: Home, node: FakeNode) -> None:
    node.answer = lambda command: None
    with pytest.raises(HomeAssistantError):
        await actuation.async_turn_on(home.coordinator(node), 2, ms=1000)
    await node.connect()
    await node.reports({2: 0})
    await home.shows(node, "switch", "2_pump", "off")
    assert node.commands == []
    node.answer = lambda command: {"ok": 1}
    for _ in range(2):
        await actuation.async_turn_on(home.coordinator(node), 2, ms=1000)
    first, second = (command["c"] for command in node.heard_of("cmd"))
    assert first != second


async def test_the_answer_to_another_command_is_no_answer(home: Home, node: FakeNode) -> None:
    node.answer = lambda command: None
    coordinator = home.coordinator(node)
    turning = home.hass.async_create_task(actuation.async_turn_on(coordinator, 2, ms=1000))
    await until(lambda: node.commands)
    await node.says({"t": "ack", "c": "somebodyelses", "ok": 1})
    with pytest.raises(HomeAssistantError) as caught:
        await turning
    assert caught.value.translation_key == "no_answer"


@pytest.mark.parametrize(
    ("error", "kind", "key"),
    [
        (errors.NotConnectedError(), HomeAssistantError, "not_connected"),
        (errors.NoAnswerError(), HomeAssistantError, "no_answer"),
        (errors.FrameError("counter used up"), HomeAssistantError, "protocol"),
        (errors.RefusedError("soak"), ServiceValidationError, "refused_soak"),
    ],
)
def test_what_a_person_is_told(
    error: errors.PlantVitaError, kind: type[HomeAssistantError], key: str
) -> None:
    told = actuation.translated(error)
    assert (type(told), told.translation_domain, told.translation_key) == (kind, "plant_vita", key)


@pytest.mark.parametrize("reason", REASONS)
async def test_every_refusal_is_the_persons_affair(home: Home, node: FakeNode, reason: str) -> None:
    """And never a state: the output is what the node says that it is."""
    await node.reports({2: 0})
    await home.shows(node, "switch", "2_pump", "off")
    node.answer = lambda command: {"err": reason, "ms": 42_400}
    coordinator = home.coordinator(node)
    for asked in (
        actuation.async_turn_on(coordinator, 2, ms=1000),
        actuation.async_turn_off(coordinator, 2),
        actuation.async_set_level(coordinator, 3, 50),
        actuation.async_tell(coordinator, Op.IDENTIFY),
    ):
        with pytest.raises(ServiceValidationError) as caught:
            await asked
        told = caught.value
        assert (told.translation_domain, told.translation_key) == (DOMAIN, f"refused_{reason}")
        assert told.translation_placeholders == {"seconds": "42"}
        assert isinstance(told.__cause__, errors.RefusedError)
    assert home.state(node, "switch", "2_pump").state == "off"


def test_without_a_time_it_may_be_asked_again_at_once() -> None:
    told = actuation.translated(errors.RefusedError("busy"))
    assert told.translation_placeholders == {"seconds": "0"}


async def test_after_a_lost_answer_nobody_knows(home: Home, node: FakeNode) -> None:
    await node.reports({2: 0, 3: 0})
    await home.shows(node, "switch", "2_pump", "off")
    node.answer = lambda command: None
    coordinator = home.coordinator(node)
    with pytest.raises(HomeAssistantError) as caught:
        await actuation.async_turn_on(coordinator, 2, ms=1000)
    assert (type(caught.value), caught.value.translation_key) == (HomeAssistantError, "no_answer")
    assert home.state(node, "switch", "2_pump").state == "unknown"
    # What moves nothing leaves the others as they are.
    with pytest.raises(HomeAssistantError):
        await actuation.async_tell(coordinator, Op.CALIBRATE, channel=0)
    await node.reports({2: 0})
    await home.shows(node, "switch", "2_pump", "off")


async def test_a_node_that_is_away_is_asked_nothing(home: Home, node: FakeNode) -> None:
    await node.reports({2: 0})
    await home.shows(node, "switch", "2_pump", "off")
    await node.hang_up()
    coordinator = home.coordinator(node)
    await until(lambda: coordinator.session is None)
    for asked in (
        actuation.async_turn_on(coordinator, 2, ms=1000),
        actuation.async_turn_off(coordinator, 2),
        actuation.async_set_level(coordinator, 3, 50),
        actuation.async_tell(coordinator, Op.PING),
    ):
        with pytest.raises(HomeAssistantError) as caught:
            await asked
        assert type(caught.value) is HomeAssistantError
        assert (caught.value.translation_domain, caught.value.translation_key) == (
            DOMAIN,
            "not_connected",
        )
    # Nothing was sent: the output is still off.
    assert home.state(node, "switch", "2_pump").state == "off"
    assert node.commands == []


def callers(source: str) -> set[str]:
    """The attributes named `command` that are called in a module."""
    return {
        ast.unparse(call.func)
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "command"
    }


def test_nobody_else_sends_commands() -> None:
    """Instructions send settings only, never an actuator's."""
    found = {shown(path) for path in Path(PRODUCT).rglob("*.py") if callers(path.read_text())}
    glue = "custom_components/plant_vita/glue"
    assert found == {f"{glue}/actuation.py", f"{glue}/instructions.py"}
    instructions = (PRODUCT / "glue" / "instructions.py").read_text()
    ops = {
        node.attr
        for node in ast.walk(ast.parse(instructions))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Op"
    }
    assert ops == {"CONFIG", "WIRE"}
