"""Contacts and the problem sensor."""

from tests.nodes.home import Home, home_fixture

home = home_fixture()

CHANNELS = [[0, "m"], [1, "tank"], [2, "leak"]]


async def test_contacts_show_trouble(home: Home) -> None:
    node = home.node(channels=CHANNELS)
    await home.add(node)
    await node.connect()
    await node.measures({1: 1, 2: 0})
    await home.shows(node, "binary_sensor", "1_tank", "on")
    await home.shows(node, "binary_sensor", "2_leak", "off")
    await node.measures({1: 0, 2: 1})
    await home.shows(node, "binary_sensor", "1_tank", "off")
    await home.shows(node, "binary_sensor", "2_leak", "on")
