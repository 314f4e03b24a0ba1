"""A node in CPython for load and end-to-end tests, written from docs/protocol.md alone.

It shares no line with the integration, so that it also checks the document: if the two disagree,
one of them has a mistake. Only `cryptography` and the standard library are used.
"""

import asyncio
import contextlib
import hmac
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.ciphers.modes import CBC

from . import broker_link
from .broker_link import BrokerLink
from .websocket import ClosedError, Opcode, WebSocket, dial

PATH = "/api/plant_vita/v1/node"
# The six sensors of the telemetry benchmark: index, kind, label.
CHANNELS: tuple[tuple[int, str], ...] = (
    (0, "m"),
    (1, "t"),
    (2, "h"),
    (3, "lx"),
    (4, "ec"),
    (5, "bat"),
)
_BLOCK = 16

type Json = dict[str, Any]


class RefusedError(Exception):
    """Home Assistant refused the handshake; `word` is its `err`."""

    def __init__(self, word: str) -> None:
        """Keep the word."""
        super().__init__(word)
        self.word = word


def _mac(key: bytes, *parts: bytes) -> bytes:
    return hmac.digest(key, b"".join(parts), "sha256")


def hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 with SHA-256."""
    pseudo_random = _mac(salt, secret)
    block = output = b""
    counter = 0
    while len(output) < length:
        counter += 1
        block = _mac(pseudo_random, block, info, bytes((counter,)))
        output += block
    return output[:length]


def key_from_code(code: str, hardware_id: str) -> bytes:
    """K0 of a node: 32 bytes from its pairing code (dashes and case do not matter)."""
    plain = code.replace("-", "").upper()
    return hkdf(plain.encode(), b"PV1 code", hardware_id.encode(), 32)


@dataclass(kw_only=True, slots=True)
class Identity:
    """Who the node is and which key it holds; what a node keeps in its flash."""

    hardware_id: str
    kid: int
    key: bytes
    boot: str = field(default_factory=lambda: os.urandom(4).hex())
    model: str = "loadnode"
    firmware: str = "0.0.0"
    every: int = 60
    channels: tuple[tuple[int, str], ...] = CHANNELS

    @classmethod
    def new(cls, hardware_id: str) -> Self:
        """A paired node with a random key number 1."""
        return cls(hardware_id=hardware_id, kid=1, key=os.urandom(32))

    def as_json(self) -> Json:
        """For the load generator's process."""
        return {"id": self.hardware_id, "kid": self.kid, "key": self.key.hex(), "boot": self.boot}

    @classmethod
    def from_json(cls, fields: Json) -> Self:
        """The other way round."""
        return cls(
            hardware_id=fields["id"],
            kid=fields["kid"],
            key=bytes.fromhex(fields["key"]),
            boot=fields["boot"],
        )


class Sealer:
    """Both sealed directions of one session, from the node's side."""

    def __init__(self, identity: Identity, nonces: bytes, session: bytes) -> None:
        """Derive the keys; `nonces` is nn | hn."""
        info = b"PV1 keys" + identity.hardware_id.encode() + bytes((identity.kid,)) + session
        keys = hkdf(identity.key, nonces, info, 64)
        self._out, self._in = keys[:32], keys[32:]
        self._session = session
        self._sent = self._received = 0

    def seal(self, plaintext: bytes) -> bytes:
        """The next frame of the node."""
        self._sent += 1
        head = b"PV\x01\x00\x01" + self._session + self._sent.to_bytes(4, "big")
        iv = os.urandom(_BLOCK)
        pad = _BLOCK - len(plaintext) % _BLOCK
        cipher = Cipher(AES128(self._out[_BLOCK:]), CBC(iv)).encryptor()
        body = cipher.update(plaintext + bytes((pad,)) * pad) + cipher.finalize()
        return head + iv + body + self._tag(self._out, head, iv, body)

    def open(self, sealed: bytes) -> bytes:
        """The plaintext of the next frame of Home Assistant; raises `ValueError`."""
        head, iv, body, tag = sealed[:17], sealed[17:33], sealed[33:-16], sealed[-16:]
        wanted = b"PV\x01\x01\x01" + self._session + (self._received + 1).to_bytes(4, "big")
        if head != wanted or not hmac.compare_digest(tag, self._tag(self._in, head, iv, body)):
            msg = "frame from Home Assistant does not verify"
            raise ValueError(msg)
        self._received += 1
        cipher = Cipher(AES128(self._in[_BLOCK:]), CBC(iv)).decryptor()
        padded = cipher.update(body) + cipher.finalize()
        return padded[: -padded[-1]]

    @staticmethod
    def _tag(key: bytes, head: bytes, iv: bytes, body: bytes) -> bytes:
        return _mac(key[:_BLOCK], head, iv, body, (len(head) * 8).to_bytes(8, "big"))[:_BLOCK]


