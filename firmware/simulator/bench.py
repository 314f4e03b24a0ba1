"""A plant node on the bench: real firmware, a simulated board, a pot, and hands that break things.

Example::

    node = SimulatedNode(directory, url="http://127.0.0.1:8123", name="Kitchen basil")
    async with node:
        print(await node.wait_code())
        node.fault("tank")
"""

import asyncio
import hashlib
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from . import flash as contents
from .cable import Cable
from .chip import FLASH, RESET, SLEEP, UNPLUGGED, WATCHDOG, Chip
from .pot import Pot
from .pulses import Pulse, PulseRecord
from .weather import Climate, Indoors
from .world import Part, World, board_data

if TYPE_CHECKING:
    from .radio import Radio

POWER_ON, HARD_RESET, WATCHDOG_RESET, SLEEP_RESET = 1, 2, 3, 4  # causes, as `machine` numbers them
RESTART_S = 0.2
TICK_S = 0.2
CODE = re.compile(r"\b([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})\b")
LOG_LINES = 5000
ANSWER_S = 60.0
"""How long a node may take on a machine that has much else to do."""


def _ignore(_: dict[str, Any]) -> None:
    """Nobody wants to know."""


class SimulatedNode:
    """One node. What is in `directory` is its flash and stays over restarts.

    wifi: name and password of the only network there is. blank: as flashed, told neither a Wi-Fi
    nor an address: it waits for `join` at its cable. cable: its console is a serial port of this
    machine, `console_path`, from `start` to `stop`. radio: what its Bluetooth is, if it has any.
    """

    def __init__(
        self,
        directory: Path,
        *,
        name: str = "Kitchen basil",
        url: str = "",
        board: str = "esp32dev",
        parts: Sequence[Part] = ("soil", "dht22", "bh1750", "pump", "tank"),
        plant: str = "basil",
        start: float | None = None,
        climate: Climate | None = None,
        began: float = 10 * 3600.0,
        seed: int = 1,
        speed: int = 1,
        settings: dict[str, Any] | None = None,
        flash: Path = FLASH,
        wifi: tuple[str, str] = ("bench", ""),
        blank: bool = False,
        cable: bool = False,
        radio: Radio | None = None,
        notify: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self.directory = directory
        self.name, self.url, self.board, self.speed = name, url, board, speed
        self.id = hashlib.sha256(f"{name} {seed}".encode()).hexdigest()[:12]
        data = board_data(board)
        self.world = World(
            data, parts, climate=climate or Indoors(), plant=plant, start=start, seed=seed,
            began=began,
        )  # fmt: skip
        self.record = PulseRecord(self.world.pumps)
        self.log: list[str] = []
        self.resets: list[str] = []
        self.camera_on = False
        self.code: str | None = None
        self._parts, self._settings, self._flash = list(parts), settings or {}, flash
        self._input_only = data["chip"]["input_only"]
        self._wifi, self._blank, self._with_cable, self._radio = wifi, blank, cable, radio
        self._cable: Cable | None = None
        self._notify = notify or _ignore
        self._chip: Chip | None = None
        self._runner: asyncio.Task[None] | None = None
        self._rtc = ""
        self._inputs: dict[int, int] = {}
        self._news = asyncio.Event()
        self._jumped = asyncio.Event()
        self._asleep_s = 0.0
        # The last word from the chip (its µs, the world's seconds), and when it came (ours).
        self._heard: tuple[int, float] | None = None
        self._reference = (0.0, time.monotonic())

    # ── power ───────────────────────────────────────────────────────────────────────────

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    @property
    def running(self) -> bool:
        """Whether the node has power (it may be asleep)."""
        return self._runner is not None and not self._runner.done()

    async def start(self) -> None:
        """Give it power; returns when its program has started."""
        if self.running:
            return
        await asyncio.to_thread(self._write_settings)
        await contents.provision(self.directory, self._flash)
        self._reference = (self.world.now, time.monotonic())
        self._rtc = ""
        if self._with_cable and self._cable is None:
            self._cable = Cable(self._type)
        await self._power_up(POWER_ON)
        self._runner = asyncio.create_task(self._keep_running(), name=f"bench of {self.name}")

    async def kill(self) -> None:
        """Cut the power, in the middle of whatever it does."""
        if self._chip is not None:
            self._chip.kill()
            self._pins_fall(self.now)
        await self._power_down()

    async def stop(self) -> None:
        """Take it off the bench; nothing is left running."""
        await self._power_down()
        cable, self._cable = self._cable, None
        if cable is not None:
            cable.close()
        if self._radio is not None:
            await self._radio.end()

    async def _power_down(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.cancel()
            await asyncio.gather(runner, return_exceptions=True)
        if self._chip is not None:
            await self._chip.end()
            self._chip = None
            self._pins_fall(self.now)
            self._tell("off")

    async def restart(self) -> None:
        """A power cut, and power again."""
        await self.kill()
        await self.start()

    # ── hands ───────────────────────────────────────────────────────────────────────────

    def fault(self, name: str, *, on: bool = True) -> None:
        """Break or mend: open, short, silent, silent:<part>, tank, leak, clog, wifi."""
        self.world.fault(name, on=on)
        if name == "wifi":
            self._send({"wifi": {"up": not on}})
        self._drive_inputs()

    async def press(self, seconds: float = 0.3) -> None:
        """Hold the button for so many real seconds."""
        self.world.pressed = True
        self._drive_inputs()
        await asyncio.sleep(seconds)
        self.world.pressed = False
        self._drive_inputs()

    def type(self, line: str) -> None:
        """Type a line at the node's console."""
        self._type(line.encode() + b"\n")

    def _type(self, data: bytes) -> None:
        if self._chip is not None:
            self._chip.type(data)

    async def advance(self, seconds: float, *, within: float = 120.0) -> None:
        """Let the node's clock jump from one due moment to the next until `seconds` have passed.

        Samples, timers and the watchdog happen on the way, at their moments. Network waits jump
        too: do this with the link down, or expect it to be lost. TimeoutError after `within`.
        """
        self._jumped.clear()
        self._send({"jump": int(seconds * 1_000_000 / self.speed)})
        async with asyncio.timeout(within):
            await self._jumped.wait()

    # ── what can be seen ────────────────────────────────────────────────────────────────

    @property
    def now(self) -> float:
        """Seconds of the plant's time since the world began."""
        then, ours = self._reference
        return max(self.world.now, then + (time.monotonic() - ours) * self.speed)

    @property
    def pulses(self) -> list[Pulse]:
        """Every time a pump had power, oldest first."""
        return self.record.pulses

    @property
    def edges(self) -> list[tuple[float, int, int]]:
        """Every change of a pin that the chip drives: seconds, pin, level (1: any share)."""
        return self.record.edges

    @property
    def pot(self) -> Pot:
        """The pot the node looks after."""
        return self.world.pot

    @property
    def pid(self) -> int | None:
        """The program's process, while there is one."""
        return self._chip.pid if self._chip else None

    @property
    def console_path(self) -> str:
        """The serial port at the end of its cable; empty without one."""
        return self._cable.path if self._cable else ""

    @property
    def pins(self) -> dict[int, int]:
        """The levels of the pins that the chip drives."""
        return dict(self.world.levels)

    def truth(self) -> dict[str, Any]:
        """What is the case, for a picture or an assertion."""
        world = self.world
        world.advance(self.now)
        return {
            "seconds": round(world.now, 3),
            "pot": round(world.pot.moisture, 2),
            **world.truth(),
        }

    async def wait_code(self, within: float = ANSWER_S) -> str:
        """The pairing code, as printed on the console."""
        await self.wait_for(lambda: self.code is not None, within)
        return self.code or ""

    async def wait_for(self, true: Callable[[], bool], within: float = ANSWER_S) -> None:
        """Wait until something is true of this node; looked at whenever it does something."""
        async with asyncio.timeout(within):
            while not true():
                self._news.clear()
                await self._news.wait()

    async def wait_log(self, pattern: str, within: float = ANSWER_S) -> str:
        """The first line on the console that matches."""
        await self.wait_for(lambda: any(re.search(pattern, line) for line in self.log), within)
        return next(line for line in self.log if re.search(pattern, line))

    # ── how it runs ─────────────────────────────────────────────────────────────────────

    def _write_settings(self) -> None:
        parts = [part if isinstance(part, str) else list(part) for part in self._parts]
        ours: dict[str, Any] = {"board": self.board, "name": self.name, "parts": parts}
        if not self._blank:
            ours |= {"url": self.url, "ssid": self._wifi[0], "password": self._wifi[1]}
        contents.write_settings(self.directory, ours | self._settings)

    async def _power_up(self, cause: int) -> None:
        self._heard = None
        chip = Chip(self.directory, self._obey, self._print, self._radio)
        self._chip = chip
        self._inputs = self.world.inputs()
        birth = {
            "id": self.id,
            "cause": cause,
            "rtc": self._rtc,
            "in": self._inputs,
            "input_only": self._input_only,
            "wifi": {"ssid": self._wifi[0], "password": self._wifi[1]},
        }
        await chip.start(birth, speed=self.speed, flash=self._flash, psram=self.world.cameras > 0)
        if "wifi" in self.world.faults:
            chip.send({"wifi": {"up": False}})

    async def _keep_running(self) -> None:
        while self._chip is not None:
            ticker = asyncio.create_task(self._tick())
            try:
                code = await self._chip.ended()
            finally:
                ticker.cancel()
                await asyncio.gather(ticker, return_exceptions=True)
            self._pins_fall(self.now)
            self._jumped.set()  # as far as it came
            pause, cause = self._after(code)
            await asyncio.sleep(pause)
            self.world.advance(self.now)
            await self._power_up(cause)

    def _after(self, code: int) -> tuple[float, int]:
        """How long the chip stays off after this exit, and what it will call the reason."""
        if code == SLEEP:
            self._tell("sleep", seconds=self._asleep_s)
            return self._asleep_s, SLEEP_RESET
        name, cause = {
            WATCHDOG: ("watchdog", WATCHDOG_RESET),
            RESET: ("reset", HARD_RESET),
            UNPLUGGED: ("unplugged", POWER_ON),
        }.get(code, (f"crash {code}", POWER_ON))
        if cause == POWER_ON:
            self._rtc = ""
        self.resets.append(name)
        self._tell("reset", reason=name)
        return RESTART_S, cause

    async def _tick(self) -> None:
        """The world goes on while the chip has nothing to say."""
        while True:
            await asyncio.sleep(TICK_S)
            self.world.advance(self.now)
            self._drive_inputs()

    def _drive_inputs(self) -> None:
        inputs = self.world.inputs()
        changed = {pin: level for pin, level in inputs.items() if self._inputs.get(pin) != level}
        if changed:
            self._inputs = inputs
            self._send({"in": changed})

    def _send(self, order: dict[str, Any]) -> None:
        if self._chip is not None:
            self._chip.send(order)

    # ── what the chip says ──────────────────────────────────────────────────────────────

    def _obey(self, words: list[Any]) -> None:
        now = self._date(words[-1])
        self.world.advance(now)
        match words[:-1]:
            case ["ask", *question]:
                self._send({"answer": self.world.answer(question)})
            case ["pin", pin, level]:
                self._edge(now, pin, level)
            case ["pwm", pin, duty, _]:
                self.world.duty[pin] = duty
                self.edges.append((now, pin, int(duty > 0)))
                self._tell("pwm", pin=pin, duty=duty)
            case ["rtc", memory]:
                self._rtc = memory
            case ["sleep", ms]:
                self._asleep_s = ms / 1000
            case ["camera", on]:
                self.camera_on = bool(on)
            case ["jumped"]:
                self._jumped.set()
        self._drive_inputs()

    def _date(self, microseconds: int) -> float:
        """The chip's clock as seconds of the world."""
        then, ours = self._reference
        if self._heard is None:
            passed = (time.monotonic() - ours) * self.speed
            then = max(self.world.now, then + passed)
        else:
            then = self._heard[1] + (microseconds - self._heard[0]) / 1e6 * self.speed
        self._heard = (microseconds, then)
        self._reference = (then, time.monotonic())
        return then

    def _edge(self, now: float, pin: int, level: int) -> None:
        self.world.levels[pin] = level
        if self.record.edge(now, pin, level):
            self._tell("pump", pin=pin, on=int(self.record.running(pin)), at=round(now, 4))

    def _pins_fall(self, now: float) -> None:
        self.world.advance(now)
        self.world.pins_fall()
        self.camera_on = False
        for pin in self.record.fall(now):
            self._tell("pump", pin=pin, on=0, at=round(now, 4))

    def _print(self, line: str) -> None:
        if self._cable is not None:
            self._cable.write(line.encode() + b"\r\n")
        self.log.append(line)
        del self.log[:-LOG_LINES]
        code = CODE.search(line)
        if code:
            self.code = code[1]
            self._tell("code", code=self.code)
        self._tell("log", line=line)

    def _tell(self, event: str, **what: Any) -> None:
        self._notify({"event": event, **what})
        self._news.set()
