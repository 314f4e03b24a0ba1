"""The sampler: every part at its rhythm, none able to stop the others."""

import asyncio
import contextlib

import pytest

from tests.firmware import rig

rig.plantnode()
from plantnode import clock  # noqa: E402
from plantnode.sampler import Sampler  # noqa: E402
from plantnode.settings import Settings  # noqa: E402


class Channel:
    label = None

    def __init__(self, index, kind):
        self.index, self.kind = index, kind


class Part:
    settle_ms, warm_ms = 0, 0

    def __init__(self, index, value):
        self.indices = (index,)
        self.value, self.starts, self.reads = value, 0, 0

    def start(self):
        self.starts += 1
        if self.value == "dead":
            raise OSError(19)

    def read(self):
        self.reads += 1
        if self.value in ("mute", "dead"):
            raise OSError(116)
        return {self.indices[0]: self.value}

    def calibrate(self, at):
        self.point = at


class Board:
    def __init__(self, *parts, contacts=()):
        self.sensors = [*parts, *contacts]
        self.contacts = list(contacts)
        kinds = {0: "m", 8: "t", 9: "h", 24: "leak", 32: "pump"}
        self.channels = [Channel(part.indices[0], kinds[part.indices[0]]) for part in self.sensors]
        self.channels.append(Channel(32, "pump"))


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Time that only the sampler's own waits let pass."""
    passed = {"ms": 0, "waits": []}

    async def wait(ms):
        passed["ms"] += ms
        passed["waits"].append(ms)
        await asyncio.sleep(0)

    monkeypatch.setattr(clock, "ticks", lambda: passed["ms"])
    monkeypatch.setattr(clock, "sleep_ms", wait)
    monkeypatch.setattr(clock, "pause_ms", wait)
    return passed


async def reports(board, quick, *, until=20_000, sampler=None, between=lambda ms: None):
    told = []

    def report(values, ticks):
        told.append((ticks, values))

    task = asyncio.create_task((sampler or Sampler(board, Settings())).run(report))
    while quick["ms"] < until and not task.done():
        between(quick["ms"])
        await asyncio.sleep(0)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    return told


async def test_the_first_round_tells_everything(quick):
    told = await reports(Board(Part(0, 40.0), Part(8, 21.0)), quick)
    assert told == [(0, {0: 40.0, 8: 21.0})]


async def test_a_silent_part_disturbs_nobody(quick):
    told = await reports(Board(Part(8, "mute"), Part(9, "dead"), Part(0, 40.0)), quick)
    assert told == [(0, {9: "silent", 8: "silent", 0: 40.0})]


async def test_a_part_that_comes_back_is_told(quick):
    part = Part(8, "mute")

    def mend(ms):
        if ms > 9_000:
            part.value = 20.0

    told = await reports(Board(part), quick, between=mend)
    assert [values for _, values in told] == [{8: "silent"}, {8: 20.0}]


async def test_rounds_come_at_the_rhythm_and_change_at_once(quick):
    part = Part(0, 40.0)
    board = Board(part)
    sampler = Sampler(board, Settings({"sample": 10}))
    await reports(board, quick, until=100_000, sampler=sampler)
    assert part.starts == 10
    sampler.configure(None, {"sample": 1})
    await reports(board, quick, until=110_000, sampler=sampler)
    assert part.starts == 20


async def test_waits_once_for_the_slowest_part(quick):
    slow, slower = Part(0, 40.0), Part(8, 20.0)
    slow.settle_ms, slower.settle_ms = 16, 180
    await reports(Board(slow, slower), quick, until=100)
    assert quick["waits"][:2] == [0, 180]


async def test_waits_for_parts_that_need_power_for_a_while(quick):
    part = Part(8, 20.0)
    part.warm_ms = 2000
    told = await reports(Board(part), quick, until=3000)
    assert told[0][0] == 2000


async def test_a_leak_is_told_within_a_second_whatever_the_rhythm(quick):
    leak = Part(24, 0)
    board = Board(Part(0, 40.0), contacts=(leak,))
    sampler = Sampler(board, Settings({"sample": 3600}))

    def spill(ms):
        if ms >= 10_000:
            leak.value = 1

    told = await reports(board, quick, sampler=sampler, between=spill)
    assert told[0] == (0, {0: 40.0, 24: 0})
    assert told[1][1] == {24: 1}
    assert 10_000 <= told[1][0] <= 11_000
    assert board.sensors[0].starts == 1


async def test_tuning_from_the_settings_and_later(quick):
    part = Part(0, 40.0)
    board = Board(part)
    sampler = Sampler(board, Settings({"tuning": {"0": {"med": 1, "db": 5}}}))

    def move(ms):
        part.value = 40.0 + ms / 5000

    told = await reports(board, quick, sampler=sampler, until=60_000, between=move)
    assert len(told) == 3
    sampler.configure(0, {"med": 1, "db": 1})
    assert len(await reports(board, quick, sampler=sampler, until=80_000, between=move)) >= 4


def test_calibration_reaches_its_part_and_starts_the_filter_anew():
    part = Part(0, 40.0)
    sampler = Sampler(Board(part), Settings())
    sampler._filters[0].add(40, 0)
    sampler.calibrate(0, "wet")
    assert part.point == "wet"
    assert sampler._filters[0].add(40, 1) == 40


def test_calibrating_what_has_no_calibration():
    sampler = Sampler(Board(Part(0, 40.0)), Settings())
    with pytest.raises(ValueError, match="no soil probe"):
        sampler.calibrate(32, "wet")


def test_tuning_a_pump_is_no_error():
    Sampler(Board(Part(0, 40.0)), Settings()).configure(32, {"db": 1})


@pytest.mark.parametrize("broken", [{"sample": "x"}, {"sample": 0}, {"tuning": 3}])
def test_broken_settings_mean_defaults(broken):
    assert Sampler(Board(Part(0, 40.0)), Settings(broken))._sample_ms == 5000
