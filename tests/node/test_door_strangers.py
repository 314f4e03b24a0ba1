"""Who is let in when there are many, and what a stranger can do to a node: nothing."""

import asyncio

import pytest

from custom_components.plant_vita.model.errors import (
    LinkError,
)
from custom_components.plant_vita.protocol.handshake import HandshakeWord
from tests.node.ends import ID, KEY, MemoryLink, RefusedError, settle
from tests.node.house import CODE, K0, House, turned_away


async def test_a_newer_call_replaces_the_older(house: House) -> None:
    older, replaced = house.dial()
    await older.text()
    newer, admitting = house.dial()
    assert (await turned_away(replaced)).word is None
    assert older.link.code == 4409
    await newer.prove()
    await admitting
    assert newer.link.code is None


async def test_a_name_is_not_cut_off_from_another_address(house: House) -> None:
    node, admitting = house.dial()
    await settle()
    for stranger in range(20):
        house.dial(key=bytes(32), peer=f"192.0.2.{100 + stranger}")
    await settle()
    await node.prove()
    await admitting


async def test_a_stranger_who_parks_under_a_name_does_not_hide_the_node(house: House) -> None:
    node, admitting = house.dial(key=K0, kid=0)
    house.dial(key=bytes(32), kid=0, peer="192.0.2.66")
    await settle()
    pairing = asyncio.create_task(house.door.desk.pair(ID, CODE, 3))
    await node.prove()
    assert await pairing == (K0, await admitting)


async def test_silence_is_not_waited_for(house: House) -> None:
    link = MemoryLink()
    with pytest.raises(LinkError):
        await asyncio.wait_for(house.knock(link), 1)
    assert link.code == 4408
    assert link.said.empty()


async def test_silence_after_the_answer_is_not_waited_for(house: House) -> None:
    node, admitting = house.dial()
    await node.text()
    with pytest.raises(LinkError):
        await asyncio.wait_for(admitting, 1)
    assert node.link.code == 4408


async def test_a_handshake_as_a_whole_is_not_waited_for(house: House) -> None:
    house.limit(handshake_s=0.05, parking_s=5.0)
    node, admitting = house.dial(key=K0, kid=0)
    with pytest.raises(LinkError, match="too long"):
        await asyncio.wait_for(admitting, 1)
    assert node.link.code == 4408


async def test_a_caller_that_hangs_up(house: House) -> None:
    early = MemoryLink()
    first = house.knock(early)
    early.lose()
    parked, second = house.dial(key=K0, kid=0)
    answered, third = house.dial(peer="192.0.2.8")
    await answered.text()
    answered.link.lose()
    for task in (first, third):
        with pytest.raises(LinkError):
            await task
    parked.link.lose()
    with pytest.raises(LinkError):
        await second


async def test_the_thirty_third_handshake_is_too_many(house: House) -> None:
    for _ in range(32):
        house.knock(MemoryLink())
    await settle()
    node, admitting = house.dial()
    with pytest.raises(RefusedError, match="busy"):
        await node.prove()
    assert (await turned_away(admitting)).word is HandshakeWord.BUSY
    assert node.link.code == 4503


async def test_places_are_free_again(house: House) -> None:
    waiting = [house.knock(MemoryLink()) for _ in range(32)]
    await asyncio.gather(*waiting, return_exceptions=True)
    node, admitting = house.dial()
    await node.prove()
    await admitting


async def test_whoever_is_silent_gives_way_to_a_node(house: House) -> None:
    house.limit(handshakes=3, first_message_s=5.0, gives_way_s=0.05)
    silent = [MemoryLink() for _ in range(3)]
    tasks = [house.knock(link) for link in silent]
    await asyncio.sleep(0.06)
    nodes = [house.dial(name=f"node000{k}") for k in range(2)]
    for name in ("node0000", "node0001"):
        house.keys[name, 1] = KEY
    for node, admitting in nodes:
        await node.prove()
        await admitting
    # One gives way to one, the longest silent first.
    assert [link.code for link in silent] == [4408, 4408, None]
    assert not tasks[2].done()


async def test_only_silence_gives_way(house: House) -> None:
    house.limit(handshakes=2, gives_way_s=0.0)
    for name in ("node0000", "node0001"):
        house.keys[name, 1] = KEY
        house.dial(name=name)
    await settle()
    _node, admitting = house.dial()
    assert (await turned_away(admitting)).word is HandshakeWord.BUSY


async def test_strangers_who_are_parked_keep_nobody_out(house: House) -> None:
    house.limit(parking_s=5.0)
    for stranger in range(32):
        house.dial(key=K0, kid=0, name=f"stranger{stranger}", peer=f"192.0.2.{stranger}")
        await settle()
    node, admitting = house.dial()
    await node.prove()
    await admitting
    # Parking has its own limit.
    last, refused = house.dial(key=K0, kid=0, name="stranger33")
    assert (await turned_away(refused)).word is HandshakeWord.UNPAIRED
    assert last.link.code == 4401


async def test_somebody_who_is_not_even_told_no_is_closed(house: House) -> None:
    house.limit(handshakes=0)
    link = MemoryLink()
    link.lost = True
    with pytest.raises(LinkError):
        await house.knock(link)
    assert link.code is not None


async def test_home_assistant_stops(house: House) -> None:
    house.limit(first_message_s=60.0, parking_s=60.0, handshake_s=60.0)
    silent = MemoryLink()
    waiting = house.knock(silent)
    parked, turned = house.dial(key=K0, kid=0)
    await settle()
    house.door.close()
    with pytest.raises(LinkError):
        await asyncio.wait_for(waiting, 1)
    assert (await turned_away(turned)).word is None
    assert parked.link.code == 1001


async def test_the_server_gives_up_a_caller(house: House) -> None:
    house.limit(parking_s=60.0, handshake_s=60.0)
    _node, admitting = house.dial(key=K0, kid=0)
    await settle()
    admitting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await admitting
    await settle()
    assert house.door._callers == 0
