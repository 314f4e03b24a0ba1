"""A BME280 on the bus: registers, burnt-in coefficients, and raw values that stand for an air.

The compensation is the integer one of Bosch's datasheet (BST-BME280-DS001, section 4.2.3), run
backwards by bisection: whoever reads the registers and applies the formulas gets the air that was
put in.
"""

import random
import struct
from collections.abc import Callable
from typing import override

from .instruments import Device
from .weather import Air

T = (27504, 26435, -1000)
P = (36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000)
H = (75, 362, 0, 324, 50, 30)
UNMEASURED = b"\x80\x00\x00\x80\x00\x00\x80\x00"


def t_fine(raw: int) -> int:
    """The datasheet's `t_fine`; (t_fine * 5 + 128) >> 8 is hundredths of a degree."""
    one = (((raw >> 3) - (T[0] << 1)) * T[1]) >> 11
    two = (((((raw >> 4) - T[0]) * ((raw >> 4) - T[0])) >> 12) * T[2]) >> 14
    return one + two


def pressure(raw: int, fine: int) -> float:
    """Air pressure in Pa."""
    one = fine - 128000
    two = one * one * P[5] + ((one * P[4]) << 17) + (P[3] << 35)
    one = ((one * one * P[2]) >> 8) + ((one * P[1]) << 12)
    one = (((1 << 47) + one) * P[0]) >> 33
    if one == 0:
        return 0.0
    result = ((((1048576 - raw) << 31) - two) * 3125) // one
    more = (P[8] * (result >> 13) * (result >> 13)) >> 25
    return (((result + more + ((P[7] * result) >> 19)) >> 8) + (P[6] << 4)) / 256


def humidity(raw: int, fine: int) -> float:
    """Relative humidity in %."""
    base = fine - 76800
    value = ((raw << 14) - (H[3] << 20) - H[4] * base + 16384) >> 15
    scale = (base * H[5] >> 10) * ((base * H[2] >> 11) + 32768) >> 10
    value *= ((scale + 2097152) * H[1] + 8192) >> 14
    value -= (((value >> 15) * (value >> 15) >> 7) * H[0]) >> 4
    return min(max(value, 0), 419430400) / 4194304


def raw_for(wanted: float, top: int, shown: Callable[[int], float]) -> int:
    """The raw value that shows as `wanted`; `shown` rises or falls with it throughout."""
    low, high = 0, top
    rising = shown(top) > shown(0)
    while low < high:
        middle = (low + high) // 2
        if (shown(middle) < wanted) == rising:
            low = middle + 1
        else:
            high = middle
    return low


class Bme280(Device):
    """The part; it measures when the control register is told to (forced mode)."""

    def __init__(self, dice: random.Random, air: Callable[[], Air]) -> None:
        super().__init__(dice, air)
        self._registers = bytearray(256)
        self._pointer = 0
        registers = self._registers
        registers[0xD0] = 0x60
        registers[0x88:0xA0] = struct.pack("<Hhh", *T) + struct.pack("<Hhhhhhhhh", *P)
        registers[0xA1] = H[0]
        registers[0xE1:0xE4] = struct.pack("<hB", H[1], H[2])
        registers[0xE4:0xE7] = bytes(
            (H[3] >> 4 & 0xFF, H[3] & 15 | (H[4] & 15) << 4, H[4] >> 4 & 0xFF)
        )
        registers[0xE7] = H[5]
        registers[0xF7:0xFF] = UNMEASURED

    @override
    def write(self, data: bytes) -> None:
        """A register, and what to put there."""
        self._pointer = data[0]
        for offset, value in enumerate(data[1:]):
            self._registers[data[0] + offset] = value
        if data[0] == 0xF4 and len(data) > 1 and data[1] & 3:
            self._measure()

    @override
    def read(self, count: int) -> bytes:
        """The registers from the last one named."""
        return bytes(self._registers[self._pointer : self._pointer + count])

    def _measure(self) -> None:
        air = self.air()
        warmth = air.temperature + self.dice.gauss(0, 0.03)
        raw_t = raw_for(warmth * 100, 1 << 20, lambda raw: (t_fine(raw) * 5 + 128) >> 8)
        fine = t_fine(raw_t)
        pascal = air.pressure * 100 + self.dice.gauss(0, 3)
        raw_p = raw_for(pascal, 1 << 20, lambda raw: pressure(raw, fine))
        damp = min(100.0, max(0.0, air.humidity + self.dice.gauss(0, 0.2)))
        raw_h = raw_for(damp, 0xFFFF, lambda raw: humidity(raw, fine))
        packed = b"".join(struct.pack(">I", raw << 12)[:3] for raw in (raw_p, raw_t))
        self._registers[0xF7:0xFF] = packed + struct.pack(">H", raw_h)
