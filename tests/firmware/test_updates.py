"""A firmware over the link, under the real interpreter: taken, tried, kept or undone."""

import asyncio
import contextlib
import json
import random

import pytest

from tests.firmware import rig
from tests.firmware.central import BluetoothHome
from tests.firmware.images import Sender, image, offer, package
from tests.firmware.rig import PUMP

NOW, NEW = "0.1.0", "0.2.0"
# A node keeps below Home Assistant's limit, which nobody watches here.
QUICK = "from plantnode import limits, sender\nlimits.RATE_MS, sender._LOOK_MS = 1, 2\n"


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    """Images of one newer firmware that works and one that cannot be imported."""
    folder = tmp_path_factory.mktemp("images")
    return {
        "good": image(package(folder, NEW)),
        "broken": image(package(folder, "0.3.0", spoil="board.py")),
        "silent": image(package(folder, "0.4.0", spoil="wifi.py")),
    }


@contextlib.asynccontextmanager
async def running(folder, **settings):
    async with rig.paired(folder, before=QUICK, **settings) as (board, home, talk):
        yield board, home, talk, Sender(talk)


async def again(board, home, count):
    """After the reset that the node asked for itself: power, and its next session."""
    assert await asyncio.wait_for(board.process.wait(), 60) == 71
    await board.kill()
    await board.start()
    return await home.talk(count, seconds=60)


def kept(board, name="slots.json"):
    path = board.folder / name
    return json.loads(path.read_text()) if path.exists() else None


def firmware(talk):
    return talk.of("hello")[0]["fw"]


@pytest.mark.parametrize("link", [rig.Home, BluetoothHome])
async def test_a_newer_firmware_is_taken_tried_and_kept(tmp_path, images, link, full_campaign):
    if link is BluetoothHome and not full_campaign:
        pytest.skip("with PLANT_VITA_FULL=1")
    data = images["good"]
    async with running(tmp_path, home=link()) as (board, home, talk, sender):
        assert talk.of("hello")[0]["img"] == "esp32"
        await sender.bring(data, NEW)
        assert (await sender.ask(t="install"))["ok"] == 1
        tried = await again(board, home, 2)
        assert firmware(tried) == NEW
        assert board.pins[0].number == rig.PUMP_PIN
        assert board.level(rig.PUMP_PIN) == 0
        await board.until(lambda: kept(board) == {"run": "a"})
        assert not (board.folder / "update.img").exists()
        # From now on neither the same nor an older one.
        for version in (NEW, NOW, "0.1.9"):
            assert (await Sender(tried).ask(**offer(data, version)))["err"] == "old"
        # It runs from there after a power cut too, and waters.
        await board.kill()
        await board.start()
        later = await home.talk(3)
        assert firmware(later) == NEW
        await later.command("w1", "on", ch=PUMP, ms=100)
        assert (await later.ack("w1"))["ok"] == 1


async def test_one_that_cannot_be_imported_is_left_at_once(tmp_path, images):
    async with running(tmp_path) as (board, home, _talk, sender):
        await sender.bring(images["broken"], "0.3.0")
        assert (await sender.ask(t="install"))["ok"] == 1
        assert await asyncio.wait_for(board.process.wait(), 60) == 71
        await board.kill()
        await board.start()
        talk = await again(board, home, 2)
        assert firmware(talk) == NOW
        assert kept(board) == {"undone": "a"}


async def test_one_that_never_reaches_home_assistant_is_undone(tmp_path, images):
    async with running(tmp_path) as (board, home, _talk, sender):
        await sender.bring(images["silent"], "0.4.0")
        assert (await sender.ask(t="install"))["ok"] == 1
        assert await asyncio.wait_for(board.process.wait(), 60) == 71
        await board.kill()
        await board.start()
        await board.printed("SyntaxError")
        assert kept(board) == {"try": "a", "begun": 1}
        await board.kill()
        await board.start()
        assert firmware(await home.talk(2)) == NOW


async def test_it_goes_on_where_the_link_or_the_power_was_lost(tmp_path, images):
    data = images["good"]
    async with running(tmp_path) as (board, home, talk, sender):
        assert (await sender.ask(**offer(data, NEW)))["at"] == 0
        assert (await sender.part(data, 0))["at"] == 2048
        assert (await sender.part(data, 0))["at"] == 2048  # the answer was lost: no harm
        assert (await sender.part(data, 4096))["err"] == "bad"
        assert (await sender.ask(t="install"))["err"] == "bad"  # not whole
        await talk.socket.close()
        second = Sender(await home.talk(2))
        assert (await second.ask(**offer(data, NEW)))["at"] == 2048
        assert (await second.part(data, 2048))["at"] == 4096
        await board.kill()
        await board.start()
        third = Sender(await home.talk(3))
        assert (await third.ask(**offer(data, NEW)))["at"] == 4096
        # Another image of the same length begins anew.
        other = data[:-1] + bytes([data[-1] ^ 1])
        assert (await third.ask(**offer(other, NEW)))["at"] == 0


