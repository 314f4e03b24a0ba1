"""What the tests of the node need: the real interpreter, a bench for its pins, and a small Home
Assistant.

The little Home Assistant speaks the protocol with the integration's own protocol package, so that
both implementations check each other.
"""

import asyncio
import contextlib
import json
import os
import shutil
import sys
import time
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import WSMsgType, web

from custom_components.plant_vita.protocol import handshake, messages, pairing
from custom_components.plant_vita.protocol.seal import FrameType

ROOT = Path(__file__).resolve().parents[2]
FLASH = ROOT / "firmware" / "esp32"
PORT = ROOT / "firmware" / "simulator" / "port"
PATH = "/api/plant_vita/v1/node"
NODE_ID = "a4cf12000001"
SETTINGS = {"board": "esp32dev", "ssid": "garden", "password": "secret", "sample": 1, "every": 5}


def micropython() -> str:
    """The interpreter: $MICROPYTHON, on PATH, or where scripts/setup puts it."""
    found = os.environ.get("MICROPYTHON") or shutil.which("micropython")
    if found:
        return found
    places = sorted((ROOT / ".cache").glob("**/usr/bin/micropython"))
    if not places:
        raise FileNotFoundError("micropython: run scripts/setup")
    return str(places[0])


def plantnode():
    """Make the node's own package importable by CPython."""
    if str(FLASH) not in sys.path:
        sys.path.insert(0, str(FLASH))


@dataclass
class Pin:
    """An edge as the bench saw it: when (board's µs), which pin, to which level."""

    at: int
    number: int
    level: int


class Board:
    """One simulated ESP32 with a bench that answers its sensors and records its pins."""

    def __init__(
        self, folder: Path, *, flash: Path = FLASH, env: dict | None = None, radio=None
    ) -> None:
        self.folder, self.flash, self.env, self.radio = folder, flash, env or {}, radio
        self.pins: list[Pin] = []
        self.inputs: dict[str, int] = {}
        self.output: list[str] = []
        self.told: list[list] = []
        self.photo: bytes | None = None
        self.cause, self.rtc = 1, ""
        self.process = self.writer = self.server = self.bench = None
        self.started = 0.0

    def settings(self, **changed) -> None:
        """Write the settings of the node."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "settings.json").write_text(json.dumps({**SETTINGS, **changed}))

    def provision(self, *, key: bytes | None = None) -> None:
        """What a person's hand leaves on a new node: an empty ledger.

        With `key`, paired already.
        """
        plantnode()
        from plantnode import files, ledger  # noqa: PLC0415 - the path is set now

        before = files.use(files.Medium(), f"{self.folder}/")
        ledger.provision()
        files.use(before, "")
        if key:
            kept = {"kid": 1, "k": list(key), "code": "", "home": ""}
            (self.folder / "keys.json").write_text(json.dumps(kept))

    def change(self, before: str) -> None:
        """Run `before` ahead of the node's own main program: a fault to be planted."""
        flash = self.folder.with_name(self.folder.name + "-flash")
        flash.mkdir(exist_ok=True)
        (flash / "plantnode").unlink(missing_ok=True)
        (flash / "plantnode").symlink_to(FLASH / "plantnode")
        for name in ("boot.py", "slots.py"):
            shutil.copy(FLASH / name, flash)
        (flash / "main.py").write_text(before + "\n" + (FLASH / "main.py").read_text())
        self.flash = flash

    async def start(self) -> None:
        """Power up; again after `kill`."""
        self.pins.clear()
        self.told.clear()
        self.output.clear()
        self.bench = self.writer = None
        self.first_edge = 0.0
        self.server = await asyncio.start_server(self._bench, "127.0.0.1", 0)
        env = (
            os.environ
            | self.env
            | {
                "MICROPYPATH": f"{PORT}:{self.flash}:.frozen",
                "PLANTNODE_BENCH": str(self.server.sockets[0].getsockname()[1]),
                "PLANTNODE_TOKEN": "bench",
                "PLANTNODE_DIR": str(self.folder),
            }
        )
        self.started = time.monotonic()
        self.process = await asyncio.create_subprocess_exec(
            micropython(), "-X", "heapsize=2m", str(PORT / "power_up.py"), str(self.flash),
            env=env, cwd=self.folder, stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, limit=1 << 20,
        )  # fmt: skip
        self.reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for line in self.process.stdout:
            self.output.append(line.decode(errors="replace").rstrip())

    async def _bench(self, reader, writer) -> None:
        await reader.readline()
        self.writer, self.powered = writer, time.monotonic()
        self.bench = asyncio.current_task()
        if self.radio:
            self.radio.attach(lambda order: self.order(**order), NODE_ID)
        boot = {"id": NODE_ID, "cause": self.cause, "in": self.inputs, "rtc": self.rtc,
                "input_only": [34, 35, 36, 39], "wake": 4}  # fmt: skip
        writer.write(json.dumps(boot).encode() + b"\n")
        with contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                self._hear(json.loads(line))

    def _hear(self, what: list) -> None:
        self.told.append(what)
        if what[0] == "pin":
            self.first_edge = self.first_edge or time.monotonic()
            self.pins.append(Pin(what[3], what[1], what[2]))
        elif what[0] == "rtc":
            self.rtc = what[1]
        elif what[0] == "ble" and self.radio:
            self.radio.hear(what[1:-1])
        elif what[0] == "ask":
            self.order(answer=self.reading(what[1]))

    def reading(self, kind: str):
        """What a sensor says: 1.5 V, or nobody there. A camera shows `photo`."""
        if kind == "camera" and self.photo is not None:
            return b64encode(self.photo).decode()
        return 1_500_000 if kind == "adc" else {"errno": 19}

    def order(self, **orders) -> None:
        """Tell the board's hardware something."""
        self.writer.write(json.dumps(orders).encode() + b"\n")

    def drive(self, pin: int, level: int) -> None:
        """Put a level on an input pin."""
        self.inputs[str(pin)] = level
        self.order(**{"in": {str(pin): level}})

    def level(self, pin: int) -> int:
        """The present level of an output pin; 0 where it was never driven."""
        return next((edge.level for edge in reversed(self.pins) if edge.number == pin), 0)

    async def until(self, check, seconds: float = 10.0):
        """Wait until `check()` is true, and give what it gave."""
        end = time.monotonic() + seconds
        while not (value := check()):
            if time.monotonic() > end:
                raise TimeoutError("\n".join(self.output[-30:]))
            await asyncio.sleep(0.005)
        return value

    async def printed(self, text: str, seconds: float = 10.0) -> str:
        """Wait for a line of the console."""
        return await self.until(
            lambda: next((line for line in self.output if text in line), None), seconds
        )

    async def kill(self) -> None:
        """Pull the plug."""
        if self.process and self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        if self.radio:
            self.radio.fall()
        await self.reader
        if self.bench:
            await self.bench
            self.writer.close()
        self.server.close()

    async def code(self) -> str:
        """The pairing code from the console."""
        return pairing.normalise_code((await self.printed("pairing code:")).split(": ")[1])


