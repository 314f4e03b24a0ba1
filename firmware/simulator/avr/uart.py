"""UART 0 of a simulated AVR: bytes at the speed of the wire.

simavr would keep 64 bytes that nobody reads; the chip keeps two, and a third in its shift register.
A program that is busy for longer loses bytes, and so it does here.
"""

import ctypes as c
from collections import deque
from collections.abc import Callable

from .chip import Chip

BAUD = 115_200
BITS = 11  # with start and stop, and the parity bit that simavr always counts
_KEPT = 3
_INPUT, _OUTPUT = 0, 1
_SLEEPS_AND_PRINTS = 3
_UDR0, _UCSR0A, _UCSR0B, _UBRR0L = 0xC6, 0xC0, 0xC1, 0xC4
_RXEN = 0x10


class Uart:
    """Both directions. `lost` counts bytes that came while the chip had no room for them."""

    def __init__(self, chip: Chip) -> None:
        self.lost = 0
        self.heard: list[Callable[[int], None]] = []
        self._chip = chip
        self._waiting: deque[int] = deque()
        self._byte_cycles = chip.kind.hz * BITS // BAUD
        self._busy = False
        self._unread = 0
        flags = c.c_uint32()
        chip.ioctl("uag0", flags)
        flags.value &= ~_SLEEPS_AND_PRINTS
        chip.ioctl("uas0", flags)
        self._input = chip.irq("uar0", _INPUT)
        chip.listen(chip.irq("uar0", _OUTPUT), self._said)
        chip.listen(chip.register_irq(_UDR0), self._touched)
        chip.on_write(_UCSR0A, self._speed)
        chip.on_reset.append(self._reset)
        self._written = False

    @property
    def waiting(self) -> int:
        """How many bytes are still on their way to the chip."""
        return len(self._waiting)

    def send(self, data: bytes) -> None:
        """Put bytes on the wire; they arrive one after the other."""
        self._waiting += data
        if not self._busy and self._waiting:
            self._busy = True
            self._chip.after(self._byte_cycles, self._arrive)

    def drop(self) -> None:
        """The wire is cut: what was on its way is gone."""
        self._waiting.clear()

    def _arrive(self) -> None:
        if not self._waiting:
            self._busy = False
            return
        byte = self._waiting.popleft()
        deaf = not self._chip.data[_UCSR0B] & _RXEN
        if deaf or self._unread >= _KEPT:
            self.lost += 1
        else:
            self._unread += 1
            self._chip.signal(self._input, byte)
        self._chip.after(self._byte_cycles, self._arrive)

    def _said(self, byte: int) -> None:
        self._written = True
        for heard in self.heard:
            heard(byte & 0xFF)

    def _touched(self, _value: int) -> None:
        """The data register was read, or written."""
        if self._written:
            self._written = False
        else:
            self._unread = max(0, self._unread - 1)

    def _speed(self, _value: int) -> None:
        """Set the double speed also where the divider was set before; simavr looks only then."""
        self._chip.write(_UBRR0L, self._chip.data[_UBRR0L])

    def _reset(self) -> None:
        self._unread = 0
        self._written = False
