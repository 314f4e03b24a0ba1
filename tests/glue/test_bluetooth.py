"""Nodes heard over Bluetooth, through Home Assistant's own stack and a proxy's whole radio."""

from collections.abc import AsyncGenerator
from random import Random
from typing import Any

import pytest
from homeassistant.components import bluetooth
from homeassistant.config_entries import SOURCE_BLUETOOTH, SOURCE_REAUTH

from custom_components.plant_vita.diagnostics import async_get_config_entry_diagnostics
from tests.nodes.air import Air, bluetooth_fixture
from tests.nodes.fake_node import FakeNode, until
from tests.nodes.home import Home, home_fixture, later
from tests.nodes.perch import Perch, wrapped

home = home_fixture()
bluetooth_runs = bluetooth_fixture()
pytestmark = pytest.mark.usefixtures("bluetooth_runs")

CHANNELS = [[0, "m"], [8, "t"], [2, "pump"]]
PLACE = "A4:CF:12:00:00:03"


@pytest.fixture
def expected_lingering_timers() -> bool:
    """What `bluetooth` plans for its adapters goes on to the end."""
    return True


@pytest.fixture
async def air(home: Home) -> AsyncGenerator[Air]:
    """A proxy that only listens."""
    air = await Air(home.hass, connectable=False).open()
    yield air
    await air.close()


@pytest.fixture
async def perch(home: Home, air: Air) -> AsyncGenerator[Perch]:
    """The radio of a battery node."""
    perch = await Perch(air, home.node(channels=CHANNELS, sleeps=True, every=600)).open()
    yield perch
    await perch.close()


@pytest.fixture
async def node(home: Home, perch: Perch) -> FakeNode:
    """A paired battery node that is asleep."""
    await home.add(perch.node)
    return perch.node


def shown(home: Home, node: FakeNode) -> str:
    return home.state(node, "sensor", "0_m").state


def asked(home: Home) -> list[Any]:
    return list(home.hass.config_entries.flow.async_progress_by_handler("plant_vita"))


def heard(home: Home, node: FakeNode) -> Any:
    assert home.hub.bluetooth is not None
    return home.hub.bluetooth.async_report(node.hardware_id)


async def test_readings_that_are_told_to_all(home: Home, perch: Perch, node: FakeNode) -> None:
    await perch.tells({0: 41.5, 8: -3.5})
    await home.shows(node, "sensor", "0_m", "41.5")
    await home.shows(node, "sensor", "8_t", "-3.5")
    await perch.tells({0: 40, 8: -3.5})
    await home.shows(node, "sensor", "0_m", "40.0")
    assert home.coordinator(node).session is None
    assert home.state(node, "switch", "2_pump").state == "unknown"
    assert heard(home, node)["read"] == 2
    assert heard(home, node)["unreadable"] == 0
    [entry] = home.hass.config_entries.async_entries("plant_vita")
    told = await async_get_config_entry_diagnostics(home.hass, entry)
    assert told["bluetooth"]["read"] == 2
    assert PLACE[:-3].lower() not in str(told).lower()


async def test_who_is_heard_is_there_and_who_is_not_is_given_up_by_its_rhythm(
    home: Home, air: Air, perch: Perch, node: FakeNode, freezer
) -> None:
    # Three times its ten minutes and a minute.
    await later(home, freezer, 1800)
    air.tell(PLACE, perch.sealed({0: 41}))
    await later(home, freezer, 1855)
    assert shown(home, node) == "41.0"
    await later(home, freezer, 10)
    assert shown(home, node) == "unavailable"
    air.tell(PLACE, perch.sealed({0: 39}))
    await later(home, freezer, 1)
    assert shown(home, node) == "39.0"


async def test_in_a_session_the_node_says_it_itself(home: Home, air: Air, perch: Perch) -> None:
    node = perch.node
    node.dialler = home.dialler
    await home.add(node)
    await node.connect()
    await node.measures({0: 30.5})
    await home.shows(node, "sensor", "0_m", "30.5")
    air.tell(PLACE, perch.sealed({0: 12}))
    await home.hass.async_block_till_done()
    assert heard(home, node)["read"] == 1
    assert home.coordinator(node)._unshown == []
    assert shown(home, node) == "30.5"


async def test_a_new_salt_begins_a_new_count(home: Home, air: Air, perch: Perch) -> None:
    node = perch.node
    await home.add(node)
    perch.count = 500
    old = perch.sealed({0: 10})
    air.tell(PLACE, old)
    perch.salt, perch.count = "ff" * 8, 0
    air.tell(PLACE, perch.sealed({0: 20}))
    assert (heard(home, node)["read"], heard(home, node)["unreadable"]) == (1, 1)
    # A session over whatever link tells of the salt.
    node.radio, node.dialler = ("a4cf12000003", perch.salt), home.dialler
    await node.connect()
    await node.hang_up()
    await until(lambda: home.coordinator(node).session is None)
    air.tell(PLACE, perch.sealed({0: 20}))
    await home.shows(node, "sensor", "0_m", "20.0")
    air.tell(PLACE, old)
    assert (heard(home, node)["read"], heard(home, node)["unreadable"]) == (2, 2)


