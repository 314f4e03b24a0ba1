"""A photo is fetched piece by piece, whatever its node does instead."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from custom_components.plant_vita.model.errors import (
    CameraBusyError,
    CameraError,
    CameraFaultError,
    CameraFullError,
    CameraLinkError,
    CameraPhotoError,
    LinkError,
    NoAnswerError,
    ProtocolError,
)
from custom_components.plant_vita.node.photographing import async_fetch
from custom_components.plant_vita.protocol.limits import Limits
from custom_components.plant_vita.protocol.messages import Op
from tests.node.sessions import QUICK, Talk, talk

PHOTO = bytes(range(256)) * 160  # 40 960 bytes
PIECE = 16_384


@dataclass
class Photographer:
    """The node's side. `changed` are lies in its offer; `answers` come before what it would say."""

    one: Talk
    data: bytes = PHOTO
    piece: int = PIECE
    changed: dict[str, Any] = field(default_factory=dict)
    answers: list[Callable[[dict[str, Any]], None] | None] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def run(self) -> None:
        while True:
            message = await self.one.node.hear()
            self.asked.append(message)
            instead = self.answers.pop(0) if self.answers else None
            (instead or self.answer)(message)

    def answer(self, message: dict[str, Any]) -> None:
        if message["t"] == "snap":
            sha = hashlib.sha256(self.data).hexdigest()
            offer = {"t": "photo", "c": message["c"], "size": len(self.data), "sha": sha}
            self.one.node.say(offer | self.changed)
        else:
            at = message["at"]
            self.one.node.say_piece(message["c"].encode() + b"\n" + self.data[at : at + self.piece])

    def refuse(self, word: str) -> Callable[[dict[str, Any]], None]:
        return lambda message: self.one.node.say({"t": "ack", "c": message["c"], "err": word})


async def fetched(node: Photographer, within: float = 5.0) -> bytes:
    answering = asyncio.create_task(node.run())
    try:
        return await async_fetch(
            node.one.session, 48, width=640, quality=80, flash=False, within=within
        )
    finally:
        answering.cancel()


async def test_it_comes_in_pieces() -> None:
    async with talk() as one:
        node = Photographer(one)
        assert await fetched(node) == PHOTO
        snap, *pieces = node.asked
        assert snap == {"t": "snap", "c": snap["c"], "ch": 48, "w": 640, "q": 80, "f": 0}
        assert [piece["at"] for piece in pieces] == [0, 16_384, 32_768]
        assert len({message["c"] for message in node.asked}) == 4


async def test_what_was_asked_for_is_not_counted_as_talk() -> None:
    # An offer and three pieces are four, and two are allowed.
    strict = Limits(first_message_s=0.3, handshake_s=1.0, ack_s=0.5, messages_per_s=0.001, burst=2)
    async with talk(strict) as one:
        assert await fetched(Photographer(one)) == PHOTO
        assert not one.session.closed


async def test_pieces_that_nobody_asked_for_are_counted() -> None:
    strict = Limits(first_message_s=0.3, handshake_s=1.0, ack_s=0.5, messages_per_s=0.001, burst=2)
    async with talk(strict) as one:
        for _ in range(3):
            one.node.say_piece(b"feed\n" + bytes(2000))
        assert isinstance(await one.ended_by(), LinkError)


async def test_a_piece_that_comes_too_late_is_nothing() -> None:
    async with talk() as one:
        one.node.say_piece(b"feed\n" + bytes(2000))
        assert await fetched(Photographer(one)) == PHOTO


@pytest.mark.parametrize(
    ("word", "error"),
    [
        ("busy", CameraBusyError),
        ("fault", CameraFaultError),
        ("full", CameraFullError),
        ("unknown", CameraError),
        ("bad", CameraError),
        ("a_newer_word", CameraError),
    ],
)
async def test_a_no_has_its_reason(word: str, error: type[CameraError]) -> None:
    async with talk() as one:
        node = Photographer(one)
        node.answers = [node.refuse(word)]
        with pytest.raises(CameraError) as refused:
            await fetched(node)
        assert type(refused.value) is error
        # In the midst of it as well; the link is none the worse for it.
        node.answers = [None, None, node.refuse(word)]
        with pytest.raises(error):
            await fetched(node)
        assert await fetched(node) == PHOTO


async def test_another_photo_than_the_one_announced() -> None:
    async with talk() as one:
        node = Photographer(one, changed={"sha": "00" * 32})
        with pytest.raises(CameraPhotoError):
            await fetched(node)
        assert not one.session.closed


async def test_more_than_was_announced() -> None:
    async with talk() as one:
        with pytest.raises(CameraPhotoError):
            await fetched(Photographer(one, changed={"size": 40_000}))


async def test_byte_by_byte() -> None:
    async with talk() as one:
        node = Photographer(one, piece=1023)
        with pytest.raises(CameraPhotoError):
            await fetched(node)
        assert len(node.asked) == 2
        # But the last piece may be as small as it happens to be.
        node.data, node.piece = PHOTO[:1025], 1024
        assert await fetched(node) == PHOTO[:1025]


async def test_it_never_ends() -> None:
    async with talk() as one:
        node = Photographer(one, data=bytes(524_288), piece=1024)
        with pytest.raises(NoAnswerError):
            await fetched(node, within=0.0)
        assert len(node.asked) < 4


async def test_silence() -> None:
    def nothing(_message: dict[str, Any]) -> None:
        """Say nothing."""

    async with talk(Limits(snap_s=0.1, ack_s=0.1)) as one:
        node = Photographer(one, answers=[nothing])
        with pytest.raises(NoAnswerError):
            await fetched(node)
        node.answers = [None, nothing]
        with pytest.raises(NoAnswerError):
            await fetched(node)


async def test_answers_of_another_kind() -> None:
    async with talk(QUICK) as one:
        node = Photographer(one)

        def acknowledge(message: dict[str, Any]) -> None:
            one.node.say({"t": "ack", "c": message["c"], "ok": 1})

        for answers in ([acknowledge], [None, acknowledge]):
            node.answers = list(answers)
            with pytest.raises(NoAnswerError):
                await fetched(node)
        # A command that is answered by a photo may have been carried out, or not.
        command = asyncio.create_task(one.session.command(Op.PING))
        node.answer({"t": "snap", "c": (await one.node.hear())["c"]})
        with pytest.raises(NoAnswerError):
            await command


async def test_a_broken_piece_ends_the_session() -> None:
    async with talk() as one:
        one.node.say_piece(b"no line feed")
        assert isinstance(await one.ended_by(), ProtocolError)


async def test_the_link_breaks_in_the_midst() -> None:
    async with talk() as one:
        node = Photographer(one, answers=[None, None, lambda _message: one.link.lose()])
        with pytest.raises(NoAnswerError):
            await fetched(node)


async def test_not_over_a_slow_link(monkeypatch: pytest.MonkeyPatch) -> None:
    async with talk() as one:
        monkeypatch.setattr(type(one.link), "carries_photos", False)
        node = Photographer(one)
        with pytest.raises(CameraLinkError):
            await fetched(node)
        assert node.asked == []