class LoadNode:
    """One node on one connection. `confirmed` is the newest `n` that Home Assistant has on disk."""

    def __init__(self, identity: Identity, *, through_broker: bool = False) -> None:
        """Nothing is sent yet; `through_broker` dials an MQTT broker instead of Home Assistant."""
        self.identity = identity
        self.through_broker = through_broker
        self.number = 0
        self.confirmed = 0
        self.home_time_ms: int | None = None
        self.close_code: int | None = None
        self.on_command: Callable[[Json], Json | None] | None = None
        self._socket: WebSocket | BrokerLink | None = None
        self._sealer: Sealer | None = None
        self._reading: asyncio.Task[None] | None = None
        self._greeted = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether a session is open."""
        return self._reading is not None and not self._reading.done()

    @property
    def writer(self) -> asyncio.StreamWriter:
        """The raw stream, for frames sealed in advance."""
        assert self._socket is not None
        return self._socket.writer

    async def connect(self, host: str, port: int, *, time_limit_s: float = 30.0) -> None:
        """Dial, shake hands, say hello and wait for `hi`.

        Raises `RefusedError`, `ClosedError`, `ValueError` for a wrong proof, `TimeoutError`.
        """
        if self.through_broker:
            self._socket = await broker_link.dial(host, port, self.identity.hardware_id)
        else:
            self._socket = await dial(host, port, PATH)
        self._greeted.clear()
        async with asyncio.timeout(time_limit_s):
            self._sealer = await self._shake_hands(self._socket)
            self.send(self._hello())
            self._reading = asyncio.create_task(self._read())
            waiting = asyncio.create_task(self._greeted.wait())
            await asyncio.wait({waiting, self._reading}, return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done():
                waiting.cancel()
                raise ClosedError(self.close_code or 1006)

    async def connect_patiently(self, host: str, port: int, *, attempts: int = 20) -> None:
        """`connect`, and again with a short back-off while Home Assistant is busy."""
        for attempt in range(attempts):
            try:
                await self.connect(host, port)
            except (RefusedError, ClosedError, TimeoutError) as error:
                if attempt == attempts - 1 or getattr(error, "word", "busy") != "busy":
                    raise
                await asyncio.sleep(0.1 * (attempt + 1))
            else:
                return

    async def _shake_hands(self, socket: WebSocket | BrokerLink) -> Sealer:
        own, who = os.urandom(16), self.identity
        socket.write(
            Opcode.TEXT,
            json.dumps({"v": 1, "id": who.hardware_id, "kid": who.kid, "nn": own.hex()}).encode(),
        )
        _, answer = await socket.receive()
        fields = json.loads(answer)
        if "err" in fields:
            await socket.close()
            raise RefusedError(fields["err"])
        other, session = bytes.fromhex(fields["hn"]), bytes.fromhex(fields["sid"])
        kid = bytes((who.kid,))
        wanted = _mac(
            who.key, b"PV1 proof\x01", who.hardware_id.encode(), kid, own, other, session
        )[:16]
        if not hmac.compare_digest(wanted, bytes.fromhex(fields["proof"])):
            socket.write(Opcode.TEXT, b'{"err":"proof"}')
            await socket.close()
            msg = "Home Assistant's proof is wrong"
            raise ValueError(msg)
        return Sealer(who, own + other, session)

    def _hello(self) -> Json:
        who = self.identity
        return {
            "t": "hello",
            "v": 1,
            "id": who.hardware_id,
            "model": who.model,
            "fw": who.firmware,
            "boot": who.boot,
            "up": 1000,
            "every": who.every,
            "sleep": 0,
            "ch": [list(channel) for channel in who.channels],
        }

    def seal(self, message: Json) -> bytes:
        """The bytes on the wire of the next message; they must be written in this order."""
        assert self._sealer is not None
        assert self._socket is not None
        plain = json.dumps(message, separators=(",", ":")).encode()
        return self._socket.packed(Opcode.BINARY, self._sealer.seal(plain))

    def send(self, message: Json) -> None:
        """Seal and write one message."""
        self.writer.write(self.seal(message))

    def telemetry(self, values: dict[str, float]) -> Json:
        """The next set of readings as a message; counts `number` up."""
        self.number += 1
        return {"t": "tele", "n": self.number, "age": 0, "r": values}

    async def _read(self) -> None:
        assert self._socket is not None
        assert self._sealer is not None
        try:
            while True:
                _, sealed = await self._socket.receive()
                self._handle(json.loads(self._sealer.open(sealed)))
        except ClosedError as error:
            self.close_code = error.code

    def _handle(self, message: Json) -> None:
        match message["t"]:
            case "hi":
                self.home_time_ms = message["now"]
                self._greeted.set()
            case "got":
                if message["b"] == self.identity.boot:
                    self.confirmed = max(self.confirmed, message["n"])
            case "key":
                self.identity.kid = message["kid"]
                self.identity.key = bytes.fromhex(message["k"])
                self.send({"t": "ack", "c": message["c"], "ok": 1})
            case "cmd":
                done: Json | None = {"ok": 1}
                if self.on_command is not None:
                    done = self.on_command(message)
                if done is not None:
                    self.send({"t": "ack", "c": message["c"], **done})

    async def close(self) -> None:
        """End the session."""
        if self._reading is not None:
            self._reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reading
        if self._socket is not None:
            await self._socket.close()
