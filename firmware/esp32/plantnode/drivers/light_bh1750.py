"""BH1750: illuminance over I2C.

Datasheet: ROHM BH1750FVI. Continuous high resolution takes 120 ms (180 at most); counts / 1.2 are
lux.
"""

from plantnode.drivers import Sensor

ADDRESS = 0x23
POWER_ON, CONTINUOUS_HIGH = b"\x01", b"\x10"
FULL = 0xFFFF


class Bh1750(Sensor):
    """One sensor, one channel. In full sun (54 612 lx) the counter is full: 'range'."""

    settle_ms = 180

    def __init__(self, bus, index: int, address: int = ADDRESS) -> None:
        self._bus = bus
        self._address = address
        self._running = False
        self.indices = (index,)

    def start(self) -> None:
        """Start measuring; afterwards the part goes on by itself."""
        if self._running:
            return
        self._bus.writeto(self._address, POWER_ON)
        self._bus.writeto(self._address, CONTINUOUS_HIGH)
        self._running = True
        self.settle_ms = 180

    def read(self) -> dict:
        """Illuminance in lx."""
        self._running = False  # a part that lost its power must be started again
        high, low = self._bus.readfrom(self._address, 2)
        self._running = True
        self.settle_ms = 0
        counts = high << 8 | low
        return {self.indices[0]: "range" if counts == FULL else counts / 1.2}
