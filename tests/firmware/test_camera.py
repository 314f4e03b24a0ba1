"""Photos of a node's own camera, under the real interpreter: taken, fetched, given up."""

import contextlib
import hashlib
from functools import cache

from scripts.lab.clouds.pictures import jpeg, plant
from tests.firmware import rig
from tests.firmware.looker import CAMERA, Looker
from tests.firmware.rig import PUMP

PUMP_PIN, FLASH_PIN = 21, 14
QUICK = "from plantnode import camera, limits, sender\nlimits.RATE_MS, sender._LOOK_MS = 1, 2\n"


@cache
def photo(seed=1):
    return jpeg(plant(seed, (320, 240)), 80)


@contextlib.asynccontextmanager
async def running(folder, *, camera=("camera",), before="", **settings):
    parts = [list(camera) if len(camera) > 1 else camera[0], "soil", "pump"]
    settings = {"board": "esp32s3cam", "parts": parts} | settings
    async with rig.paired(folder, before=QUICK + before, **settings) as (board, home, talk):
        board.photo = photo()
        yield board, home, Looker(talk)


def switched(board):
    """When the camera was switched on and off."""
    return [told[1] for told in board.told if told[0] == "camera"]


async def test_a_photo_is_taken_and_fetched_and_the_camera_off_again(tmp_path):
    async with running(tmp_path) as (board, _home, looker):
        assert [CAMERA, "camera"] in looker.talk.of("hello")[0]["ch"]
        assert switched(board) == []
        taken = await looker.snap()
        assert taken == {
            "t": "photo",
            "c": taken["c"],
            "size": len(photo()),
            "sha": hashlib.sha256(photo()).hexdigest(),
        }
        assert switched(board) == [1, 0]
        asked = next(told for told in board.told if told[:2] == ["ask", "camera"])
        assert asked[2:6] == [640, 480, 80, [0, 0]]
        assert len(photo()) > 8192
        assert await looker.fetch(taken["size"]) == photo()
        assert len(looker.talk.pieces) == len(photo()) // 8192 + 1
        # It is fetched once.
        assert await looker.piece(0) == "bad"
        assert board.output[-1] == "link: connected"


async def test_what_cannot_be_asked(tmp_path):
    async with running(tmp_path) as (board, _home, looker):
        wrong = [
            ({"ch": 47}, "unknown"), ({"ch": None}, "bad"), ({"w": 95}, "bad"),
            ({"w": 4097}, "bad"), ({"q": 0}, "bad"), ({"q": 80.0}, "bad"),
            ({"f": True}, "bad"), ({"f": 2}, "bad"),
        ]  # fmt: skip
        for changed, word in wrong:
            assert (await looker.snap(**changed))["err"] == word, changed
        assert await looker.piece(0) == "bad"
        taken = await looker.snap()
        for at in (-1, taken["size"], 1.0, "0", None):
            assert await looker.piece(at) == "bad"
        assert await looker.fetch(taken["size"]) == photo()
        assert switched(board) == [1, 0]


async def test_sizes(tmp_path):
    async with running(tmp_path) as (board, _home, looker):
        for width in (96, 639, 640, 1024, 4096):
            await looker.snap(w=width)
        asked = [told[2] for told in board.told if told[:2] == ["ask", "camera"]]
        assert list(dict.fromkeys(asked)) == [320, 640, 1024, 1600]


async def test_water_comes_first(tmp_path):
    async with running(tmp_path) as (board, _home, looker):
        # A pump starts while a photo is being taken: the camera is off before it has power.
        name = await looker.ask("snap", ch=CAMERA, w=640, q=80)
        await looker.talk.command("w1", "on", ch=PUMP, ms=20_000)
        assert (await looker.answer(name))["err"] == "busy"
        assert (await looker.talk.ack("w1"))["ok"] == 1
        await board.until(lambda: board.level(PUMP_PIN) == 1)
        seen = [told[:-1] for told in board.told if told[0] in ("camera", "pin")]
        assert seen.index(["camera", 0]) < seen.index(["pin", PUMP_PIN, 1])
        # And none is taken while it runs.
        refused = await looker.snap()
        assert refused["err"] == "busy"
        assert 0 < refused["ms"] <= 20_000
        assert switched(board) == [1, 0]
        await looker.talk.command("s1", "stop")
        await board.until(lambda: board.level(PUMP_PIN) == 0)
        assert (await looker.snap())["t"] == "photo"


