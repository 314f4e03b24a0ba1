"""Fragments and the link on them, with a client that does what it is told."""

import asyncio
from collections.abc import Callable
from random import Random
from types import SimpleNamespace
from typing import Any

import bleak_retry_connector
import pytest
from bleak.exc import BleakError

from custom_components.plant_vita.model.errors import LinkError
from custom_components.plant_vita.transport import gatt
from custom_components.plant_vita.transport.gatt import Assembly, GattLink, connect, fragments

LARGEST = 4161


class Client:
    """A connected client; `fault` is raised by what is done next, `stuck` never ends."""

    def __init__(self, room: int = 244, *, known: bool = True) -> None:
        self.written: list[bytes] = []
        self.fault: Exception | None = None
        self.stuck = False
        self.is_connected = True
        self.notified: Callable[[Any, bytearray], None] = lambda _of, _fragment: None
        one = SimpleNamespace(max_write_without_response_size=room)
        self.services = SimpleNamespace(
            get_characteristic=lambda uuid: one if known and uuid == gatt.CHARACTERISTIC else None
        )

    async def start_notify(self, _characteristic: Any, notified: Any) -> None:
        self._obey()
        if self.stuck:
            await asyncio.Event().wait()
        self.notified = notified

    async def write_gatt_char(self, _of: Any, fragment: bytes, *, response: bool) -> None:
        assert response
        self._obey()
        if self.stuck:
            await asyncio.Event().wait()
        self.written.append(fragment)

    async def disconnect(self) -> None:
        self.is_connected = False
        self._obey()

    def _obey(self) -> None:
        if self.fault is not None:
            raise self.fault

    def tells(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.notified(None, bytearray(piece))


async def linked(client: Client) -> GattLink:
    link = GattLink(client, "Bluetooth A4:CF", silence=5, largest=LARGEST)  # type: ignore[arg-type]
    await link.begin()
    return link


@pytest.mark.parametrize("size", [20, 23, 244])
@pytest.mark.parametrize("length", [1, 19, 20, 243, 244, 4161])
def test_what_is_cut_is_joined(size: int, length: int) -> None:
    message = bytes(number % 251 for number in range(length))
    assembly, number = Assembly(LARGEST), 0
    for _ in range(3):
        pieces = list(fragments(message, size, number))
        number += len(pieces)
        assert max(map(len, pieces)) <= size
        assert [assembly.feed(piece) for piece in pieces] == [None] * (len(pieces) - 1) + [message]


def test_the_header_says_first_last_and_a_number() -> None:
    assert list(fragments(b"abcdef", 3, 63)) == [b"\xbfab", b"\x00cd", b"\x41ef"]
    assert list(fragments(b"\x00", 244, 0)) == [b"\xc0\x00"]


@pytest.mark.parametrize(
    "pieces",
    [
        [b""],
        [b"\xc0"],
        [b"\xc1a"],
        [b"\x00a"],
        [b"\x40a"],
        [b"\x80a", b"\x81b"],
        [b"\x80a", b"\x80a"],
        [b"\xc0a", b"\xc0a"],
        [b"\xc0a", b"\x41a"],
    ],
)
def test_anything_but_the_next_fragment_is_refused(pieces: list[bytes]) -> None:
    assembly = Assembly(LARGEST)
    for piece in pieces[:-1]:
        assembly.feed(piece)
    with pytest.raises(LinkError):
        assembly.feed(pieces[-1])


def test_no_more_is_kept_than_a_message_may_have() -> None:
    assembly = Assembly(100)
    for number in range(10):
        assembly.feed(bytes([(0x80 if not number else 0) | number]) + bytes(10))
    with pytest.raises(LinkError, match="too long"):
        assembly.feed(b"\x4aa")


def test_ten_thousand_fragments_that_are_not_next_end_nothing() -> None:
    dice, ended = Random(5), 0
    for _ in range(10_000):
        assembly = Assembly(LARGEST)
        assembly.feed(b"\x80a")
        piece = dice.randbytes(dice.randrange(30))
        if len(piece) > 1 and piece[0] & 0xBF == 1:
            continue  # that would be the next one
        try:
            assembly.feed(piece)
        except LinkError:
            continue
        ended += 1
    assert ended == 0


async def test_messages_go_and_come() -> None:
    client = Client(room=20)
    link = await linked(client)
    await link.send_text("{}")
    await link.send_bytes(bytes(25))
    # The ping that asks the node to dial is the first.
    assert client.written == [
        b"\xc0\x00",
        b"\xc1{}",
        b"\x82" + bytes(19),
        b"\x43" + bytes(6),
    ]
    client.tells(b'\x80{"v"', b"\x41:1}", b"\xc2PV")
    assert await link.receive(1) == '{"v":1}'
    assert await link.receive_bytes() == b"PV"
    client.tells(b"\xc3\x00")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert client.written[-1] == b"\xc4\x01"


@pytest.mark.parametrize(("room", "longest"), [(1, 20), (100, 100), (512, 244)])
async def test_fragments_fit(room: int, longest: int) -> None:
    client = Client(room=room)
    await (await linked(client)).send_bytes(bytes(2000))
    assert max(map(len, client.written)) == longest


async def test_a_wrong_fragment_ends_the_link_and_the_connection() -> None:
    client = Client()
    link = await linked(client)
    client.tells(b"\xc5a")
    with pytest.raises(LinkError, match="next fragment"):
        await link.receive(1)
    with pytest.raises(LinkError):
        await link.send_text("{}")
    await link.close(4400)
    assert not client.is_connected
    await link.close(4400)


async def test_a_node_that_says_so_has_hung_up() -> None:
    client = Client()
    link = await linked(client)
    client.tells(b"\xc0\x02")
    with pytest.raises(LinkError, match="closed by the node"):
        await link.receive_bytes()


async def test_half_a_message_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gatt, "_MESSAGE_WITHIN_S", 0.02)
    client = Client()
    link = await linked(client)
    client.tells(b"\x80a")
    with pytest.raises(LinkError, match="half"):
        await link.receive(2)
    await link.close(4400)