async def test_the_key_of_a_code_reads_nothing(home: Home, air: Air, perch: Perch) -> None:
    of_code = perch.node.key
    await home.add(perch.node)
    perch.node.kid, perch.node.key = 0, of_code
    air.tell(PLACE, perch.sealed({0: 99}))
    assert heard(home, perch.node)["unreadable"] == 1


async def test_ten_thousand_forged_or_replayed_ones_are_refused(
    home: Home, air: Air, perch: Perch, node: FakeNode
) -> None:
    dice, good = Random(9), [perch.sealed({0: value}) for value in (10, 20, 30)]
    foreign = FakeNode(dialler=home.dialler, channels=CHANNELS, kid=1, key=bytes(32))
    stranger = Perch(air, foreign)
    stranger.count = 100
    for told in good:
        air.tell(PLACE, told)
    await home.shows(node, "sensor", "0_m", "30.0")
    for turn in range(10_000):
        data = bytearray(good[turn % 3])
        match turn % 4:
            case 0:
                data[9 + dice.randrange(len(data) - 9)] ^= 1 << dice.randrange(8)
            case 1:
                data = bytearray(wrapped(b"PV\x41" + dice.randbytes(dice.randrange(22))))
            case 2:
                data = bytearray(stranger.sealed({0: 99}))
        air.tell(PLACE, bytes(data))
        # Otherwise Home Assistant leaves out what is the same as before.
        air._scanner._previous_service_info.pop(PLACE, None)
    await home.hass.async_block_till_done()
    assert heard(home, node)["read"] == 3
    assert heard(home, node)["unreadable"] > 5_000
    assert home.coordinator(node)._unshown == []
    assert shown(home, node) == "30.0"


@pytest.mark.parametrize(
    "payload",
    [
        b"PV",
        b"PV\x00",
        b"PV\x00abc",
        b"PV\x00a b c d",
        b"PV\x01" + bytes(10),
        b"PV\x00" + b"x" * 22,
    ],
)
async def test_what_is_nothing_of_ours(home: Home, air: Air, payload: bytes) -> None:
    raw = wrapped(payload)
    air.tell("A4:CF:12:00:00:09", raw if len(raw) <= 31 else raw[:31])
    await home.hass.async_block_till_done()
    assert asked(home) == []
    assert home.hub.async_strangers() == []


async def test_an_unpaired_node_is_found_once(home: Home, perch: Perch) -> None:
    await perch.asks_to_be_paired()
    await until(lambda: asked(home))
    await home.hass.async_block_till_done()
    assert [flow["context"]["unique_id"] for flow in asked(home)] == [perch.node.hardware_id]
    assert [one.hardware_id for one in home.hub.async_strangers()] == [perch.node.hardware_id]
    [flow] = asked(home)
    assert flow["step_id"] == "pair"


async def test_who_goes_on_asking_stays_on_the_list(home: Home, perch: Perch, freezer) -> None:
    await perch.asks_to_be_paired()
    await until(home.hub.async_strangers)
    [first] = home.hub.async_strangers()
    # It says the same all the time, which Home Assistant tells once.
    await later(home, freezer, 31)
    await until(lambda: home.hub.async_strangers()[0].seen_at > first.seen_at)


async def test_home_assistant_itself_finds_it_before_there_is_anything_of_ours(
    home: Home, air: Air, perch: Perch
) -> None:
    air.tell(PLACE, wrapped(b"PV\x00" + perch.node.hardware_id.encode()))
    info = bluetooth.async_last_service_info(home.hass, PLACE, connectable=False)
    for flow in asked(home):
        home.hass.config_entries.flow.async_abort(flow["flow_id"])
    begun = await home.hass.config_entries.flow.async_init(
        "plant_vita", context={"source": SOURCE_BLUETOOTH}, data=info
    )
    assert begun["step_id"] == "pair"
    assert begun["description_placeholders"]["name"] == perch.node.hardware_id


async def test_a_new_code_of_a_known_node_is_asked_for(
    home: Home, perch: Perch, node: FakeNode
) -> None:
    await perch.asks_to_be_paired()
    await until(lambda: asked(home))
    assert [flow["context"]["source"] for flow in asked(home)] == [SOURCE_REAUTH]


async def test_the_name_of_a_known_node_from_somewhere_else(
    home: Home, air: Air, node: FakeNode
) -> None:
    air.tell("A4:CF:12:00:00:77", wrapped(b"PV\x00" + node.hardware_id.encode()))
    await home.hass.async_block_till_done()
    assert asked(home) == []


async def test_made_up_names_are_bounded(home: Home, air: Air) -> None:
    for number in range(100):
        air.tell(f"A4:CF:12:00:01:{number:02X}", wrapped(b"PV\x00stranger%d" % number))
    await home.hass.async_block_till_done()
    assert len(home.hub.async_strangers()) == 32
    assert home.hub.bluetooth is not None
    assert len(home.hub.bluetooth._unpaired) == 32
