"""Run by test_esphome.py in a network namespace of its own: the node's program and its native API.

The program's clock runs six times as fast, so that a run lasts five seconds of ours.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aioesphomeapi import APIClient, APIConnectionError

from scripts.lab.esphome import EspHomeNode, built
from tests.e2e.clocks import faked
from tests.e2e.stage import until

pytestmark = pytest.mark.asyncio(loop_scope="function")

SPEED = 6
LONGEST_MS = 30_000
# On a busy machine a program is late, and by its own clock six times as late.
LATE_MS = 40 * 250


class Talk:
    """One client of the node, as Home Assistant is one."""

    def __init__(self, client: APIClient) -> None:
        self.client = client
        self.states: dict[str, Any] = {}
        self._keys: dict[str, int] = {}

    async def begin(self) -> None:
        entities, _ = await self.client.list_entities_services()
        names = {entity.key: entity.name for entity in entities}
        self._keys = {name: key for key, name in names.items()}
        self.client.subscribe_states(
            lambda state: self.states.__setitem__(names[state.key], getattr(state, "state", None))
        )
        await self.until("Pump", lambda state: state is False)

    async def until(self, name: str, right: Callable[[Any], bool]) -> Any:
        async def look() -> bool:
            return name in self.states and right(self.states[name])

        await until(look, 20, f"{name}; it says {self.states}")
        return self.states[name]

    def switch(self, name: str, on: bool) -> None:
        self.client.switch_command(self._keys[name], on)

    def press(self, name: str) -> None:
        self.client.button_command(self._keys[name])

    def volts(self, volts: float) -> None:
        self.client.number_command(self._keys["Probe voltage"], volts)


class Bench:
    """A node and who talks to it."""

    def __init__(self, folder: Path) -> None:
        self.node = EspHomeNode(built(), folder, faked(speed=SPEED))
        self._talks: list[Talk] = []

    async def talk(self) -> Talk:
        async def look() -> Talk | None:
            client = APIClient("127.0.0.1", 6053, None)
            try:
                await client.connect()
            except APIConnectionError:
                return None
            return Talk(client)

        talk = await until(look, 30, "the node answers", every=0.1)
        self._talks.append(talk)
        await talk.begin()
        return talk

    async def close(self) -> None:
        for talk in self._talks:
            await talk.client.disconnect(force=True)
        self.node.stop()

    async def reset(self) -> Talk:
        await self.close()
        self.node.start()
        return await self.talk()


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    bench.node.start()
    yield bench
    await bench.close()


async def test_the_pump_ends_by_itself_and_then_waits(bench: Bench) -> None:
    talk = await bench.talk()
    node = bench.node
    # Nobody knows what a node without a ledger has pumped today.
    await talk.until("Pump status", lambda state: state == "new or ledger lost")
    talk.switch("Pump", on=True)
    await node.until(lambda: "refused: new or ledger lost" in node.log, "the refusal")
    talk.press("Begin pump budget")
    await talk.until("Pump status", lambda state: state == "ready")

    talk.switch("Pump", on=True)
    await talk.until("Pump", lambda state: state is True)
    # Asked again and again it runs no longer.
    async with asyncio.timeout(20):
        while talk.states["Pump"]:
            talk.switch("Pump", on=True)
            await asyncio.sleep(0.1)
    assert [on for on, _ in node.edges] == [True, False]
    assert LONGEST_MS <= node.runs_ms[0] <= LONGEST_MS + LATE_MS

    talk.switch("Pump", on=True)
    await node.until(lambda: "refused: soaking in" in node.log, "the refusal")
    await talk.until("Pump status", lambda state: state == "ready")
    talk.switch("Pump", on=True)
    await talk.until("Pump", lambda state: state is True)
    talk.switch("Pump", on=False)
    await talk.until("Pump", lambda state: state is False)
    assert len(node.runs_ms) == 2
    assert node.runs_ms[1] < LONGEST_MS
    assert "told to stop" in node.log


@pytest.mark.parametrize("contact", ["Tank runs dry", "Water on the floor"])
async def test_a_contact_ends_it_and_holds_it(bench: Bench, contact: str) -> None:
    talk = await bench.talk()
    node = bench.node
    talk.press("Begin pump budget")
    talk.switch("Pump", on=True)
    await talk.until("Pump", lambda state: state is True)
    talk.switch(contact, on=True)
    await talk.until("Pump", lambda state: state is False)
    assert node.runs_ms[0] < LONGEST_MS
    assert "off after" in node.log
    assert "ms: tank empty or leak" in node.log
    talk.switch("Pump", on=True)
    await node.until(lambda: "refused: tank empty or leak" in node.log, "the refusal")
    talk.switch(contact, on=False)
    await talk.until("Pump status", lambda state: state == "ready")
    assert len(node.runs_ms) == 1


async def test_without_home_assistant_nothing_runs(bench: Bench) -> None:
    talk = await bench.talk()
    node = bench.node
    talk.press("Begin pump budget")
    talk.switch("Pump", on=True)
    await talk.until("Pump", lambda state: state is True)
    await talk.client.disconnect()
    await node.until(lambda: len(node.runs_ms) == 1, "the pump is off")
    assert node.runs_ms[0] < LONGEST_MS
    assert "ms: not connected" in node.log


async def test_a_reset_ends_it_and_nothing_resumes(bench: Bench) -> None:
    talk = await bench.talk()
    node = bench.node
    talk.press("Begin pump budget")
    talk.switch("Pump", on=True)
    await talk.until("Pump", lambda state: state is True)
    assert len(node.edges) == 1
    talk = await bench.reset()
    # The run counts whole, as it was written down before it began.
    await talk.until("Pump status", lambda state: state == "soaking in")
    assert talk.states["Pump"] is False
    assert len(node.edges) == 1
    # A budget is begun only once.
    talk.press("Begin pump budget")
    talk.switch("Pump", on=True)
    await node.until(lambda: "refused: soaking in" in node.log, "the refusal")


async def test_a_flash_that_cannot_be_written_gives_no_water(bench: Bench, tmp_path: Path) -> None:
    talk = await bench.talk()
    node = bench.node
    talk.press("Begin pump budget")
    await talk.until("Pump status", lambda state: state == "ready")
    flash = tmp_path / "simulated-plant.prefs"
    flash.unlink()
    flash.mkdir()
    talk.switch("Pump", on=True)
    await node.until(lambda: "refused: flash cannot be written" in node.log, "the refusal")
    assert node.edges == []


async def test_the_probe_is_read_between_dry_and_wet(bench: Bench) -> None:
    talk = await bench.talk()
    for volts, percent in ((2.8, 0.0), (1.2, 100.0), (2.0, 50.0), (2.9, 0.0)):
        talk.volts(volts)
        await talk.until("Soil moisture", lambda said, percent=percent: abs(said - percent) < 0.1)
    # In the air it says 0 %, torn off nothing at all.
    for volts in (3.3, 0.0):
        talk.volts(2.0)
        await talk.until("Soil moisture", lambda said: abs(said - 50) < 0.1)
        talk.volts(volts)
        await talk.until("Soil moisture", lambda said: said != said)  # noqa: PLR0124 - not a number
