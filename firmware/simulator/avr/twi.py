"""The two-wire bus of a simulated AVR, and a light sensor on it."""

from collections.abc import Callable
from typing import Protocol

from .chip import Chip

_INPUT, _OUTPUT, _STATUS = 0, 1, 2
_TWSR, _TWCR = 0xB9, 0xBC
_TWINT = 0x80
# simavr 1.6 reports an address that was written as if it were data.
_ADDRESSED = {0x28: 0x18, 0x30: 0x20}
START, STOP, ACK, WRITE, READ = 1, 2, 8, 16, 32  # what simavr's messages say


class Device(Protocol):
    """Something with an address."""

    def write(self, byte: int) -> None:
        """The master writes a byte."""

    def read(self, place: int) -> int:
        """The master reads the byte number `place` of this transfer."""


class Bus:
    """All devices by their 7-bit address; who is not here does not acknowledge."""

    def __init__(self, chip: Chip) -> None:
        self.devices: dict[int, Device] = {}
        self._chip = chip
        self._selected: Device | None = None
        self._address = 0
        self._place = 0
        self._input = chip.irq("twi\0", _INPUT)
        chip.listen(chip.irq("twi\0", _OUTPUT), self._hear)
        chip.listen(chip.irq("twi\0", _STATUS), self._correct)
        chip.on_write(_TWCR, self._control)
        chip.on_reset.append(self._reset)
        self._addressing = False

    def _reset(self) -> None:
        self._selected = None
        self._addressing = False

    def _hear(self, word: int) -> None:
        message, address, data = word >> 8 & 0xFF, word >> 16 & 0xFF, word >> 24
        if message & STOP:
            self._selected = None
        if message & START:
            self._selected = self.devices.get(address >> 1)
            self._address, self._place = address, 0
            self._addressing = True
            if self._selected is not None:
                self._answer(ACK, 1)
        if self._selected is None:
            return
        if message & WRITE:
            self._selected.write(data)
            self._answer(ACK, 1)
        if message & READ:
            self._answer(READ, self._selected.read(self._place))
            self._place += 1

    def _correct(self, status: int) -> None:
        if self._addressing and status in _ADDRESSED:
            data = self._chip.data
            data[_TWSR] = data[_TWSR] & 7 | _ADDRESSED[status]
        self._addressing = False

    def _control(self, value: int) -> None:
        """The flag "done" is cleared by writing a one; simavr leaves it set for those who poll."""
        if value & _TWINT:
            self._chip.data[_TWCR] &= ~_TWINT & 0xFF

    def _answer(self, message: int, data: int) -> None:
        self._chip.signal(self._input, self._chip.twi_message(message, self._address, data))


class Bh1750:
    """ROHM's light sensor by its data sheet: 1.2 counts a lux, measured in up to 180 ms.

    lux: the light at a moment. Before the first measurement is through, it shows 0.
    """

    ADDRESS = 0x23
    _ONCE, _ALWAYS = (0x20, 0x21), (0x10, 0x11)
    _MEASURING_S = 0.180

    def __init__(self, chip: Chip, lux: Callable[[], float]) -> None:
        self._chip = chip
        self._lux = lux
        self._on = False
        self._began: int | None = None
        self._counts = 0

    def write(self, byte: int) -> None:
        """A command."""
        if byte in {0x00, 0x01}:
            self._on = bool(byte)
            self._began = None
        elif byte in self._ONCE + self._ALWAYS:  # a mode also wakes it up
            self._on = True
            self._began = self._chip.cycle
            self._double = byte & 1

    def read(self, place: int) -> int:
        """The two bytes of the last measurement."""
        if place == 0:
            self._measure()
        return self._counts >> 8 & 0xFF if place == 0 else self._counts & 0xFF

    def _measure(self) -> None:
        ready = self._began is not None and (
            self._chip.cycle - self._began >= self._chip.cycles(self._MEASURING_S)
        )
        if ready and self._on:
            counts = self._lux() * 1.2 * (2 if self._double else 1)
            self._counts = max(0, min(0xFFFF, round(counts)))
