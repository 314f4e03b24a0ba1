"""Calls over Bluetooth: through Home Assistant's own stack, a proxy, and two whole radios."""

from collections.abc import AsyncGenerator
from random import Random

import pytest
from homeassistant.core import CoreState

from custom_components.plant_vita.glue.calling import Calls, Pauses
from custom_components.plant_vita.model.errors import NotConnectedError
from custom_components.plant_vita.protocol.messages import Op
from tests.nodes.air import Air, bluetooth_fixture
from tests.nodes.fake_node import FakeNode, until
from tests.nodes.home import Home, home_fixture
from tests.nodes.perch import Perch

home = home_fixture()
bluetooth_runs = bluetooth_fixture()
pytestmark = pytest.mark.usefixtures("bluetooth_runs")

CHANNELS = [[0, "m"], [2, "pump"]]


@pytest.fixture
def expected_lingering_timers() -> bool:
    """What `bluetooth` plans, and our own pauses, go on to the end."""
    return True


@pytest.fixture
async def air(home: Home) -> AsyncGenerator[Air]:
    """A proxy that can connect."""
    air = await Air(home.hass).open()
    yield air
    await air.close()


@pytest.fixture
async def perch(home: Home, air: Air) -> AsyncGenerator[Perch]:
    """The radio of a node, which dials whenever it is called."""
    perch = await Perch(air, home.node(channels=CHANNELS, every=600)).open()
    yield perch
    await perch.node.power_off()
    await perch.close()


async def asleep(home: Home, perch: Perch) -> FakeNode:
    """A paired battery node."""
    perch.node.sleeps = True
    await home.add(perch.node)
    perch.node.background(perch.node.keep_dialling())
    return perch.node


async def awake(home: Home, perch: Perch) -> FakeNode:
    """A paired node on mains."""
    await home.add(perch.node)
    perch.node.background(perch.node.keep_dialling())
    return perch.node


def connected(home: Home, node: FakeNode) -> bool:
    return home.coordinator(node).session is not None


def calls(home: Home) -> Calls:
    assert home.hub.bluetooth is not None
    return home.hub.bluetooth._calls


async def rested(home: Home) -> None:
    """The call is over, and so is the pause after it."""
    await until(lambda: not calls(home)._under_way)
    calls(home)._pauses._until.clear()


def report(home: Home, node: FakeNode) -> dict[str, int]:
    assert home.hub.bluetooth is not None
    return home.hub.bluetooth.async_report(node.hardware_id) or {}


async def test_a_node_on_mains_is_called_and_obeys(home: Home, air: Air, perch: Perch) -> None:
    node = await awake(home, perch)
    await perch.tells({0: 41.5})
    await until(lambda: connected(home, node))
    await until(lambda: node.heard_of("hi"))
    await node.reports({2: 0})
    await home.shows(node, "switch", "2_pump", "off")
    # Whole seconds of water by the one way that any pump is switched.
    switch = home.entity_id(node, "switch", "2_pump")
    await home.call("switch.turn_on", switch)
    assert [one["op"] for one in node.commands] == ["on"]
    await node.measures({0: 44.5})
    await home.shows(node, "sensor", "0_m", "44.5")
    assert air.connections == 1


async def test_a_sleeping_node_is_called_when_something_waits(
    home: Home, air: Air, perch: Perch
) -> None:
    node = await asleep(home, perch)
    await perch.tells({0: 41.5})
    await home.shows(node, "sensor", "0_m", "41.5")
    # The first time to have the key confirmed.
    await until(lambda: air.connections == 1)
    await until(lambda: len(home.stored_keys(node)) == 1)
    await until(lambda: node.listening)
    await node.hang_up()
    await rested(home)
    await perch.tells({0: 42.5})
    await home.shows(node, "sensor", "0_m", "42.5")
    assert air.connections == 1
    with pytest.raises(NotConnectedError):
        await home.coordinator(node).live_session.command(Op.PING)
    # What waits is enough: the node says the same as before.
    button = home.entity_id(node, "button", "identify")
    await home.call("button.press", button)
    await until(lambda: node.commands == [{"op": "identify"}])
    assert air.connections == 2
    assert home.coordinator(node).queue.waiting == ()


