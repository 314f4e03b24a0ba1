"""A link over Bluetooth, with the face of a WebSocket (docs/protocol.md §13).

We are the peripheral: Home Assistant connects, subscribes, and writes a ping. The chip calls us
back between two instructions of the program, so that all that happens there is to take down what
has come.
"""

import asyncio

from plantnode import bounded, clock, fragments, seal, ws
from plantnode.bounded import ClosedError

try:
    import bluetooth
except ImportError:  # a Raspberry Pi, or a MicroPython built without it
    bluetooth = None

SERVICE = "d5f4c97a-3305-4893-bd0a-2a67f0d22ce4"
MESSAGES = "d5f4c97b-3305-4893-bd0a-2a67f0d22ce4"
_WRITE, _NOTIFY = 0x08, 0x10
_CONNECTED, _DISCONNECTED, _WRITTEN, _MTU_AGREED = 1, 2, 3, 21
_PING, _PONG, _HUNG_UP = b"\x00", b"\x01", b"\x02"
_MTU = fragments.SIZE + 3
_MTU_LEAST = 23
_INTERVAL_US = 200_000
_UNREAD_MOST = 40  # two messages at their longest, and a little
_BEGIN_MS = 10_000
_WRITE_MS = 10_000
_MESSAGE_MS = 10_000
_LOOK_MS = 20
_CALL_MS = 100
_GONE_MS = 1_000


def radio() -> "Radio | None":
    """The radio of this board, switched on, or None where there is none that works."""
    if not hasattr(bluetooth, "BLE"):
        print("bluetooth: not in this MicroPython")
        return None
    try:
        return Radio(bluetooth.BLE())
    except (OSError, MemoryError) as error:
        print("bluetooth:", error)
        return None


class Radio:
    """What is advertised, and the one central that is connected."""

    def __init__(self, ble) -> None:
        self.ble = ble
        self.central = None  # type: Central
        self.on_air = b""
        ble.active(True)  # noqa: FBT003
        ble.config(mtu=_MTU)
        ble.irq(self._irq)
        characteristic = (bluetooth.UUID(MESSAGES), _WRITE | _NOTIFY)
        service = (bluetooth.UUID(SERVICE), (characteristic,))
        ((self.handle,),) = ble.gatts_register_services((service,))
        ble.gatts_set_buffer(self.handle, fragments.SIZE)
        self.address = seal.to_hex(ble.config("mac")[1])

    def _irq(self, event: int, data) -> None:
        central = self.central
        if event == _CONNECTED:
            self.on_air = b""  # the chip stops advertising by itself
            if central is None:
                self.central = Central(self, data[0])
            else:
                self.ble.gap_disconnect(data[0])
        elif central is None or data[0] != central.connection:
            return
        elif event == _DISCONNECTED:
            central.gone = True
            self.central = None
        elif event == _WRITTEN and data[1] == self.handle:
            central.take(bytes(self.ble.gatts_read(self.handle)))
        elif event == _MTU_AGREED:
            central.size = min(fragments.SIZE, max(_MTU_LEAST, data[1]) - 3)

    def advertise(self, data: bytes, response: bytes = b"") -> None:
        """Say `data` over and over from now on, or nothing when it is empty."""
        if data == self.on_air:
            return
        self.on_air = data  # before the chip knows: a central may come at once
        try:
            if data:
                self.ble.gap_advertise(_INTERVAL_US, adv_data=data, resp_data=response)
            else:
                self.ble.gap_advertise(None)
        except OSError:
            self.on_air = b""  # tried again at the next look

    def status(self) -> str:
        """What it does, for a person."""
        if self.central is not None:
            return "connected"
        return "advertising" if self.on_air else "silent"

    async def call(self) -> "Central":
        """The next central that asks us to dial; who does not within 10 s is dropped."""
        while True:
            central = self.central
            if central is None:
                await clock.pause_ms(_CALL_MS)
                continue
            try:
                if await central.message(_BEGIN_MS) == _PING:
                    return central
            except ClosedError:
                pass
            await central.drop()

    def off(self) -> None:
        """Before deep sleep."""
        self.ble.active(False)  # noqa: FBT003


class Central:
    """One connection; one task may read, any may send."""

    shared = False  # nobody else answers here

    def __init__(self, radio: Radio, connection: int) -> None:
        self.radio, self.connection = radio, connection
        self.size = _MTU_LEAST - 3
        self.unread = []
        self.gone = self.flooded = False
        self.heard = False
        self.cutter, self.joiner = fragments.Cutter(), fragments.Joiner()
        self.lock = asyncio.Lock()

    def take(self, fragment: bytes) -> None:
        """A fragment has been written."""
        if len(self.unread) < _UNREAD_MOST:
            self.unread.append(fragment)
        else:
            self.flooded = True

    def settle(self) -> None:
        """Nobody else could answer."""

    async def message(self, idle_ms: int) -> bytes:
        """The next message, of which each has 10 s from its first fragment on."""
        deadline = clock.real_ms() + idle_ms
        begun = False
        while True:
            if self.flooded:
                raise ClosedError("too much at once")
            if self.unread:
                whole = self.joiner.join(self.unread.pop(0))
                self.heard = True
                if whole is not None:
                    return whole
                if not begun:
                    begun, deadline = True, clock.real_ms() + _MESSAGE_MS
            elif self.gone:
                raise ClosedError("closed: disconnected")
            elif clock.real_ms() > deadline:
                raise ClosedError("timeout: silence")
            else:
                await clock.pause_ms(_LOOK_MS)

    async def receive(self, idle_ms: int) -> tuple:
        """(opcode, data) of the next text or binary message."""
        deadline = clock.real_ms() + idle_ms
        while True:
            data = await self.message(max(1, deadline - clock.real_ms()))
            if data == _PING:
                await self.send(ws.PONG, _PONG)
            elif data == _HUNG_UP:
                raise ClosedError("closed by Home Assistant")
            elif data != _PONG:
                return (ws.TEXT if data[:1] == b"{" else ws.BINARY), data

    async def _send(self, data: bytes) -> None:
        async with self.lock:
            for fragment in self.cutter.cut(data, self.size):
                await self._notify(fragment)

    async def _notify(self, fragment: bytes) -> None:
        # The radio may have no room left; it has when it has sent some.
        while not self._taken(fragment):
            await clock.pause_ms(_LOOK_MS)

    def _taken(self, fragment: bytes) -> bool:
        if self.gone:
            raise ClosedError("closed: disconnected")
        try:
            self.radio.ble.gatts_notify(self.connection, self.radio.handle, fragment)
        except OSError:
            return False
        return True

    async def send(self, _opcode: int, data: bytes) -> None:
        """Send one message; ClosedError if the radio does not get rid of it."""
        await bounded.within(_WRITE_MS, self._send(data), "send")

    async def ping(self) -> None:
        """Ask for a sign of life."""
        await self.send(ws.PING, _PING)

    async def close(self, _code: int) -> None:
        """Say goodbye and disconnect."""
        try:
            await self.send(ws.CLOSE, _HUNG_UP)
        except ClosedError:
            pass
        await self.drop()

    async def drop(self) -> None:
        """Disconnect without another word; a second at most."""
        until = clock.real_ms() + _GONE_MS
        if not self.gone:
            try:
                self.radio.ble.gap_disconnect(self.connection)
            except OSError:
                pass
        while not self.gone and clock.real_ms() < until:
            await clock.pause_ms(_LOOK_MS)
        self.gone = True
        if self.radio.central is self:
            self.radio.central = None
