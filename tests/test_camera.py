"""A node's camera on the screen: stills, the live view, and what a person is told without one."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache
from io import BytesIO

import pytest
from aiohttp import ClientResponse
from homeassistant.components.camera import async_get_image
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from PIL import Image
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.plant_vita.diagnostics import async_get_config_entry_diagnostics
from custom_components.plant_vita.node import shutter
from scripts.lab.clouds.pictures import jpeg, plant
from tests.nodes.fake_node import FakeNode, Json, until
from tests.nodes.home import Home, gone, home_fixture
from tests.nodes.photographing import Photographer

home = home_fixture()


@pytest.fixture(autouse=True)
async def views(hass: HomeAssistant) -> None:
    """Home Assistant's own addresses of cameras: a test's server takes no new ones later."""
    assert await async_setup_component(hass, "camera", {})


CAMERA = "camera.kitchen_camera"
PLACE = Image.Exif()
PLACE[0x010E] = "Anna's window"
PLACE[0x8825] = {1: "N", 2: (52.0, 22.0, 12.0)}


@cache
def photo(seed: int = 1, size: tuple[int, int] = (640, 480)) -> bytes:
    """A file that says where it was taken, in two ways."""
    return jpeg(plant(seed, size), exif=PLACE.tobytes(), comment=b"Anna's window")


async def camera_of(home: Home, data: bytes | None = None) -> Photographer:
    """A connected node with a camera."""
    photographer = Photographer(home.node(), photo() if data is None else data)
    await home.add(photographer.node)
    await photographer.node.connect()
    await home.hass.async_block_till_done()
    return photographer


async def still(home: Home, width: int | None = None) -> bytes:
    return bytes((await async_get_image(home.hass, CAMERA, width=width)).content)


async def refusal(home: Home) -> str | None:
    with pytest.raises(HomeAssistantError) as refused:
        await still(home)
    return refused.value.translation_key


async def test_a_still_is_the_nodes_and_nothing_but_pixels(home: Home) -> None:
    photographer = await camera_of(home)
    state = home.state(photographer.node, "camera", "48_camera")
    assert (state.entity_id, state.name, state.state) == (CAMERA, "Kitchen Camera", "idle")
    sent = photographer.data
    assert b"Anna" in sent
    assert Image.open(BytesIO(sent)).getexif().get_ifd(0x8825)
    shown = await still(home)
    assert b"Anna" not in shown
    with Image.open(BytesIO(shown)) as image:
        assert (image.format, image.size) == ("JPEG", (640, 480))
        assert not image.getexif()
        assert "comment" not in image.info
        # It is the same picture, all the same.
        first, second = image.resize((8, 6)), Image.open(BytesIO(sent)).resize((8, 6))
        pairs = zip(first.tobytes(), second.tobytes(), strict=True)
        assert max(abs(a - b) for a, b in pairs) < 12
    assert photographer.snaps == [{"ch": 48, "w": 1024, "q": 80, "f": 1}]


async def test_a_card_gets_a_small_one_without_a_flash(home: Home) -> None:
    photographer = await camera_of(home)
    await still(home, width=320)
    assert photographer.snaps == [{"ch": 48, "w": 640, "q": 80, "f": 0}]


async def test_a_node_that_sends_more_than_was_asked_for(home: Home) -> None:
    await camera_of(home, photo(2, (1600, 1200)))
    with Image.open(BytesIO(await still(home))) as image:
        assert image.size == (1024, 768)


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("busy", "camera_busy"),
        ("fault", "camera_fault"),
        ("full", "camera_full"),
        ("unknown", "camera_failed"),
    ],
)
async def test_a_person_is_told_why_there_is_no_photo(home: Home, word: str, key: str) -> None:
    photographer = await camera_of(home)
    photographer.refuses = word
    assert await refusal(home) == key
    photographer.refuses = None
    assert await still(home)


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a" + bytes(2000),
        b"<svg onload='alert(1)'/>",
        b"\xff\xd8\xff\xe0" + bytes(5000),
        # A picture of 30 000 × 30 000 pixels, as far as its header goes.
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (30_000).to_bytes(4) * 2 + bytes(2000),
    ],
    ids=["gif", "svg", "cut", "bomb"],
)
async def test_what_is_no_photo_is_shown_to_nobody(home: Home, data: bytes) -> None:
    photographer = await camera_of(home, data)
    assert await refusal(home) == "camera_photo"
    photographer.data = photo()
    assert await still(home)


async def test_a_node_that_goes_in_the_midst_of_it(home: Home) -> None:
    photographer = await camera_of(home)

    async def away(message: Json) -> None:
        if message["t"] == "piece":
            await photographer.node.drop()

    photographer.before = away
    assert await refusal(home) == "no_answer"
    await until(lambda: home.coordinator(photographer.node).session is None)
    assert await refusal(home) == "not_connected"


async def test_it_is_there_as_long_as_its_node_is(home: Home) -> None:
    photographer = await camera_of(home)
    coordinator = home.coordinator(photographer.node)
    await gone(home, photographer.node)
    coordinator.presence.available = False
    coordinator.async_update_listeners()
    assert home.state(photographer.node, "camera", "48_camera").state == "unavailable"


async def test_a_node_without_a_camera_loads_none(home: Home) -> None:
    node: FakeNode = home.node()
    entry = await home.add(node)
    await node.connect()
    await home.hass.async_block_till_done()
    assert "camera" not in entry.runtime_data.platforms
    found = await async_get_config_entry_diagnostics(home.hass, entry)
    assert found["camera"] is None
    # One is fitted later.
    photographer = Photographer(node, photo())
    await node.connect()
    await until(lambda: home.hub.coordinators.get(node.hardware_id) and entry.runtime_data.shutter)
    await node.connect()
    await home.hass.async_block_till_done()
    assert await still(home)
    found = await async_get_config_entry_diagnostics(home.hass, entry)
    assert found["camera"]["outcomes"] == {"taken": 1}
    assert found["camera"]["bytes"] == len(photographer.data)
    # And is taken away again.
    node.channels = [[0, "m"]]
    await node.connect()
    await until(lambda: er.async_get(home.hass).async_get(CAMERA) is None)
    await home.hass.async_block_till_done()


@pytest.mark.usefixtures("quick")
async def test_a_node_that_sleeps_shows_its_last_waking(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    photographer = Photographer(home.node(sleeps=True, every=900), photo())
    node = photographer.node
    await home.add(node)
    # Nobody has asked yet: a battery is not there to be emptied.
    await node.connect()
    await gone(home, node)
    assert photographer.asked == []
    assert await refusal(home) == "not_connected"
    # Now somebody has: the next waking has a photo, and not only for a moment.
    await node.connect()
    await until(lambda: home.coordinator(node).config_entry.runtime_data.shutter.last(48, 1024))
    await gone(home, node)
    assert photographer.snaps == [{"ch": 48, "w": 1024, "q": 80, "f": 1}]
    first = await still(home)
    photographer.data = photo(2)
    await node.connect()
    await until(lambda: len(photographer.snaps) == 2)
    await until(lambda: not home.coordinator(node).config_entry.runtime_data.shutter._taking)
    await gone(home, node)
    assert await still(home) != first
    # What is older than its rhythm would be taken for one of today.
    passed = home.hass.loop.time() + 4000.0
    monkeypatch.setattr(home.hass.loop, "time", lambda: passed)
    shutter = home.coordinator(node).config_entry.runtime_data.shutter
    monkeypatch.setattr(shutter, "_clock", lambda: passed)
    assert await refusal(home) == "not_connected"


# --- the live view -----------------------------------------------------------------------------


@asynccontextmanager
async def live(home: Home, client: ClientSessionGenerator) -> AsyncGenerator[ClientResponse]:
    response = await (await client()).get(f"/api/camera_proxy_stream/{CAMERA}?interval=0.5")
    assert response.status == 200
    assert response.content_type == "multipart/x-mixed-replace"
    yield response
    response.close()


async def frame(response: ClientResponse) -> bytes:
    """The next picture of a live view."""
    head = await response.content.readuntil(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    assert length is not None
    return await response.content.readexactly(int(length[1]))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A live view of a hundred frames a second."""
    monkeypatch.setattr(shutter, "FRESH_S", 0.0)
    monkeypatch.setattr("custom_components.plant_vita.camera.FRESH_S", 0.01)


@pytest.mark.usefixtures("quick")
async def test_the_live_view(home: Home, hass_client: ClientSessionGenerator) -> None:
    photographer = await camera_of(home)
    async with live(home, hass_client) as response:
        first = await frame(response)
        photographer.data = photo(2)
        async with asyncio.timeout(5):
            while await frame(response) == first:
                pass
        assert photographer.snaps[0] == {"ch": 48, "w": 640, "q": 80, "f": 0}
        # While the node waters, the picture stands still; then it goes on.
        photographer.refuses = "busy"
        asked = len(photographer.asked)
        await until(lambda: len(photographer.asked) > asked + 1)
        photographer.refuses, photographer.data = None, photo(3)
        async with asyncio.timeout(5):
            await frame(response)
        # It ends with the node.
        await gone(home, photographer.node)
        home.coordinator(photographer.node).presence.available = False
        async with asyncio.timeout(5):
            await response.content.read()


async def test_no_more_than_one_frame_a_second(
    home: Home, hass_client: ClientSessionGenerator
) -> None:
    photographer = await camera_of(home)
    async with live(home, hass_client) as one, live(home, hass_client) as other:
        await frame(one)
        await frame(other)
        assert len(photographer.snaps) == 1