async def test_a_sleeping_node_that_asks_is_called(home: Home, air: Air, perch: Perch) -> None:
    node = await asleep(home, perch)
    await home.hub.keys.async_confirm(node.hardware_id, node.kid)
    await perch.tells({0: 41.5})
    await home.shows(node, "sensor", "0_m", "41.5")
    assert air.connections == 0
    await perch.tells({0: 42.5}, asks=True)
    await until(lambda: connected(home, node))


async def test_a_node_that_cannot_be_read_is_called_once(
    home: Home, air: Air, perch: Perch
) -> None:
    node = await asleep(home, perch)
    await home.hub.keys.async_confirm(node.hardware_id, node.kid)
    # It was without power and has a new salt, of which its `hello` tells.
    perch.salt = "ee" * 8
    node.radio = (node.radio[0], perch.salt)  # type: ignore[index]
    await perch.tells({0: 41.5})
    await until(lambda: connected(home, node))
    await until(lambda: home.coordinator(node).info.radio.salt.hex() == perch.salt)  # type: ignore[union-attr]
    await until(lambda: node.listening)
    await node.hang_up()
    await rested(home)
    await perch.tells({0: 43.5})
    await home.shows(node, "sensor", "0_m", "43.5")
    # Somebody in its place, whom no session makes readable.
    perch.salt = "dd" * 8
    await perch.tells({0: 99})
    await until(lambda: report(home, node)["unreadable"] > 1)
    await home.hass.async_block_till_done()
    assert air.connections == 1


async def test_pairing(home: Home, air: Air, perch: Perch) -> None:
    node = perch.node
    node.background(node.keep_dialling())
    await perch.asks_to_be_paired()
    await until(home.hub.async_strangers)
    assert air.connections == 0
    [flow] = home.hass.config_entries.flow.async_progress_by_handler("plant_vita")
    done = await home.hass.config_entries.flow.async_configure(flow["flow_id"], {"code": node.code})
    assert done["type"] == "create_entry"
    assert air.connections == 1
    await home.hass.async_block_till_done()
    assert node.kid == 1
    await perch.tells({0: 41.5})
    await home.shows(node, "sensor", "0_m", "41.5")
    await until(lambda: connected(home, node))
    assert set(home.stored_keys(node)) == {"1"}


async def test_a_wrong_code(home: Home, air: Air, perch: Perch) -> None:
    node = perch.node
    node.background(node.keep_dialling())
    await perch.asks_to_be_paired()
    await until(home.hub.async_strangers)
    [flow] = home.hass.config_entries.flow.async_progress_by_handler("plant_vita")
    again = await home.hass.config_entries.flow.async_configure(
        flow["flow_id"], {"code": "AAAA-BBBB-CCCC-DDDD"}
    )
    assert again["errors"] == {"base": "wrong_code"}
    done = await home.hass.config_entries.flow.async_configure(flow["flow_id"], {"code": node.code})
    assert done["type"] == "create_entry"


async def test_a_node_with_two_ways_has_one_session(home: Home, air: Air, perch: Perch) -> None:
    """The newest that is proven; a command goes over it, once."""
    node = await awake(home, perch)
    await perch.tells({0: 41.5})
    await until(lambda: connected(home, node))
    await until(lambda: node.heard_of("hi"))
    over_wifi = home.node(channels=CHANNELS)
    over_wifi.kid, over_wifi.key, over_wifi.radio = node.kid, node.key, node.radio
    await over_wifi.connect()
    await node.closed()
    await over_wifi.reports({2: 0})
    await home.shows(node, "switch", "2_pump", "off")
    await home.call("switch.turn_on", home.entity_id(node, "switch", "2_pump"))
    assert [one["op"] for one in over_wifi.commands] == ["on"]
    assert node.commands == []
    # While it is there over Wi-Fi it is not called.
    await rested(home)
    await perch.tells({0: 42.5})
    await until(lambda: report(home, node)["read"] == 2)
    await home.hass.async_block_till_done()
    assert air.connections == 1
    # And when it is not, it is given time to come back there.
    await over_wifi.hang_up()
    await until(lambda: not connected(home, node))
    await perch.tells({0: 43.5})
    await home.shows(node, "sensor", "0_m", "43.5")
    assert not calls(home)._under_way
    calls(home)._pauses._until.clear()
    await perch.tells({0: 44.5})
    await until(lambda: connected(home, node))