async def until(check, seconds: float = 8.0):
    """Wait until `check()` is true, and give what it gave."""
    end = time.monotonic() + seconds
    while not (value := check()):
        if time.monotonic() > end:
            raise TimeoutError
        await asyncio.sleep(0.005)
    return value


PUMP_PIN, PUMP = 26, 32
SECOND_PIN, SECOND = 27, 33


@contextlib.asynccontextmanager
async def paired(
    folder: Path, *, parts=("soil", "pump"), before: str = "", inputs=None, home=None, **settings
):
    """A running node in a session with the little Home Assistant: (board, home, talk)."""
    home = home or Home()
    board = Board(folder / "node", radio=home.radio)
    await home.start()
    home.keys[1] = os.urandom(32)
    board.settings(**{"parts": list(parts), **home.reached_by, **settings})
    board.provision(key=home.keys[1])
    board.inputs.update(inputs or {})
    if before:
        board.change(before)
    await board.start()
    try:
        talk = await home.talk()
        await talk.wait("state")
        yield board, home, talk
    finally:
        await board.kill()
        await home.stop()


@dataclass
class Talk:
    """One session of the node with the little Home Assistant."""

    socket: web.WebSocketResponse
    session: object
    dial: handshake.Dial
    heard: list = field(default_factory=list)
    pieces: list[bytes] = field(default_factory=list)

    async def send(self, message: bytes) -> None:
        """Seal and send."""
        await self.socket.send_bytes(self.session.seal(message))

    async def command(self, name: str, op: str, **fields) -> None:
        """Send a command."""
        await self.send(json.dumps({"t": "cmd", "c": name, "op": op, **fields}).encode())

    def of(self, kind: str) -> list[dict]:
        """What the node said, of one type."""
        return [message for message in self.heard if message["t"] == kind]

    async def wait(self, kind: str, check=lambda message: True, seconds: float = 8.0) -> dict:
        """The first message of a type that passes `check`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for message in self.of(kind):
                if check(message):
                    return message
            await asyncio.sleep(0.005)
        raise TimeoutError(f"{kind}: {self.heard[-10:]}")

    async def wait_any(self, check, seconds: float = 8.0) -> dict:
        """The first message of any type that passes `check`."""
        return await until(lambda: next(filter(check, self.heard), None), seconds)

    async def ack(self, name: str) -> dict:
        """The answer to a command."""
        return await self.wait("ack", lambda message: message["c"] == name)


class Home:
    """Just enough of Home Assistant: pairs, greets, confirms, keeps everything it hears."""

    radio = None  # of its node, where it has one

    def __init__(self) -> None:
        self.keys: dict[int, bytes] = {}
        self.code = ""
        self.rekey, self.confirm, self.greet = True, True, True
        self.talks: list[Talk] = []
        self.dials: list[handshake.Dial] = []
        self.refusals: list[str] = []
        self.port = 0
        self.now = time.time
        self.stored: dict[tuple[str, int], tuple[float, dict]] = {}
        self.forge = False

    async def start(self, port: int = 0) -> None:
        """Listen."""
        app = web.Application()
        app.add_routes([web.get(PATH, self._serve)])
        self.runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self.runner.setup()
        self.site = web.TCPSite(self.runner, "127.0.0.1", port)
        await self.site.start()
        self.port = self.site._server.sockets[0].getsockname()[1]

    @property
    def url(self) -> str:
        """What goes into the settings."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def reached_by(self) -> dict:
        """What goes into the settings of a node, all in all."""
        return {"url": self.url}

    async def stop(self) -> None:
        """Gone."""
        await self.runner.cleanup()

    async def _serve(self, request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=32768)
        await socket.prepare(request)
        await self.converse(socket)
        return socket

    async def converse(self, socket) -> None:
        """Serve one caller until it hangs up."""
        dial = handshake.parse_dial((await socket.receive(5)).data)
        self.dials.append(dial)
        key = self.keys.get(dial.kid)
        if dial.kid == 0 and self.code:
            key = pairing.key_from_code(self.code, dial.hardware_id)
        if key is None:
            await socket.send_str('{"err":"unpaired"}')
            await socket.close(code=4401)
            return
        text, session = handshake.answer(dial, bytes(32) if self.forge else key)
        await socket.send_str(text)
        talk = Talk(socket, session, dial)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.refusals.append(json.loads(message.data)["err"])
            elif message.type is WSMsgType.BINARY:
                kind, text = session.open(message.data)
                if kind == FrameType.PIECE:
                    talk.pieces.append(text)
                else:
                    await self._hear(talk, text)

    async def _hear(self, talk: Talk, text: bytes) -> None:
        assert messages.decode(text) is not None  # the integration must understand it too
        message = json.loads(text)
        talk.heard.append(message)
        if message["t"] == "hello":
            self.talks.append(talk)
            if self.greet:
                await talk.send(messages.encode_greeting(self.now()))
            if talk.dial.kid == 0 and self.rekey:
                self.keys[1] = os.urandom(32)
                await talk.send(messages.encode_key("k1", 1, self.keys[1]))
        if message["t"] in ("tele", "past"):
            await self._store(talk, message)

    async def _store(self, talk: Talk, message: dict) -> None:
        boot = message.get("b") or talk.of("hello")[0]["boot"]
        now = self.now()
        entries = [[message["age"]]] if message["t"] == "tele" else message["p"]
        for offset, entry in enumerate(entries):
            flat = dict(zip(map(str, entry[1::2]), entry[2::2], strict=True))
            self.stored[boot, message["n"] + offset] = (
                now - entry[0] / 1000,
                message.get("r", flat),
            )
        if self.confirm:
            number = message["n"] + len(entries) - 1
            await talk.send(messages.encode_confirmation(boot, number))

    async def talk(self, count: int = 1, seconds: float = 15.0) -> Talk:
        """The node's `count`-th session."""
        end = time.monotonic() + seconds
        while len(self.talks) < count:
            if time.monotonic() > end:
                raise TimeoutError("no session")
            await asyncio.sleep(0.01)
        return self.talks[count - 1]
