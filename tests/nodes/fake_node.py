"""A plant node's end of the protocol on CPython, over a real WebSocket.

The frames are those of the node's own firmware; nothing here is shared with the integration, so a
mistake in either is seen.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType

_FIRMWARE = str(Path(__file__).parents[2] / "firmware" / "esp32")
if _FIRMWARE not in sys.path:
    sys.path.append(_FIRMWARE)

from plantnode import seal  # noqa: E402

PATH = "/api/plant_vita/v1/node"
CODE = "ABCDEFGHIJKLMNOP"
HARDWARE_ID = "a4cf12000001"
# A real node waits for seconds before it dials again.
REDIAL_S = 0.02
_LOOK_EVERY_S = 0.002

type Json = dict[str, Any]
type Dialler = Callable[[], Awaitable[ClientWebSocketResponse]]
# What a node answers to a command: an `ack` without its id, or None for silence.
type Answer = Callable[[Json], Json | None]


async def until(condition: Callable[[], object], within: float = 4.0) -> None:
    """Wait until something is true; the event loop does its work meanwhile.

    No timer is used, so that it works while the clock stands still. TimeoutError names it.
    """
    for _ in range(round(within / _LOOK_EVERY_S)):
        if condition():
            return
        await asyncio.sleep(0)
        time.sleep(_LOOK_EVERY_S)  # noqa: ASYNC251 - see above
    raise TimeoutError(f"never came true: {condition.__code__.co_names}")


def obeys(_command: Json) -> Json:
    """Accept every command."""
    return {"ok": 1}


@dataclass(kw_only=True)
class FakeNode:
    """What a node keeps in its flash, and the session it is in.

    `answer` decides what it says to commands, `takes_key` whether it writes a new key down, and
    `acks_key` whether it says so. `heard` holds every message of the present session.
    """

    dialler: Dialler
    hardware_id: str = HARDWARE_ID
    code: str = CODE
    kid: int = 0
    key: bytes = b""
    boot: str = "0badcafe"
    name: str | None = "Kitchen"
    model: str = "esp32dev"
    firmware: str = "0.1.0"
    every: int = 60
    sleeps: bool = False
    uptime_ms: int = 5000
    channels: list[list[Any]] = field(default_factory=lambda: [[0, "m"]])
    answer: Answer = obeys
    # What is done with what it is asked of its camera, instead of an answer.
    photographer: Callable[[Json], Awaitable[None]] | None = None
    image: str | None = None
    # Address and salt of its Bluetooth.
    radio: tuple[str, str] | None = None
    takes_key: bool = True
    acks_key: bool = True
    locked: bool = False
    number: int = 0
    heard: list[Json] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    close_code: int | None = None
    _socket: ClientWebSocketResponse | None = None
    _seal: seal.Session | None = None
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with the key of the code, as after a long press of the button."""
        if not self.key:
            self.press_button(self.code)

    def press_button(self, code: str) -> None:
        """Forget the key and hold a new code."""
        self.code, self.kid = code, 0
        self.key = seal.hkdf(code.encode(), b"PV1 code", self.hardware_id.encode(), 32)

    # --- a session ------------------------------------------------------------------------------

    async def dial(self) -> str | None:
        """Dial and do the handshake: None, or the word with which one of the ends ended it."""
        await self.hang_up()
        nonce = os.urandom(16)
        self.heard, self._seal, self.close_code = [], None, None
        self._socket = await self.dialler()
        await self._socket.send_str(json.dumps(self._first(nonce)))
        message = await self._socket.receive()
        if message.type is not WSMsgType.TEXT:
            self.close_code = self._socket.close_code
            return "closed"
        answer = json.loads(message.data)
        if "err" in answer:
            await self._socket.receive()
            self.close_code = self._socket.close_code
            return str(answer["err"])
        if self.locked:
            return await self._refuse("locked")
        session = bytes.fromhex(answer["sid"])
        about = (
            self.hardware_id.encode(),
            self.kid,
            nonce + bytes.fromhex(answer["hn"]),
            session,
        )
        if seal.proof(self.key, seal.TO_NODE, *about) != bytes.fromhex(answer["proof"]):
            return await self._refuse("proof")
        self._seal = seal.Session(self.key, seal.TO_HOME, *about)
        return None

    def _first(self, nonce: bytes) -> Json:
        first: Json = {"v": 1, "id": self.hardware_id, "kid": self.kid, "nn": nonce.hex()}
        return first if self.kid else {**first, "m": self.model, "l": self.name}

    async def _refuse(self, word: str) -> str:
        assert self._socket is not None
        self.refused.append(word)
        await self._socket.send_str(json.dumps({"err": word}))
        await self._socket.receive()
        self.close_code = self._socket.close_code
        return word

    async def connect(self) -> None:
        """Dial, say hello and be greeted."""
        word = await self.dial()
        assert word is None, word
        await self.hello()
        await until(lambda: self.heard_of("hi"))

    async def hello(self, **changed: Any) -> None:
        """Say what this node is; listens to Home Assistant from then on."""
        for name, value in changed.items():
            setattr(self, name, value)
        about = {
            "t": "hello",
            "v": 1,
            "id": self.hardware_id,
            "model": self.model,
            "fw": self.firmware,
            "boot": self.boot,
            "up": self.uptime_ms,
            "every": self.every,
            "sleep": int(self.sleeps),
            "ch": self.channels,
        }
        address, salt = self.radio or (None, None)
        maybe = {"name": self.name, "img": self.image, "bt": address, "salt": salt}
        await self.says(about | {name: value for name, value in maybe.items() if value})
        if not self.listening:
            self.background(self._listen())

    @property
    def listening(self) -> bool:
        """Whether there is an open session."""
        return any(task.get_name() == "listen" and not task.done() for task in self._tasks)

    def background(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do something until the node is switched off."""
        name = "listen" if work.__name__ == "_listen" else work.__name__
        task = asyncio.create_task(work, name=name)
        self._tasks.append(task)
        return task

    async def says(self, message: Json) -> None:
        """Seal and send one message."""
        await self.sends(self.sealed(message))

    def sealed(self, message: Json) -> bytes:
        """The next frame."""
        assert self._seal is not None
        return self._seal.seal(json.dumps(message, separators=(",", ":")).encode())

    async def sends_piece(self, data: bytes) -> None:
        """Seal and send a frame that is no JSON."""
        assert self._seal is not None
        await self.sends(self._seal.seal(data, kind=seal.PIECE))

    async def sends(self, data: bytes) -> None:
        """Send bytes as they are."""
        assert self._socket is not None
        await self._socket.send_bytes(data)

    async def _listen(self) -> None:
        assert self._socket is not None
        assert self._seal is not None
        async for message in self._socket:
            fields = json.loads(self._seal.open(message.data))
            self.heard.append(fields)
            await self._react(fields)
        self.close_code = self._socket.close_code

    async def _react(self, fields: Json) -> None:
        if fields["t"] == "key":
            if self.takes_key:
                self.kid, self.key = fields["kid"], bytes.fromhex(fields["k"])
            if not self.acks_key:
                return
            reply: Json | None = {"ok": 1} if self.takes_key else {"err": "bad"}
        elif fields["t"] in {"snap", "piece"} and self.photographer is not None:
            await self.photographer(fields)
            return
        elif fields["t"] in {"cmd", "update", "part", "install", "snap", "piece"}:
            reply = self.answer(fields)
        else:
            return
        if reply is not None:
            await self.says({"t": "ack", "c": fields["c"], **reply})

    def heard_of(self, kind: str) -> list[Json]:
        """The messages of one type in this session."""
        return [message for message in self.heard if message["t"] == kind]

    @property
    def commands(self) -> list[Json]:
        """The commands of this session, without what differs each time."""
        return [
            {name: value for name, value in command.items() if name not in {"t", "c"}}
            for command in self.heard_of("cmd")
        ]

    # --- what it says ---------------------------------------------------------------------------

    async def measures(self, values: dict[int, float | str], age: int = 0) -> None:
        """Send one new set of readings."""
        self.number += 1
        named = {str(index): value for index, value in values.items()}
        await self.says({"t": "tele", "n": self.number, "age": age, "r": named})

    async def reports(self, remaining: dict[int, int], **more: Any) -> None:
        """Say what the outputs do: milliseconds left by channel."""
        named = {str(index): left for index, left in remaining.items()}
        await self.says({"t": "state", "a": named, "why": "cmd", **more})

    # --- on and off -----------------------------------------------------------------------------

    async def hang_up(self) -> None:
        """Close the link, as a node does that goes to sleep."""
        if self._socket is not None:
            await self._socket.close()
        for task in [task for task in self._tasks if task.get_name() == "listen"]:
            await task
            self._tasks.remove(task)

    async def drop(self) -> None:
        """Close the link in the midst of an answer: nothing that is said after it arrives."""
        assert self._socket is not None
        await self._socket.close()

    async def closed(self, within: float = 4.0) -> int | None:
        """Wait until Home Assistant has closed the link, and say with which code."""
        await until(lambda: self.close_code is not None, within)
        return self.close_code

    async def keep_dialling(self) -> None:
        """Do what a node's firmware does from power-up: dial until there is a session, for ever."""
        while True:
            if await self.dial() is None:
                await self.hello()
                await asyncio.wait([task for task in self._tasks if task.get_name() == "listen"])
            await asyncio.sleep(REDIAL_S)

    async def power_off(self) -> None:
        """Stop everything."""
        for task in self._tasks:
            if task.get_name() != "listen":
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        await self.hang_up()
        self._tasks.clear()


def random_key() -> bytes:
    """A key as Home Assistant makes one."""
    return os.urandom(32)
