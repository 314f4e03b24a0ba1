"""BME280: temperature, humidity and pressure over I2C, compensated with the part's coefficients.

The formulas are those of Bosch's datasheet BST-BME280-DS001, in the floating-point form of its
section 8.1: MicroPython's floats have enough digits, and the integer form needs 64 bits.
"""

import struct

from plantnode.drivers import Sensor

ADDRESS = 0x76
CHIP_ID = 0x60
EIO = 5
_ID, _RESET_STATUS, _CTRL_HUM, _CTRL_MEAS, _DATA = 0xD0, 0xF3, 0xF2, 0xF4, 0xF7
_FORCED_1X = 0b001_001_01  # temperature ×1, pressure ×1, forced mode


class Coefficients:
    """The trimming values burnt into one part."""

    def __init__(self, low: bytes, high: bytes) -> None:
        """`low`: 26 bytes from 0x88 (the last one is H1), `high`: 7 bytes from 0xE1."""
        self.t = struct.unpack("<Hhh", low[0:6])
        self.p = struct.unpack("<Hhhhhhhhh", low[6:24])
        h2, h3 = struct.unpack("<hB", high[0:3])
        h4 = _signed12(high[3] << 4 | high[4] & 0x0F)
        h5 = _signed12(high[5] << 4 | high[4] >> 4)
        self.h = (low[25], h2, h3, h4, h5, struct.unpack("b", high[6:7])[0])


def _signed12(value: int) -> int:
    return value - 4096 if value & 0x800 else value


def fine_temperature(raw: int, t: tuple) -> float:
    """The intermediate `t_fine`; divided by 5120 it is °C."""
    one = (raw / 16384 - t[0] / 1024) * t[1]
    two = (raw / 131072 - t[0] / 8192) ** 2 * t[2]
    return one + two


def pressure(raw: int, fine: float, p: tuple) -> float:
    """Air pressure in Pa."""
    one = fine / 2 - 64000
    two = one * one * p[5] / 32768 + one * p[4] * 2
    two = two / 4 + p[3] * 65536
    one = (p[2] * one * one / 524288 + p[1] * one) / 524288
    one = (1 + one / 32768) * p[0]
    if one == 0:
        raise OSError(EIO)
    result = (1048576 - raw - two / 4096) * 6250 / one
    return result + (p[8] * result * result / 2147483648 + result * p[7] / 32768 + p[6]) / 16


def humidity(raw: int, fine: float, h: tuple) -> float:
    """Relative humidity in %."""
    base = fine - 76800
    damp = raw - (h[3] * 64 + h[4] / 16384 * base)
    damp *= h[1] / 65536 * (1 + h[5] / 67108864 * base * (1 + h[2] / 67108864 * base))
    damp *= 1 - h[0] * damp / 524288
    return min(100.0, max(0.0, damp))


class Bme280(Sensor):
    """One sensor, three channels; asleep between measurements."""

    settle_ms = 12

    def __init__(self, bus, indices: tuple, address: int = ADDRESS) -> None:
        self._bus = bus
        self._address = address
        self._coefficients = None
        self.indices = indices

    def start(self) -> None:
        """Wake the part for one measurement; learn its coefficients where we do not know them."""
        if self._coefficients is None:
            if self._bus.readfrom_mem(self._address, _ID, 1)[0] != CHIP_ID:
                raise OSError(EIO)
            low = self._bus.readfrom_mem(self._address, 0x88, 26)
            self._coefficients = Coefficients(low, self._bus.readfrom_mem(self._address, 0xE1, 7))
        self._bus.writeto_mem(self._address, _CTRL_HUM, b"\x01")
        self._bus.writeto_mem(self._address, _CTRL_MEAS, bytes((_FORCED_1X,)))

    def read(self) -> dict:
        """Temperature in °C, relative humidity in %, pressure in hPa."""
        if self._coefficients is None:
            raise OSError(EIO)
        data = self._bus.readfrom_mem(self._address, _DATA, 8)
        raw_pressure = data[0] << 12 | data[1] << 4 | data[2] >> 4
        raw_warmth = data[3] << 12 | data[4] << 4 | data[5] >> 4
        fine = fine_temperature(raw_warmth, self._coefficients.t)
        damp = humidity(data[6] << 8 | data[7], fine, self._coefficients.h)
        weight = pressure(raw_pressure, fine, self._coefficients.p) / 100
        return {self.indices[0]: fine / 5120, self.indices[1]: damp, self.indices[2]: weight}
