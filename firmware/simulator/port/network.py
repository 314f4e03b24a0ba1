# The radio of a simulated board: connected unless the bench says otherwise.
import binascii

import wire

STA_IF, AP_IF = 0, 1
STAT_IDLE, STAT_CONNECTING, STAT_GOT_IP = 1000, 1001, 1010
STAT_NO_AP_FOUND, STAT_WRONG_PASSWORD = 201, 202


def hostname(name=None):
    return "plant-" + wire.boot["id"][-6:]


def country(code=None):
    return "XX"


class WLAN:
    IF_STA, IF_AP = 0, 1
    PM_NONE, PM_PERFORMANCE, PM_POWERSAVE = 0, 1, 2

    def __init__(self, interface_id=0):
        self._active = self._wanted = False

    def active(self, on=None):
        if on is None:
            return self._active
        self._active = bool(on)
        return self._active

    def connect(self, ssid=None, key=None, *, bssid=None):
        self._wanted = True

    def disconnect(self):
        self._wanted = False

    def isconnected(self):
        return self._active and self._wanted and bool(wire.wifi["up"])

    def status(self, param=None):
        if param == "rssi":
            return wire.wifi["rssi"]
        return STAT_GOT_IP if self.isconnected() else STAT_NO_AP_FOUND

    def ifconfig(self, *_):
        return ("127.0.0.1", "255.0.0.0", "127.0.0.1", "127.0.0.1")

    def ipconfig(self, param=None, **_):
        return ("127.0.0.1", "255.0.0.0")

    def config(self, param=None, **_):
        if param == "mac":
            return binascii.unhexlify(wire.boot["id"])
        return hostname() if param == "hostname" else None

    def scan(self):
        return []
