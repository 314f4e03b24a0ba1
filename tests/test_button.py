"""What a person asks a node to do once."""

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from custom_components.plant_vita.glue import actuation
from custom_components.plant_vita.protocol.messages import Op
from tests.nodes.fake_node import FakeNode, Json, until
from tests.nodes.home import Home, gone, home_fixture, later

home = home_fixture()

CHANNELS = [[0, "t"], [5, "m"]]
BUTTONS = [
    ("identify", "Identify", "identify", {"op": "identify"}),
    ("restart", "Restart", "restart", {"op": "restart"}),
    ("5_m_calibrate_dry", "Calibrate dry", None, {"op": "cal", "ch": 5, "set": {"at": "dry"}}),
    ("5_m_calibrate_wet", "Calibrate wet", None, {"op": "cal", "ch": 5, "set": {"at": "wet"}}),
]


@pytest.mark.parametrize(("tail", "name", "device_class", "command"), BUTTONS)
async def test_a_press_is_one_command(
    home: Home, tail: str, name: str, device_class: str | None, command: Json
) -> None:
    node = home.node(channels=CHANNELS)
    await home.add(node)
    await node.connect()
    state = home.state(node, "button", tail)
    assert state.name == f"Kitchen {name}"
    assert state.attributes.get("device_class") == device_class
    entity = er.async_get(home.hass).async_get(state.entity_id)
    assert entity is not None
    assert entity.entity_category == "config"
    await home.call("button.press", state.entity_id)
    assert node.commands == [command]


@pytest.mark.parametrize(("tail", "name", "device_class", "command"), BUTTONS)
async def test_a_press_that_cannot_be_done_says_why(
    home: Home, tail: str, name: str, device_class: str | None, command: Json
) -> None:
    node = home.node(channels=CHANNELS)
    await home.add(node)
    entity_id = home.entity_id(node, "button", tail)
    await node.connect()
    node.answer = lambda command: {"err": "unknown"}
    with pytest.raises(ServiceValidationError) as caught:
        await home.call("button.press", entity_id)
    assert caught.value.translation_key == "refused_unknown"
    node.answer = lambda command: None
    with pytest.raises(HomeAssistantError) as caught:
        await home.call("button.press", entity_id)
    assert caught.value.translation_key == "no_answer"


async def asleep(home: Home) -> FakeNode:
    """A node that reports every ten minutes, and is between two of its times."""
    node = home.node(channels=CHANNELS, sleeps=True, every=600)
    await home.add(node)
    await node.connect()
    await gone(home, node)
    node.heard = []
    return node


@pytest.mark.parametrize(("tail", "name", "device_class", "command"), BUTTONS)
async def test_a_press_waits_for_a_node_that_sleeps(
    home: Home, tail: str, name: str, device_class: str | None, command: Json
) -> None:
    node = await asleep(home)
    await home.call("button.press", home.entity_id(node, "button", tail))
    assert home.state(node, "sensor", "waiting_commands").state == "1"
    [waiting] = home.state(node, "sensor", "waiting_commands").attributes["waiting"]
    words = {"identify": "identify", "restart": "restart"}
    assert waiting["command"] == words.get(tail, tail.removeprefix("5_m_"))
    assert waiting["channel"] == command.get("ch")
    assert 1800 < (waiting["until"] - dt_util.utcnow()).total_seconds() <= 1860
    await node.connect()
    await until(lambda: node.commands == [command])

    def shown() -> tuple[object, object]:
        attributes = home.state(node, "sensor", "waiting_commands").attributes
        return attributes["last_command"], attributes["last_result"]

    await until(lambda: shown() == (waiting["command"], "done"))
    assert home.state(node, "sensor", "waiting_commands").state == "0"


async def test_what_waits_can_be_cancelled(home: Home) -> None:
    node = await asleep(home)
    await home.call("button.press", home.entity_id(node, "button", "restart"))
    await home.call("button.press", home.entity_id(node, "button", "cancel_waiting"))
    state = home.state(node, "sensor", "waiting_commands")
    assert (state.state, state.attributes["last_result"]) == ("0", "cancelled")
    await node.connect()
    await node.measures({0: 20})
    await home.shows(node, "sensor", "0_t", "20.0")
    assert node.commands == []


async def test_what_waits_is_not_sent_when_its_time_is_over(
    home: Home, freezer: FrozenDateTimeFactory
) -> None:
    node = await asleep(home)
    await home.call("button.press", home.entity_id(node, "button", "restart"))
    home.expect("was not done: restart .expired")
    await later(home, freezer, 1861)
    state = home.state(node, "sensor", "waiting_commands")
    assert (state.state, state.attributes["last_result"]) == ("0", "expired")
    # Nobody expects it any more: what is asked now is refused at once.
    with pytest.raises(HomeAssistantError) as caught:
        await actuation.async_tell(home.coordinator(node), Op.RESTART, waits=True)
    assert caught.value.translation_key == "not_connected"
    await node.connect()
    await home.hass.async_block_till_done()
    assert node.commands == []


async def test_a_node_that_never_sleeps_has_neither_unless_a_person_asks(home: Home) -> None:
    node = home.node(channels=CHANNELS)
    await home.add(node)
    for platform, tail in (("sensor", "waiting_commands"), ("button", "cancel_waiting")):
        entity = er.async_get(home.hass).async_get(home.entity_id(node, platform, tail) or "")
        assert entity is not None
        assert entity.disabled


async def test_only_soil_is_calibrated(home: Home) -> None:
    node = home.node(channels=CHANNELS)
    await home.add(node)
    assert home.entity_id(node, "button", "0_t_calibrate_dry") is None
