"""Finding Home Assistant.

Packets from anybody, several Home Assistants, and a real responder on loopback.
"""

import asyncio
import os
import random
import socket
import struct
import subprocess

import pytest
from zeroconf import DNSAddress, DNSOutgoing, DNSPointer, DNSService, DNSText

from tests.firmware import rig
from tests.firmware.rig import Board, Home

rig.plantnode()

from plantnode import finder, mdns  # noqa: E402
from plantnode.settings import Settings  # noqa: E402

PROBE = rig.ROOT / "tests" / "firmware" / "mdns_probe.py"
SERVICE = "_home-assistant._tcp.local."
ANSWER = 0x8400


def text(**fields) -> bytes:
    return b"".join(bytes((len(f"{k}={v}"),)) + f"{k}={v}".encode() for k, v in fields.items())


def answer(*homes: tuple[str, str, int, dict]) -> bytes:
    """A responder's packet, made by the library Home Assistant itself uses."""
    out = DNSOutgoing(ANSWER)
    for name, address, port, fields in homes:
        full = f"{name}.{SERVICE}"
        out.add_answer_at_time(DNSPointer(SERVICE, 12, 1, 120, full), 0)
        out.add_additional_answer(DNSService(full, 33, 0x8001, 120, 0, 0, port, f"{name}.local."))
        out.add_additional_answer(DNSText(full, 16, 0x8001, 120, text(**fields)))
        out.add_additional_answer(
            DNSAddress(f"{name}.local.", 1, 0x8001, 120, socket.inet_aton(address))
        )
    return out.packets()[0]


def test_an_answer_with_compressed_names_is_understood():
    packet = answer(
        (
            "home",
            "192.0.2.7",
            8124,
            {"internal_url": "http://h:8124", "base_url": "https://x", "uuid": "u1"},
        )
    )
    ways = finder.candidates(mdns.records(packet))
    assert [(way.url, way.uuid) for way in ways] == [
        ("http://192.0.2.7:8124", "u1"), ("http://h:8124", "u1"), ("https://x", "u1"),
    ]  # fmt: skip


def test_the_question_asks_for_an_answer_to_our_own_port():
    packet = mdns.query(SERVICE, mdns.PTR)
    assert packet[:12] == struct.pack(">6H", 0, 0, 1, 0, 0, 0)
    assert packet[12:] == b"\x0f_home-assistant\x04_tcp\x05local\x00\x00\x0c\x80\x01"
    with pytest.raises(mdns.BadPacketError):
        mdns.query("x" * 64 + ".local", mdns.A)


HEAD = struct.pack(">6H", 0, ANSWER, 0, 1, 0, 0)


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"\0" * 11,
        HEAD,
        HEAD + b"\xc0\x0c" + bytes(10),  # a name that points at itself
        HEAD + b"\x01a\xc0\x0c" + bytes(10),  # a loop of two
        HEAD + b"\xc0\xff" + bytes(10),  # forwards
        HEAD + b"\x3fabc",  # a label longer than the packet
        HEAD + b"\x80abc" + bytes(12),  # a kind of label nobody uses
        HEAD + (b"\x3f" + b"a" * 63) * 5 + b"\0" + bytes(10),  # a name of 320 bytes
        HEAD + b"\0" + struct.pack(">HHIH", 12, 1, 1, 9999),  # a record longer than the packet
        struct.pack(">6H", 0, ANSWER, 0, 65535, 65535, 65535),
        struct.pack(">6H", 0, 0, 0, 1, 0, 0) + bytes(20),  # a question, not an answer
        bytes(2000),
    ],
)
def test_bad_packets_are_bad_packets(packet):
    with pytest.raises(mdns.BadPacketError):
        mdns.records(packet)


def test_garbage_and_damaged_answers_never_do_anything_else():
    good = bytearray(answer(("home", "192.0.2.7", 8124, {"uuid": "u1", "base_url": "http://x"})))
    source = random.Random(1)
    understood = 0
    for _ in range(20_000):
        packet = (
            bytearray(good)
            if source.random() < 0.8
            else bytearray(source.randbytes(source.randrange(200)))
        )
        for _ in range(source.randrange(1, 6)):
            if packet:
                packet[source.randrange(len(packet))] = source.randrange(256)
        try:
            finder.candidates(mdns.records(bytes(packet[: source.randrange(1, 400)])))
            understood += 1
        except mdns.BadPacketError:
            pass
    assert understood > 1000


def test_the_same_in_the_interpreter_of_the_device(tmp_path):
    (tmp_path / "packet").write_bytes(
        answer(("home", "192.0.2.7", 8124, {"uuid": "u1", "base_url": "http://x"}))
    )
    done = subprocess.run(
        [rig.micropython(), str(PROBE), str(tmp_path / "packet")],
        env=os.environ | {"MICROPYPATH": f"{rig.FLASH}:.frozen"},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("2 candidates")


class Keys:
    home = "u2"


async def test_ours_comes_first_and_every_other_in_its_turn(monkeypatch):
    packet = answer(
        ("one", "192.0.2.1", 8123, {"uuid": "u1"}),
        ("two", "192.0.2.2", 8123, {"uuid": "u2"}),
        ("three", "192.0.2.3", 8123, {"uuid": "u3"}),
    )

    async def ask(*_):
        return mdns.records(packet)

    monkeypatch.setattr(mdns, "ask", ask)
    found = finder.Finder(Settings(), Keys())
    urls = [(await found.next()).url for _ in range(4)]
    assert urls == [f"http://192.0.2.{n}:8123" for n in (2, 1, 3, 2)]


async def test_a_url_that_was_flashed_is_all_there_is(monkeypatch):
    monkeypatch.setattr(mdns, "ask", None)
    found = finder.Finder(Settings({"url": "https://home.example"}), Keys())
    assert (await found.next()).url == "https://home.example"


async def test_a_node_finds_home_assistant_through_a_responder(tmp_path):
    home, board = Home(), Board(tmp_path / "node")
    await home.start()
    port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    port.bind(("127.0.0.1", 0))
    port.setblocking(False)
    questions = []

    async def respond():
        loop = asyncio.get_running_loop()
        while True:
            question, who = await loop.sock_recvfrom(port, 2000)
            questions.append(question)
            await loop.sock_sendto(port, b"\xff" * 100, who)
            await loop.sock_sendto(port, HEAD + b"\xc0\x0c" + bytes(10), who)
            await loop.sock_sendto(
                port, answer(("home", "127.0.0.1", home.port, {"uuid": "u9"})), who
            )

    task = asyncio.create_task(respond())
    board.settings(mdns=f"127.0.0.1:{port.getsockname()[1]}")
    await board.start()
    try:
        home.code = await board.code()
        talk = await home.talk()
        await talk.ack("k1")
        assert questions[0] == mdns.query(SERVICE, mdns.PTR)
        await board.until(lambda: '"u9"' in (board.folder / "keys.json").read_text())
    finally:
        await board.kill()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        port.close()
        await home.stop()


async def test_no_answer_is_told_and_tried_again(tmp_path):
    board = Board(tmp_path / "node")
    board.settings(mdns="127.0.0.1:9")
    await board.start()
    try:
        await board.printed("Home Assistant not found")
    finally:
        await board.kill()
