"""Wi-Fi as a station, every wait bounded."""

from plantnode import clock

try:
    import network
except ImportError:  # a Raspberry Pi: the system takes care of it
    network = None

_CONNECT_MS = 20_000
_STEP_MS = 200


class Wifi:
    """Connects, and says whether it is connected."""

    def __init__(self, settings, node: str) -> None:
        self.settings = settings
        self.name = "plantvita-" + node[-4:]
        self.station = None  # type: network.WLAN

    def _start(self):
        if self.station is None:
            try:
                network.hostname(self.name)
            except (OSError, ValueError, AttributeError):
                pass
            self.station = network.WLAN(network.STA_IF)
            self.station.active(True)  # noqa: FBT003
        return self.station

    async def up(self) -> bool:
        """True when there is a network; at most 20 s."""
        if network is None:
            return True
        ssid = self.settings.text("ssid", 32)
        if not ssid:
            print("wifi: no network name in settings.json")
            return False
        try:
            return await self._connect(self._start(), ssid)
        except (OSError, ValueError, RuntimeError) as error:
            print("wifi:", error)
            self.down()
            return False

    async def _connect(self, station, ssid: str) -> bool:
        if station.isconnected():
            return True
        station.disconnect()
        station.connect(ssid, self.settings.text("password", 64))
        until = clock.real_ms() + _CONNECT_MS
        while clock.real_ms() < until:
            if station.isconnected():
                print("wifi:", station.ifconfig()[0], self.name)
                return True
            await clock.pause_ms(_STEP_MS)
        print("wifi: no connection to", ssid)
        return False

    def nameserver(self) -> str:
        """The network's DNS server, or an empty text."""
        if self.station is None:
            return ""
        server = self.station.ifconfig()[3]
        return "" if server == "0.0.0.0" else server

    def down(self) -> None:
        """Radio off: before deep sleep, and to start afresh after an error."""
        if self.station is not None:
            try:
                self.station.active(False)  # noqa: FBT003
            except OSError:
                pass
            self.station = None
