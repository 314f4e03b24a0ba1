"""What can be wrong with a node and its water."""

import pytest
from homeassistant.helpers import entity_registry as er

from tests.nodes.home import Home, home_fixture

home = home_fixture()

CHANNELS = [[0, "m"], [1, "tank"], [2, "leak"]]


async def test_contacts_show_trouble(home: Home) -> None:
    node = home.node(channels=CHANNELS)
    await home.add(node)
    await node.connect()
    assert home.state(node, "binary_sensor", "1_tank").state == "unknown"
    await node.measures({1: 1, 2: 0})
    await home.shows(node, "binary_sensor", "1_tank", "on")
    await home.shows(node, "binary_sensor", "2_leak", "off")
    await node.measures({1: 0, 2: 1})
    await home.shows(node, "binary_sensor", "1_tank", "off")
    await home.shows(node, "binary_sensor", "2_leak", "on")


@pytest.mark.parametrize(
    ("tail", "name", "device_class", "category"),
    [
        ("1_tank", "Reservoir empty", "problem", None),
        ("2_leak", "Leak", "moisture", None),
        ("problem", "Problem", "problem", "diagnostic"),
    ],
)
async def test_what_they_are(
    home: Home, tail: str, name: str, device_class: str, category: str | None
) -> None:
    node = home.node(channels=CHANNELS)
    await home.add(node)
    state = home.state(node, "binary_sensor", tail)
    assert (state.name, state.attributes["device_class"]) == (f"Kitchen {name}", device_class)
    entity = er.async_get(home.hass).async_get(state.entity_id)
    assert entity is not None
    assert entity.entity_category == category


async def test_a_broken_contact_is_unknown_and_a_problem(home: Home) -> None:
    node = home.node(channels=CHANNELS)
    await home.add(node)
    await node.connect()
    await node.measures({1: "silent"})
    await home.shows(node, "binary_sensor", "problem", "on")
    assert home.state(node, "binary_sensor", "1_tank").state == "unknown"
    faults = home.state(node, "binary_sensor", "problem").attributes["faults"]
    assert faults == [{"input": "tank", "label": None, "fault": "silent"}]
