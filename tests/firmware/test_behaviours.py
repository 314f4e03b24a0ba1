"""Every behaviour of the table on every kind of node, over every link."""

import contextlib

import pytest

from tests.firmware import behaviours
from tests.firmware.behaviours import NODES, ROWS
from tests.firmware.broker import BrokerHome
from tests.firmware.central import BluetoothHome
from tests.firmware.pi_subject import raspberry_pi

HOMES = {"broker": BrokerHome, "bluetooth": lambda _: BluetoothHome()}
# It is the same program whatever the link: of each sort of behaviour one, by default.
SAMPLE = (
    behaviours.what_is_wrong_is_refused_and_moves_nothing,
    behaviours.after_a_power_cut_it_is_dry_and_remembers,
    behaviours.stop_acts_at_once,
)


@pytest.mark.parametrize("kind", NODES)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.__name__)
async def test_behaviour(tmp_path, kind, row):
    async with NODES[kind](tmp_path, row) as node:
        await row(node)


class OverAnotherLink(behaviours.Esp32):
    """Where its time jumps, the link is too slow for its signs of life: there is a new session."""

    async def skip(self, seconds: float) -> None:
        before = len(self._home.talks)
        await super().skip(seconds)
        with contextlib.suppress(TimeoutError):
            await self._board.until(lambda: len(self._home.talks) > before, 5)
        self._sessions = len(self._home.talks)
        self._talk = self._home.talks[-1]
        await self._talk.wait("state")


@pytest.mark.parametrize("link", HOMES)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.__name__)
async def test_over_another_link(tmp_path, link, row, full_campaign):
    if row not in SAMPLE and not full_campaign:
        pytest.skip("with PLANT_VITA_FULL=1")
    async with behaviours.esp32(tmp_path, row, HOMES[link](tmp_path / link)) as node:
        node.__class__ = OverAnotherLink
        await row(node)


# On a Raspberry Pi the program is the ESP32's, and what holds the pins, ends a pulse, bites and
# keeps the files is not.
OF_THE_PI = (
    behaviours.the_timer_ends_the_pulse_of_a_hung_node_and_the_watchdog_resets_it,
    behaviours.an_empty_tank_stops_and_locks,
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.__name__)
async def test_on_a_raspberry_pi(tmp_path, row, full_campaign):
    if row not in OF_THE_PI and not full_campaign:
        pytest.skip("with PLANT_VITA_FULL=1")
    async with raspberry_pi(tmp_path, row) as node:
        await row(node)


@pytest.mark.parametrize("row", SAMPLE, ids=lambda row: row.__name__)
async def test_on_a_raspberry_pi_behind_a_broker(tmp_path, row, full_campaign):
    if not full_campaign:
        pytest.skip("with PLANT_VITA_FULL=1")
    async with raspberry_pi(tmp_path, row, BrokerHome(tmp_path / "broker")) as node:
        await row(node)