async def test_after_a_start_a_node_may_come_by_wifi_first(
    home: Home, air: Air, perch: Perch
) -> None:
    home.hass.set_state(CoreState.starting)
    node = await awake(home, perch)
    home.hass.set_state(CoreState.running)
    await perch.tells({0: 41.5})
    await home.shows(node, "sensor", "0_m", "41.5")
    assert air.connections == 0
    assert not calls(home)._pauses.over("A4:CF:12:00:00:03", home.hass.loop.time() + 29)
    assert calls(home)._pauses.over("A4:CF:12:00:00:03", home.hass.loop.time() + 30)


async def test_somebody_in_its_place_gets_nowhere(home: Home, air: Air, perch: Perch) -> None:
    """A radio at the node's address, whose owner has heard all that a node ever says."""
    dice = Random(4)
    node = perch.node
    await home.add(node)
    dial = f'{{"v":1,"id":"{node.hardware_id}","kid":1,"nn":"{"07" * 16}"}}'

    async def impostor() -> None:
        while True:
            socket = await perch.called()
            await socket.send_str(dial)
            await socket.receive()
            await socket.send_bytes(b"PV\x01\x00\x01" + dice.randbytes(dice.randrange(60, 400)))
            await socket.receive()

    node.background(impostor())
    for turn in range(5):
        await perch.tells({0: 99})
        await until(lambda turn=turn: home.hub.turned_away.get("proof", 0) > turn)  # type: ignore[misc]
        await rested(home)
    assert home.coordinator(node).session is None
    assert home.coordinator(node).log == []
    assert calls(home).failed == {node.hardware_id: 5}
    assert home.state(node, "switch", "2_pump").state == "unknown"


async def test_nobody_there_can_connect(home: Home, perch: Perch) -> None:
    node = await awake(home, perch)
    calls(home).async_call(home.coordinator(node), "A4:CF:12:00:00:03")
    await until(lambda: calls(home).failed == {node.hardware_id: 1})


@pytest.fixture
def again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whose next word shall count, even if it is the same."""
    again: list[str] = []
    monkeypatch.setattr(Calls, "async_hear_again", lambda _calls, address: again.append(address))
    return again


async def test_who_has_been_paired_is_heard_again(home: Home, again: list[str]) -> None:
    # Nobody has typed a code: it is over at once.
    calls(home).async_pair("a4cf12000001", "A4:CF:12:00:00:03")
    await until(lambda: again == ["A4:CF:12:00:00:03"])
    assert calls(home)._under_way == set()


async def test_the_soonest_time_counts(home: Home, again: list[str]) -> None:
    for seconds in (600, 0.01, 600):
        calls(home).async_hear_again_in(seconds, "A4:CF:12:00:00:03")
    await until(lambda: again)
    await home.hass.async_block_till_done()
    assert again == ["A4:CF:12:00:00:03"]
    assert calls(home)._planned == {}


def test_pauses_double_and_end_with_a_session() -> None:
    pauses = Pauses()
    assert pauses.over("A", 0.0)
    assert [pauses.begin("A", 0.0, proven=False) for _ in range(8)] == [
        10, 20, 40, 80, 160, 320, 600, 600,
    ]  # fmt: skip
    assert not pauses.over("A", 599.0)
    assert pauses.over("A", 600.0)
    assert pauses.over("B", 0.0)
    assert pauses.begin("A", 600.0, proven=True) == 2
    assert not pauses.over("A", 601.0)
    assert pauses.begin("A", 700.0, proven=False) == 10
