# The DHT driver of the chip's port. The real one takes two seconds between readings and times out
# when nobody answers.
import wire


class DHTBase:
    def __init__(self, pin):
        self._pin = pin.id
        self._temperature = self._humidity = 0

    def measure(self):
        self._temperature, self._humidity = wire.ask("dht", self._pin)

    def temperature(self):
        return self._temperature

    def humidity(self):
        return self._humidity


class DHT22(DHTBase):
    pass


class DHT11(DHTBase):
    pass
