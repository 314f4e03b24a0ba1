"""The peer: a broker on loopback and MQTT 3.1.1 packets as bytes, QoS 0, as people publish them."""

import asyncio
import json
import shutil
import subprocess
import time
from pathlib import Path

from .values import SENSORS, hardware_id

_CONNECT, _PUBLISH, _RETAIN = 0x10, 0x30, 0x01
_CONNECTED = b"\x20\x02\x00\x00"


def _length(size: int) -> bytes:
    out = bytearray()
    while True:
        size, low = divmod(size, 128)
        out.append(low | (0x80 if size else 0))
        if not size:
            return bytes(out)


def _text(value: str) -> bytes:
    data = value.encode()
    return len(data).to_bytes(2, "big") + data


def connect_packet(client: str) -> bytes:
    """CONNECT with a clean session and no keep-alive."""
    body = _text("MQTT") + bytes((4, 2, 0, 0)) + _text(client)
    return bytes((_CONNECT,)) + _length(len(body)) + body


def publish_packet(topic: str, payload: bytes, *, retain: bool = False) -> bytes:
    """PUBLISH with QoS 0."""
    body = _text(topic) + payload
    return bytes((_PUBLISH | (_RETAIN if retain else 0),)) + _length(len(body)) + body


def state_topic(node: str) -> str:
    """Where the readings of a node go, as one JSON object."""
    return f"plants/{node}/state"


def discovery(node: str) -> list[tuple[str, bytes]]:
    """Topics and payloads of Home Assistant's MQTT discovery for the six sensors of one node."""
    device = {"identifiers": [node], "name": node, "manufacturer": "peer", "model": "JSON"}
    return [
        (
            f"homeassistant/sensor/{node}/{kind}/config",
            json.dumps(
                {
                    "unique_id": f"{node}_{kind}",
                    "device_class": device_class,
                    "unit_of_measurement": unit,
                    "state_class": "measurement",
                    "state_topic": state_topic(node),
                    "value_template": f"{{{{ value_json.{kind} }}}}",
                    "device": device,
                }
            ).encode(),
        )
        for device_class, unit, kind, _ in SENSORS
    ]


class Broker:
    """mosquitto on a free loopback port, private to one run."""

    def __init__(self, folder: Path, port: int) -> None:
        """Write its configuration; queues are unlimited, so that it never drops what it took."""
        self.port = port
        self._config = folder / "mosquitto.conf"
        self._config.write_text(
            f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n"
            "max_queued_messages 0\nset_tcp_nodelay true\nlog_dest none\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens; raises `FileNotFoundError` without mosquitto."""
        binary = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
        if binary is None:
            msg = "mosquitto is not installed: the peer cannot be measured"
            raise FileNotFoundError(msg)
        self._process = subprocess.Popen([binary, "-c", str(self._config)])
        asyncio.run(self._wait())

    async def _wait(self) -> None:
        for _ in range(100):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
        msg = "mosquitto does not listen"
        raise TimeoutError(msg)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)


class Publisher:
    """One connection to the broker that publishes for all nodes."""

    def __init__(self, count: int) -> None:
        """For nodes number 0 to `count` − 1."""
        self.nodes = [hardware_id(index) for index in range(count)]
        self.writer: asyncio.StreamWriter

    async def connect(self, port: int) -> None:
        """Connect and announce every node (retained)."""
        reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        self.writer.write(connect_packet(f"load{time.monotonic_ns()}"))
        if await reader.readexactly(4) != _CONNECTED:
            msg = "the broker refuses"
            raise ConnectionError(msg)
        for node in self.nodes:
            for topic, payload in discovery(node):
                self.writer.write(publish_packet(topic, payload, retain=True))
        await self.writer.drain()

    async def close(self) -> None:
        """Disconnect."""
        self.writer.close()
        await self.writer.wait_closed()
