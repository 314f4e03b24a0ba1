"""Nodes over Bluetooth: messages in fragments through one GATT characteristic (protocol §13).

Home Assistant connects, by whichever adapter or proxy hears the node best; the node then dials as
it does over any other link.
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, override

import bleak_retry_connector
from bleak import BleakClient
from bleak.exc import BleakError

from ..model.errors import LinkError
from .payloads import PING, PayloadLink

if TYPE_CHECKING:
    from bleak.backends.characteristic import BleakGATTCharacteristic
    from bleak.backends.device import BLEDevice

CHARACTERISTIC = "d5f4c97b-3305-4893-bd0a-2a67f0d22ce4"
HUNG_UP = b"\x02"
FRAGMENT_MOST = 244
# What every radio carries in one piece, whatever it says of itself.
_FRAGMENT_LEAST = 20
_FIRST, _LAST = 0x80, 0x40
_NUMBERS = 64
_MESSAGE_WITHIN_S = 10.0
_CONNECT_WITHIN_S = 40.0
_LISTEN_WITHIN_S = 10.0
_ATTEMPTS = 2


def fragments(message: bytes, size: int, number: int) -> Iterator[bytes]:
    """Cut `message` into fragments of at most `size` bytes; the first has this `number`."""
    room = size - 1
    for at in range(0, len(message), room):
        head = number % _NUMBERS
        head |= 0 if at else _FIRST
        head |= _LAST if at + room >= len(message) else 0
        yield bytes((head,)) + message[at : at + room]
        number += 1


class Assembly:
    """Joins the fragments of one direction of one connection; holds at most `largest` bytes."""

    def __init__(self, largest: int) -> None:
        """Begin with fragment number 0."""
        self._largest = largest
        self._number = 0
        self._begun: bytearray | None = None

    @property
    def begun(self) -> bool:
        """Whether the end of a message is still to come."""
        return self._begun is not None

    def feed(self, fragment: bytes) -> bytes | None:
        """The message that this fragment ends; raises `LinkError` for any but the next one."""
        if len(fragment) < 2 or fragment[0] % _NUMBERS != self._number:
            msg = "not the next fragment"
            raise LinkError(msg)
        if bool(fragment[0] & _FIRST) is self.begun:
            msg = "a message without its beginning or end"
            raise LinkError(msg)
        self._number = (self._number + 1) % _NUMBERS
        message = bytearray() if self._begun is None else self._begun
        if len(message) + len(fragment) - 1 > self._largest:
            msg = "a message is too long"
            raise LinkError(msg)
        message += fragment[1:]
        if fragment[0] & _LAST:
            self._begun = None
            return bytes(message)
        self._begun = message
        return None


class GattLink(PayloadLink):
    """A `Link` over one connection; after half a message it is gone, either way."""

    carries_photos = False

    def __init__(self, client: BleakClient, peer: str, *, silence: float, largest: int) -> None:
        """Take over a connected client whose services are known; see `PayloadLink` for the rest."""
        super().__init__(peer, silence=silence, largest=largest)
        self._client = client
        self._assembly = Assembly(largest)
        self._sent = 0
        self._writing = asyncio.Lock()
        self._half: asyncio.TimerHandle | None = None

    async def begin(self) -> None:
        """Listen, and ask the node to dial; raises `LinkError`."""
        try:
            async with asyncio.timeout(_LISTEN_WITHIN_S):
                await self._client.start_notify(self._characteristic, self._notified)
        except (BleakError, OSError, EOFError) as error:
            msg = f"could not listen: {error}"
            raise LinkError(msg) from error
        await self.send_bytes(PING)

    @property
    def _characteristic(self) -> BleakGATTCharacteristic:
        found = self._client.services.get_characteristic(CHARACTERISTIC)
        if found is None:
            msg = "not a node: it has no such characteristic"
            raise LinkError(msg)
        return found

    def _notified(self, _characteristic: BleakGATTCharacteristic, fragment: bytearray) -> None:
        try:
            message = self._assembly.feed(bytes(fragment))
        except LinkError as error:
            self.lose(str(error))
            return
        if message is not None:
            self._wait_no_longer()
            self.take(message)
        elif self._half is None:
            loop = asyncio.get_running_loop()
            self._half = loop.call_later(_MESSAGE_WITHIN_S, self.lose, "half a message")

    def _wait_no_longer(self) -> None:
        if self._half is not None:
            self._half.cancel()
            self._half = None

    @override
    async def _publish(self, payload: bytes) -> None:
        async with self._writing:
            self._check()
            whole = False
            try:
                to = self._characteristic
                size = max(_FRAGMENT_LEAST, min(FRAGMENT_MOST, to.max_write_without_response_size))
                for fragment in fragments(payload, size, self._sent):
                    await self._client.write_gatt_char(to, fragment, response=True)
                    self._sent += 1
                whole = True
            except (BleakError, OSError, EOFError) as error:
                msg = f"could not write: {error}"
                raise LinkError(msg) from error
            finally:
                if not whole:
                    # Also when nobody waits for it any more: what came next would be its end.
                    self.lose("half a message was sent")

    @override
    async def _hang_up(self, *, lost: bool) -> None:
        self._wait_no_longer()
        with suppress(BleakError, OSError, EOFError):
            await self._client.disconnect()

    @override
    def take(self, payload: bytes) -> None:
        if payload == HUNG_UP:
            self.lose("closed by the node")
        else:
            super().take(payload)

    @override
    def lose(self, why: str) -> None:
        self._wait_no_longer()
        super().lose(why)


async def connect(device: BLEDevice, peer: str, *, silence: float, largest: int) -> GattLink:
    """Connect to a node and ask it to dial, within less than a minute; raises `LinkError`."""
    link: GattLink | None = None

    def _lost(_client: BleakClient) -> None:
        if link is not None:
            link.lose("the connection is gone")

    try:
        async with asyncio.timeout(_CONNECT_WITHIN_S):
            # By its module, because Home Assistant puts its own in the place of this class.
            client = await bleak_retry_connector.establish_connection(
                bleak_retry_connector.BleakClientWithServiceCache,
                device,
                peer,
                disconnected_callback=_lost,
                max_attempts=_ATTEMPTS,
            )
    except (BleakError, OSError, EOFError) as error:
        msg = f"could not connect: {error}"
        raise LinkError(msg) from error
    link = GattLink(client, peer, silence=silence, largest=largest)
    if not client.is_connected:
        link.lose("the connection is gone")
    try:
        await link.begin()
    except BaseException:
        # Also when somebody has given up on us: a node has one connection, a proxy a few.
        await link.close(0)
        raise
    return link