async def test_what_is_not_what_was_promised_is_refused(tmp_path, images):
    data = images["good"]
    head, _, rest = data.partition(b"\n")
    fields = json.loads(head)

    def forged(**changed):
        return json.dumps(fields | changed).encode() + b"\n" + rest

    outside = [["../main.py", 10], *fields["files"][1:]]
    async with running(tmp_path) as (board, _home, _talk, sender):
        await sender.bring(data, NEW, sha="0" * 64)
        assert (await sender.ask(t="install"))["err"] == "hash"
        assert not (board.folder / "update.img").exists()
        for wrong in (
            forged(files=outside),
            forged(img="uno"),
            forged(fw="0.9.0"),
            forged(files=[["main.py", -1]]),
            forged(files=[["/main.py", 1]]),
            forged(files=3),
            forged(sum="0" * 64),
            forged(files=[*fields["files"], ["more.py", 4000]]),
            data[:-3000],
            b"no line at all" * 9,
        ):
            await sender.bring(wrong, NEW)
            assert (await sender.ask(t="install"))["err"] == "hash", wrong[:80]
        assert kept(board) is None
        assert not list(board.folder.glob("slots/*/main.py"))
        assert not list(board.folder.glob("slots/main.py"))


async def test_what_makes_no_sense_is_bad(tmp_path, images):
    data = images["good"]
    async with running(tmp_path) as (board, _home, _talk, sender):
        assert (await sender.ask(t="part", at=0, d="AAAA"))["err"] == "bad"
        assert (await sender.ask(t="install"))["err"] == "bad"
        for changed in (
            {"fw": "newest"},
            {"fw": 2},
            {"fw": "1.0.0.0"},
            {"size": 0},
            {"size": 1 << 21},
            {"size": "9"},
            {"sha": "0" * 63},
            {"sha": "G" * 64},
        ):
            assert (await sender.ask(**offer(data, NEW, **changed)))["err"] == "bad", changed
        assert (await sender.ask(**offer(data, NEW)))["ok"] == 1
        for part in (
            {"at": 0},
            {"at": 0, "d": 7},
            {"at": 0, "d": "?"},
            {"at": -1, "d": "AAAA"},
            {"at": True, "d": "AAAA"},
        ):
            assert (await sender.ask(t="part", **part))["err"] == "bad", part
        assert not (board.folder / "update.img").exists()


async def test_a_node_that_was_told_so_takes_none(tmp_path, images):
    async with running(tmp_path, updates=0) as (board, _home, talk, sender):
        assert "img" not in talk.of("hello")[0]
        assert (await sender.ask(**offer(images["good"], NEW)))["err"] == "off"
        assert (await sender.ask(t="install"))["err"] == "off"
        assert not (board.folder / "update.json").exists()


async def test_water_and_a_new_firmware_keep_out_of_each_others_way(tmp_path, images):
    data = images["good"]
    async with running(tmp_path) as (board, _home, talk, sender):
        await talk.command("w1", "on", ch=PUMP, ms=20_000)
        assert (await talk.ack("w1"))["ok"] == 1
        busy = await sender.ask(**offer(data, NEW))
        assert busy["err"] == "busy"
        assert 0 < busy["ms"] <= 20_000
        assert board.level(rig.PUMP_PIN) == 1
        await talk.command("s1", "stop")
        await talk.ack("s1")
        await sender.bring(data, NEW)
        name = await sender.begin(t="install")
        await talk.command("w2", "on", ch=PUMP, ms=1000)
        assert (await talk.ack("w2"))["err"] == "busy"
        answer = await talk.wait("ack", lambda one: one["c"] == name, seconds=20)
        assert answer["ok"] == 1
        assert len([edge for edge in board.pins if edge.level and edge.number == rig.PUMP_PIN]) == 1


@pytest.mark.full
async def test_cut_anywhere_it_comes_back_with_one_whole_version(tmp_path, images, full_campaign):
    """The plug is pulled at moments by chance; then it gets the update all the same."""
    data, source = images["good"], random.Random(7)
    async with running(tmp_path) as (board, home, first, _sender):
        talk = first
        for cut in range(200 if full_campaign else 3):
            if firmware(talk) == NEW:
                await board.kill()
                for name in ("slots.json", "slots.json.new", "update.img", "update.json"):
                    (board.folder / name).unlink(missing_ok=True)
                await board.start()
                talk = await home.talk(len(home.talks) + 1, seconds=60)
                assert firmware(talk) == NOW

            async def update(talk=talk):
                sender = Sender(talk)
                await sender.bring(data, NEW)
                await sender.begin(t="install")
                await board.process.wait()

            with contextlib.suppress(TimeoutError, ConnectionError):
                async with asyncio.timeout(source.uniform(0.02, 2.5)):
                    await update()
            count = len(home.talks)
            await board.kill()
            await board.start()
            talk = await home.talk(count + 1, seconds=60)
            assert firmware(talk) in {NOW, NEW}, cut
        if firmware(talk) == NOW:
            await Sender(talk).bring(data, NEW)
            await Sender(talk).begin(t="install")
            talk = await again(board, home, len(home.talks) + 1)
        assert firmware(talk) == NEW
