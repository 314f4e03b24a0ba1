"""What every plant node does, whatever it is made of: each behaviour stated once.

A row is a coroutine that gets a `Subject` and sees for itself. The ESP32 brings its real
interpreter and our own clock, the Arduino its real binary and a clock of its own.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Protocol

from tests.firmware import arduino_rig, rig
from tests.firmware.arduino_rig import Node

type Row = Callable[[Subject], Awaitable[None]]

CONTACTS = {"tank": (33, 0), "leak": (32, 1)}  # on the ESP32: pin, and the level that is good
# The loop of a node hangs as soon as a file says so.
HANG = """
import asyncio, os
from plantnode import clock, outputs
_guard = outputs.Outputs.guard
async def _both(self):
    async def hang():
        while True:
            if "hang" in os.listdir(os.getenv("PLANTNODE_DIR")):
                while True:
                    pass
            await clock.pause_ms(20)
    asyncio.create_task(hang())
    await _guard(self)
outputs.Outputs.guard = _both
"""


class Subject(Protocol):
    """A node in a session, and hands at it. Channels: soil, pump, second (a pump), light."""

    soil: int
    pump: int
    second: int
    light: int
    resets: int

    async def command(self, name: str, op: str, **fields) -> dict:
        """Send a command; its answer."""

    async def told(self, kind: str, check: Callable[[dict], bool], seconds: float = 5) -> dict:
        """A message of this session, or the next one."""

    async def run(self, ms: float) -> None:
        """Let the node's time pass."""

    async def skip(self, seconds: float) -> None:
        """Let much of the node's time pass, and nothing else happen."""

    async def power_cut(self) -> None:
        """Power off and on again, and a new session."""

    async def hang(self) -> None:
        """The program never goes on; until the watchdog has come, and a new session is there."""

    async def trip(self, part: str) -> None:
        """The tank is empty, or water is on the floor."""

    def pulses(self, channel: int) -> list[tuple[float, float]]:
        """When a pump had power since the node got its own: ms, ms."""

    def is_on(self, channel: int) -> bool:
        """Whether a pump has power."""

    def duty(self) -> float:
        """The share of its time the light is lit."""


# ── the rows ────────────────────────────────────────────────────────────────────────────


async def a_pulse_lasts_what_was_asked_for_and_is_told(node: Subject):
    assert (await node.command("c1", "on", ch=node.pump, ms=1500))["ok"] == 1
    running = await node.told("state", lambda m: m["why"] == "cmd")
    assert 0 < running["a"][str(node.pump)] <= 1500
    assert running["c"] == "c1"
    ended = await node.told("state", lambda m: m["why"] == "timer")
    assert ended["a"][str(node.pump)] == 0
    assert ended["c"] == "c1"
    [(rose, fell)] = node.pulses(node.pump)
    assert 1450 < fell - rose < 1560


async def what_is_wrong_is_refused_and_moves_nothing(node: Subject):
    for number, (err, fields) in enumerate(
        [
            ("too_long", {"ch": node.pump, "ms": 30_001}),
            ("bad", {"ch": node.pump, "ms": 0}),
            ("bad", {"ch": node.pump, "ms": 1e3}),
            ("bad", {"ch": node.pump}),
            ("bad", {"ch": str(node.pump), "ms": 1000}),
            ("unknown", {"ch": node.soil, "ms": 1000}),
            ("unknown", {"ch": 63, "ms": 1000}),
        ]
    ):
        assert (await node.command(f"c{number}", "on", **fields))["err"] == err, fields
    assert (await node.command("d1", "dance"))["err"] == "unknown"
    assert (await node.command("d2", "config", ch=node.soil, set={"med": 4}))["err"] == "bad"
    assert (await node.command("d3", "config", set={"every": 1}))["err"] == "bad"
    assert (await node.command("d3", "cal", ch=node.soil, set={"at": "damp"}))["err"] == "bad"
    assert node.pulses(node.pump) == []


async def one_pump_at_a_time_and_the_soil_gets_its_minute(node: Subject):
    assert (await node.command("c1", "on", ch=node.pump, ms=800))["ok"] == 1
    busy = await node.command("c2", "on", ch=node.second, ms=800)
    assert busy["err"] == "busy"
    assert 0 < busy["ms"] <= 800
    await node.told("state", lambda m: m["why"] == "timer")
    soak = await node.command("c3", "on", ch=node.pump, ms=800)
    assert soak["err"] == "soak"
    assert 57_000 < soak["ms"] <= 61_000
    assert (await node.command("c1", "on", ch=node.second, ms=800))["ok"] == 1  # as before
    assert node.pulses(node.second) == []
    assert (await node.command("c4", "on", ch=node.second, ms=200))["ok"] == 1
    await node.skip(62)
    assert (await node.command("c5", "on", ch=node.pump, ms=200))["ok"] == 1
    await node.run(300)
    assert len(node.pulses(node.pump)) == 2


