"""The only way to a pump; what a person is told when it is closed."""

import ast
import asyncio
import re
from pathlib import Path

import pytest
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from pytest_homeassistant_custom_component.common import async_mock_service

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
    command = await actuation.async_run_pump(coordinator, 2, ms=1500)
    await actuation.async_turn_light_on(coordinator, 3, ms=60_000, level=0)
    await actuation.async_set_level(coordinator, 3, 0)
    await actuation.async_turn_light_off(coordinator, 3)
    await actuation.async_stop_pump(coordinator, 2)
    await actuation.async_tell(coordinator, Op.PING)
    assert node.commands == [
        {"op": "on", "ch": 2, "ms": 1500},
        {"op": "on", "ch": 3, "ms": 60_000, "lv": 0},
        {"op": "level", "ch": 3, "lv": 0},
        {"op": "off", "ch": 3},
        {"op": "off", "ch": 2},
        {"op": "ping"},
    ]
    assert node.heard_of("cmd")[0]["c"] == command


async def test_no_command_is_ever_sent_twice(home: Home, node: FakeNode) -> None:
    node.answer = lambda command: None
    with pytest.raises(errors.NoAnswerError):
        await actuation.async_run_pump(home.coordinator(node), 2, ms=1000)
    await node.connect()
    node.answer = lambda command: {"ok": 1}
    for _ in range(2):
        await actuation.async_run_pump(home.coordinator(node), 2, ms=1000)
    first, second = (command["c"] for command in node.heard_of("cmd") if command["op"] == "on")
    assert first != second


async def test_the_answer_to_another_command_is_no_answer(home: Home, node: FakeNode) -> None:
    node.answer = lambda command: None
    coordinator = home.coordinator(node)
    turning = home.hass.async_create_task(actuation.async_run_pump(coordinator, 2, ms=1000))
    await until(lambda: node.commands)
    await node.says({"t": "ack", "c": "somebodyelses", "ok": 1})
    with pytest.raises(errors.NoAnswerError):
        await turning


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
        actuation.async_turn_light_on(coordinator, 3, ms=1000, level=50),
        actuation.async_turn_light_off(coordinator, 3),
        actuation.async_set_level(coordinator, 3, 50),
        actuation.async_tell(coordinator, Op.IDENTIFY),
    ):
        with pytest.raises(ServiceValidationError) as caught:
            await asked
        told = caught.value
        assert (told.translation_domain, told.translation_key) == (DOMAIN, f"refused_{reason}")
        assert told.translation_placeholders == {"seconds": "42"}
        assert isinstance(told.__cause__, errors.RefusedError)
    # Who may use a pump hears it as it is, and decides.
    for asking in (
        actuation.async_run_pump(coordinator, 2, ms=1000),
        actuation.async_stop_pump(coordinator, 2),
    ):
        with pytest.raises(errors.RefusedError) as refused:
            await asking
        assert (refused.value.reason, refused.value.retry_ms) == (reason, 42_400)
    assert home.state(node, "switch", "2_pump").state == "off"


def test_without_a_time_it_may_be_asked_again_at_once() -> None:
    told = actuation.translated(errors.RefusedError("busy"))
    assert told.translation_placeholders == {"seconds": "0"}


async def test_after_a_lost_answer_nobody_knows(home: Home, node: FakeNode) -> None:
    await node.reports({2: 0, 3: 0})
    await home.shows(node, "switch", "2_pump", "off")
    node.answer = lambda command: None
    coordinator = home.coordinator(node)
    with pytest.raises(errors.NoAnswerError):
        await actuation.async_run_pump(coordinator, 2, ms=1000)
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
        actuation.async_turn_light_on(coordinator, 3, ms=1000, level=50),
        actuation.async_turn_light_off(coordinator, 3),
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
    with pytest.raises(errors.NotConnectedError):
        await actuation.async_run_pump(coordinator, 2, ms=1000)
    # Nothing was sent: the output is still off.
    assert home.state(node, "switch", "2_pump").state == "off"
    assert node.commands == []


# --- a switch of any make ------------------------------------------------------------------------


async def switched(hass: HomeAssistant, entity_id: str, *, on: bool) -> None:
    await actuation.async_switch(hass, entity_id, on=on, context=Context())