async def test_power_for_both(tmp_path):
    camera = ("camera", {"with_pump": 1})
    async with running(tmp_path, camera=camera) as (board, _home, looker):
        await looker.snap()
        await looker.snap()  # from now on it stays on for a while
        await looker.talk.command("w1", "on", ch=PUMP, ms=20_000)
        await board.until(lambda: board.level(PUMP_PIN) == 1)
        assert (await looker.snap())["t"] == "photo"
        # To switch it on in another way, the node would have to be deaf for a moment.
        assert (await looker.snap(w=1024))["err"] == "busy"
        assert board.level(PUMP_PIN) == 1
        assert switched(board) == [1, 0, 1]


async def test_photos_in_a_row_find_the_camera_on(tmp_path):
    quick = "camera._LIVE_MS = 1500\n"
    async with running(tmp_path, before=quick) as (board, _home, looker):
        for seed in (1, 2, 3):
            board.photo = photo(seed)
            taken = await looker.snap()
            assert await looker.fetch(taken["size"]) == photo(seed)
        assert switched(board) == [1, 0, 1]
        await board.until(lambda: switched(board) == [1, 0, 1, 0])


async def test_one_at_a_time(tmp_path):
    async with running(tmp_path) as (_board, _home, looker):
        first, second = [await looker.ask("snap", ch=CAMERA, w=640, q=80) for _ in range(2)]
        assert (await looker.answer(second))["err"] == "busy"
        assert (await looker.answer(first))["t"] == "photo"


async def test_a_camera_that_does_not_answer_is_left_alone(tmp_path):
    async with running(tmp_path) as (board, _home, looker):
        board.photo = None
        broken = await looker.snap()
        assert (broken["err"], broken["ms"]) == ("fault", 60_000)
        asked = len(board.told)
        again = await looker.snap()
        assert again["err"] == "fault"
        assert 0 < again["ms"] <= 60_000
        assert not any(told[:2] == ["ask", "camera"] for told in board.told[asked:])


async def test_what_is_no_jpeg(tmp_path):
    async with running(tmp_path) as (board, _home, looker):
        board.photo = b"\xff\xd8" + bytes(9000)
        assert (await looker.snap())["err"] == "fault"
        assert switched(board) == [1, 0]


async def test_what_is_too_large(tmp_path):
    async with running(tmp_path, before="camera._MOST = 5000\n") as (board, _home, looker):
        assert (await looker.snap())["err"] == "full"
        assert switched(board) == [1, 0]


async def test_it_is_kept_for_a_moment_only(tmp_path):
    async with running(tmp_path, before="camera._KEPT_MS = -1\n") as (_board, _home, looker):
        await looker.snap()
        while (piece := await looker.piece(0)) != "bad":
            assert len(piece) == 8192


async def test_it_does_not_outlive_its_session(tmp_path):
    async with running(tmp_path) as (_board, home, looker):
        assert (await looker.snap())["t"] == "photo"
        await looker.talk.socket.close()
        assert await Looker(await home.talk(2)).piece(0) == "bad"


async def test_the_lamp_is_lit_for_the_photo_only(tmp_path):
    camera = ("camera", {"flash": FLASH_PIN, "flip": 1, "mirror": 1})
    async with running(tmp_path, camera=camera, button=None) as (board, _home, looker):
        await looker.snap(f=1)
        levels = [edge.level for edge in board.pins if edge.number == FLASH_PIN]
        assert [level for level in levels if level] == [1]
        assert levels[-1] == 0
        asked = [told[5] for told in board.told if told[:2] == ["ask", "camera"]]
        assert asked[-1] == [1, 1]
        board.pins.clear()
        await looker.snap(f=0)
        assert not any(edge.number == FLASH_PIN and edge.level for edge in board.pins)


async def test_a_micropython_without_cameras_has_none(tmp_path):
    missing = (
        "import sys\nsys.modules['camera'] = None\ndel sys.modules['plantnode.drivers.camera']\n"
    )
    async with running(tmp_path, before=missing) as (_board, _home, looker):
        assert [CAMERA, "camera"] not in looker.talk.of("hello")[0]["ch"]
        assert (await looker.snap())["err"] == "unknown"
