"""The EEPROM of a simulated AVR: its image, the time a write takes, and power cuts in the middle.

simavr 1.6 writes at once, is never busy, and knows one mode. The chip takes 3.4 ms for a byte: it
erases (all ones), then it clears bits. A program may ask for one of the two, in 1.8 ms. A cut in
between leaves anything. So the cell and the busy bit are kept here for that long, and the last byte
is known to be unfinished until then.
"""

import ctypes as c
from dataclasses import dataclass
from random import Random

from .chip import Chip

# ATmega328P data sheet, table "EEPROM Mode Bits": by EEPM1 and EEPM0.
BOTH, ERASE, CLEAR = 0, 1, 2
WRITE_S = {BOTH: 0.0034, ERASE: 0.0018, CLEAR: 0.0018}
EECR, EEDR, EEAR = 0x3F, 0x40, 0x41
_EEPE = 2
_EEPM = 4  # its place; two bits


class _Description(c.Structure):
    """simavr's avr_eeprom_desc_t."""

    _fields_ = (("place", c.c_void_p), ("offset", c.c_uint16), ("size", c.c_uint32))


@dataclass(frozen=True, kw_only=True)
class Write:
    """One byte was written: when it began and ended, where, what stood there and what is to."""

    cycle: int
    end: int
    address: int
    old: int
    new: int


class Eeprom:
    """All of it. `writes` has every write since the power came, for wear and for cuts."""

    def __init__(self, chip: Chip, image: bytes = b"") -> None:
        self._chip = chip
        self.writes: list[Write] = []
        self.size = chip.kind.memory[2] + 1
        seen = _Description(offset=0, size=self.size)
        chip.ioctl("eegp", seen)
        self._bytes = (c.c_uint8 * self.size).from_address(seen.place or 0)
        self._bytes[:] = list(image.ljust(self.size, b"\xff")[: self.size])
        self._shadow = bytearray(self._bytes)
        self._generation = 0
        self._busy = False
        chip.on_write(EECR, self._control)
        chip.on_reset.append(self._reset)

    def image(self) -> bytes:
        """The bytes as they stand once all writes are through."""
        return bytes(self._bytes)

    def _control(self, value: int) -> None:
        if self._busy:
            self._chip.data[EECR] |= _EEPE  # only its end clears this bit
            return
        if not value & _EEPE:
            return
        data = self._chip.data
        address = (data[EEAR] | data[EEAR + 1] << 8) % self.size
        mode = value >> _EEPM & 3
        old, new = self._shadow[address], self._bytes[address]
        if mode:
            new = 0xFF if mode == ERASE else old & new
        self._shadow[address] = self._bytes[address] = new
        now = self._chip.cycle
        end = now + self._chip.cycles(WRITE_S[mode])
        self.writes.append(Write(cycle=now, end=end, address=address, old=old, new=new))
        data[EECR] |= _EEPE
        self._busy = True
        self._generation += 1
        mine = self._generation
        self._chip.after(end - now, lambda: self._finish(mine))

    def _finish(self, generation: int) -> None:
        if generation == self._generation:
            self._busy = False
            self._chip.data[EECR] &= ~_EEPE & 0xFF

    def _reset(self) -> None:
        """A reset clears the register; a write that has begun goes on."""
        self._generation += 1
        self._busy = False

    @property
    def unfinished(self) -> Write | None:
        """The write that the chip is busy with."""
        if self.writes and self._chip.cycle < self.writes[-1].end:
            return self.writes[-1]
        return None

    def cut(self, dice: Random) -> bytes:
        """The bytes that a power cut leaves now: an unfinished one is old, new, erased or noise."""
        image = bytearray(self._bytes)
        if write := self.unfinished:
            noise = dice.randrange(256)
            image[write.address] = dice.choice((write.old, write.new, 0xFF, noise))
        return bytes(image)
