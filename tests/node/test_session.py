"""A session: what the node says arrives, what we ask is answered, and it ends for a reason."""

import asyncio
import gc
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from custom_components.plant_vita.model.errors import (
    FrameError,
    LinkError,
    NoAnswerError,
    NotConnectedError,
    ProtocolError,
    RateLimitError,
    RefusedError,
)
from custom_components.plant_vita.node.session import new_command_id
from custom_components.plant_vita.protocol.limits import Limits
from custom_components.plant_vita.protocol.messages import NodeLog, Op
from tests.node.ends import HELLO, settle
from tests.node.sessions import QUICK, Talk, talk

TELE = {"t": "tele", "n": 1, "age": 0, "r": {"0": 41.5}}


@pytest.fixture
async def complaints() -> AsyncGenerator[list[str]]:
    """What asyncio has to say about forgotten futures and tasks."""
    said: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: said.append(context["message"]))
    yield said
    loop.set_exception_handler(None)


async def answered(one: Talk, **ack: Any) -> dict[str, Any]:
    """Let the node hear a command and answer it; the command."""
    command = await one.node.hear()
    one.node.say({"t": "ack", "c": command["c"], **ack})
    return command


async def test_what_the_node_says_arrives_in_order() -> None:
    async with talk() as one:
        one.node.say(TELE)
        one.node.say({"t": "past", "b": "00000001", "n": 5, "p": [[9, 0, 1]]})
        one.node.say({"t": "state", "a": {"4": 0}, "why": "boot"})
        one.node.say({"t": "log", "lv": "e", "msg": "help"})
        await settle()
        assert [one.boot for one in one.notes.telemetry] == [None, "00000001"]
        assert one.notes.outputs[0].remaining_ms == {4: 0}
        assert one.notes.lines == [NodeLog(level="e", text="help")]
        assert (one.session.received, one.session.unknown) == (4, 0)


async def test_unknown_messages_and_frames_are_counted_and_ignored() -> None:
    async with talk() as one:
        one.node.say({"t": "newer", "x": 1})
        assert one.node.sealed is not None
        frame = bytearray(one.node.frame({"t": "tele"}))
        await settle()
        assert (one.session.received, one.session.unknown) == (1, 1)
        # A frame type that is not ours is authenticated like any other.
        frame[4] = 2
        one.link.hear(bytes(frame))
        assert isinstance(await one.ended_by(), FrameError)


async def test_the_greeting_and_confirmations() -> None:
    async with talk() as one:
        await one.session.greet(1_780_000_000.5)
        await one.session.confirm("0badf00d", 17)
        assert await one.node.hear() == {"t": "hi", "now": 1_780_000_000_500}
        assert await one.node.hear() == {"t": "got", "b": "0badf00d", "n": 17}


async def test_a_command_is_acknowledged() -> None:
    async with talk() as one:
        asking = asyncio.create_task(one.session.command(Op.ON, channel=4, ms=5000))
        command = await answered(one, ok=1)
        assert await asking == command["c"]
        assert command == {"t": "cmd", "c": command["c"], "op": "on", "ch": 4, "ms": 5000}


async def test_every_field_of_a_command_arrives() -> None:
    async with talk() as one:
        asking = asyncio.create_task(
            one.session.command(Op.CONFIG, channel=1, level=80, settings={"med": 15})
        )
        command = await answered(one, ok=1)
        await asking
        assert {**command, "c": ""} == {
            "t": "cmd", "c": "", "op": "config", "ch": 1, "lv": 80, "set": {"med": 15},
        }  # fmt: skip


async def test_a_refusal_says_why_and_until_when() -> None:
    async with talk() as one:
        asking = asyncio.create_task(one.session.command(Op.ON, channel=4, ms=5000))
        await answered(one, err="soak", ms=59_000)
        with pytest.raises(RefusedError) as caught:
            await asking
        assert (caught.value.reason, caught.value.retry_ms) == ("soak", 59_000)
        assert caught.value.key == "refused_soak"


async def test_a_key_is_handed_over() -> None:
    async with talk() as one:
        asking = asyncio.create_task(one.session.hand_over_key(2, bytes(range(32))))
        message = await answered(one, ok=1)
        await asking
        assert message["t"] == "key"
        assert (message["kid"], message["k"]) == (2, bytes(range(32)).hex())


async def test_no_answer_in_time_and_then_too_late() -> None:
    async with talk() as one:
        with pytest.raises(NoAnswerError):
            await one.session.command(Op.PING)
        await answered(one, ok=1)
        await settle()
        assert not one.session.closed
        # It is sent once: the node hears nothing more.
        assert one.link.said.empty()


async def test_duplicates_and_strangers_among_the_answers() -> None:
    async with talk() as one:
        asking = asyncio.create_task(one.session.command(Op.PING))
        command = await one.node.hear()
        for answer in ({"c": "other", "err": "bad"}, {"c": command["c"], "ok": 1}) * 2:
            one.node.say({"t": "ack", **answer})
        one.node.say({"t": "ack", "c": command["c"], "err": "busy"})
        assert await asking == command["c"]
        await settle()
        assert not one.session.closed


async def test_answers_find_their_questions_in_any_order() -> None:
    async with talk() as one:
        asking = [asyncio.create_task(one.session.command(Op.PING)) for _ in range(5)]
        ids = [(await one.node.hear())["c"] for _ in asking]
        for command_id in reversed(ids):
            one.node.say({"t": "ack", "c": command_id, "ok": 1})
        assert await asyncio.gather(*asking) == ids
        assert len(set(ids)) == 5


