"""A board on the bench: the chip, its legs, its cable, its EEPROM, and volts at its inputs."""

from collections.abc import Callable
from pathlib import Path
from typing import Self

from .boards import BOARDS, built
from .chip import EXTERNAL, Chip
from .eeprom import Eeprom
from .pins import Edge, Pins
from .twi import Bus
from .uart import Uart

_CONVERSION = 18  # signal: a conversion begins
_SINGLE_ENDED = 2


class Board:
    """One board under power, in its own time: nothing happens but in `run`.

    board: "uno" or "mega". elf: its program; default: as the firmware's Makefile builds it.
    eeprom: what its EEPROM holds; a new chip's is all ones.
    """

    def __init__(self, board: str = "uno", *, elf: Path | None = None, eeprom: bytes = b"") -> None:
        self.kind = BOARDS[board]
        self.chip = Chip(self.kind, elf or built(board))
        self.pins = Pins(self.chip)
        self.uart = Uart(self.chip)
        self.eeprom = Eeprom(self.chip, eeprom)
        self.bus = Bus(self.chip)
        self.millivolts: dict[str, float | Callable[[], float]] = {}
        self.said = bytearray()
        self.uart.heard.append(self.said.append)
        self._analog = {channel: pin for pin, channel in self.kind.analog.items()}
        self._inputs = [self.chip.irq("adc ", channel) for channel in range(8)]
        self.chip.listen(self.chip.irq("adc ", _CONVERSION), self._convert)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take the power away for good."""
        self.chip.close()

    def _convert(self, what: int) -> None:
        """A conversion begins: the volts of this moment are held."""
        channel = what >> 19
        if what & 7 != _SINGLE_ENDED or channel not in self._analog:
            return
        found = self.millivolts.get(self._analog[channel], 0.0)
        volts = found() if callable(found) else found
        self.chip.signal(self._inputs[channel], max(0, min(5000, round(volts))))

    # ── time ────────────────────────────────────────────────────────────────────────────

    def run(self, ms: float) -> bytes:
        """Let so many ms of the board's time pass; what it said meanwhile."""
        self.chip.run_until(self.chip.cycle + self.chip.cycles(ms / 1000))
        return self.take()

    def take(self) -> bytes:
        """What it has said since the last time."""
        said = bytes(self.said)
        self.said.clear()
        return said

    @property
    def ms(self) -> float:
        """The board's time since the power came."""
        return self.chip.seconds * 1000

    def ms_at(self, edge: Edge) -> float:
        """When an edge was, on the same clock."""
        return edge.cycle * 1000 / self.kind.hz

    # ── hands ───────────────────────────────────────────────────────────────────────────

    def reset(self, cause: int = EXTERNAL) -> None:
        """Press the reset button."""
        self.chip.reset(cause)

    def edges(self, pin: str) -> list[tuple[float, int | None]]:
        """Every change of a pin: ms, level (None: not driven)."""
        return [(self.ms_at(edge), edge.level) for edge in self.pins.edges if edge.pin == pin]