@pytest.mark.parametrize(
    ("entity_id", "on", "service"),
    [
        ("switch.plug", True, "switch.turn_on"),
        ("switch.plug", False, "switch.turn_off"),
        ("input_boolean.pump", True, "input_boolean.turn_on"),
        ("valve.tap", True, "valve.open_valve"),
        ("valve.tap", False, "valve.close_valve"),
    ],
)
async def test_any_switch_or_valve_is_told_by_its_own_service(
    hass: HomeAssistant, entity_id: str, service: str, *, on: bool
) -> None:
    hass.states.async_set(entity_id, "off")
    calls = async_mock_service(hass, *service.split("."))
    await switched(hass, entity_id, on=on)
    assert [call.data for call in calls] == [{"entity_id": entity_id}]


@pytest.mark.parametrize("state", [None, "unavailable", "off"])
async def test_what_is_not_there_was_not_told(hass: HomeAssistant, state: str | None) -> None:
    calls = async_mock_service(hass, "valve", "open_valve")
    if state is not None:
        hass.states.async_set("switch.plug", state)
    # The last one is there, but nobody offers the service.
    with pytest.raises(errors.NotConnectedError):
        await switched(hass, "switch.plug", on=True)
    assert not calls


@pytest.mark.parametrize("error", [HomeAssistantError("no"), ValueError("oops"), OSError()])
async def test_whatever_another_integration_raises_it_may_have_been_done(
    hass: HomeAssistant, error: Exception
) -> None:
    async def fail(_call: object) -> None:
        raise error

    hass.services.async_register("switch", "turn_on", fail)
    hass.states.async_set("switch.plug", "off")
    with pytest.raises(errors.NoAnswerError):
        await switched(hass, "switch.plug", on=True)


async def test_a_switch_that_never_returns_is_waited_for_no_longer_than_this(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_call: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(actuation, "CALL_S", 0.05)
    hass.services.async_register("switch", "turn_on", hang)
    hass.states.async_set("switch.plug", "off")
    with pytest.raises(errors.NoAnswerError):
        await switched(hass, "switch.plug", on=True)


# --- nobody else ---------------------------------------------------------------------------------


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


def uses(source: str, attribute: str) -> bool:
    """Whether a module names this function of the actuation path."""
    return any(
        (isinstance(node, ast.Attribute) and node.attr == attribute)
        or (isinstance(node, ast.Name) and node.id == attribute)
        or (isinstance(node, ast.alias) and node.name == attribute)
        for node in ast.walk(ast.parse(source))
    )


PUMPS = "custom_components/plant_vita/watering/pumps.py"
# Lamps; that it takes nothing that waters a plant is shown in tests/lighting/test_lamps.py.
LAMPS = "custom_components/plant_vita/lighting/sockets.py"


@pytest.mark.parametrize(
    ("name", "users"),
    [
        ("async_run_pump", {PUMPS}),
        ("async_stop_pump", {PUMPS}),
        ("async_switch", {PUMPS, LAMPS}),
    ],
)
def test_only_the_drivers_of_the_waterworks_reach_a_pump(name: str, users: set[str]) -> None:
    found = {
        shown(path)
        for path in Path(PRODUCT).rglob("*.py")
        if path.name != "actuation.py" and uses(path.read_text(), name)
    }
    assert found == users


def test_only_the_actuation_path_calls_services_of_others() -> None:
    """A switch that is a pump could be turned on by any but our own and the weather's."""
    found = {
        shown(path)
        for path in Path(PRODUCT).rglob("*.py")
        if re.search(
            r"services\s*\.async_call\((?!\s*(DOMAIN|Platform\.WEATHER),)", path.read_text()
        )
    }
    tariffs = "custom_components/plant_vita/lighting/tariffs.py"
    assert found == {"custom_components/plant_vita/glue/actuation.py", tariffs}
    # Prices are asked for by two names that stand there.
    asked = re.findall(r'_async_answer\(\s*hass, (".*?", ".*?"), ', Path(tariffs).read_text())
    assert asked == ['"nordpool", "get_prices_for_date"', '"tibber", "get_prices"']


def test_a_pump_is_only_run_for_what_an_arbiter_sends() -> None:
    found = {
        shown(path) for path in Path(PRODUCT).rglob("*.py") if uses(path.read_text(), "async_run")
    }
    assert found == {"custom_components/plant_vita/watering/outlet.py"}