async def after_a_power_cut_it_is_dry_and_remembers(node: Subject):
    assert (await node.command("c1", "on", ch=node.pump, ms=20_000))["ok"] == 1
    await node.run(200)
    assert node.is_on(node.pump)
    await node.power_cut()
    state = await node.told("state", lambda m: m["why"] == "boot")
    assert state["a"][str(node.pump)] == 0
    assert (await node.command("c1", "on", ch=node.pump, ms=20_000))["err"] == "repeat"
    assert (await node.command("c2", "on", ch=node.pump, ms=1000))["err"] == "soak"
    assert node.pulses(node.pump) == []


async def interrupted_waterings_count_in_full(node: Subject):
    for number in range(4):
        assert (await node.command(f"c{number}", "on", ch=node.pump, ms=29_800))["ok"] == 1
        await node.run(150)
        await node.power_cut()
        await node.skip(92)
    refused = await node.command("c9", "on", ch=node.pump, ms=1000)
    assert refused["err"] == "budget"
    assert 85_000_000 < refused["ms"] <= 86_400_000


async def the_timer_ends_the_pulse_of_a_hung_node_and_the_watchdog_resets_it(node: Subject):
    assert (await node.command("c1", "on", ch=node.pump, ms=2000))["ok"] == 1
    await node.run(150)
    await node.hang()
    [(rose, fell)] = node.pulses(node.pump)
    assert 1900 < fell - rose < 2200
    assert node.resets == 1


async def stop_acts_at_once(node: Subject):
    for turn in range(2):
        assert (await node.command(f"c{turn}", "on", ch=node.pump, ms=20_000))["ok"] == 1
        await node.run(150)
        assert node.is_on(node.pump)
        assert (await node.command(f"s{turn}", "stop"))["ok"] == 1
        assert not node.is_on(node.pump)
        await node.skip(62)
    assert (await node.told("state", lambda m: m["why"] == "stop"))["c"].startswith("s")
    lasted = [fell - rose for rose, fell in node.pulses(node.pump)]
    assert max(lasted) < 150 + 250 + 150, lasted


async def _interlock(node: Subject, part: str):
    assert (await node.command("c1", "on", ch=node.pump, ms=20_000))["ok"] == 1
    await node.run(150)
    await node.trip(part)
    state = await node.told("state", lambda m: m.get("lock"), 1)
    assert state["lock"] == {str(node.pump): part}
    assert state["why"] == "interlock"
    assert not node.is_on(node.pump)
    assert (await node.command("c2", "on", ch=node.pump, ms=1000))["err"] == "interlock"


async def an_empty_tank_stops_and_locks(node: Subject):
    await _interlock(node, "tank")


async def a_leak_stops_and_locks(node: Subject):
    await _interlock(node, "leak")


async def a_light_is_dimmed_and_goes_out(node: Subject):
    assert (await node.command("c1", "on", ch=node.light, ms=1500, lv=50))["ok"] == 1
    await node.run(100)
    assert abs(node.duty() - 0.5) < 0.02
    assert (await node.command("c2", "level", ch=node.light, lv=100))["ok"] == 1
    await node.run(100)
    assert node.duty() > 0.99
    assert (await node.command("c3", "level", ch=node.light, lv=101))["err"] == "bad"
    assert (await node.command("c4", "on", ch=node.light, ms=86_400_001))["err"] == "too_long"
    state = await node.told("state", lambda m: m["why"] == "timer")
    assert (state["a"][str(node.light)], state["lv"][str(node.light)]) == (0, 100)
    assert node.duty() == 0


async def a_restart_happens_once(node: Subject):
    assert (await node.command("r1", "restart"))["ok"] == 1
    await node.power_cut()
    assert (await node.command("r1", "restart"))["err"] == "repeat"
    assert (await node.command("r2", "ping"))["ok"] == 1


# Which rows want which board.
ONE_PUMP: tuple[Row, ...] = (
    a_pulse_lasts_what_was_asked_for_and_is_told,
    what_is_wrong_is_refused_and_moves_nothing,
    after_a_power_cut_it_is_dry_and_remembers,
    interrupted_waterings_count_in_full,
    the_timer_ends_the_pulse_of_a_hung_node_and_the_watchdog_resets_it,
    stop_acts_at_once,
    an_empty_tank_stops_and_locks,
    a_leak_stops_and_locks,
    a_light_is_dimmed_and_goes_out,
    a_restart_happens_once,
)
TWO_PUMPS: tuple[Row, ...] = (one_pump_at_a_time_and_the_soil_gets_its_minute,)
ROWS = ONE_PUMP + TWO_PUMPS


# ── the nodes ───────────────────────────────────────────────────────────────────────────


