"""Pairing, from the code to the first session with a random key, and every place it can be cut."""

import asyncio

import pytest

from custom_components.plant_vita.glue import hub, keystore
from custom_components.plant_vita.model.errors import (
    LinkError,
    MalformedCodeError,
    NoAnswerError,
    NodeSilentError,
    PairingError,
    PlantVitaError,
    RefusedError,
    StoreError,
    TooManyTriesError,
    WrongCodeError,
)
from custom_components.plant_vita.node.session import NodeSession
from tests.nodes.fake_node import CODE, FakeNode, Json, until
from tests.nodes.home import Home, home_fixture

home = home_fixture()

WRONG = "AAAABBBBCCCCDDDD"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "PAIR_WITHIN_S", 0.5)


async def comes_with_key(home: Home, node: FakeNode) -> None:
    """Wait until the node has shown that it holds our key number 1, and nothing else is left."""

    def known() -> bool:
        stranger = home.hub.async_stranger(node.hardware_id)
        return stranger is not None and stranger.info is not None

    await until(known)
    assert home.stored_keys(node) == {"1": node.key.hex()}
    assert node.kid == 1


async def test_the_code_becomes_a_random_key(home: Home) -> None:
    node = home.node()
    code_key = node.key
    node.background(node.keep_dialling())
    info = await home.hub.async_pair(node.hardware_id, "abcd-efgh ijkl-mnop")
    assert (info.hardware_id, info.name) == (node.hardware_id, "Kitchen")
    assert node.key != code_key
    await comes_with_key(home, node)


@pytest.mark.parametrize("cut", ["before sending", "before writing", "before answering"])
async def test_a_kill_anywhere_leaves_a_key_in_common(
    home: Home, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    node = home.node(takes_key=cut == "before answering", acks_key=False)
    node.background(node.keep_dialling())
    with monkeypatch.context() as patch:
        if cut == "before sending":
            patch.setattr(NodeSession, "hand_over_key", killed)
        with pytest.raises(LinkError):
            await home.hub.async_pair(node.hardware_id, CODE)
    assert node.kid == (1 if cut == "before answering" else 0)
    assert home.stored_keys(node)[str(node.kid)] == node.key.hex()
    await home.lose_memory()
    node.takes_key = node.acks_key = True
    await comes_with_key(home, node)


async def test_an_interrupted_pairing_that_fails_again_is_tried_again(home: Home) -> None:
    node = home.node(takes_key=False, acks_key=False)
    node.background(node.keep_dialling())
    with pytest.raises(LinkError):
        await home.hub.async_pair(node.hardware_id, CODE)
    node.acks_key = True
    await until(lambda: len(handed_over(node)) >= 1)
    assert node.kid == 0
    node.takes_key = True
    await comes_with_key(home, node)


def handed_over(node: FakeNode) -> list[Json]:
    return node.heard_of("key")


async def killed(*_: object) -> None:
    raise LinkError


async def test_a_code_is_not_kept_when_nobody_typed_it_right(home: Home) -> None:
    node = home.node()
    node.background(node.keep_dialling())
    with pytest.raises(WrongCodeError):
        await home.hub.async_pair(node.hardware_id, WRONG)
    assert node.refused == ["proof"]
    assert home.stored_keys(node) == {}
    assert home.hub.desk.key(node.hardware_id) is None
    await home.hub.async_pair(node.hardware_id, CODE)
    await comes_with_key(home, node)


async def test_twenty_wrong_codes_are_enough(home: Home) -> None:
    node = home.node()
    node.background(node.keep_dialling())
    for _ in range(20):
        with pytest.raises(WrongCodeError):
            await home.hub.async_pair(node.hardware_id, WRONG)
    with pytest.raises(TooManyTriesError):
        await home.hub.async_pair(node.hardware_id, CODE)
    assert node.kid == 0
    other = home.node(hardware_id="a4cf12000002")
    other.background(other.keep_dialling())
    await home.hub.async_pair(other.hardware_id, CODE)


async def test_a_locked_node_says_so(home: Home) -> None:
    node = home.node(locked=True)
    node.background(node.keep_dialling())
    with pytest.raises(TooManyTriesError):
        await home.hub.async_pair(node.hardware_id, CODE)


@pytest.mark.parametrize("typed", ["", "ABCD-EFGH-IJKL", "ABCD-EFGH-IJKL-MNO9", "É" * 16])
async def test_what_cannot_be_a_code_is_not_tried(home: Home, typed: str) -> None:
    with pytest.raises(MalformedCodeError):
        await home.hub.async_pair("a4cf12000001", typed)


async def test_a_silent_node(home: Home) -> None:
    with pytest.raises(NodeSilentError):
        await home.hub.async_pair("a4cf12000001", CODE)
    assert home.hub.desk.key("a4cf12000001") is None


async def test_one_at_a_time(home: Home) -> None:
    first = asyncio.create_task(home.hub.async_pair("a4cf12000001", CODE))
    await asyncio.sleep(0)
    with pytest.raises(PairingError, match="somebody else"):
        await home.hub.async_pair("a4cf12000001", WRONG)
    with pytest.raises(NodeSilentError):
        await first


async def test_a_full_disk_hands_over_no_key(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    node = home.node()
    node.background(node.keep_dialling())
    with monkeypatch.context() as patch:
        patch.setattr(keystore, "_read", lambda path: {})
        with pytest.raises(StoreError):
            await home.hub.async_pair(node.hardware_id, CODE)
    assert (node.kid, node.heard_of("key")) == (0, [])
    assert not home.hub.keys.holds(node.hardware_id)
    await home.hub.async_pair(node.hardware_id, CODE)
    await comes_with_key(home, node)


async def test_a_node_that_refuses_its_key(home: Home) -> None:
    node = home.node(takes_key=False)
    node.background(node.keep_dialling())
    with pytest.raises(RefusedError, match="bad"):
        await home.hub.async_pair(node.hardware_id, CODE)


async def test_no_answer_to_the_key_then_the_code_again(home: Home) -> None:
    node = home.node(takes_key=False, acks_key=False)
    node.background(node.keep_dialling())
    with pytest.raises(NoAnswerError):
        await home.hub.async_pair(node.hardware_id, CODE)
    node.takes_key = node.acks_key = True
    try:
        await home.hub.async_pair(node.hardware_id, CODE)
    except PlantVitaError:
        # It was faster: an interrupted pairing is finished without anybody.
        assert node.kid == 1
    await comes_with_key(home, node)


async def test_readings_of_the_pairing_session_stay_with_the_node(home: Home) -> None:
    node = home.node(takes_key=False, acks_key=False)
    node.background(node.keep_dialling())
    pairing = asyncio.create_task(home.hub.async_pair(node.hardware_id, CODE))
    await until(lambda: node.heard_of("key"))
    await node.measures({0: 40})
    await node.reports({})
    await node.says({"t": "log", "lv": "w", "msg": "hello"})
    await node.hello(firmware="0.1.1")
    with pytest.raises(NoAnswerError):
        await pairing
    assert node.heard_of("got") == []
