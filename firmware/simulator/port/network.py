# The radio of a simulated board: one network, which the bench names, and no other; a bench that
# names none has the one that is looked for.
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
        self._active = False
        self._wanted = None  # [name, password]
        self._reconnects = -1

    def active(self, on=None):
        if on is None:
            return self._active
        self._active = bool(on)
        return self._active

    def connect(self, ssid=None, key=None, *, bssid=None):
        self._wanted = [ssid, key]

    def disconnect(self):
        self._wanted = None

    def isconnected(self):
        return self._result() == STAT_GOT_IP

    def _result(self):
        if not self._active or self._wanted is None:
            return STAT_IDLE
        ssid, password = self._wanted
        if not wire.wifi["up"] or wire.wifi["ssid"] not in (None, ssid):
            return STAT_NO_AP_FOUND
        if wire.wifi["password"] not in (None, password):
            return STAT_WRONG_PASSWORD
        return STAT_GOT_IP

    def status(self, param=None):
        if param == "rssi":
            return wire.wifi["rssi"]
        result = self._result()
        # The driver that tries for ever never says why it fails.
        failed = result in (STAT_NO_AP_FOUND, STAT_WRONG_PASSWORD)
        return STAT_CONNECTING if failed and self._reconnects < 0 else result

    def ifconfig(self, *_):
        return ("127.0.0.1", "255.0.0.0", "127.0.0.1", "127.0.0.1")

    def ipconfig(self, param=None, **_):
        return ("127.0.0.1", "255.0.0.0")

    def config(self, param=None, *, reconnects=None, **_):
        if reconnects is not None:
            self._reconnects = reconnects
        if param == "mac":
            return binascii.unhexlify(wire.boot["id"])
        return hostname() if param == "hostname" else None

    def scan(self):
        return []
