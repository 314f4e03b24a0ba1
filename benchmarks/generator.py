"""The load, in a process of its own: JSON commands on stdin, one JSON answer a line on stdout.

Frames are sealed before the clock starts. Times are nanoseconds of CLOCK_MONOTONIC, which every
process on the machine shares.
"""

import asyncio
import json
import sys
import time
from typing import Any, Protocol

from .keeping import Keeper
from .loadnode import Identity, LoadNode, RefusedError
from .mqtt import Publisher, publish_packet, state_topic
from .values import by_kind, hardware_id, report
from .websocket import ClosedError, Opcode, WebSocket, dial, frame

_CHUNK = 10
_DIALS_AT_ONCE = 12

type Json = dict[str, Any]


class Load(Protocol):
    """One path into Home Assistant, for `count` nodes."""

    count: int

    async def connect(self) -> None:
        """Get every node ready to send."""

    def packet(self, node: int, number: int) -> bytes:
        """Report `number` of a node, ready to write; a node's reports in rising order."""

    def writer(self, node: int) -> asyncio.StreamWriter:
        """The stream a node's packets go into."""

    def alive(self) -> int:
        """How many nodes are still connected."""

    async def close(self) -> None:
        """Hang up."""


class ProductLoad:
    """Our own sealed WebSocket, one connection for each node."""

    def __init__(self, port: int, identities: list[Json], *, through_broker: bool = False) -> None:
        """`identities` as `Identity.as_json` gives them; the port is a broker's if so."""
        self._port = port
        self.nodes = [
            LoadNode(Identity.from_json(fields), through_broker=through_broker)
            for fields in identities
        ]
        self.count = len(self.nodes)

    async def connect(self) -> None:
        """A dozen handshakes at a time; the product allows 32."""
        gate = asyncio.Semaphore(_DIALS_AT_ONCE)

        async def one(node: LoadNode) -> None:
            async with gate:
                await node.connect_patiently("127.0.0.1", self._port)

        await asyncio.gather(*(one(node) for node in self.nodes))

    def packet(self, node: int, number: int) -> bytes:
        """A sealed `tele` in a WebSocket frame."""
        message = {"t": "tele", "n": number, "age": 0, "r": report(number)}
        return self.nodes[node].seal(message)

    def writer(self, node: int) -> asyncio.StreamWriter:
        """Each node has its own connection."""
        return self.nodes[node].writer

    def alive(self) -> int:
        """Sessions still open."""
        return sum(node.connected for node in self.nodes)

    async def close(self) -> None:
        """End every session."""
        await asyncio.gather(*(node.close() for node in self.nodes))


class PlainLoad:
    """The least a WebSocket can do, into the probe's own view: JSON without a seal."""

    def __init__(self, port: int, count: int) -> None:
        """`port` is Home Assistant's."""
        self._port = port
        self._sockets: list[WebSocket] = []
        self.count = count

    async def connect(self) -> None:
        """One connection for each node."""
        for index in range(self.count):
            socket = await dial("127.0.0.1", self._port, "/api/bench_probe/plain")
            socket.write(Opcode.TEXT, str(index).encode())
            self._sockets.append(socket)

    def packet(self, node: int, number: int) -> bytes:  # noqa: ARG002 - the connection says it
        """The message that ours would seal."""
        message = {"t": "tele", "n": number, "age": 0, "r": report(number)}
        return frame(Opcode.BINARY, json.dumps(message, separators=(",", ":")).encode())

    def writer(self, node: int) -> asyncio.StreamWriter:
        """Each node has its own connection."""
        return self._sockets[node].writer

    def alive(self) -> int:
        """Connections that nobody has closed."""
        return sum(not socket.reader.at_eof() for socket in self._sockets)

    async def close(self) -> None:
        """Hang up."""
        for socket in self._sockets:
            await socket.close()


class MqttLoad:
    """MQTT: one connection to the broker for all nodes, which favours it if anything."""

    def __init__(self, port: int, count: int) -> None:
        """`port` is the broker's."""
        self._port = port
        self._publisher = Publisher(count)
        self.count = count

    async def connect(self) -> None:
        """Connect and announce."""
        await self._publisher.connect(self._port)

    def packet(self, node: int, number: int) -> bytes:
        """One JSON object in one PUBLISH."""
        payload = json.dumps(by_kind(number), separators=(",", ":")).encode()
        return publish_packet(state_topic(hardware_id(node)), payload)

    def writer(self, node: int) -> asyncio.StreamWriter:  # noqa: ARG002 - one stream for all
        """The same for all."""
        return self._publisher.writer

    def alive(self) -> int:
        """The broker connection carries all or none."""
        return 0 if self._publisher.writer.is_closing() else self.count

    async def close(self) -> None:
        """Disconnect."""
        await self._publisher.close()


