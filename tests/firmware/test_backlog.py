"""Readings that nobody has confirmed.

Through power cuts, full flash, damaged files, reboots and deep sleep.
"""

import asyncio
import json
import random
import time
from itertools import chain

import pytest

from tests.firmware import rig
from tests.firmware.rig import PUMP, paired
from tests.firmware.waterworld import PowerCut, medium_fixture

rig.plantnode()

from plantnode import journal  # noqa: E402
from plantnode.backlog import Backlog  # noqa: E402

HOUR = 3_600_000


medium = medium_fixture()


def sent(backlog: Backlog, up: int) -> list[tuple[str, int, int, dict]]:
    """Everything that would go out now: (boot, number, age, values)."""
    sets = []
    while text := backlog.next(up):
        assert len(text) <= 4096
        message = json.loads(text)
        boot = message.get("b", backlog.boot)
        entries = message.get("p") or [[message["age"], *chain(*message["r"].items())]]
        for offset, entry in enumerate(entries):
            values = dict(zip(map(int, entry[1::2]), entry[2::2], strict=True))
            sets.append((boot, message["n"] + offset, entry[0], values))
    return sets


def test_one_set_is_tele_and_several_are_past(medium):
    backlog = Backlog("0badf00d")
    backlog.add({0: 41.5, 1: "open"}, 1000)
    assert json.loads(backlog.next(3000)) == {
        "t": "tele",
        "n": 1,
        "age": 2000,
        "r": {"0": 41.5, "1": "open"},
    }
    assert backlog.next(3000) is None
    backlog.add({0: 1}, 4000)
    backlog.add({0: 2}, 5000)
    assert json.loads(backlog.next(6000)) == {
        "t": "past",
        "b": "0badf00d",
        "n": 2,
        "p": [[2000, 0, 1], [1000, 0, 2]],
    }
    backlog.rewind()
    assert [number for _, number, _, _ in sent(backlog, 6000)] == [1, 2, 3]
    backlog.confirm("0badf00d", 2)
    backlog.rewind()
    assert [number for _, number, _, _ in sent(backlog, 6000)] == [3]


def test_infinity_is_out_of_range(medium):
    backlog = Backlog("0badf00d")
    backlog.add({0: float("inf"), 1: float("nan")}, 0)
    assert json.loads(backlog.next(0))["r"] == {"0": "range", "1": "range"}


def test_a_week_away_is_sent_oldest_first_with_the_right_ages(medium):
    backlog = Backlog("0badf00d")
    for number in range(10_080):
        backlog.add({0: number % 100 + 0.5, 8: 21.25, 9: 55}, number * 60_000)
        backlog.keep(number * 60_000)
    assert len(backlog.ring) <= 64
    assert len(medium.files) <= 200
    now = 10_080 * 60_000
    sets = sent(backlog, now)
    numbers = [number for _, number, _, _ in sets]
    assert numbers == list(range(numbers[0], 10_081))
    assert len(sets) + backlog.journal.dropped == 10_080
    assert len(sets) > 9000
    assert all(age == now - (number - 1) * 60_000 for _, number, age, _ in sets)
    backlog.confirm("0badf00d", 10_080)
    assert backlog.empty()
    assert not [name for name in medium.files if name.startswith("past-")]


def test_after_a_reboot_ages_are_right_if_the_time_was_known(medium):
    first = Backlog("00000001")
    first.told(1_000 * HOUR, 0)
    first.add({0: 1}, 60_000)
    first.add({0: 2}, 120_000)
    first.keep(120_000, everything=True)
    second = Backlog("00000002")
    second.told(1_002 * HOUR, 500)
    second.add({0: 3}, 900)
    assert sent(second, 1500) == [
        ("00000001", 1, 2 * HOUR - 60_000 + 1000, {0: 1}),
        ("00000001", 2, 2 * HOUR - 120_000 + 1000, {0: 2}),
        ("00000002", 1, 600, {0: 3}),
    ]
    second.confirm("00000001", 2)
    second.rewind()
    assert [boot for boot, *_ in sent(second, 1500)] == ["00000002"]


def test_after_a_reboot_sets_of_unknown_time_are_dropped_and_counted(medium):
    first = Backlog("00000001")
    first.add({0: 1}, 60_000)
    first.add({0: 2}, 70_000)
    first.keep(120_000, everything=True)
    second = Backlog("00000002")
    second.told(1_002 * HOUR, 500)
    assert sent(second, 1500) == []
    assert second.journal.dropped == 2
    assert second.empty()


def test_a_full_flash_drops_the_oldest_and_leaves_room_for_the_ledger(medium, monkeypatch):
    monkeypatch.setattr(
        medium, "free", lambda folder: 40_000 + 300_000 - sum(map(len, medium.files.values()))
    )
    backlog = Backlog("0badf00d")
    for number in range(20_000):
        backlog.add({0: 1.5, 1: 2.5}, number * 1000)
    assert medium.free("") >= 65_536 - 8192
    numbers = [number for _, number, _, _ in sent(backlog, 20_000_000)]
    assert numbers == list(range(numbers[0], 20_001))
    assert backlog.journal.dropped == numbers[0] - 1


def test_a_flash_that_takes_nothing_costs_readings_and_nothing_else(medium):
    backlog = Backlog("0badf00d")
    medium.full = True
    for number in range(500):
        backlog.add({0: number}, number)
    medium.full = False
    for number in range(500, 600):
        backlog.add({0: number}, number)
    numbers = [number for _, number, _, _ in sent(backlog, 1000)]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == 600


