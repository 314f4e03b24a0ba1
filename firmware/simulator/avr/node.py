"""An Arduino on a cable for tests and demonstrations: its own process, in real time.

Example::

    node = SimulatedArduino(directory, plant="basil")
    async with node:
        serve(node.port)
        await node.fault("tank")
"""

import asyncio
import contextlib
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from ..pulses import Pulse
from .bench import PARTS, Part
from .boards import BOARDS, ROOT

READY_S, ORDER_S, END_S = 20.0, 10.0, 10.0


class SimulatedArduino:
    """One board. `directory` keeps its EEPROM, and its port: `port`, once it has started.

    board: "uno" or "mega". plant, start, seed, speed, hour: the pot, as on the command line of
    `python -m firmware.simulator.avr`. elf: its program; default: as the Makefile builds it.
    """

    def __init__(
        self,
        directory: Path,
        *,
        board: str = "uno",
        parts: Sequence[Part] = PARTS,
        plant: str = "basil",
        start: float | None = None,
        seed: int = 1,
        speed: float = 1.0,
        hour: float = 10.0,
        elf: Path | None = None,
        reset_on_open: bool = True,
        notify: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self.directory = directory
        self.port = directory / "ttyACM0"
        self.events: list[dict[str, Any]] = []
        self.pulses: list[Pulse] = []
        self.resets: list[str] = []
        self._pins = list(BOARDS[board].pins)
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._notify = notify
        options: dict[str, object] = {
            "--board": board, "--plant": plant, "--seed": seed, "--speed": speed, "--hour": hour,
        }  # fmt: skip
        if start is not None:
            options["--start"] = start
        if elf is not None:
            options["--elf"] = elf
        self._options = [str(word) for option in options.items() for word in option]
        self._options += ["--parts", *(str(part) for part in parts)]
        if not reset_on_open:
            self._options.append("--no-reset-on-open")

    # ── power and cable ─────────────────────────────────────────────────────────────────

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    @property
    def running(self) -> bool:
        """Whether its process is there; the board in it may be without power."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Put it on the bench, powered and plugged in; returns when its port is there."""
        if self.running:
            return
        process = self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "firmware.simulator.avr",
            "--dir", str(self.directory.absolute()), "--port", str(self.port.absolute()),
            *self._options,
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        before = len(self.events)
        self._reader = asyncio.create_task(self._read(process))
        await self._wait(lambda: self._has("port", before), READY_S)

    async def stop(self) -> None:
        """Take it off the bench in order: power off, port gone, EEPROM kept."""
        await self._end(kill=False)

    async def kill(self) -> None:
        """Its process dies: no power, no port, and the EEPROM as of a second ago at the most."""
        await self._end(kill=True)

    async def _end(self, *, kill: bool) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            if kill:
                process.kill()
            else:
                process.terminate()
        try:
            await asyncio.wait_for(process.wait(), END_S)
        except TimeoutError:
            process.kill()
            await process.wait()
        if self._reader is not None:
            await self._reader
        if kill:
            self.port.unlink(missing_ok=True)
        for place, pulse in enumerate(self.pulses):
            if pulse.end is None:  # without power nothing runs
                self.pulses[place] = Pulse(pin=pulse.pin, start=pulse.start, end=self._latest())

    async def cut(self) -> None:
        """A power cut in the middle of whatever it does; the cable stays."""
        await self._order({"do": "kill"})

    async def power(self) -> None:
        """Power again."""
        await self._order({"do": "start"})

    async def reset(self) -> None:
        """Press the reset button."""
        await self._order({"do": "reset"})

    async def unplug(self, *, powered: bool = False) -> None:
        """Pull the cable, which is its supply unless it is `powered` by another one."""
        await self._order({"do": "unplug", "powered": powered})

    async def replug(self, port: Path | None = None) -> None:
        """Put the cable in again; the port may have another name then."""
        self.port = port or self.port
        await self._order({"do": "replug", "path": str(self.port.absolute())})

    # ── hands and eyes ──────────────────────────────────────────────────────────────────

    async def fault(self, name: str, *, on: bool = True) -> None:
        """Break or mend: open, short, silent, silent:<part>, tank, leak, clog; or hang."""
        await self._order({"do": "fault", "name": name, "on": on})

    async def truth(self) -> dict[str, Any]:
        """What is the case: moisture, poured_ml, pumping and more."""
        before = len(self.events)
        self._send({"do": "truth"})
        await self._wait(lambda: self._has("truth", before), ORDER_S)
        return next(event for event in self.events[before:] if event["event"] == "truth")

    async def wait_for(self, true: Callable[[], bool], within: float = 20.0) -> None:
        """Wait until something is true of it; looked at whenever something happens to it."""
        await self._wait(true, within)

    # ── its process ─────────────────────────────────────────────────────────────────────

    def _send(self, order: dict[str, Any]) -> None:
        if self._process is None or self._process.stdin is None:
            raise RuntimeError("it is not on the bench")
        self._process.stdin.write(json.dumps(order).encode() + b"\n")

    async def _order(self, order: dict[str, Any]) -> None:
        before = len(self.events)
        self._send(order)
        await self._wait(lambda: self._has("done", before) or self._has("error", before), ORDER_S)
        for event in self.events[before:]:
            if event["event"] == "error":
                raise RuntimeError(event["message"])

    def _has(self, kind: str, before: int) -> bool:
        return any(event["event"] == kind for event in self.events[before:])

    async def _wait(self, true: Callable[[], bool], within: float) -> None:
        async with asyncio.timeout(within):
            while not true():
                if not self.running:
                    raise RuntimeError("its process has ended")
                self._news.clear()
                await self._news.wait()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        while process.stdout is not None and (line := await process.stdout.readline()):
            with contextlib.suppress(ValueError):  # the last line of a killed process
                self._heard(json.loads(line))
        self._news.set()

    def _heard(self, event: dict[str, Any]) -> None:
        self.events.append(event)
        match event:
            case {"event": "pump", "pin": str(pin), "on": on, "seconds": seconds}:
                self._pump(self._pins.index(pin), seconds, on=on)
            case {"event": "reset", "cause": str(cause)}:
                self.resets.append(cause)
        if self._notify is not None:
            self._notify(event)
        self._news.set()

    def _pump(self, pin: int, seconds: float, *, on: bool) -> None:
        if on:
            self.pulses.append(Pulse(pin=pin, start=seconds))
            return
        for place, pulse in enumerate(self.pulses):
            if pulse.pin == pin and pulse.end is None:
                self.pulses[place] = Pulse(pin=pin, start=pulse.start, end=seconds)

    def _latest(self) -> float:
        return max((event.get("seconds", 0.0) for event in self.events), default=0.0)
