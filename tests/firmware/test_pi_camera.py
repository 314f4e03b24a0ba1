"""The camera of a Raspberry Pi: photos as asked for, and one that hangs holds nothing up."""

import asyncio
import hashlib
import importlib.util
import io
import sys
import threading
import time

import pytest
from PIL import Image

from tests.firmware import fake_picamera2, pi_rig, rig
from tests.firmware.fake_picamera2 import Picamera2
from tests.firmware.test_camera import CAMERA, Looker

pi_rig.package()
from plant_vita_node import camera  # noqa: E402 - the path is set now


@pytest.fixture(autouse=True)
def libraries(monkeypatch):
    for name in ("picamera2", "libcamera"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    fake_picamera2.put_in_place()
    monkeypatch.setattr(Picamera2, "made", [])
    monkeypatch.setattr(camera, "SETTLE_S", 0)
    yield
    for name in ("picamera2", "libcamera"):
        del sys.modules[name]


def eye(*turned):
    return camera.BoardCamera({}, turned, None, with_pump=False)


async def photo(made, width=640, quality=80):
    if not made.ready(width, quality):
        made.open(width, quality)
    await made.skip()
    return Image.open(io.BytesIO(await made.frame()))


async def off():
    """Wait until the thread has switched it off."""
    async with asyncio.timeout(10):
        while any(one.had for one in Picamera2.made):  # noqa: ASYNC110 - a thread changes it
            await asyncio.sleep(0.005)


async def test_a_photo_is_what_was_asked_for_and_the_camera_is_off_again():
    made = eye()
    picture = await photo(made)
    assert (picture.format, picture.size) == ("JPEG", (640, 480))
    assert picture.getpixel((2, 2))[0] > 200  # the first corner is red
    made.close()
    await off()
    assert not made.ready(640, 80)


@pytest.mark.parametrize(
    ("turned", "corner"),
    [(("vflip",), (2, 477)), (("hmirror",), (637, 2)), (("vflip", "hmirror"), (637, 477))],
)
async def test_it_can_hang_upside_down(turned, corner):
    picture = await photo(eye(*turned))
    assert picture.getpixel(corner)[0] > 200


async def test_photos_in_a_row_find_it_on_and_another_size_starts_it_anew():
    made = eye()
    await photo(made)
    await photo(made)
    [one] = Picamera2.made
    assert one.frames == 4
    assert (await photo(made, 320)).size == (320, 240)
    assert [one.running for one in Picamera2.made] == [False, True]
    assert Picamera2.made[1].options == {"quality": 80}


@pytest.mark.parametrize(
    ("width", "size"),
    [(96, (96, 72)), (1001, (1000, 750)), (2592, (2592, 1944)), (4096, (2592, 1944))],
)
def test_a_size_is_the_whole_picture_no_wider_than_asked_and_even(width, size):
    assert camera.fitting((2592, 1944), width) == size


async def test_no_camera_at_the_cable_is_an_os_error_until_there_is_one(monkeypatch):
    made = eye()
    monkeypatch.setattr(Picamera2, "there", False)
    with pytest.raises(OSError, match="IndexError: list index out of range"):
        await photo(made)
    made.close()
    monkeypatch.setattr(Picamera2, "there", True)
    assert (await photo(made)).size == (640, 480)


async def test_one_that_hangs_is_given_up_in_time_and_taken_again(monkeypatch):
    made, release = eye(), threading.Event()
    monkeypatch.setattr(Picamera2, "hang", release)
    monkeypatch.setattr(camera, "JOB_S", 0.2)
    began = time.monotonic()
    with pytest.raises(OSError, match="does not answer"):
        await photo(made)
    assert time.monotonic() - began < 5
    made.close()
    with pytest.raises(OSError, match="hangs"):
        made.open(640, 80)
    monkeypatch.setattr(Picamera2, "hang", None)
    release.set()
    await off()
    monkeypatch.setattr(camera, "JOB_S", 8)
    assert (await photo(made)).size == (640, 480)


async def test_nothing_of_it_holds_the_loop_up(monkeypatch):
    made, release = eye(), threading.Event()
    monkeypatch.setattr(Picamera2, "hang", release)
    made.open(640, 80)
    waiting = asyncio.create_task(made.frame())
    await asyncio.sleep(0)
    made.close()  # a pump starts
    assert not waiting.done()
    release.set()
    assert (await waiting)[:3] == b"\xff\xd8\xff"
    await off()


def test_without_the_package_it_is_a_part_that_cannot_be_fitted(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match="python3-picamera2 is not installed"):
        eye()


# ── the whole node ──────────────────────────────────────────────────────────────────────


async def test_home_assistant_gets_its_photo_by_the_sealed_link(tmp_path):
    parts = ("camera", "light", "pump")
    async with pi_rig.paired(tmp_path, parts=parts, PLANTNODE_CAMERA="there") as (board, _, talk):
        assert talk.of("hello")[0]["ch"] == [
            [rig.PUMP, "pump"],
            [40, "light"],
            [CAMERA, "camera", "Bed"],
        ]
        looker = Looker(talk)
        taken = await looker.snap(w=1000, f=1)
        photo = await looker.fetch(taken["size"])
        assert hashlib.sha256(photo).hexdigest() == taken["sha"]
        picture = Image.open(io.BytesIO(photo))
        assert picture.size == (1000, 750)
        assert picture.getpixel((2, 747))[0] > 200  # upside down, as the file says
        assert len(board.pulses(pi_rig.SECOND_PIN)) == 1  # its lamp
        await talk.command("c1", "on", ch=rig.PUMP, ms=500)
        assert (await looker.snap())["err"] == "busy"
        assert (await talk.ack("c1"))["ok"] == 1


async def test_a_camera_that_hangs_keeps_no_stop_from_being_heard(tmp_path):
    given = {"parts": ("camera", "pump"), "PLANTNODE_CAMERA": "hang"}
    async with pi_rig.paired(tmp_path, **given) as (board, _, talk):
        looker = Looker(talk)
        asked = await looker.ask("snap", ch=CAMERA, w=640, q=80)
        await talk.command("c1", "on", ch=rig.PUMP, ms=20_000)
        await board.until(lambda: board.level(pi_rig.PUMP_PIN) == 1)
        await talk.command("s1", "stop")
        await board.until(lambda: board.level(pi_rig.PUMP_PIN) == 0, 5)
        assert (await talk.ack("s1"))["ok"] == 1
        assert (await talk.wait("ack", lambda m: m["c"] == asked, 20))["err"] == "fault"


async def test_a_cable_without_a_camera_is_a_fault_and_nothing_else(tmp_path, full_campaign):
    if not full_campaign:
        pytest.skip("with PLANT_VITA_FULL=1")
    given = {"parts": ("camera", "soil"), "PLANTNODE_CAMERA": "gone"}
    async with pi_rig.paired(tmp_path, **given) as (_, _, talk):
        assert (await Looker(talk).snap())["err"] == "fault"
        assert (await talk.wait("tele"))["r"] == {"0": 75.9}
