"""The node's WebSocket client against servers that are broken, slow or hostile."""

import asyncio
import base64
import hashlib
import itertools
import os
import re
import ssl
import struct
import subprocess

import pytest
from aiohttp import WSMsgType, web

from tests.firmware import rig

PROBE = rig.ROOT / "tests" / "firmware" / "ws_probe.py"
rig.plantnode()

from plantnode.ws import Address  # noqa: E402

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(opcode: int, data: bytes, *, final: bool = True, size: bytes | None = None) -> bytes:
    """An unmasked frame, with any length field."""
    length = bytes((len(data),)) if len(data) < 126 else b"\x7e" + struct.pack(">H", len(data))
    return bytes((opcode | (0x80 if final else 0),)) + (size or length) + data


async def probe(url: str, idle_ms: int = 1500, seconds: float = 20) -> tuple[list[str], int, int]:
    """What the client said, how long it took (ms), how much memory it held at most."""
    env = os.environ | {"MICROPYPATH": f"{rig.FLASH}:.frozen"}
    process = await asyncio.create_subprocess_exec(
        rig.micropython(), "-X", "heapsize=256k", str(PROBE), url, str(idle_ms),
        env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        out, _ = await asyncio.wait_for(process.communicate(), seconds)
    finally:
        if process.returncode is None:
            process.kill()
    lines = out.decode().splitlines()
    numbers = re.fullmatch(r"ms (\d+) bytes (-?\d+) left (-?\d+)", lines[-1])
    assert numbers, lines
    return lines[:-1], int(numbers[1]), int(numbers[2])


async def against(behave, idle_ms: int = 1500, *, upgrade: bool = True):
    """Run the client against one behaviour of a server."""
    tasks = []

    async def serve(reader, writer):
        tasks.append(asyncio.current_task())
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            if upgrade:
                key = re.search(rb"Sec-WebSocket-Key: (\S+)", request)[1]
                accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
                writer.write(
                    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                    b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n"
                )
            await behave(reader, writer)
        except ConnectionError, asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        return await probe(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", idle_ms)
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def sends(*parts: bytes, pause: float = 0.0, then: float = 5.0):
    """A server that sends parts and then says nothing for a while."""

    async def behave(_reader, writer):
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        await asyncio.sleep(then)

    return behave


TOO_MUCH = b"".join(
    [frame(2, b"x" * 16384, final=False)] + [frame(0, b"x" * 16384, final=False)] * 2
)


@pytest.mark.parametrize(
    ("bytes_sent", "said"),
    [
        (frame(2, b"x" * 32769), "closed: frame length"),
        (frame(2, b"", size=b"\x7f" + struct.pack(">Q", 2**63 - 1)), "closed: frame length"),
        (frame(2, b"", size=b"\x7f" + struct.pack(">Q", 2**32)), "closed: frame length"),
        (frame(9, b"x" * 126), "closed: frame length"),
        (frame(9, b"x", final=False), "closed: frame length"),
        (frame(0x42, b"x"), "closed: frame"),
        (b"\x82\x81\0\0\0\0x", "closed: frame"),
        (frame(0, b"x"), "closed: fragment"),
        (frame(2, b"x", final=False) + frame(2, b"y"), "closed: fragment"),
        (frame(3, b"x"), "closed: fragment"),
(TOO_MUCH, "closed: message length"),
        (frame(8, struct.pack(">H", 4401)), "closed: code 4401"),
        (os.urandom(4096), "closed: "),
    ],
    ids=itertools.count(),
)  # fmt: skip
async def test_broken_frames_end_it(bytes_sent, said):
    lines, ms, most = await against(sends(bytes_sent))
    assert lines[-1].startswith(said)
    assert ms < 3000
    assert most < 120_000


async def test_good_frames_of_every_length_arrive():
    parts = [frame(2, b"x" * n) for n in (0, 1, 125, 126, 32768)]
    fragments = frame(1, b"ab", final=False) + frame(9, b"ping") + frame(0, b"c")
    lines, _, _ = await against(sends(*parts, fragments, then=3))
    assert lines == [f"message 2 {n}" for n in (0, 1, 125, 126, 32768)] + [
        "message 1 3",
        "closed: timeout: silence",
    ]


async def test_one_byte_a_second_is_too_slow():
    async def behave(_reader, writer):
        for byte in frame(2, b"x" * 100):
            writer.write(bytes((byte,)))
            await writer.drain()
            await asyncio.sleep(0.3)

    lines, ms, _ = await against(behave, idle_ms=2000)
    assert lines == ["closed: timeout: silence"]
    assert 1900 < ms < 4000


async def test_endless_fragments_end():
    async def behave(_reader, writer):
        writer.write(frame(2, b"", final=False))
        while True:
            writer.write(frame(0, b"", final=False))
            await writer.drain()
            await asyncio.sleep(0.01)

    lines, ms, most = await against(behave)
    assert lines == ["closed: timeout: silence"]
    assert 9_000 < ms < 14_000
    assert most < 50_000


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 404 Not Found\r\n\r\n",
        b"HTTP/1.1 101 Sure\r\nSec-WebSocket-Accept: bm8=\r\n\r\n",
        b"\0" * 100_000,
        b"A: b\r\n" * 20_000,
    ],
    ids=itertools.count(),
)  # fmt: skip
async def test_no_upgrade_no_socket(answer):
    async def behave(_reader, writer):
        writer.write(answer)
        await writer.drain()

    lines, ms, _ = await against(behave, upgrade=False)
    assert lines[-1].startswith("closed: ")
    assert ms < 3000


