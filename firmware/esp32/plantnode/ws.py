"""A WebSocket client (RFC 6455) that trusts nobody: every length and every wait has a bound."""

import asyncio
import hashlib
import os
from binascii import b2a_base64

from plantnode import bounded, clock
from plantnode.bounded import ClosedError

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_MOST = 32768
_CONTROL_MOST = 125
_HEADER_MOST = 4096
_OPEN_MS = 15000
_WRITE_MS = 10000
_MESSAGE_MS = 10000  # from the first fragment of a message to its last
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


_SCHEMES = {"http": 80, "ws": 80, "https": 443, "wss": 443, "mqtt": 1883, "mqtts": 8883}


class Address:
    """The parts of an http(s), ws(s) or mqtt(s) URL."""

    def __init__(self, url: str) -> None:
        # It may come from mDNS, that is from anybody: nothing in it may break out of a line.
        if not all("!" <= letter <= "~" and letter not in "?#\\" for letter in url):
            raise ValueError("not an address")
        scheme, mark, rest = url.partition("://")
        if not mark or scheme not in _SCHEMES:
            raise ValueError("not an http(s) or mqtt(s) address")
        self.secure = scheme.endswith("s") and scheme != "ws"
        self.broker = scheme.startswith("mqtt")
        place, slash, path = rest.partition("/")
        self.path = (slash + path).rstrip("/")
        self.host, self.port = _host_port(place, _SCHEMES[scheme])
        self.place = place


def _host_port(place: str, default: int) -> tuple:
    """`host`, `host:port`, `[v6]` or `[v6]:port` taken apart."""
    if place.startswith("["):
        host, _, tail = place[1:].partition("]")
        port = tail[1:] if tail.startswith(":") else ""
    else:
        host, _, port = place.partition(":")
    if not host or "@" in host:
        raise ValueError("no host")
    number = int(port) if port else default
    if not 0 < number < 65536:
        raise ValueError("port")
    return host, number


def _context():
    """TLS without certificates checked.

    The proof and the sealed frames say who is at the other end.
    """
    try:
        tls = __import__("tls")  # MicroPython
    except ImportError:
        tls = __import__("ssl")  # CPython
    context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
    if hasattr(context, "check_hostname"):
        context.check_hostname = False
    context.verify_mode = tls.CERT_NONE
    return context


async def stream(address: Address, host: str) -> tuple:
    """A reader and a writer, with TLS where the address says so."""
    if address.secure:
        return await asyncio.open_connection(
            host, address.port, ssl=_context(), server_hostname=address.host
        )
    return await asyncio.open_connection(host, address.port)


async def connect(address: Address, path: str, host: str | None = None) -> "WebSocket":
    """Open a WebSocket; `host` is the numeric address where the name has been resolved already."""
    reader, writer = await bounded.within(
        _OPEN_MS, stream(address, host or address.host), "connect"
    )
    socket = WebSocket(bounded.Reader(reader), writer)
    try:
        await bounded.within(_OPEN_MS, socket.upgrade(address, path), "upgrade")
    except BaseException:
        await socket.drop()
        raise
    return socket


class WebSocket:
    """One open connection; one task may read, any may send."""

    shared = False  # nobody else answers here

    def __init__(self, reader: bounded.Reader, writer) -> None:
        self.reader, self.writer = reader, writer
        self.lock = asyncio.Lock()
        self.heard = False  # anything at all since the one who watches looked last

    def settle(self) -> None:
        """Nobody else could answer."""

    async def upgrade(self, address: Address, path: str) -> None:
        """Ask for the WebSocket and check that we got it."""
        key = b2a_base64(os.urandom(16)).strip()
        request = (
            "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n\r\n"
        ).format(address.path + path, address.place, key.decode())
        self.writer.write(request.encode())
        await self.writer.drain()
        answer = await self.reader.until(b"\r\n\r\n", _HEADER_MOST)
        lines = answer.split(b"\r\n")
        if b" 101 " not in lines[0] + b" ":
            raise ClosedError("http: " + str(lines[0][:40]))
        expected = b2a_base64(hashlib.sha1(key + _GUID).digest()).strip()  # noqa: S324 - RFC 6455
        for line in lines[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"sec-websocket-accept" and value.strip() == expected:
                return
        raise ClosedError("upgrade not accepted")

    async def _send(self, opcode: int, data: bytes) -> None:
        size = len(data)
        mask = os.urandom(4)
        if size < 126:
            head = bytes([0x80 | opcode, 0x80 | size])
        else:
            head = bytes([0x80 | opcode, 0x80 | 126]) + size.to_bytes(2, "big")
        masked = bytearray(data)
        for k in range(size):
            masked[k] ^= mask[k & 3]
        async with self.lock:
            self.writer.write(head + mask + bytes(masked))
            await self.writer.drain()

    async def send(self, opcode: int, data: bytes) -> None:
        """Send one message of at most 32 KiB; ClosedError if the other end does not take it."""
        await bounded.within(_WRITE_MS, self._send(opcode, data), "send")

    async def _frame(self) -> tuple:
        """(final, opcode, payload) of the next frame, whose first byte may take its time."""
        first, second = await self.reader.exactly(2)
        opcode, size = first & 15, second & 127
        if first & 0x70 or second & 0x80:
            raise ClosedError("frame")
        if size > 125:
            size = int.from_bytes(await self.reader.exactly(2 if size == 126 else 8), "big")
        if size > _MOST or (opcode & 8 and (size > _CONTROL_MOST or not first & 0x80)):
            raise ClosedError("frame length")
        return first & 0x80, opcode, await self.reader.exactly(size)

    async def _message(self, idle_ms: int) -> tuple:
        """(opcode, data) of the next message or control frame; fragments are put together."""
        kind, data = 0, b""
        deadline = clock.real_ms() + idle_ms
        while True:
            left = max(1, deadline - clock.real_ms())
            final, opcode, payload = await bounded.within(left, self._frame(), "silence")
            self.heard = True
            if opcode & 8:
                if kind == 0:
                    return opcode, payload
                await self._control(opcode, payload)
                continue
            if (opcode == 0) == (kind == 0) or opcode > BINARY:
                raise ClosedError("fragment")
            if kind == 0:
                kind, deadline = opcode, clock.real_ms() + _MESSAGE_MS
            data += payload
            if len(data) > _MOST:
                raise ClosedError("message length")
            if final:
                return kind, data

    async def _control(self, opcode: int, payload: bytes) -> None:
        if opcode == PING:
            await self.send(PONG, payload)
        elif opcode == CLOSE:
            raise ClosedError("code {}".format(int.from_bytes(payload[:2], "big")))

    async def receive(self, idle_ms: int) -> tuple:
        """(opcode, data) of the next text or binary message.

        ClosedError when nothing comes for `idle_ms`.
        """
        while True:
            opcode, data = await self._message(idle_ms)
            if opcode in (TEXT, BINARY):
                return opcode, data
            await self._control(opcode, data)

    async def ping(self) -> None:
        """Ask for a sign of life."""
        await self.send(PING, b"")

    async def close(self, code: int) -> None:
        """Say goodbye and drop the connection."""
        try:
            await self.send(CLOSE, code.to_bytes(2, "big"))
        except ClosedError:
            pass
        await self.drop()

    async def drop(self) -> None:
        """Close the socket without another word."""
        await bounded.hang_up(self.writer)