async def test_what_was_not_written_whole_is_not_gone_on_with() -> None:
    client = Client(room=20)
    link = await linked(client)
    client.stuck = True
    sending = asyncio.create_task(link.send_bytes(bytes(60)))
    await asyncio.sleep(0)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    client.stuck = False
    with pytest.raises(LinkError, match="half"):
        await link.send_bytes(b"PV")
    assert client.written == [b"\xc0\x00"]


@pytest.mark.parametrize("fault", [BleakError("no"), EOFError(), OSError("bus")])
async def test_a_radio_that_fails_is_a_link_that_fails(fault: Exception) -> None:
    client = Client()
    link = await linked(client)
    client.fault = fault
    with pytest.raises(LinkError, match="could not write"):
        await link.send_text("{}")
    await link.close(1001)
    with pytest.raises(LinkError, match="could not listen"):
        await linked(client)


async def test_a_radio_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gatt, "_LISTEN_WITHIN_S", 0.02)
    client = Client()
    client.stuck = True
    with pytest.raises(LinkError, match="could not listen"):
        await linked(client)


async def test_something_else_at_that_address() -> None:
    with pytest.raises(LinkError, match="not a node"):
        await linked(Client(known=False))


@pytest.fixture
def established(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What `establish_connection` gives, or raises."""
    made = SimpleNamespace(client=Client(), fault=None, lost=None)

    async def establish(_kind: Any, _device: Any, _name: str, **more: Any) -> Any:
        made.lost = more["disconnected_callback"]
        if made.fault == "never":
            await asyncio.Event().wait()
        if made.fault:
            raise made.fault
        return made.client

    monkeypatch.setattr(bleak_retry_connector, "establish_connection", establish)
    return made


async def connected() -> GattLink:
    return await connect(None, "Bluetooth A4:CF", silence=5, largest=LARGEST)  # type: ignore[arg-type]


async def test_connecting(established: SimpleNamespace) -> None:
    link = await connected()
    assert established.client.written == [b"\xc0\x00"]
    assert link.peer == "Bluetooth A4:CF"
    established.lost(established.client)
    with pytest.raises(LinkError, match="connection is gone"):
        await link.receive(1)


async def test_it_was_gone_before_we_looked(established: SimpleNamespace) -> None:
    established.client.is_connected = False
    with pytest.raises(LinkError, match="connection is gone"):
        await connected()


@pytest.mark.parametrize("fault", [BleakError("no slot"), OSError("bus"), EOFError(), "never"])
async def test_nobody_connects(
    established: SimpleNamespace, fault: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gatt, "_CONNECT_WITHIN_S", 0.02)
    established.fault = fault
    with pytest.raises(LinkError, match="could not connect"):
        await connected()


async def test_who_connects_and_cannot_begin_hangs_up(established: SimpleNamespace) -> None:
    established.client = Client(known=False)
    with pytest.raises(LinkError, match="not a node"):
        await connected()
    assert not established.client.is_connected
