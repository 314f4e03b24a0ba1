"""DHT22 (AM2302): temperature and humidity over one wire; slow, and often misses a reading."""

from plantnode.drivers import Sensor

LEAST_MS = 2000  # the part measures no faster; asking sooner gives the reading before


class Dht22(Sensor):
    """`part` is a `dht.DHT22` of MicroPython."""

    warm_ms = LEAST_MS

    def __init__(self, part, temperature: int, humidity: int) -> None:
        self._part = part
        self.indices = (temperature, humidity)

    def read(self) -> dict:
        """Temperature in °C and relative humidity in %."""
        self._part.measure()  # raises OSError: no answer, or a wrong checksum
        warmth, damp = self._part.temperature(), self._part.humidity()
        if not (-40 <= warmth <= 80 and 0 <= damp <= 100):
            return dict.fromkeys(self.indices, "range")
        return {self.indices[0]: warmth, self.indices[1]: damp}
