import asyncio
import json
import os

import pytest

from benchmarks.loadnode import (
    Identity,
    LoadNode,
    RefusedError,
    Sealer,
    hkdf,
    key_from_code,
)
from benchmarks.values import report
from benchmarks.websocket import Opcode, frame
from custom_components.plant_vita.protocol import messages
from custom_components.plant_vita.protocol.handshake import answer, parse_dial
from custom_components.plant_vita.protocol.pairing import key_from_code as product_key
from custom_components.plant_vita.protocol.seal import Direction, Session


def test_hkdf_is_rfc_5869_case_1() -> None:
    derived = hkdf(
        bytes([0x0B] * 22),
        bytes.fromhex("000102030405060708090a0b0c"),
        bytes.fromhex("f0f1f2f3f4f5f6f7f8f9"),
        42,
    )
    assert derived.hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


def test_a_code_gives_the_key_the_product_expects() -> None:
    assert key_from_code("abcd-efgh-ijkl-mnop", "node1") == product_key("ABCDEFGHIJKLMNOP", "node1")


def test_what_the_node_seals_the_product_opens_and_the_other_way_round() -> None:
    identity = Identity(hardware_id="node1", kid=7, key=bytes(range(32)))
    own, other, sid = os.urandom(16), os.urandom(16), os.urandom(8)
    node = Sealer(identity, own + other, sid)
    home = Session(
        identity.key,
        Direction.FROM_HOME,
        node=b"node1",
        kid=7,
        node_nonce=own,
        home_nonce=other,
        session=sid,
    )
    for text in (b"{}", b"0123456789abcdef", b"x" * 4096):
        assert home.open(node.seal(text)) == (1, text)
        assert node.open(home.seal(text)) == text


def test_a_frame_that_was_touched_does_not_open() -> None:
    identity = Identity(hardware_id="node1", kid=7, key=bytes(32))
    sealed = bytearray(Sealer(identity, bytes(32), bytes(8)).seal(b"{}"))
    sealed[3] = 1  # as if Home Assistant had sent it
    with pytest.raises(ValueError, match="verify"):
        Sealer(identity, bytes(32), bytes(8)).open(bytes(sealed))


@pytest.mark.parametrize(
    ("size", "head"),
    [(125, "82fd"), (126, "82fe007e"), (65535, "82feffff"), (65536, "82ff0000000000010000")],
)
def test_a_frame_is_masked_with_zeros(size: int, head: str) -> None:
    sent = frame(Opcode.BINARY, b"x" * size)
    assert sent == bytes.fromhex(head) + bytes(4) + b"x" * size


class FakeHome:
    """The product's protocol behind the plainest WebSocket server."""

    def __init__(self, key: bytes | None) -> None:
        self.key = key
        self.heard: list[object] = []
        self.session: Session | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
        dial = parse_dial(await self.receive(reader))
        if self.key is None:
            self.put(1, b'{"err":"unknown"}')
            return
        text, self.session = answer(dial, self.key)
        self.put(1, text.encode())
        try:
            while True:
                message = messages.decode(self.session.open(await self.receive(reader))[1])
                self.heard.append(message)
                if len(self.heard) == 1:
                    self.say(messages.encode_greeting(1000.0))
        except asyncio.IncompleteReadError:
            writer.close()

    def say(self, plain: bytes) -> None:
        assert self.session is not None
        self.put(2, self.session.seal(plain))

    def put(self, opcode: int, payload: bytes) -> None:
        assert self.writer is not None
        size = len(payload)
        head = (
            bytes((0x80 | opcode, size))
            if size < 126
            else bytes((0x80 | opcode, 126)) + size.to_bytes(2, "big")
        )
        self.writer.write(head + payload)

    @staticmethod
    async def receive(reader: asyncio.StreamReader) -> bytes:
        size = (await reader.readexactly(2))[1] & 0x7F
        if size == 126:
            size = int.from_bytes(await reader.readexactly(2), "big")
        await reader.readexactly(4)
        return await reader.readexactly(size)


async def _until(condition) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.005)
    pytest.fail("waited in vain")


async def test_a_node_shakes_hands_sends_and_takes_confirmations(socket_enabled) -> None:
    identity = Identity.new("bench0001")
    home = FakeHome(identity.key)
    server = await asyncio.start_server(home.serve, "127.0.0.1", 0)
    node = LoadNode(identity)
    await node.connect("127.0.0.1", server.sockets[0].getsockname()[1])
    node.send(node.telemetry(report(3)))
    await _until(lambda: len(home.heard) == 2)
    telemetry = home.heard[1]
    assert isinstance(telemetry, messages.Telemetry)
    assert telemetry.sets[0].number == 1
    assert telemetry.sets[0].values == {0: 0.3, 1: 0.03, 2: 50.3, 3: 3.0, 4: 3.0, 5: 3.0}
    home.say(messages.encode_confirmation(identity.boot, 1))
    home.say(messages.encode_key("c1", 2, bytes(range(32))))
    await _until(lambda: len(home.heard) == 3)
    assert node.confirmed == 1
    assert node.home_time_ms == 1_000_000
    assert (identity.kid, identity.key) == (2, bytes(range(32)))
    assert home.heard[2] == messages.Acknowledgement(command_id="c1", error=None, retry_ms=None)
    await node.close()
    server.close()


async def test_a_node_does_not_believe_a_home_without_its_key(socket_enabled) -> None:
    home = FakeHome(bytes(32))
    server = await asyncio.start_server(home.serve, "127.0.0.1", 0)
    node = LoadNode(Identity.new("bench0001"))
    with pytest.raises(ValueError, match="proof"):
        await node.connect("127.0.0.1", server.sockets[0].getsockname()[1])
    server.close()


async def test_a_refused_node_says_which_word(socket_enabled) -> None:
    home = FakeHome(None)
    server = await asyncio.start_server(home.serve, "127.0.0.1", 0)
    node = LoadNode(Identity.new("bench0001"))
    with pytest.raises(RefusedError) as refused:
        await node.connect("127.0.0.1", server.sockets[0].getsockname()[1])
    assert refused.value.word == "unknown"
    server.close()


def test_an_identity_survives_json() -> None:
    identity = Identity.new("bench0001")
    assert Identity.from_json(json.loads(json.dumps(identity.as_json()))) == identity
