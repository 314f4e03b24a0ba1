"""Many may look at a camera; its node takes one photo at a time."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from custom_components.plant_vita.model.errors import (
    CameraPhotoError,
    NoAnswerError,
    NotConnectedError,
)
from custom_components.plant_vita.node import shutter as module
from custom_components.plant_vita.node.session import NodeSession
from custom_components.plant_vita.node.shutter import Shutter
from custom_components.plant_vita.protocol.limits import Limits

SESSION = NodeSession.__new__(NodeSession)


@dataclass
class Camera:
    """In the place of a node: `go` lets the photo that is being taken come."""

    go: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[tuple[int, int, bool]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    now: float = 100.0
    error: Exception | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def fetch(self, session: NodeSession, channel: int, **how: object) -> bytes:
        assert session is SESSION
        assert how["quality"] == 80
        assert how["within"] == 30.0
        width, flash = how["width"], how["flash"]
        assert isinstance(width, int)
        assert isinstance(flash, bool)
        self.asked.append((channel, width, flash))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.begun.set()
        try:
            await self.go.wait()
        finally:
            self.at_once -= 1
        if self.error is not None:
            raise self.error
        return b"photo %d" % len(self.asked)


@pytest.fixture
def camera(monkeypatch: pytest.MonkeyPatch) -> Camera:
    made = Camera()
    monkeypatch.setattr(module, "async_fetch", made.fetch)
    return made


async def redraw(data: bytes, edge: int) -> bytes:
    return b"%s of %d" % (data, edge)


@asynccontextmanager
async def shutter_of(
    camera: Camera, session: Callable[[], NodeSession] = lambda: SESSION
) -> AsyncGenerator[Shutter]:
    shutter = Shutter(session, redraw, limits=Limits(), clock=lambda: camera.now)
    try:
        yield shutter
    finally:
        shutter.close()


async def test_everybody_who_asks_at_once_gets_the_same(camera: Camera) -> None:
    async with shutter_of(camera) as shutter:
        waiting = [asyncio.create_task(shutter.async_photo(48, 640)) for _ in range(5)]
        await camera.begun.wait()
        camera.go.set()
        assert await asyncio.gather(*waiting) == [b"photo 1 of 640"] * 5
        assert camera.asked == [(48, 640, False)]
        # Within a second nobody gets a newer one.
        camera.now += 0.9
        assert await shutter.async_photo(48, 640) == b"photo 1 of 640"
        camera.now += 0.1
        assert await shutter.async_photo(48, 640) == b"photo 2 of 640"
        assert shutter.report()["outcomes"] == {"taken": 2}


async def test_others_wait_for_their_turn(camera: Camera) -> None:
    async with shutter_of(camera) as shutter:
        wanted = [(48, 640), (48, 1024), (49, 640)]
        waiting = [asyncio.create_task(shutter.async_photo(*which)) for which in wanted]
        await camera.begun.wait()
        assert camera.asked == [(48, 640, False)]
        camera.go.set()
        assert await asyncio.gather(*waiting) == [
            b"photo 1 of 640",
            b"photo 2 of 1024",
            b"photo 3 of 640",
        ]
        # Only what is kept is worth a flash.
        assert camera.asked == [(48, 640, False), (48, 1024, True), (49, 640, False)]
        assert camera.most_at_once == 1


async def test_who_goes_away_leaves_the_others_their_photo(camera: Camera) -> None:
    async with shutter_of(camera) as shutter:
        impatient = asyncio.create_task(shutter.async_photo(48, 640))
        patient = asyncio.create_task(shutter.async_photo(48, 640))
        await camera.begun.wait()
        impatient.cancel()
        with pytest.raises(asyncio.CancelledError):
            await impatient
        camera.go.set()
        assert await patient == b"photo 1 of 640"
        assert shutter.last(48, 640) == b"photo 1 of 640"
        assert shutter.last(48, 1024) is None
        camera.now += 60
        assert shutter.last(48, 640, within=60) == b"photo 1 of 640"
        assert shutter.last(48, 640, within=59) is None


async def test_a_failure_is_told_to_all_and_not_kept(camera: Camera) -> None:
    camera.error = CameraPhotoError()
    camera.go.set()
    async with shutter_of(camera) as shutter:
        waiting = [asyncio.create_task(shutter.async_photo(48, 640)) for _ in range(2)]
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [CameraPhotoError] * 2
        camera.error = NoAnswerError()
        with pytest.raises(NoAnswerError):
            await shutter.async_photo(48, 640)
        camera.error = None
        assert await shutter.async_photo(48, 640) == b"photo 3 of 640"
        report = shutter.report()
        assert report["outcomes"] == {"camera_photo": 1, "no_answer": 1, "taken": 1}
        assert report["bytes"] == 7


async def test_nobody_is_connected(camera: Camera) -> None:
    def nobody() -> NodeSession:
        raise NotConnectedError

    async with shutter_of(camera, nobody) as shutter:
        with pytest.raises(NotConnectedError):
            await shutter.async_photo(48, 640)
        assert camera.asked == []


async def test_it_is_closed_in_the_midst(camera: Camera) -> None:
    async with shutter_of(camera) as shutter:
        waiting = asyncio.create_task(shutter.async_photo(48, 640))
        await camera.begun.wait()
        shutter.close()
        with pytest.raises(NotConnectedError):
            await waiting
        assert camera.at_once == 0
