"""A node on a cable: asked who it is, through noise, boot loaders and resets; real terminal."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from custom_components.plant_vita.model import errors
from custom_components.plant_vita.model.node import NodeInfo
from custom_components.plant_vita.node.cable import NodeCable
from custom_components.plant_vita.node.session import NodeSession
from custom_components.plant_vita.protocol.joining import Join
from custom_components.plant_vita.protocol.limits import Limits
from custom_components.plant_vita.protocol.messages import NodeLog, Op, OutputReport, Telemetry
from custom_components.plant_vita.transport.serial import SerialLink
from tests.nodes.cable_node import HARDWARE_ID, Cable, CableNode
from tests.nodes.fake_node import until

QUICK = Limits(ask_every_s=0.05, ask_for_s=0.4, ack_s=0.3)
JOIN = Join(ssid="Garden", password="secret words", url=None, kid=1, key=b"k" * 32)


@dataclass
class Ear:
    """Remembers what a session tells."""

    said: list[object] = field(default_factory=list)

    def on_telemetry(self, session: NodeSession, telemetry: Telemetry) -> None:
        self.said.append(telemetry)

    def on_outputs(self, session: NodeSession, report: OutputReport) -> None:
        self.said.append(report)

    def on_hello(self, session: NodeSession, info: NodeInfo) -> None:
        self.said.append(info)

    def on_log(self, session: NodeSession, line: NodeLog) -> None:
        self.said.append(line)


@dataclass
class Desk:
    """A board, its cable, and our end of it."""

    cable: Cable
    link: SerialLink
    ours: NodeCable

    @property
    def node(self) -> CableNode:
        return self.cable.node

    async def ask(self, **changed: object) -> NodeInfo:
        for name, value in changed.items():
            setattr(self.node, name, value)
        self.node.start()
        return await self.ours.introduce()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    cable = Cable(tmp_path / "board", CableNode())
    cable.plug()
    link = SerialLink(cable.port, longest=1024, heartbeat=20.0)
    await link.open()
    yield Desk(cable, link, make(link))
    await link.close(1000)
    cable.unplug()


def make(link: SerialLink, limits: Limits = QUICK) -> NodeCable:
    return NodeCable(link, limits=limits, clock=asyncio.get_running_loop().time)


async def test_a_node_says_what_it_is(desk: Desk) -> None:
    info = await desk.ask()
    assert (info.hardware_id, info.model, info.slots, info.joins) == (HARDWARE_ID, "uno", 8, False)
    assert [channel.place for channel in info.channels] == ["A0", None]


async def test_it_is_asked_until_it_has_started(desk: Desk) -> None:
    info = await desk.ask(deaf=3)
    assert info.hardware_id == HARDWARE_ID
    assert [message["t"] for message in desk.node.heard] == ["cmd"] * 4
    assert all("c" not in message for message in desk.node.heard)


@pytest.mark.parametrize(
    "noise",
    [
        b"\x00\xff\xfe\x80\n",
        b"ets Jun  8 2016 00:22:57\r\nrst:0x1\r\n",
        b"x" * 5000 + b"\n",
        b"\n\n",
    ],
)
async def test_noise_before_it(desk: Desk, noise: bytes) -> None:
    assert (await desk.ask(noise=noise)).hardware_id == HARDWARE_ID


async def test_noise_without_an_end_costs_one_question(desk: Desk) -> None:
    assert (await desk.ask(noise=b"\xff\xff{{{")).hardware_id == HARDWARE_ID
    assert desk.link.reader.dropped["crc"] == 1


async def test_who_is_in_the_midst_of_measuring(desk: Desk) -> None:
    desk.node.measure({0: 40})
    assert (await desk.ours.introduce()).hardware_id == HARDWARE_ID


async def test_nobody_there(desk: Desk) -> None:
    desk.node.silent = True
    started = asyncio.get_running_loop().time()
    with pytest.raises(errors.NotANodeError):
        await desk.ours.introduce()
    assert 0.3 < asyncio.get_running_loop().time() - started < 1.5
    assert 4 <= len(desk.node.heard) <= 9


async def test_somebody_else_who_talks_without_end(desk: Desk) -> None:
    desk.node.silent = True

    async def chatter() -> None:
        while True:
            desk.cable._write(b"temperature 21.5\r\n" * 20)
            await asyncio.sleep(0.005)

    talking = asyncio.create_task(chatter())
    with pytest.raises(errors.NotANodeError):
        await desk.ours.introduce()
    talking.cancel()
    assert desk.link.reader.dropped["crc"] > 100


async def test_a_node_of_another_version(desk: Desk) -> None:
    desk.node.silent = True
    asking = asyncio.create_task(desk.ours.introduce())
    await until(lambda: desk.node.heard)
    desk.node.silent = False
    desk.node.say({"t": "hello", "v": 2})
    with pytest.raises(errors.ProtocolError):
        await asking


async def test_pulled_while_it_is_asked(desk: Desk) -> None:
    desk.node.silent = True
    asking = asyncio.create_task(desk.ours.introduce())
    await until(lambda: desk.node.heard)
    desk.cable.unplug()
    with pytest.raises(errors.LinkError):
        await asking


# --- a session -----------------------------------------------------------------------------------


async def begin(desk: Desk) -> tuple[NodeSession, Ear, asyncio.Task[None]]:
    session, ear = desk.ours.session(await desk.ours.introduce()), Ear()
    running = asyncio.create_task(session.run(ear))
    await session.greet(1_780_000_000.5)
    await until(lambda: desk.node.greeted)
    return session, ear, running


async def test_a_session_like_any_other(desk: Desk) -> None:
    session, ear, running = await begin(desk)
    assert desk.node.heard[-1] == {"t": "hi", "now": 1_780_000_000_500}
    desk.node.measure({0: 41.5})
    await until(lambda: [one for one in ear.said if isinstance(one, Telemetry)])
    await session.confirm("a0000001", 1)
    await session.command(Op.WIRE, channel=3, settings={"k": "pump", "at": "!D7", "lb": "Fern"})
    assert desk.node.commands == [
        {"op": "wire", "ch": 3, "set": {"k": "pump", "at": "!D7", "lb": "Fern"}}
    ]
    desk.node.answer = lambda _: {"err": "busy"}
    with pytest.raises(errors.RefusedError) as refused:
        await session.command(Op.WIRE, channel=3, settings={})
    assert refused.value.reason == "busy"
    assert (session.kid, desk.node.broken, desk.ours.restarted) == (0, [], False)
    await session.close(1000)
    with pytest.raises(errors.LinkError):
        await running


async def test_the_link_of_a_session_is_a_link_in_full(desk: Desk) -> None:
    one = desk.ours.session(await desk.ours.introduce())._link
    assert one.peer == desk.cable.port
    await one.send_text('{"t":"hi","now":1}')
    await until(lambda: desk.node.greeted)
    desk.node.measure({0: 1})
    said = await one.receive(1.0)
    assert isinstance(said, bytes)
    await one.close(1000)
    with pytest.raises(errors.LinkError):
        await one.receive(1.0)


async def test_a_command_that_would_not_fit_is_not_sent(desk: Desk) -> None:
    session, _, running = await begin(desk)
    with pytest.raises(errors.ProtocolError):
        await session.command(Op.WIRE, channel=3, settings={"lb": "x" * 300})
    assert desk.node.commands == []
    await session.close(1000)
    await asyncio.wait((running,))


async def test_a_node_that_starts_again_keeps_the_port(desk: Desk) -> None:
    session, _, running = await begin(desk)
    desk.node.answer = lambda _: None
    waiting = asyncio.create_task(session.command(Op.IDENTIFY))
    await until(lambda: desk.node.commands)
    desk.node.start()
    with pytest.raises(errors.LinkError, match="started again"):
        await running
    with pytest.raises(errors.NoAnswerError):
        await waiting
    with pytest.raises(errors.LinkError):
        await session.greet(0)
    assert desk.ours.restarted
    asked = len(desk.node.heard)
    session, ear, running = await begin(desk)
    assert not desk.ours.restarted
    assert session.info.boot == "a0000002"
    assert [message["t"] for message in desk.node.heard[asked:]] == ["hi"]
    desk.node.measure({0: 12})
    await until(lambda: ear.said)
    await session.close(1000)
    await asyncio.wait((running,))


async def test_the_same_boot_may_say_again_what_it_is(desk: Desk) -> None:
    session, ear, running = await begin(desk)
    desk.node.channels = [[0, "m"], [1, "t", None, "D2"]]
    desk.node.hello()
    await until(lambda: len(session.info.channels) == 2 and session.info.channels[1].place)
    assert not running.done()
    assert ear.said
    await session.close(1000)
    await asyncio.wait((running,))


async def test_who_starts_again_and_again_is_given_up(desk: Desk) -> None:
    desk.ours = make(desk.link, replace(QUICK, messages_per_s=1.0, burst=5.0))
    info = await desk.ours.introduce()
    for _ in range(6):
        session = desk.ours.session(info)
        desk.node.start()
        with pytest.raises(errors.LinkError, match="started again"):
            await session.run(Ear())
        if desk.node.starts < 7:
            info = await desk.ours.introduce()
    with pytest.raises(errors.RateLimitError):
        await desk.ours.introduce()


# --- joining a network ---------------------------------------------------------------------------


async def test_a_network_node_is_told_where_to_call(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    info = await desk.ask(joins=True)
    assert info.joins
    await desk.ours.join(JOIN)
    (told,) = desk.node.joined()
    assert told == {
        "t": "join",
        "c": told["c"],
        "ssid": "Garden",
        "pw": "secret words",
        "kid": 1,
        "k": "6b" * 32,
    }
    assert "secret words" not in caplog.text
    assert "6b6b" not in caplog.text


async def test_a_node_that_will_not_join(desk: Desk) -> None:
    desk.node.answer = lambda _: {"err": "bad"}
    with pytest.raises(errors.RefusedError) as refused:
        await desk.ours.join(JOIN)
    assert refused.value.reason == "bad"


async def test_a_node_that_restarts_before_it_has_answered(desk: Desk) -> None:
    def pulled(_: object) -> None:
        asyncio.get_running_loop().call_soon(desk.cable.unplug)

    desk.node.answer = pulled
    with pytest.raises(errors.NoAnswerError):
        await desk.ours.join(JOIN)


async def test_a_node_that_never_answers(desk: Desk) -> None:
    desk.node.answer = lambda _: None
    with pytest.raises(errors.NoAnswerError):
        await desk.ours.join(JOIN)
