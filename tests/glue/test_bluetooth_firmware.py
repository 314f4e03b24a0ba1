"""The node's real firmware and its own radio code, in a simulated board, by Home Assistant's stack.

Everything between is real, too: MicroPython, the bumble peripheral that is its radio, a proxy, and
Home Assistant's `bluetooth` with all that stands on it.
"""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from homeassistant.helpers import entity_registry as er

from custom_components.plant_vita.coordinator import NodeCoordinator
from custom_components.plant_vita.protocol.limits import Limits
from firmware.simulator.bench import SimulatedNode
from firmware.simulator.radio import Radio
from tests.nodes.air import Air, bluetooth_fixture
from tests.nodes.fake_node import until
from tests.nodes.home import Home, home_fixture

home = home_fixture()
bluetooth_runs = bluetooth_fixture()
pytestmark = pytest.mark.usefixtures("socket_enabled", "bluetooth_runs")

# A whole chip on a busy machine.
SLOWLY_S = 60.0


@pytest.fixture
def expected_lingering_timers() -> bool:
    """What `bluetooth` plans, and our own pauses, go on to the end."""
    return True


@pytest.fixture
async def air(home: Home) -> AsyncGenerator[Air]:
    """A proxy that can connect.

    Nodes have all the time that the protocol allows; one whose clock is advanced says much at once.
    """
    home.limit(Limits(burst=100))
    air = await Air(home.hass).open()
    yield air
    await air.close()


def simulated(tmp_path: Path, air: Air, **settings: int) -> SimulatedNode:
    """A node that has nothing but its radio."""
    return SimulatedNode(
        tmp_path / "flash",
        name="Greenhouse",
        parts=("soil", "pump"),
        blank=True,
        radio=Radio(air.link),
        settings={"ble": 1, **settings},
    )


async def paired(home: Home, node: SimulatedNode) -> NodeCoordinator:
    """Find it, type its code, and wait for its first words."""
    code = await node.wait_code()
    await until(home.hub.async_strangers, SLOWLY_S)
    [flow] = home.hass.config_entries.flow.async_progress_by_handler("plant_vita")
    assert flow["context"]["unique_id"] == node.id
    done = await home.hass.config_entries.flow.async_configure(flow["flow_id"], {"code": code})
    assert done["type"] == "create_entry", done
    await home.hass.async_block_till_done()
    return home.hub.coordinators[node.id]


def entity(home: Home, node: SimulatedNode, platform: str, kind: str) -> str:
    """The only entity of this platform for a channel of this kind."""
    [found] = [
        one.entity_id
        for one in er.async_get(home.hass).entities.values()
        if one.domain == platform
        and one.unique_id.startswith(node.id + "_")
        and one.unique_id.endswith("_" + kind)
    ]
    return found


def shown(home: Home, entity_id: str) -> str:
    state = home.hass.states.get(entity_id)
    assert state is not None
    return state.state


async def test_paired_read_and_watered(home: Home, air: Air, tmp_path: Path) -> None:
    async with simulated(tmp_path, air, every=5) as node:
        coordinator = await paired(home, node)
        await until(lambda: coordinator.session is not None, SLOWLY_S)
        pump = entity(home, node, "switch", "pump")
        await until(lambda: shown(home, pump) == "off", SLOWLY_S)
        moisture = entity(home, node, "sensor", "m")
        await until(lambda: shown(home, moisture) != "unknown", SLOWLY_S)
        assert float(shown(home, moisture)) == pytest.approx(node.truth()["moisture"], abs=6)
        await home.call("switch.turn_on", pump)
        await until(lambda: len(node.pulses) == 1, SLOWLY_S)
        await until(lambda: shown(home, pump) == "off", SLOWLY_S)
        assert node.resets == []
        assert air.connections == 2


def read(home: Home, node: SimulatedNode) -> int:
    """How many of the node's advertisements have been read."""
    assert home.hub.bluetooth is not None
    return (home.hub.bluetooth.async_report(node.id) or {"read": 0})["read"]


async def test_a_battery_node_tells_and_is_called_when_something_waits(
    home: Home, air: Air, tmp_path: Path
) -> None:
    async with simulated(tmp_path, air, every=5, sleep=1) as node:
        coordinator = await paired(home, node)
        # Its new key is confirmed in a first session, which ends by itself: it sleeps.
        await until(lambda: coordinator.session is not None, SLOWLY_S)
        await node.advance(118)
        await until(lambda: coordinator.session is None, SLOWLY_S)
        connections, heard = air.connections, read(home, node)
        await until(lambda: read(home, node) > heard, SLOWLY_S)
        assert air.connections == connections
        await home.call("button.press", entity(home, node, "button", "identify"))
        await until(lambda: coordinator.queue.last == ("identify", "done"), SLOWLY_S)
        assert air.connections == connections + 1
        assert coordinator.queue.waiting == ()
        assert coordinator.available
