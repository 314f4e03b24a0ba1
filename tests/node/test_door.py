"""The handshake with a node's own firmware, with old keys, wrong codes and damaged words."""

import asyncio

import pytest

from custom_components.plant_vita.model.errors import (
    NodeSilentError,
    TooManyTriesError,
    WrongCodeError,
)
from custom_components.plant_vita.protocol.handshake import HandshakeWord
from tests.node.ends import HELLO, ID, MemoryLink, RefusedError, WrongProofError, settle
from tests.node.house import CODE, K0, House, said, turned_away


async def test_a_paired_node_comes_in(house: House) -> None:
    node, admitting = house.dial()
    await node.prove()
    session = await admitting
    assert (session.info.hardware_id, session.kid, session.claimed) == (ID, 1, False)
    assert node.link.code is None
    assert house.unpaired == []
    await session.confirm("0badf00d", 3)
    assert await node.hear() == {"t": "got", "b": "0badf00d", "n": 3}


async def test_dialling_again_does_not_refill_what_a_node_may_say(house: House) -> None:
    house.limit(messages_per_s=0.001, burst=3.0)
    left = []
    for _ in range(2):
        node, admitting = house.dial()
        await node.prove()
        session = await admitting
        left.append([session._throttle.take(house.door.clock()) for _ in range(2)])
    assert left == [[True, True], [True, False]]


async def test_a_node_whose_key_is_gone(house: House) -> None:
    node, admitting = house.dial(kid=2)
    with pytest.raises(RefusedError, match="unknown"):
        await node.prove()
    assert (await turned_away(admitting)).word is HandshakeWord.UNKNOWN
    assert node.link.code == 4403
    assert house.unpaired == []


async def test_the_node_holds_another_key(house: House) -> None:
    node, admitting = house.dial(key=bytes(32))
    with pytest.raises(WrongProofError):
        await node.prove()
    node.refuse("proof")
    assert (await turned_away(admitting)).word is None
    assert node.link.code == 4400
    assert house.unpaired == []


WORDS = ['{"err":"proof"}', '{"err":"locked"}', '{"err":[]}', '{"err":{}}', "{", "[]"]


@pytest.mark.parametrize("text", [*WORDS, "5" * 5000])
async def test_whatever_is_said_instead_of_hello(house: House, text: str) -> None:
    node, admitting = house.dial()
    await node.text()
    node.link.hear(text)
    assert (await turned_away(admitting)).word is None
    assert node.link.code == 4400


@pytest.mark.parametrize(
    ("first", "word", "code"),
    [
        ("", "bad", 4400),
        ("{}", "bad", 4400),
        (b"\x00\xff", "bad", 4400),
        ("x" * 5000, "bad", 4400),
        ('{"v":1,"id":"a/b/c","kid":0,"nn":""}', "bad", 4400),
        ('{"v":2,"id":"a4cf12000001"}', "version", 4426),
    ],
)
async def test_a_first_message_that_is_none(
    house: House, first: str | bytes, word: str, code: int
) -> None:
    link = MemoryLink()
    admitting = house.knock(link)
    link.hear(first)
    assert (await turned_away(admitting)).word == word
    assert await said(link) == {"err": word}
    assert link.code == code
    assert [error.version for error in house.versions] == ([2] if word == "version" else [])


@pytest.mark.parametrize(
    "spoiled",
    [
        {"id": "a4cf12000002"},
        {"t": "tele", "n": 1, "age": 0, "r": {}},
        {"t": "newer"},
        {"every": 0},
    ],
)
async def test_the_first_frame_is_the_hello_of_this_node(
    house: House, spoiled: dict[str, object]
) -> None:
    node, admitting = house.dial()
    await node.prove(**spoiled)
    assert (await turned_away(admitting)).word is None
    assert node.link.code == 4400


async def test_a_first_frame_that_is_not_authentic(house: House) -> None:
    node, admitting = house.dial()
    node.sealed = node.handshake.finish((await node.text()).encode())
    frame = bytearray(node.frame(HELLO))
    frame[40] ^= 1
    node.link.hear(bytes(frame))
    assert (await turned_away(admitting)).word is None
    assert node.link.code == 4400


