"""Readings on their way to the disk: nothing is confirmed that is not safe."""

from tests.nodes.fake_node import until
from tests.nodes.home import Home, home_fixture

home = home_fixture()


async def test_readings_are_confirmed(home: Home) -> None:
    node = home.node()
    await home.add(node)
    await node.connect()
    await node.measures({0: 40})
    await until(lambda: [got["n"] for got in node.heard_of("got")] == [1])