async def test_the_link_is_lost_while_somebody_waits() -> None:
    async with talk() as one:
        asking = asyncio.create_task(one.session.command(Op.PING))
        await one.node.hear()
        one.link.lose()
        with pytest.raises(NoAnswerError):
            await asking
        assert isinstance(await one.ended_by(), LinkError)
        assert one.session.closed
        assert one.link.code == 1001


async def test_after_the_end_nothing_is_sent() -> None:
    async with talk() as one:
        await one.session.close(4409)
        await one.session.close(1001)
        assert one.link.code == 4409
        for call in (one.session.command(Op.PING), one.session.confirm("0badf00d", 1)):
            with pytest.raises(NotConnectedError):
                await call
        assert one.link.said.empty()
        assert isinstance(await one.ended_by(), LinkError)


async def test_a_command_that_cannot_be_sent_may_have_been_sent() -> None:
    async with talk() as one:
        one.link.lost = True
        with pytest.raises(NoAnswerError):
            await one.session.command(Op.PING)
        assert one.session.closed
        assert one.link.code == 4408


async def test_a_node_that_reads_nothing(complaints: list[str]) -> None:
    async with talk() as one:
        one.link.flows.clear()
        asking = asyncio.create_task(one.session.command(Op.PING))
        await settle()
        await one.session.close(4409)
        one.link.flows.set()
        with pytest.raises(NoAnswerError):
            await asking
        del asking
        gc.collect()
        await settle()
    assert complaints == []


async def test_a_command_that_nobody_waits_for_any_more_leaves_nothing_behind() -> None:
    async with talk() as one:
        asking = asyncio.create_task(one.session.command(Op.PING))
        await one.node.hear()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert one.session._waiting == {}
        with pytest.raises(NoAnswerError):
            await one.session.command(Op.PING)
        assert one.session._waiting == {}


async def test_a_frame_that_is_not_authentic_ends_the_session() -> None:
    async with talk() as one:
        frame = bytearray(one.node.frame(TELE))
        frame[-1] ^= 1
        one.link.hear(bytes(frame))
        assert isinstance(await one.ended_by(), FrameError)
        assert (one.link.code, one.notes.telemetry) == (4400, [])


async def test_a_message_out_of_range_ends_the_session() -> None:
    async with talk() as one:
        one.node.say({**TELE, "n": 0})
        assert isinstance(await one.ended_by(), ProtocolError)
        assert one.link.code == 4400


async def test_text_in_a_session_ends_it() -> None:
    async with talk() as one:
        one.link.hear('{"t":"tele"}')
        assert isinstance(await one.ended_by(), LinkError)
        assert one.session.closed


async def test_too_many_messages_end_the_session() -> None:
    limits = Limits(ack_s=0.2, messages_per_s=2.0, burst=10.0)
    async with talk(limits) as one:
        for _ in range(11):
            one.node.say(TELE)
        assert isinstance(await one.ended_by(), RateLimitError)
        assert one.link.code == 4429
        assert len(one.notes.telemetry) == 10


async def test_even_frames_that_are_not_authentic_count() -> None:
    async with talk(Limits(messages_per_s=2.0, burst=1.0)) as one:
        one.node.say(TELE)
        one.link.hear(b"x" * 65)
        assert isinstance(await one.ended_by(), RateLimitError)


async def test_a_new_description_in_a_session() -> None:
    async with talk() as one:
        one.node.say({**HELLO, "every": 120, "ch": []})
        await settle()
        assert [info.every for info in one.notes.hellos] == [120]
        assert one.session.info.every == 120


@pytest.mark.parametrize("changed", [{"id": "a4cf12000002"}, {"boot": "11111111"}])
async def test_nobody_becomes_somebody_else(changed: dict[str, str]) -> None:
    async with talk() as one:
        one.node.say({**HELLO, **changed})
        assert isinstance(await one.ended_by(), ProtocolError)
        assert one.link.code == 4400
        assert one.session.info.hardware_id == "a4cf12000001"
        assert one.notes.hellos == []


async def test_a_session_that_is_no_longer_read_is_closed() -> None:
    async with talk() as one:
        asking = asyncio.create_task(one.session.command(Op.PING))
        await one.node.hear()
        one.reading.cancel()
        with pytest.raises(NoAnswerError):
            await asking
        assert one.session.closed
        assert one.link.code == 1001


async def test_a_mistake_of_ours_does_not_keep_the_link(monkeypatch: pytest.MonkeyPatch) -> None:
    async with talk() as one:
        monkeypatch.delattr(type(one.notes), "on_telemetry")
        one.node.say(TELE)
        assert isinstance(await one.ended_by(), AttributeError)
        assert one.session.closed


def test_ids_are_random_and_short_enough() -> None:
    ids = {new_command_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert {len(command_id) for command_id in ids} == {16}


async def test_frames_leave_in_the_order_of_their_numbers() -> None:
    async with talk() as one:
        await asyncio.gather(*(one.session.confirm("0badf00d", k) for k in range(1, 40)))
        assert [(await one.node.hear())["n"] for _ in range(39)] == list(range(1, 40))
    assert QUICK.ack_s < 1