async def test_a_recorded_handshake_opens_nothing(house: House) -> None:
    node, admitting = house.dial()
    first = node.handshake.first()
    node.sealed = node.handshake.finish((await node.text()).encode())
    hello = node.frame(HELLO)
    node.link.hear(hello)
    await admitting
    link = MemoryLink()
    admitting = house.knock(link)
    link.hear(first)
    await said(link)
    link.hear(hello)
    assert (await turned_away(admitting)).word is None
    assert link.code == 4400


async def test_good_pairing(house: House) -> None:
    pairing = asyncio.create_task(house.door.desk.pair(ID, CODE, 3))
    await settle()
    node, admitting = house.dial(key=K0, kid=0)
    await node.prove()
    session = await admitting
    assert await pairing == (K0, session)
    assert (session.kid, session.claimed) == (0, True)
    assert house.unpaired == []


async def test_parked_and_then_the_code_is_typed(house: House) -> None:
    node, admitting = house.dial(key=K0, kid=0)
    await settle()
    assert [(dial.hardware_id, dial.model, dial.label) for dial in house.unpaired] == [
        (ID, "esp32dev", "Kitchen")
    ]
    assert node.link.said.empty()
    pairing = asyncio.create_task(house.door.desk.pair(ID, CODE, 3))
    await node.prove()
    assert await pairing == (K0, await admitting)


async def test_parked_and_nobody_types(house: House) -> None:
    node, admitting = house.dial(key=K0, kid=0)
    with pytest.raises(RefusedError, match="unpaired"):
        await node.prove()
    assert (await turned_away(admitting)).word is HandshakeWord.UNPAIRED
    assert node.link.code == 4401


async def test_wrong_codes_and_in_the_end_none(house: House) -> None:
    for wrong in range(20):
        node, admitting = house.dial(key=K0, kid=0)
        await settle()
        pairing = asyncio.create_task(house.door.desk.pair(ID, "Q" * 16, 3))
        with pytest.raises(WrongProofError):
            await node.prove()
        node.refuse("proof")
        await turned_away(admitting)
        with pytest.raises(WrongCodeError):
            await pairing
        # The node keeps asking for its code.
        assert len(house.unpaired) == 2 * (wrong + 1)
    with pytest.raises(TooManyTriesError):
        await house.door.desk.pair(ID, CODE, 3)


async def test_a_locked_node(house: House) -> None:
    node, admitting = house.dial(key=K0, kid=0)
    await settle()
    pairing = asyncio.create_task(house.door.desk.pair(ID, CODE, 3))
    await node.text()
    node.refuse("locked")
    await turned_away(admitting)
    with pytest.raises(TooManyTriesError):
        await pairing


async def test_an_interrupted_pairing_goes_on_without_a_person(house: House) -> None:
    house.keys[ID, 0] = K0
    node, admitting = house.dial(key=K0, kid=0)
    await node.prove()
    session = await admitting
    assert (session.kid, session.claimed, house.unpaired) == (0, False, [])


async def test_a_code_just_typed_is_newer_than_an_interrupted_pairing(house: House) -> None:
    house.keys[ID, 0] = bytes(32)
    pairing = asyncio.create_task(house.door.desk.pair(ID, CODE, 3))
    await settle()
    node, admitting = house.dial(key=K0, kid=0)
    await node.prove()
    assert await pairing == (K0, await admitting)


async def test_a_newer_code_than_that_of_an_interrupted_pairing_is_asked_for(house: House) -> None:
    house.keys[ID, 0] = bytes(32)
    node, admitting = house.dial(key=K0, kid=0)
    with pytest.raises(WrongProofError):
        await node.prove()
    node.refuse("proof")
    await turned_away(admitting)
    assert [dial.hardware_id for dial in house.unpaired] == [ID]


async def test_nobody_dials_in(house: House) -> None:
    with pytest.raises(NodeSilentError):
        await house.door.desk.pair(ID, CODE, 0.05)
