"""A firmware on its way into a node: over broken links, to a new start, or back to the old one."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from custom_components.plant_vita.glue import firmware
from custom_components.plant_vita.glue.firmware import async_get_images, async_install
from custom_components.plant_vita.model.errors import (
    NotConnectedError,
    RefusedError,
    UpdateError,
    UpdateSilentError,
    UpdateUndoneError,
)
from custom_components.plant_vita.protocol.updating import FirmwareImage
from scripts.firmware_image import IMAGE
from tests.nodes.fake_node import until
from tests.nodes.home import Home, gone, home_fixture
from tests.nodes.updating import Taker

home = home_fixture()

NEW = FirmwareImage(kind="esp32", version="0.2.0", data=bytes(range(256)) * 20)

type Begin = Callable[..., asyncio.Task[None]]


@pytest.fixture
async def begin(home: Home) -> AsyncGenerator[Begin]:
    """Begin an update; it is ended with the test."""
    tasks: list[asyncio.Task[None]] = []

    def start(taker: Taker, told: Callable[[float], Any] = lambda _share: None):
        tasks.append(asyncio.create_task(async_install(home.coordinator(taker.node), NEW, told)))
        return tasks[-1]

    yield start
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def taker_of(home: Home, *, connected: bool = True, **what: Any) -> Taker:
    taker = Taker(home.node(firmware="0.1.0", **what))
    await home.add(taker.node)
    if connected:
        await taker.node.connect()
    return taker


async def test_the_image_that_is_here(home: Home) -> None:
    images = await async_get_images(home.hass)
    assert list(images) == ["esp32"]
    assert images["esp32"].data == IMAGE.read_bytes()
    assert (await async_get_images(home.hass))["esp32"] is images["esp32"]


async def test_it_is_done_when_the_node_runs_it(home: Home, begin: Begin) -> None:
    taker = await taker_of(home)
    told: list[float] = []
    update = begin(taker, told.append)
    await until(lambda: "install" in taker.asked)
    assert taker.offered["fw"] == "0.2.0"
    assert taker.offered["sha"] == NEW.sha256
    assert taker.data == NEW.data
    assert told == [0.0, 0.4, 0.8, 1.0]
    # Its link breaks, and comes back before it has restarted: that says nothing.
    await taker.node.connect()
    assert not update.done()
    await taker.restarts("0.2.0")
    await asyncio.wait_for(update, 5)


async def test_it_goes_on_over_the_next_link(home: Home, begin: Begin) -> None:
    taker = await taker_of(home)
    taker.answers = [{"ok": 1, "at": 0}, None]
    update = begin(taker)
    await until(lambda: taker.asked == ["update", "part"])
    await gone(home, taker.node)
    taker.data = NEW.data[:2048]
    await taker.node.connect()
    await until(lambda: "install" in taker.asked)
    assert taker.asked == ["update", "part", "update", "part", "part", "install"]
    await taker.restarts("0.2.0")
    await asyncio.wait_for(update, 5)


async def test_an_answer_that_was_lost_is_seen_by_what_runs(home: Home, begin: Begin) -> None:
    taker = await taker_of(home)
    taker.data = NEW.data
    taker.answers = [{"ok": 1, "at": len(NEW.data)}, None]
    update = begin(taker)
    await until(lambda: "install" in taker.asked)
    await gone(home, taker.node)
    await taker.restarts("0.2.0")
    await asyncio.wait_for(update, 5)
    assert taker.asked == ["update", "install"]


async def test_a_firmware_that_was_undone_is_told(home: Home, begin: Begin) -> None:
    taker = await taker_of(home)
    update = begin(taker)
    await until(lambda: "install" in taker.asked)
    await taker.restarts("0.1.0")
    with pytest.raises(UpdateUndoneError):
        await asyncio.wait_for(update, 5)


async def test_a_node_that_never_comes_back_is_told(
    home: Home, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    taker = await taker_of(home)
    update = begin(taker)
    monkeypatch.setattr(firmware, "TRIAL_S", 0.0)
    monkeypatch.setattr(firmware, "BACK_WITHIN_S", 0.1)
    with pytest.raises(UpdateSilentError):
        await asyncio.wait_for(update, 5)
    assert "install" in taker.asked


async def test_a_node_that_is_not_there_is_waited_for_and_not_for_ever(
    home: Home, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firmware, "BACK_WITHIN_S", 0.05)
    monkeypatch.setattr(firmware, "rhythm_s", lambda _info: 5.0)
    taker = await taker_of(home, connected=False)
    with pytest.raises(NotConnectedError):
        await asyncio.wait_for(begin(taker), 5)
    sleeper = await taker_of(
        home, connected=False, sleeps=True, hardware_id="a4cf12000002", every=5
    )
    update = begin(sleeper)
    await sleeper.node.connect()
    await until(lambda: "install" in sleeper.asked)
    await sleeper.restarts("0.2.0")
    await asyncio.wait_for(update, 5)


async def test_a_link_that_breaks_every_time_is_told(home: Home, begin: Begin) -> None:
    taker = await taker_of(home)
    taker.answers = [None] * 99
    with pytest.raises(UpdateError):
        await asyncio.wait_for(begin(taker), 20)
    assert taker.asked == ["update"] * firmware.SESSIONS


async def test_a_no_is_told(home: Home, begin: Begin) -> None:
    taker = await taker_of(home)
    taker.answers = [{"err": "hash"}]
    with pytest.raises(RefusedError, match="hash"):
        await asyncio.wait_for(begin(taker), 5)
