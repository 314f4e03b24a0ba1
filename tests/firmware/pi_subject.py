"""The Raspberry Pi node as the table of behaviours wants it: its real processes, in real time."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from tests.firmware import behaviours, pi_rig, rig
from tests.firmware.behaviours import Row, Subject

FOUR_MESSAGES_S = 2.5


class RaspberryPi:
    """Two processes under CPython; see pi_rig."""

    soil, pump, second, light = 0, 32, 33, 40

    def __init__(self, board: pi_rig.Board, home: rig.Home, talk: rig.Talk) -> None:
        self._board, self._home, self._talk = board, home, talk
        self.resets = 0

    async def command(self, name: str, op: str, **fields) -> dict:
        before = len(self._talk.heard)
        await self._talk.command(name, op, **fields)
        return await self._board.until(
            lambda: next(
                (m for m in self._talk.heard[before:] if m["t"] == "ack" and m["c"] == name), None
            )
        )

    async def told(self, kind: str, check: Callable[[dict], bool], seconds: float = 5) -> dict:
        return await self._talk.wait(kind, check, seconds)

    async def run(self, ms: float) -> None:
        await asyncio.sleep(ms / 1000)

    async def skip(self, seconds: float) -> None:
        before = self._jumps()
        self._board.order(ahead=int(seconds * 1000))
        await self._board.until(lambda: self._jumps() > before)
        # What limits its messages counts real time, which has to pass.
        await asyncio.sleep(FOUR_MESSAGES_S)

    def _jumps(self) -> int:
        return sum(what[0] == "jumped" for what in self._board.told)

    async def power_cut(self) -> None:
        sessions = len(self._home.talks)
        await self._board.power_cut()
        await self._board.start()
        await self._session(sessions)

    async def _session(self, before: int) -> None:
        self._talk = await self._home.talk(before + 1, seconds=30)
        await self._talk.wait("state")

    async def hang(self) -> None:
        sessions, before = len(self._home.talks), self._board.pids["node"]
        flag = self._board.folder / "hang"
        flag.touch()
        await self._board.printed(f"the node has ended ({-signal.SIGKILL})")
        flag.unlink()
        await self._board.until(lambda: self._board.pids["node"] != before, 30)
        self.resets += 1
        await self._session(sessions)

    async def trip(self, part: str) -> None:
        pin, good = {"tank": (pi_rig.TANK_PIN, 0), "leak": (pi_rig.LEAK_PIN, 1)}[part]
        self._board.drive(pin, 1 - good)

    def _pin(self, channel: int) -> int:
        return {self.pump: pi_rig.PUMP_PIN, self.second: pi_rig.SECOND_PIN}[channel]

    def pulses(self, channel: int) -> list[tuple[float, float]]:
        return self._board.pulses(self._pin(channel))

    def is_on(self, channel: int) -> bool:
        return self._board.level(self._pin(channel)) == 1

    def duty(self) -> float:
        return self._board.level(pi_rig.LIGHT_PIN)


@contextlib.asynccontextmanager
async def raspberry_pi(
    folder: Path, row: Row, home: rig.Home | None = None
) -> AsyncIterator[Subject]:
    """A Raspberry Pi wired for a row."""
    parts = ["soil", "pump", "light", "tank", "leak"]
    if row in behaviours.TWO_PUMPS:
        parts = ["soil", "pump", "second"]
    about = {"parts": parts, "home": home, "PLANTNODE_BEFORE": behaviours.HANG}
    async with pi_rig.paired(folder, **about) as given:
        yield RaspberryPi(*given)
