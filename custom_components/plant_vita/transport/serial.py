"""Nodes on a cable: a serial port of this machine, or one that a server on the network lends."""

import asyncio
import errno
import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import override

from serialx import BaseSerialTransport, SerialException, create_serial_connection

from ..model.errors import (
    LinkError,
    PortBusyError,
    PortError,
    PortForbiddenError,
    PortMissingError,
    PortNameError,
    RateLimitError,
)
from .lines import LineReader, framed
from .link import Link

BAUD = 115_200
_OPEN_WITHIN_S = 5.0
# For each of two ways: by itself, then by force.
_CLOSE_WITHIN_S = 1.0
# Half a second of the cable, on top of what the kernel holds.
_UNSENT_BYTES_MAX = 4096
# Nobody who keeps the protocol's rate gets so far ahead of us.
_UNREAD_LINES_MAX = 256
_GONE = {errno.ENOENT, errno.ENODEV, errno.ENXIO}
_FORBIDDEN = {errno.EACCES, errno.EPERM}


class SerialLink(Link):
    """A `Link` whose messages are lines; made by `open`.

    It says and expects a heartbeat: an empty line every `heartbeat` seconds, and anything at all
    within half of that, else the link is given up. `reader` counts the lines that were dropped.
    """

    carries_photos = False

    def __init__(self, port: str, *, longest: int, heartbeat: float) -> None:
        """Know where to go; nothing is opened yet."""
        self.reader = LineReader(longest)
        self._port = port
        self._heartbeat = heartbeat
        self._wire = _Wire(self)
        self._lines: deque[bytes] = deque()
        self._came = asyncio.Event()
        self._heard = 0
        self._fault: LinkError | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    @override
    def peer(self) -> str:
        return public_name(self._port)

    async def open(self) -> None:
        """Open the port, within five seconds; raises a `PortError` that says what is wrong."""
        opening = asyncio.create_task(self._connect(), name=f"open {self.peer}")
        try:
            await asyncio.wait((opening,), timeout=_OPEN_WITHIN_S)
        except asyncio.CancelledError:
            opening.add_done_callback(_close_unwanted)
            opening.cancel()
            raise
        if not opening.done():
            # Some drivers hang in the kernel: whatever comes of it later is closed.
            opening.add_done_callback(_close_unwanted)
            opening.cancel()
            msg = f"{self.peer} did not open in time"
            raise PortError(msg)
        try:
            self._wire.transport = opening.result()
        except (OSError, SerialException, ValueError) as error:
            raise _port_error(self.peer, error) from error
        self._timer = asyncio.get_running_loop().call_later(self._heartbeat, self._beat)

    async def _connect(self) -> BaseSerialTransport:
        loop = asyncio.get_running_loop()
        transport, _ = await create_serial_connection(loop, lambda: self._wire, self._port, BAUD)
        return transport

    # --- what comes in ---------------------------------------------------------------------------

    def take(self, data: bytes) -> None:
        """Bytes have come."""
        self._heard += 1
        for payload in self.reader.feed(data):
            if len(self._lines) >= _UNREAD_LINES_MAX:
                self.fail(RateLimitError("too many lines at once"))
                return
            self._lines.append(payload)
        self._came.set()

    def fail(self, fault: LinkError) -> None:
        """The link is of no use any more; who reads next hears of it."""
        self._fault = self._fault or fault
        self._came.set()

    @override
    async def receive(self, within: float) -> str | bytes:
        try:
            async with asyncio.timeout(within):
                return await self.receive_bytes()
        except TimeoutError as error:
            msg = "nothing received in time"
            raise LinkError(msg) from error

    @override
    async def receive_bytes(self) -> bytes:
        while not self._lines:
            if self._fault is not None:
                raise self._fault
            self._came.clear()
            await self._came.wait()
        return self._lines.popleft()

    # --- what goes out ---------------------------------------------------------------------------

    @override
    async def send_text(self, text: str) -> None:
        await self.send_bytes(text.encode())

    @override
    async def send_bytes(self, data: bytes) -> None:
        self._write(framed(data))

    def _write(self, data: bytes) -> None:
        if self._fault is not None or self._wire.transport is None:
            msg = "the port is closed"
            raise self._fault or LinkError(msg)
        try:
            if self._wire.transport.get_write_buffer_size() > _UNSENT_BYTES_MAX:
                msg = "the port takes nothing any more"
                raise LinkError(msg)
            with _unlogged():
                self._wire.transport.write(data)
        except OSError as error:
            msg = f"could not send: {error.strerror or error}"
            raise LinkError(msg) from error

    def _beat(self) -> None:
        try:
            self._write(b"\n")
        except LinkError as error:
            self.fail(error)
            return
        self._timer = asyncio.get_running_loop().call_later(
            self._heartbeat / 2, self._listen, self._heard
        )

    def _listen(self, heard: int) -> None:
        if self._heard == heard:
            self.fail(LinkError("no heartbeat"))
            return
        self._timer = asyncio.get_running_loop().call_later(self._heartbeat / 2, self._beat)

    @override
    async def close(self, code: int) -> None:
        self.fail(LinkError("closed"))
        if self._timer is not None:
            self._timer.cancel()
        if (transport := self._wire.transport) is None:
            return
        for end in (transport.close, transport.abort):
            with suppress(OSError):
                end()
            if await self._wire.gone_within(_CLOSE_WITHIN_S):
                return


class _Wire(asyncio.Protocol):
    """What serialx calls; it closes the descriptor before it says that the connection is lost."""

    def __init__(self, link: SerialLink) -> None:
        self.transport: BaseSerialTransport | None = None
        self._link = link
        self._gone = asyncio.Event()

    @override
    def data_received(self, data: bytes) -> None:
        self._link.take(data)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._gone.set()
        self._link.fail(LinkError(str(exc) if exc else "closed by the other end"))

    async def gone_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._gone.wait()
        return self._gone.is_set()


@contextmanager
def _unlogged() -> Iterator[None]:
    """Keep serialx from logging what is written, as it does when somebody debugs everything.

    It may be the password of a network. Nothing else runs before the end of the block.
    """
    talkative = logging.getLogger("serialx.descriptor_transport")
    talkative.addFilter(_nothing)
    try:
        yield
    finally:
        talkative.removeFilter(_nothing)


def _nothing(_record: logging.LogRecord) -> bool:
    return False


def public_name(port: str) -> str:
    """A port without what is secret in it: some URLs carry a key or a password."""
    scheme, found, rest = port.partition("://")
    if not found:
        return port
    place = rest.partition("?")[0]
    return f"{scheme}://{place.rpartition('@')[2]}"


def _close_unwanted(opening: asyncio.Task[BaseSerialTransport]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().abort()


def _port_error(port: str, error: Exception) -> PortError:
    if isinstance(error, OSError):
        kind: type[PortError] = PortError
        if error.errno in _GONE:
            kind = PortMissingError
        elif error.errno in _FORBIDDEN:
            kind = PortForbiddenError
        elif error.errno == errno.EBUSY:
            kind = PortBusyError
        return kind(f"{port}: {error.strerror or type(error).__name__}")
    # An unknown scheme, an address that is none: never the port itself.
    return PortNameError(f"{port}: {error}")
