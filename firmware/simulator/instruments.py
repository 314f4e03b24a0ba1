"""The parts on a board, as the chip sees them: volts, words on a wire, registers on a bus.

Written from the datasheets and not from our drivers, so that a mistake there is not repeated here.
"""

import math
import random
import struct
from collections.abc import Callable
from typing import override

from .pot import Pot
from .weather import Air

ENODEV, ETIMEDOUT = 19, 116


class BusError(Exception):
    """What a driver sees as OSError; carries the number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Noise:
    """Electrical noise of one analogue line: white, now and then a spike, and a slow drift."""

    def __init__(self, dice: random.Random, *, white: float = 1.5, spikes: float = 0.01) -> None:
        self._dice = dice
        self._white, self._spikes = white, spikes
        self._drift, self._at = 0.0, 0.0

    def sample(self, seconds: float) -> float:
        """The error of a reading at this time, in points of moisture."""
        passed = max(0.0, seconds - self._at)
        self._at = seconds
        keep = math.exp(-passed / 20_000)
        self._drift = self._drift * keep + self._dice.gauss(0, 0.4) * math.sqrt(1 - keep * keep)
        spike = self._dice.uniform(-25, 25) if self._dice.random() < self._spikes else 0.0
        return self._drift + self._dice.gauss(0, self._white) + spike


class SoilProbe:
    """A capacitive probe at 3.3 V; each has points of its own."""

    def __init__(self, dice: random.Random, depth: float) -> None:
        self.depth = depth
        self.dry_uv = 2_600_000 + dice.gauss(0, 15_000)
        self.wet_uv = 1_150_000 + dice.gauss(0, 15_000)
        self.fault: str | None = None
        self._dice = dice
        self.noise = Noise(dice)

    def microvolts(self, pot: Pot, seconds: float) -> float:
        """The voltage on the signal line."""
        if self.fault == "open":
            return abs(self._dice.gauss(0, 12_000))
        if self.fault == "short":
            return 3_300_000
        shown = pot.felt(self.depth) + self.noise.sample(seconds)
        return self.dry_uv - (self.dry_uv - self.wet_uv) * shown / 100


class Battery:
    """A lithium cell behind two equal resistors; it loses a little every day."""

    def __init__(self, dice: random.Random, ratio: float = 2.0) -> None:
        self.volts = 4.05
        self._ratio = ratio
        self._dice = dice

    def microvolts(self, seconds: float) -> float:
        """The voltage behind the divider."""
        volts = max(2.9, self.volts - 0.01 * seconds / 86_400)
        return volts / self._ratio * 1_000_000 + self._dice.gauss(0, 2_000)


class Dht22:
    """Temperature and humidity over one wire; misses a reading now and then."""

    def __init__(self, dice: random.Random, misses: float = 0.01) -> None:
        self._dice = dice
        self._misses = misses

    def measure(self, air: Air) -> list[float]:
        """Temperature in °C and humidity in %, in the part's steps of 0.1."""
        if self._dice.random() < self._misses:
            raise BusError(ETIMEDOUT)
        warmth = air.temperature + self._dice.gauss(0, 0.08)
        damp = min(100.0, max(0.0, air.humidity + self._dice.gauss(0, 0.4)))
        return [round(warmth, 1), round(damp, 1)]


class Device:
    """Something on the I2C bus."""

    def __init__(self, dice: random.Random, air: Callable[[], Air]) -> None:
        self.dice = dice
        self.air = air

    def write(self, data: bytes) -> None:
        """The master writes."""
        raise NotImplementedError

    def read(self, count: int) -> bytes:
        """The master reads."""
        raise NotImplementedError


class Bh1750(Device):
    """Illuminance; measures only after it was told to."""

    mode = 0

    @override
    def write(self, data: bytes) -> None:
        """A command byte."""
        self.mode = data[0]

    @override
    def read(self, count: int) -> bytes:
        """Counts, 1.2 a lux."""
        lux = self.air().light * (1 + self.dice.gauss(0, 0.01)) if self.mode == 0x10 else 0.0
        return struct.pack(">H", min(0xFFFF, int(lux * 1.2)))[:count]


class Sht3x(Device):
    """Temperature and humidity with a checksum over each word."""

    _ready = False

    @override
    def write(self, data: bytes) -> None:
        """A command word: only single shot without clock stretching is known here."""
        self._ready = data == b"\x24\x00"

    @override
    def read(self, count: int) -> bytes:
        """Two words and their checksums, once after each command."""
        if not self._ready:
            raise BusError(ENODEV)
        self._ready = False
        air = self.air()
        warmth = air.temperature + self.dice.gauss(0, 0.03)
        damp = min(100.0, max(0.0, air.humidity + self.dice.gauss(0, 0.15)))
        words = (round((warmth + 45) / 175 * 65535), round(damp / 100 * 65535))
        return b"".join(_with_crc(struct.pack(">H", word)) for word in words)[:count]


def _with_crc(word: bytes) -> bytes:
    crc = 0xFF
    for bit in range(16):
        crc ^= word[bit // 8] if bit % 8 == 0 else 0
        crc = crc << 1 & 0xFF ^ (0x31 if crc & 0x80 else 0)
    return word + bytes((crc,))
