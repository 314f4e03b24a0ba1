"""What a person asks a node to do once."""

import pytest
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er

from tests.nodes.fake_node import Json
from tests.nodes.home import Home, home_fixture

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
    with pytest.raises(HomeAssistantError) as caught:
        await home.call("button.press", entity_id)
    assert caught.value.translation_key == "not_connected"
    await node.connect()
    node.answer = lambda command: {"err": "unknown"}
    with pytest.raises(ServiceValidationError) as caught:
        await home.call("button.press", entity_id)
    assert caught.value.translation_key == "refused_unknown"
    node.answer = lambda command: None
    with pytest.raises(HomeAssistantError) as caught:
        await home.call("button.press", entity_id)
    assert caught.value.translation_key == "no_answer"


async def test_only_soil_is_calibrated(home: Home) -> None:
    node = home.node(channels=CHANNELS)
    await home.add(node)
    assert home.entity_id(node, "button", "0_t_calibrate_dry") is None
