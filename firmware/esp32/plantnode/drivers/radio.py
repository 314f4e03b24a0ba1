"""How strongly the node hears its access point."""

from plantnode.drivers import Sensor


class Radio(Sensor):
    """`station` is a `network.WLAN`; one channel."""

    def __init__(self, station, index: int) -> None:
        self._station = station
        self.indices = (index,)

    def read(self) -> dict:
        """Signal in dBm, or 'silent' while there is no connection (OSError)."""
        strength = self._station.status("rssi")
        if not isinstance(strength, int) or not -127 <= strength <= 0:
            return {self.indices[0]: "silent"}
        return {self.indices[0]: strength}