@pytest.mark.parametrize("damage", [b"", b"\0" * 50, b"not a line\n", b"00000000[1,2,[0,1]]\n"])
def test_damaged_segments_do_not_spoil_the_others(medium, damage):
    first = Backlog("00000001")
    first.told(1_000 * HOUR, 0)
    for number in range(400):
        first.add({0: number}, number)
    first.keep(400, everything=True)
    names = sorted(name for name in medium.files if name.startswith("past-"))
    medium.files[names[0]] = damage
    medium.files[names[1]] = medium.files[names[1]][:-5] + damage
    medium.files["past-zzzzzzzz-00000001"] = b""
    medium.files[journal.ANCHORS] += b""
    second = Backlog("00000002")
    second.told(1_001 * HOUR, 0)
    numbers = [number for _, number, _, _ in sent(second, 0)]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == 400
    assert len(numbers) > 200


@pytest.mark.parametrize("seed", range(30))
def test_power_cuts_lose_only_what_never_reached_the_flash(medium, seed):
    source = random.Random(seed)
    stored: set[tuple[str, int]] = set()  # what Home Assistant has
    on_flash: set[tuple[str, int]] = set()
    wall, booted, boot = 1_000 * HOUR, 1_000 * HOUR, 0
    backlog = Backlog("00000000")
    backlog.told(wall, 0)
    for _ in range(300):
        wall += 60_000
        up = wall - booted
        medium.cut_in = source.randrange(6) if source.random() < 0.1 else None
        try:
            backlog.add({0: wall // 60_000}, up)
            backlog.keep(up)
            kept = {entry[0] for entry in backlog.ring}
            on_flash |= {(backlog.boot, n) for n in range(1, backlog.next_number) if n not in kept}
            if source.random() < 0.1:
                backlog.rewind()
                for name, number, age, values in sent(backlog, up):
                    assert abs(wall - age - values[0] * 60_000) < 10
                    stored.add((name, number))
                    if source.random() < 0.9:
                        backlog.confirm(name, number)
        except PowerCut:
            wall += 600_000
            boot += 1
            medium.cut_in = None
            booted = wall
            backlog = Backlog(f"{boot:08x}")
            backlog.told(wall, 0)
    medium.cut_in = None
    backlog.rewind()
    stored |= {(name, number) for name, number, _, _ in sent(backlog, wall - booted)}
    torn = boot  # a power cut may tear the one line that was being written
    assert len(on_flash - stored) <= torn


async def test_nothing_kept_is_lost_when_home_assistant_and_the_power_go(tmp_path):
    before = "from plantnode import backlog; backlog._RING_MS = 500"
    async with paired(tmp_path, before=before) as (board, home, talk):
        await talk.wait("tele")
        home.confirm = False
        port = home.port
        boot = talk.of("hello")[0]["boot"]
        await home.stop()
        await asyncio.sleep(1)
        for _ in range(4):
            for pin in (0, 1):
                board.reading = lambda kind, v=pin: (
                    1_200_000 + v * 400_000 if kind == "adc" else {"errno": 19}
                )
                await asyncio.sleep(1.2)
        await asyncio.sleep(1)
        await board.kill()
        segments = sorted(board.folder.glob("past-*"))
        assert segments
        lines = [
            json.loads(line[8:]) for path in segments for line in path.read_bytes().splitlines()
        ]
        home.confirm = True
        home.stored.clear()
        await home.start(port)
        await board.start()
        again = await home.talk(2)
        await board.until(
            lambda: not [path for path in board.folder.glob("past-*") if boot in path.name]
        )
        assert again.of("hello")[0]["boot"] != boot
        assert {number for number, _, _ in lines} <= {
            number for name, number in home.stored if name == boot
        }
        for number, _, flat in lines:
            measured, values = home.stored[boot, number]
            assert values == {str(flat[0]): flat[1]}
            assert 2 < time.time() - measured < 40


async def test_a_battery_node_tells_and_sleeps_and_stays_the_same_boot(tmp_path):
    async with paired(tmp_path, sleep=1, every=30) as (board, home, talk):
        assert talk.of("hello")[0]["sleep"] == 1
        await talk.wait("tele")
        board.order(jump=125_000_000)  # the two minutes in which a person may want something of it
        await asyncio.wait_for(board.process.wait(), 30)
        assert board.process.returncode == 72
        assert board.rtc
        slept = next(what for what in board.told if what[0] == "sleep")
        assert 1000 <= slept[1] <= 30_000
        await board.kill()
        board.cause = 4
        began = time.monotonic()
        await board.start()
        again = await home.talk(2)
        assert again.of("hello")[0]["boot"] == talk.of("hello")[0]["boot"]
        assert again.of("hello")[0]["up"] > 120_000
        first = await again.wait("tele")
        assert first["n"] > talk.of("tele")[-1]["n"]
        await again.command("c1", "on", ch=PUMP, ms=4000)
        assert (await again.ack("c1"))["ok"] == 1
        assert await again.wait("state", lambda message: message["why"] == "timer")
        await asyncio.wait_for(board.process.wait(), 15)
        assert board.process.returncode == 72
        assert 4 < time.monotonic() - began < 16
