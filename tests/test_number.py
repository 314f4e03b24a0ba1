"""What a person sets for an output."""

from typing import Any

import pytest
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er

from tests.nodes.fake_node import FakeNode, until
from tests.nodes.home import Home, home_fixture

home = home_fixture()

CHANNELS = [[2, "pump"], [3, "light"]]
PULSE, LEVEL = "2_pump_pulse", "3_light_level"


@pytest.fixture
async def node(home: Home) -> FakeNode:
    node = home.node(channels=CHANNELS)
    await home.add(node)
    await node.connect()
    return node


async def put(home: Home, node: FakeNode, tail: str, value: float) -> None:
    await home.call("number.set_value", home.entity_id(node, "number", tail), value=value)


@pytest.mark.parametrize(
    ("tail", "shown", "category"),
    [
        (
            PULSE,
            {
                "friendly_name": "Kitchen Pump run time",
                "device_class": "duration",
                "unit_of_measurement": "s",
                "min": 0.5,
                "max": 30.0,
                "step": 0.5,
                "mode": "auto",
                "state": "5.0",
            },
            "config",
        ),
        (
            LEVEL,
            {
                "friendly_name": "Kitchen Light level",
                "unit_of_measurement": "%",
                "min": 1,
                "max": 100,
                "step": 1,
                "mode": "slider",
                "state": "100",
            },
            None,
        ),
    ],
)
async def test_what_they_are(
    home: Home, node: FakeNode, tail: str, shown: dict[str, Any], category: str | None
) -> None:
    state = home.state(node, "number", tail)
    assert {**state.attributes, "state": state.state} == shown
    entity = er.async_get(home.hass).async_get(state.entity_id)
    assert entity is not None
    assert entity.entity_category == category


async def test_a_pulse_is_kept_and_used_by_the_switch(home: Home, node: FakeNode) -> None:
    await put(home, node, PULSE, 12.5)
    assert home.state(node, "number", PULSE).state == "12.5"
    assert node.commands == []
    entry = home.coordinator(node).config_entry
    assert entry.options == {"pulses": {"2": 12.5}}
    await node.reports({2: 0})
    await home.shows(node, "switch", "2_pump", "off")
    await home.call("switch.turn_on", home.entity_id(node, "switch", "2_pump"))
    assert node.commands == [{"op": "on", "ch": 2, "ms": 12_500}]
    assert await home.hass.config_entries.async_reload(entry.entry_id)
    assert home.state(node, "number", PULSE).state == "12.5"


@pytest.mark.parametrize("seconds", [0, 30.5])
async def test_a_pulse_outside_the_nodes_own_limits_is_refused(
    home: Home, node: FakeNode, seconds: float
) -> None:
    with pytest.raises(ServiceValidationError):
        await put(home, node, PULSE, seconds)
    assert home.coordinator(node).config_entry.options == {}


async def test_the_level_of_a_dark_light_is_only_remembered(home: Home, node: FakeNode) -> None:
    await node.reports({3: 0})
    await home.shows(node, "switch", "3_light", "off")
    await put(home, node, LEVEL, 40)
    assert node.commands == []
    await home.call("switch.turn_on", home.entity_id(node, "switch", "3_light"))
    assert node.commands == [{"op": "on", "ch": 3, "ms": 57_600_000, "lv": 40}]


async def test_a_light_that_is_on_follows_at_once(home: Home, node: FakeNode) -> None:
    await node.reports({3: 60_000}, lv={"3": 70})
    await home.shows(node, "number", LEVEL, "70")
    await put(home, node, LEVEL, 25)
    assert node.commands == [{"op": "level", "ch": 3, "lv": 25}]
    assert home.state(node, "number", LEVEL).state == "70"
    await node.reports({3: 60_000}, lv={"3": 25})
    await home.shows(node, "number", LEVEL, "25")
    assert home.coordinator(node).config_entry.options == {"levels": {"3": 25.0}}


async def test_a_level_the_node_refuses_is_not_remembered(home: Home, node: FakeNode) -> None:
    await node.reports({3: 60_000}, lv={"3": 70})
    await home.shows(node, "number", LEVEL, "70")
    node.answer = lambda command: {"err": "bad"}
    with pytest.raises(ServiceValidationError) as caught:
        await put(home, node, LEVEL, 25)
    assert caught.value.translation_key == "refused_bad"
    assert home.coordinator(node).config_entry.options == {}


async def test_a_lost_answer_to_a_level_leaves_the_light_unknown(
    home: Home, node: FakeNode
) -> None:
    await node.reports({3: 60_000}, lv={"3": 70})
    await home.shows(node, "number", LEVEL, "70")
    node.answer = lambda command: None
    with pytest.raises(HomeAssistantError) as caught:
        await put(home, node, LEVEL, 25)
    assert caught.value.translation_key == "no_answer"
    assert home.state(node, "switch", "3_light").state == "unknown"


async def test_two_lights_do_not_share_a_level(home: Home) -> None:
    node = home.node(channels=[[3, "light"], [4, "light"]])
    await home.add(node)
    await node.connect()
    await put(home, node, "3_light_level", 10)
    await put(home, node, "4_light_level", 90)
    await until(lambda: home.state(node, "number", "4_light_level").state == "90")
    assert home.state(node, "number", "3_light_level").state == "10"
    assert home.coordinator(node).config_entry.options == {"levels": {"3": 10.0, "4": 90.0}}
