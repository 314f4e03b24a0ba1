"""Wi-Fi as a station, every wait bounded."""

from plantnode import clock

try:
    import network
except ImportError:  # a Raspberry Pi: the system takes care of it
    network = None

_CONNECT_MS = 20_000
_STEP_MS = 200
_TRIES = 2  # of the driver, before it says why; else it goes on "connecting" for ever
# Reasons as ESP-IDF numbers them (wifi_err_reason_t); most access points answer a wrong password
# with silence in the four-way handshake.
_WHY = {
    15: "wrong password for",
    201: "no network named",
    202: "wrong password for",
    204: "wrong password for",
}


class Wifi:
    """Connects, and says whether it is connected; `status` is for a person."""

    def __init__(self, settings, node: str) -> None:
        self.settings = settings
        self.name = "plantvita-" + node[-4:]
        self.station = None  # type: network.WLAN
        self.status = "not tried yet" if network else "left to the system"

    def unset(self) -> bool:
        """Whether nobody has told this node a Wi-Fi: it can only wait for `join` at its cable."""
        return network is not None and not self._ssid()

    def _ssid(self) -> str:
        return self.settings.text("ssid", 32)

    def _start(self):
        if self.station is None:
            try:
                network.hostname(self.name)
            except (OSError, ValueError, AttributeError):
                pass
            self.station = network.WLAN(network.STA_IF)
            self.station.active(True)  # noqa: FBT003
            self.station.config(reconnects=_TRIES)
        return self.station

    async def up(self) -> bool:
        """True when there is a network; at most 20 s."""
        if network is None:
            return True
        try:
            if self.unset():
                return self._failed("no network name in settings.json, waiting for join")
            return await self._connect(self._start(), self._ssid())
        except (OSError, ValueError, RuntimeError) as error:
            self.down()
            return self._failed(str(error))

    def _failed(self, why: str) -> bool:
        if why != self.status:
            print("wifi:", why)
            self.status = why
        return False

    async def _connect(self, station, ssid: str) -> bool:
        if station.isconnected():
            return True
        station.disconnect()
        station.connect(ssid, self.settings.text("password", 64))
        until = clock.real_ms() + _CONNECT_MS
        while clock.real_ms() < until:
            if station.isconnected():
                self.status = "connected to " + ssid
                print("wifi:", station.ifconfig()[0], self.name)
                return True
            why = _WHY.get(station.status())
            if why:
                return self._failed(why + " " + ssid)
            await clock.pause_ms(_STEP_MS)
        return self._failed("no connection to " + ssid)

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
