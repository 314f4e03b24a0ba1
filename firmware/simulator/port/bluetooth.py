# The Bluetooth radio of a simulated board, as far as the node uses it: what it says goes to the
# bench, which may have a radio for it; what the bench says is heard when the program waits.
import binascii

import wire

FLAG_READ, FLAG_WRITE_NO_RESPONSE, FLAG_WRITE, FLAG_NOTIFY = 0x02, 0x04, 0x08, 0x10
_CONNECT, _DISCONNECT, _WRITE, _MTU = 1, 2, 3, 21
_FIRST_HANDLE = 16


def _hex(data):
    return binascii.hexlify(bytes(data)).decode()


class UUID:
    def __init__(self, value):
        self.text = value

    def __str__(self):
        return self.text


class BLE:
    def __init__(self):
        self._handler = None
        self._values, self._limits = {}, {}
        self._on = False

    def active(self, on=None):
        if on is not None:
            self._on = bool(on)
            wire.hear_radio(self._heard if on else None)
            wire.tell("ble", "on" if on else "off")
        return self._on

    def _needed(self):
        if not self._on:
            raise OSError(19)

    def config(self, param=None, **settings):
        if param == "mac":
            # The radio's address is the chip's and two more.
            number = int(wire.boot["id"], 16) + 2
            return (0, number.to_bytes(6, "big"))
        if "mtu" in settings:
            self._needed()
            wire.tell("ble", "mtu", settings["mtu"])
        return None

    def irq(self, handler):
        self._handler = handler

    def gatts_register_services(self, services):
        self._needed()
        handles, told, next_handle = [], [], _FIRST_HANDLE
        for uuid, characteristics in services:
            made = []
            for characteristic in characteristics:
                made.append(next_handle)
                told.append((str(uuid), str(characteristic[0]), characteristic[1], next_handle))
                self._limits[next_handle] = 20
                next_handle += 3  # its declaration and its CCCD have numbers, too
            handles.append(tuple(made))
        wire.tell("ble", "services", told)
        return tuple(handles)

    def gatts_set_buffer(self, handle, size, append=False):
        self._limits[handle] = size
        wire.tell("ble", "room", handle, size)

    def gatts_read(self, handle):
        return self._values.get(handle, b"")

    def gatts_notify(self, connection, handle, data):
        self._needed()
        wire.tell("ble", "notify", connection, _hex(data))

    def gap_advertise(self, interval_us, adv_data=b"", *, resp_data=b"", connectable=True):
        self._needed()
        if interval_us is None:
            wire.tell("ble", "quiet")
            return
        if len(adv_data) > 31 or len(resp_data) > 31:
            raise OSError(22)
        wire.tell("ble", "advertise", interval_us, _hex(adv_data), _hex(resp_data))

    def gap_disconnect(self, connection):
        self._needed()
        wire.tell("ble", "disconnect", connection)
        return True

    def _heard(self, what, connection, more=None):
        if what == "write":
            handle, data = more
            self._values[handle] = binascii.unhexlify(data)
            self._handler(_WRITE, (connection, handle))
        elif what == "connect":
            self._handler(_CONNECT, (connection, 1, binascii.unhexlify(more)))
        elif what == "disconnect":
            self._handler(_DISCONNECT, (connection, 1, b""))
        elif what == "mtu":
            self._handler(_MTU, (connection, more))
