"""A board with a plant: what is wired to which pin, water, weather, and the record of the pumps."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Self, override

from ..instruments import BusError
from ..pulses import PulseRecord
from ..weather import Climate, Indoors
from ..world import World
from .board import Board
from .boards import BOARDS
from .chip import EXTERNAL
from .dht22 import Dht22
from .pins import Edge
from .pwm import duty
from .twi import Bh1750

TICK_S = 0.2
SUPPLY_MV = 5000.0
_LDR_KNEE_LX = 200.0  # where the photoresistor equals its fixed resistor


@dataclass(frozen=True, kw_only=True)
class Part:
    """Something at a pin: soil, dht22, bh1750, ldr, pump, light, tank, leak.

    place: as printed, or "i2c". inverted: what the protocol writes as `!`. Otherwise outputs are on
    when high, a tank's contact opens when it is empty, and a leak closes one.
    """

    kind: str
    place: str
    inverted: bool = False

    @override
    def __str__(self) -> str:
        return f"{self.kind}@{'!' if self.inverted else ''}{self.place}"


PARTS = (
    Part(kind="soil", place="A0"),
    Part(kind="dht22", place="D2"),
    Part(kind="bh1750", place="i2c"),
    Part(kind="tank", place="D3"),
    Part(kind="pump", place="D7"),
)


class Bench:
    """One board from power to power cut, again and again; in its own time.

    eeprom: the image, kept over power cuts. speed: the pot's time to the board's; a pump gives as
    much water as ever, for it is the board that runs it. now: seconds of the board's life.
    """

    def __init__(
        self,
        board: str = "uno",
        *,
        parts: Sequence[Part] = PARTS,
        elf: Path | None = None,
        eeprom: bytes = b"",
        plant: str = "basil",
        start: float | None = None,
        climate: Climate | None = None,
        began: float = 10 * 3600.0,
        seed: int = 1,
        speed: float = 1.0,
    ) -> None:
        self.kind = BOARDS[board]
        self.eeprom = eeprom
        self.parts = tuple(parts)
        self.speed = speed
        self.board: Board | None = None
        self.resets: list[str] = []
        self._name, self._elf = board, elf
        self._dice = Random(f"bench {seed}")  # noqa: S311 - noise, not secrets
        self._numbers = {pin: number for number, pin in enumerate(self.kind.pins)}
        self.world = World(
            {"button": None, "adc_full_uv": int(SUPPLY_MV * 1000)},
            [self._part(part) for part in self.parts if part.kind != "ldr"],
            climate=climate or Indoors(), plant=plant, start=start, seed=seed, began=began,
        )  # fmt: skip
        self.world.flow_ml_s /= speed
        self.record = PulseRecord(self.world.pumps)
        self._before = 0.0
        self._ticked = 0

    def __enter__(self) -> Self:
        self.power()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()

    def _part(self, part: Part) -> tuple[str, dict[str, Any]]:
        options: dict[str, Any] = {"active": int(not part.inverted)}
        if part.place != "i2c":
            options["pin"] = self._numbers[part.place]
        return part.kind, options

    # ── power and time ──────────────────────────────────────────────────────────────────

    @property
    def now(self) -> float:
        """Seconds this board has had power, over all its power cuts."""
        return self._before + (self.board.chip.seconds if self.board else 0.0)

    def power(self) -> Board:
        """Give it power; it starts at once (its boot loader waits only after a reset)."""
        if self.board is None:
            board = self.board = Board(self._name, elf=self._elf, eeprom=self.eeprom)
            self._ticked = 0
            board.pins.heard.append(self._edge)
            board.chip.on_reset.append(self._was_reset)
            self._wire(board)
            self._tick()
        return self.board

    def cut(self) -> None:
        """Take the power away in the middle of whatever it does."""
        if self.board is not None:
            board = self.board
            self.eeprom = board.eeprom.cut(self._dice)
            self.record.fall(self.now)
            self._before, self.board = self.now, None
            self.world.pins_fall()
            board.close()

    def run(self, ms: float) -> bytes:
        """Let the board's time pass; what it said. Nothing happens without power."""
        if self.board is None:
            return b""
        board, end = self.board, self.board.chip.cycle + self.board.chip.cycles(ms / 1000)
        while board.chip.cycle < end:
            next_tick = self._ticked + board.chip.cycles(TICK_S)
            board.chip.run_until(min(end, next_tick))
            if board.chip.cycle >= next_tick:
                self._tick()
        return board.take()

    def reset(self, *, loader: bool = True) -> None:
        """Press the reset button, or open the port: its boot loader waits before it starts."""
        if self.board is not None:
            self.board.reset(EXTERNAL)
            if loader:
                self.board.uart.drop()
                self.board.chip.hold(self.kind.loader_s)

    # ── wires ───────────────────────────────────────────────────────────────────────────

    def _wire(self, board: Board) -> None:
        for part in self.parts:
            match part.kind:
                case "soil":
                    board.millivolts[part.place] = lambda pin=part.place: self._probe(pin)  # type: ignore[misc]
                case "ldr":
                    board.millivolts[part.place] = self._photoresistor
                case "dht22":
                    self._wire_dht22(board, part.place)
                case "bh1750":
                    board.bus.devices[Bh1750.ADDRESS] = Bh1750(board.chip, self._light)
        self._drive_contacts(board)

    def _wire_dht22(self, board: Board, pin: str) -> None:
        def air() -> tuple[float, float] | None:
            self._advance()
            try:
                warmth, damp = self.world.dht(self._numbers[pin])
            except BusError:
                return None
            return warmth, damp

        Dht22(board.chip, board.pins, pin, air)

    def _probe(self, pin: str) -> float:
        self._advance()
        if "short" in self.world.faults:
            return SUPPLY_MV
        return self.world.adc(self._numbers[pin]) / 1000

    def _light(self) -> float:
        self._advance()
        return self.world.air().light

    def _photoresistor(self) -> float:
        """Volts over the fixed resistor below a photoresistor."""
        share = float((self._light() / _LDR_KNEE_LX) ** 0.7)
        return SUPPLY_MV * share / (1 + share)

    def _drive_contacts(self, board: Board) -> None:
        """Contacts to ground: closed is low, open leaves the pull-up."""
        world = self.world
        is_open = {
            "tank": "tank" in world.faults or world.tank_ml < world.tank_low_ml,
            "leak": not ("leak" in world.faults or world.pot.spilt > 0),
        }
        for part in self.parts:
            if part.kind in is_open:
                board.pins.drive(part.place, int(is_open[part.kind] != part.inverted))

    # ── what happens ────────────────────────────────────────────────────────────────────

    def fault(self, name: str, *, on: bool = True) -> None:
        """Break or mend: open, short, silent, silent:<part>, tank, leak, clog; hang of the loop."""
        if name == "hang":
            if self.board is not None:
                self.board.chip.hang()
            return
        self.world.fault(name, on=on)
        if self.board is not None:
            self._drive_contacts(self.board)

    def _advance(self) -> None:
        self.world.advance(self.now * self.speed)

    def _edge(self, edge: Edge) -> None:
        number = self._numbers[edge.pin]
        if number in self.world.pumps:
            off = 1 - self.world.pumps[number]
            level = off if edge.level is None else edge.level
            self._advance()
            self.world.levels[number] = level
            self.record.edge(self.now, number, level)

    def _tick(self) -> None:
        """The world goes on while the board has nothing to say."""
        if self.board is None:
            return
        self._ticked = self.board.chip.cycle
        for number, on in self.world.lights.items():
            share = duty(self.board.chip, self.board.pins, list(self.kind.pins)[number])
            self.world.duty[number] = round(65535 * (share if on else 1 - share))
        self._advance()
        self._drive_contacts(self.board)

    def _was_reset(self) -> None:
        if self.board is not None:
            self.resets.append(self.board.chip.resets[-1][1])

    def truth(self) -> dict[str, Any]:
        """What is the case, for a picture or an assertion."""
        self._advance()
        return {"seconds": round(self.now, 3), **self.world.truth()}