class Generator:
    """Carries out the commands of the benchmark."""

    def __init__(self) -> None:
        """No load yet."""
        self._load: Load
        self._numbers: list[int] = []
        self._ready: list[list[bytes]] = []
        self._keepers: list[Keeper] = []
        self._lives: list[asyncio.Task[None]] = []

    async def connect(self, kind: str, port: int, count: int, identities: list[Json]) -> Json:
        """Open the path `kind` (`product`, `product_mqtt`, `plain` or `mqtt`)."""
        if kind.startswith("product"):
            self._load = ProductLoad(port, identities, through_broker=kind == "product_mqtt")
        else:
            self._load = PlainLoad(port, count) if kind == "plain" else MqttLoad(port, count)
        began = time.monotonic()
        await self._load.connect()
        self._numbers = [0] * self._load.count
        return {"seconds": time.monotonic() - began}

    def _next(self, node: int) -> bytes:
        self._numbers[node] += 1
        return self._load.packet(node, self._numbers[node])

    async def prepare(self, each: int) -> Json:
        """Seal `each` reports for every node."""
        self._ready = [[self._next(node) for _ in range(each)] for node in range(self._load.count)]
        return {"numbers": self._numbers}

    async def blast(self) -> Json:
        """Write what was prepared as fast as the other end takes it, nodes in turn."""
        began = time.monotonic_ns()
        most = max(map(len, self._ready))
        for start in range(0, most, _CHUNK):
            for node, packets in enumerate(self._ready):
                writer = self._load.writer(node)
                writer.write(b"".join(packets[start : start + _CHUNK]))
            await asyncio.sleep(0)
        for node in range(self._load.count):
            await self._load.writer(node).drain()
        self._ready = []
        return {"began_ns": began, "ended_ns": time.monotonic_ns(), "alive": self._load.alive()}

    async def pace(self, rate: float, seconds: float) -> Json:
        """Send `rate` reports/s in all, nodes in turn; answers the send times of every node."""
        sent: list[list[int]] = [[] for _ in range(self._load.count)]
        turns = int(rate * seconds)
        # Sealing between two sends would cool the caches of the path that is measured.
        packets = [self._next(turn % self._load.count) for turn in range(turns)]
        began = time.monotonic()
        for turn, packet in enumerate(packets):
            node = turn % self._load.count
            write = self._load.writer(node).write
            wait = began + turn / rate - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            sent[node].append(time.monotonic_ns())
            write(packet)
        return {"sent_ns": sent, "numbers": self._numbers, "alive": self._load.alive()}

    async def flood(self, rate: float, seconds: float) -> Json:
        """Every node sends `rate` reports/s and dials again as soon as it is thrown out."""
        assert isinstance(self._load, ProductLoad)
        port, until = self._load._port, time.monotonic() + seconds  # noqa: SLF001 - our own
        counts = await asyncio.gather(
            *(_flood_one(node, port, rate, until) for node in self._load.nodes)
        )
        sent, closed = (sum(column) for column in zip(*counts, strict=True))
        return {"sent": sent, "closed": closed}

    async def keep(self, seconds: float, patience: float) -> Json:
        """Begin to measure once a second, for so long; see `kept`."""
        assert isinstance(self._load, ProductLoad)
        for node, number in zip(self._load.nodes, self._numbers, strict=True):
            node.number = number
        port = self._load._port  # noqa: SLF001 - our own
        self._keepers = [Keeper(node, port) for node in self._load.nodes]
        lives = (keeper.live(seconds, patience) for keeper in self._keepers)
        self._lives = [asyncio.create_task(life) for life in lives]
        return {}

    async def hand_over(self, identities: list[Json]) -> Json:
        """Give every node the key of another Home Assistant, and hang up."""
        for keeper, fields in zip(self._keepers, identities, strict=True):
            await keeper.hand_over(Identity.from_json(fields))
        return {}

    async def kept(self) -> Json:
        """Wait until all is confirmed or patience has ended: what came of what was measured."""
        await asyncio.gather(*self._lives)
        measured = sum(one.number for one in self._keepers) - sum(self._numbers)
        self._numbers = [keeper.number for keeper in self._keepers]
        return {
            "measured": measured,
            "unconfirmed": sum(one.number - one.node.confirmed for one in self._keepers),
            "dials": sum(one.dials for one in self._keepers) / len(self._keepers),
        }

    async def confirmed(self) -> Json:
        """The newest report of each node that Home Assistant says is on its disk."""
        assert isinstance(self._load, ProductLoad)
        return {"numbers": [node.confirmed for node in self._load.nodes]}

    async def close(self) -> Json:
        """Hang up."""
        await self._load.close()
        return {}


async def _flood_one(node: LoadNode, port: int, rate: float, until: float) -> tuple[int, int]:
    sent = closed = 0
    while time.monotonic() < until:
        if not node.connected:
            closed += 1
            try:
                await node.connect("127.0.0.1", port, time_limit_s=5)
            except RefusedError, ClosedError, TimeoutError, OSError:
                await asyncio.sleep(0.5)
                continue
        node.send(node.telemetry(report(node.number + 1)))
        sent += 1
        await asyncio.sleep(1 / rate)
    return sent, closed


async def _serve() -> None:
    generator = Generator()
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        command = json.loads(line)
        do = command.pop("do")
        try:
            answer = await getattr(generator, do)(**command)
        except Exception as error:  # noqa: BLE001 - it is reported to the other process
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_serve())