async def test_a_flood_of_pings_is_answered_and_does_not_grow():
    async def behave(reader, writer):
        async def take():
            while await reader.read(65536):
                pass

        task = asyncio.create_task(take())
        for _ in range(3000):
            writer.write(frame(9, b"x" * 125))
        writer.write(frame(2, b"still here"))
        await writer.drain()
        await asyncio.sleep(2)
        task.cancel()

    lines, _, most = await against(behave, idle_ms=15_000)
    assert lines[0] == "message 2 10"
    assert most < 50_000


async def test_nobody_listens():
    lines, ms, _ = await probe("http://127.0.0.1:1")
    assert lines[-1].startswith("closed: ")
    assert ms < 3000


def make_certificate(folder):
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=home -days 2"
    files = ["-keyout", folder / "key", "-out", folder / "crt"]
    subprocess.run(["openssl", *words.split(), *files], check=True, capture_output=True)


async def test_over_tls_with_a_certificate_nobody_signed(tmp_path):
    make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "crt", tmp_path / "key")

    async def serve(request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_bytes(b"echo")
        answer = await socket.receive(5)
        assert answer.type is WSMsgType.BINARY
        assert answer.data == bytes(300)
        await socket.send_str("seen")
        await socket.close(code=4409)
        return socket

    app = web.Application()
    app.add_routes([web.get("/x", serve)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    try:
        lines, _, _ = await probe(f"https://127.0.0.1:{site._server.sockets[0].getsockname()[1]}")
    finally:
        await runner.cleanup()
    assert lines == ["message 2 4", "message 1 4", "closed: code 4409"]


def test_addresses():
    seen = {
        "http://homeassistant.local:8123": ("homeassistant.local", 8123, "", False),
        "https://home.example": ("home.example", 443, "", True),
        "https://home.example/ha/": ("home.example", 443, "/ha", True),
        "ws://[::1]:8123/": ("::1", 8123, "", False),
        "http://192.0.2.1": ("192.0.2.1", 80, "", False),
    }
    for url, expected in seen.items():
        address = Address(url)
        assert (address.host, address.port, address.path, address.secure) == expected
    for url in (
        "",
        "home.example",
        "ftp://x",
        "http://",
        "http://x:99999",
        "http://x:y",
        "http://u:p@x",
        "http://x:0",
        "http://x/\r\nEvil: 1",
        "http://x/a b",
        "http://x/?a=b",
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - int() words its own
            Address(url)
