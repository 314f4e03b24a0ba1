"""A DHT22 (AM2302) at a pin: its answer to a start pulse, bit by bit.

By the data sheet of Aosong: the master holds the line low for at least 1 ms and lets go; 30 µs
later the sensor answers with 80 µs low and 80 µs high, then 40 bits of 50 µs low and 26 µs (0) or
70 µs (1) high, and 50 µs low at the end. It measures every 2 s at the most.
"""

from collections.abc import Callable

from .chip import Chip
from .pins import Edge, Pins

_START_S = 0.0008
_US = 1e-6


class Dht22:
    """One sensor. air: (°C, % relative humidity) at a moment, or None: it keeps silent."""

    def __init__(
        self, chip: Chip, pins: Pins, pin: str, air: Callable[[], tuple[float, float] | None]
    ) -> None:
        self._chip, self._pins, self._pin, self._air = chip, pins, pin, air
        self._low_since: int | None = None
        self.asked = 0
        pins.drive(pin, 1)  # the resistor of the line
        pins.heard.append(self._heard)

    def _heard(self, edge: Edge) -> None:
        if edge.pin != self._pin:
            return
        if edge.level == 0:
            self._low_since = edge.cycle
            return
        began, self._low_since = self._low_since, None
        if began is not None and edge.cycle - began >= self._chip.cycles(_START_S):
            self.asked += 1
            found = self._air()
            if found is not None:
                self._answer(*found)

    def _answer(self, warmth: float, damp: float) -> None:
        at = 30.0
        for low, high in ((80, 80), *((50, 70 if bit else 26) for bit in bits(warmth, damp))):
            self._at(at, 0)
            self._at(at + low, 1)
            at += low + high
        self._at(at, 0)
        self._at(at + 50, 1)

    def _at(self, microseconds: float, level: int) -> None:
        def change() -> None:
            self._pins.drive(self._pin, level)

        self._chip.after(self._chip.cycles(microseconds * _US), change)


def bits(warmth: float, damp: float) -> list[int]:
    """The 40 bits of a reading in °C and %: tenths, sign and magnitude, a sum at the end."""
    cold = round(abs(warmth) * 10) | (0x8000 if warmth < 0 else 0)
    data = round(damp * 10).to_bytes(2, "big") + cold.to_bytes(2, "big")
    frame = data + bytes((sum(data) & 0xFF,))
    return [byte >> place & 1 for byte in frame for place in range(7, -1, -1)]
