"""A node is believed for as long as its own rhythm says."""

import pytest
from freezegun.api import FrozenDateTimeFactory

from tests.nodes.fake_node import until
from tests.nodes.home import Home, gone, home_fixture, later, said

home = home_fixture()


async def test_a_connected_node_that_leaves_is_given_ten_seconds(
    home: Home, freezer: FrozenDateTimeFactory, caplog: pytest.LogCaptureFixture
) -> None:
    node = home.node()
    await home.add(node)
    await node.connect()
    await node.measures({0: 40})
    await home.shows(node, "sensor", "0_m", "40.0")
    await gone(home, node)
    await later(home, freezer, 9)
    assert home.state(node, "sensor", "0_m").state == "40.0"
    await later(home, freezer, 2)
    assert home.state(node, "sensor", "0_m").state == "unavailable"
    await later(home, freezer, 600)
    assert said(caplog, "Kitchen is unavailable") == 1
    await node.connect()
    await home.shows(node, "sensor", "0_m", "40.0")
    await gone(home, node)
    await node.connect()
    assert said(caplog, "Kitchen is back") == 1


async def test_a_node_that_returns_in_time_was_never_away(
    home: Home, freezer: FrozenDateTimeFactory, caplog: pytest.LogCaptureFixture
) -> None:
    node = home.node()
    await home.add(node)
    for _ in range(3):
        await node.connect()
        await gone(home, node)
        await later(home, freezer, 9)
    await node.connect()
    await later(home, freezer, 3600)
    assert home.state(node, "sensor", "0_m").state == "unknown"
    assert said(caplog, "Kitchen is") == 0


async def test_after_a_start_a_node_has_a_minute(
    home: Home, freezer: FrozenDateTimeFactory
) -> None:
    node = home.node()
    await home.add(node)
    await later(home, freezer, 58)
    assert home.state(node, "sensor", "0_m").state == "unknown"
    await later(home, freezer, 3)
    assert home.state(node, "sensor", "0_m").state == "unavailable"


async def test_a_sleeping_node_may_miss_two_times_and_be_a_minute_late(
    home: Home, freezer: FrozenDateTimeFactory, caplog: pytest.LogCaptureFixture
) -> None:
    node = home.node(sleeps=True, every=600)
    await home.add(node)
    await later(home, freezer, 1800)
    assert home.state(node, "sensor", "0_m").state == "unknown"
    for _ in range(2):
        await node.connect()
        await node.measures({0: 30})
        await home.shows(node, "sensor", "0_m", "30.0")
        await gone(home, node)
        await later(home, freezer, 3 * 600 + 58)
        assert home.state(node, "sensor", "0_m").state == "30.0"
    await later(home, freezer, 3)
    assert home.state(node, "sensor", "0_m").state == "unavailable"
    assert said(caplog, "Kitchen is unavailable") == 1


async def test_a_new_rhythm_counts_from_the_next_sleep(
    home: Home, freezer: FrozenDateTimeFactory
) -> None:
    node = home.node(sleeps=True, every=60)
    await home.add(node)
    await node.connect()
    await node.hello(every=3600)
    await until(lambda: home.coordinator(node).info.every == 3600)
    await gone(home, node)
    await later(home, freezer, 3 * 3600)
    assert home.state(node, "sensor", "0_m").state == "unknown"