class Esp32:
    """The ESP32's program on real MicroPython, in real time."""

    soil, pump, second, light = 0, rig.PUMP, rig.SECOND, 40

    def __init__(self, board: rig.Board, home: rig.Home, talk: rig.Talk) -> None:
        self._board, self._home, self._talk = board, home, talk
        self._sessions = 1
        self._kept: list[rig.Pin] = []
        self.resets = 0

    async def command(self, name: str, op: str, **fields) -> dict:
        before = len(self._talk.heard)
        await self._talk.command(name, op, **fields)
        return await self._board.until(
            lambda: next(
                (m for m in self._talk.heard[before:] if m["t"] == "ack" and m["c"] == name), None
            ),
            8,
        )

    async def told(self, kind: str, check: Callable[[dict], bool], seconds: float = 5) -> dict:
        return await self._talk.wait(kind, check, seconds)

    async def run(self, ms: float) -> None:
        await asyncio.sleep(ms / 1000)

    async def skip(self, seconds: float) -> None:
        before = self._board.told.count(["jumped"])
        self._board.order(jump=int(seconds * 1e6))
        with contextlib.suppress(TimeoutError):
            await self._board.until(lambda: self._jumps() > before, 3)

    def _jumps(self) -> int:
        return sum(what[0] == "jumped" for what in self._board.told)

    async def power_cut(self) -> None:
        await self._board.kill()
        await self._start()

    async def _start(self) -> None:
        await self._board.start()
        self._sessions += 1
        self._talk = await self._home.talk(self._sessions)
        await self._talk.wait("state")

    async def hang(self) -> None:
        flag = self._board.folder / "hang"
        flag.touch()
        await asyncio.wait_for(self._board.process.wait(), 12)
        assert self._board.process.returncode == 70  # the watchdog's
        self.resets += 1
        flag.unlink()
        self._kept = list(self._board.pins)
        await self.power_cut()

    async def trip(self, part: str) -> None:
        pin, good = CONTACTS[part]
        self._board.drive(pin, 1 - good)

    def _pin(self, channel: int) -> int:
        return {self.pump: rig.PUMP_PIN, self.second: rig.SECOND_PIN}[channel]

    def pulses(self, channel: int) -> list[tuple[float, float]]:
        edges = [e for e in (self._kept or self._board.pins) if e.number == self._pin(channel)]
        found, began = [], None
        for edge in edges:
            if edge.level and began is None:
                began = edge.at / 1000
            elif not edge.level and began is not None:
                found.append((began, edge.at / 1000))
                began = None
        return found

    def is_on(self, channel: int) -> bool:
        return self._board.level(self._pin(channel)) == 1

    def duty(self) -> float:
        last = next((w[2] for w in reversed(self._board.told) if w[0] == "pwm"), 0)
        return last / 65535


class Arduino:
    """The Arduino's program in simavr, in its own time."""

    soil, pump, light = arduino_rig.SOIL, arduino_rig.PUMP, arduino_rig.LIGHT
    second = arduino_rig.SECOND

    def __init__(self, node: Node) -> None:
        self._node = node
        self._since = 0
        self.resets = 0

    async def command(self, name: str, op: str, **fields) -> dict:
        return self._node.command(name, op, **fields)

    async def told(self, kind: str, check: Callable[[dict], bool], seconds: float = 5) -> dict:
        return self._node.until(
            lambda: next((m for m in self._heard() if m["t"] == kind and check(m)), None),
            seconds * 1000,
        )

    def _heard(self) -> list[dict]:
        return self._node.heard[self._since :]

    async def run(self, ms: float) -> None:
        self._node.run(ms)

    async def skip(self, seconds: float) -> None:
        self._node.skip(seconds)

    async def power_cut(self) -> None:
        self._since = len(self._node.heard)
        self._node.run(20)
        self._node.again()
        self._node.greet()

    async def hang(self) -> None:
        self._since = len(self._node.heard)
        self._node.board.chip.hang()
        self._node.greet(9000)
        logged = await self.told("log", lambda m: "watchdog" in m["msg"])
        self.resets += logged["lv"] == "w"

    async def trip(self, part: str) -> None:
        if part == "tank":
            self._node.contact(arduino_rig.TANK_PIN, 1)  # it opens
        else:
            self._node.contact(arduino_rig.LEAK_PIN, 0)  # water closes it

    def _pin(self, channel: int) -> str:
        return {self.pump: arduino_rig.PUMP_PIN, self.second: arduino_rig.SECOND_PIN}[channel]

    def pulses(self, channel: int) -> list[tuple[float, float]]:
        return self._node.pulses(self._pin(channel))

    def is_on(self, channel: int) -> bool:
        return self._node.pump(self._pin(channel))

    def duty(self) -> float:
        return self._node.duty()


@contextlib.asynccontextmanager
async def esp32(folder: Path, row: Row, home: rig.Home | None = None) -> AsyncIterator[Subject]:
    """An ESP32 wired for a row."""
    parts = ["soil", "pump", "light", "tank", "leak"]
    if row in TWO_PUMPS:
        parts = ["soil", "pump", "pump"]
    inputs = {str(pin): good for pin, good in CONTACTS.values()}
    about = {"parts": parts, "before": HANG, "inputs": inputs, "home": home}
    async with rig.paired(folder, **about) as (board, its_home, talk):
        yield Esp32(board, its_home, talk)


@contextlib.asynccontextmanager
async def arduino(_folder: Path, row: Row) -> AsyncIterator[Subject]:
    """An Arduino wired for a row."""
    with Node(arduino_rig.image(row in TWO_PUMPS)) as node:
        node.greet()
        node.run(100)
        yield Arduino(node)


NODES = {"esp32": esp32, "arduino": arduino}
