"""Readings on their way to the disk: nothing is confirmed that a crash would not leave there."""

import asyncio
import errno
from collections.abc import AsyncGenerator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.glue import inbox as module
from custom_components.plant_vita.glue.inbox import Inbox
from custom_components.plant_vita.model.errors import StoreError
from custom_components.plant_vita.model.node import Reading
from tests.glue.visits import BOOT, NODE, OTHER, Disk, Visit
from tests.nodes.fake_node import until


@pytest.fixture
def disk(hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    hass.config.config_dir = str(tmp_path)
    monkeypatch.setattr(module, "BATCH_S", 0.01)
    monkeypatch.setattr(module, "RETRY_S", 0.05)
    return Disk(tmp_path / ".storage" / DOMAIN, monkeypatch)


@pytest.fixture
async def inbox(hass: HomeAssistant, disk: Disk) -> AsyncGenerator[Inbox]:
    made = Inbox(hass, lambda _hardware_id, _index: "m")
    await made.async_start()
    yield made
    disk.full = False
    disk.flows.set()
    await made.async_stop()


async def keep_house(inbox: Inbox) -> None:
    """What happens every twenty seconds."""
    await inbox._async_housekeeping(dt_util.utcnow())


@contextmanager
def slow_recorder(patch: pytest.MonkeyPatch, gate: asyncio.Event) -> Any:
    """A recorder that commits when the gate opens."""

    async def recorded(_hass: HomeAssistant) -> None:
        await gate.wait()

    with patch.context() as patched:
        patched.setattr(module, "async_recorded", recorded)
        yield


async def test_nothing_is_confirmed_before_it_is_on_the_disk(inbox: Inbox, disk: Disk) -> None:
    visit = Visit(inbox)
    disk.flows.clear()
    visit.says(1)
    await until(lambda: disk.calls)
    await asyncio.sleep(0.05)
    assert visit.got == []
    assert disk.after_crash() == ({}, [])
    disk.flows.set()
    await until(lambda: visit.got)
    assert visit.got == [(BOOT, 1)]
    assert disk.after_crash() == ({NODE: {BOOT: 1}}, [1])


async def test_what_comes_together_is_written_together(inbox: Inbox, disk: Disk) -> None:
    visit, other = Visit(inbox), Visit(inbox, OTHER)
    visit.says(1)
    visit.says(2, 3)
    other.says(9)
    await until(lambda: visit.got and other.got)
    assert len(disk.calls) == 1
    assert (visit.got, other.got) == ([(BOOT, 3)], [(BOOT, 9)])
    assert disk.after_crash() == ({NODE: {BOOT: 3}, OTHER: {BOOT: 9}}, [1, 2, 3, 9])


async def test_what_comes_while_the_disk_is_busy_is_not_confirmed_with_the_rest(
    inbox: Inbox, disk: Disk
) -> None:
    visit = Visit(inbox)
    disk.flows.clear()
    visit.says(1)
    await until(lambda: disk.calls)
    visit.says(2)
    disk.flows.set()
    await until(lambda: len(visit.got) == 2)
    assert visit.got == [(BOOT, 1), (BOOT, 2)]


async def test_a_duplicate_is_confirmed_again_and_not_written_again(
    inbox: Inbox, disk: Disk
) -> None:
    visit = Visit(inbox)
    visit.says(1, 2)
    await until(lambda: visit.got)
    assert visit.says(1, 2) == 0
    await until(lambda: len(visit.got) == 2)
    assert visit.got == [(BOOT, 2), (BOOT, 2)]
    assert disk.after_crash()[1] == [1, 2]


async def test_a_duplicate_of_what_is_not_yet_safe_is_not_confirmed(
    inbox: Inbox, disk: Disk
) -> None:
    disk.full = True
    Visit(inbox).says(1)
    await until(lambda: disk.calls)
    again = Visit(inbox)
    assert again.says(1) == 0
    await asyncio.sleep(0.15)
    assert again.got == []
    disk.full = False
    await until(lambda: again.got)
    assert disk.after_crash()[1] == [1]


async def test_a_full_disk(
    hass: HomeAssistant, inbox: Inbox, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    visit = Visit(inbox)
    disk.full = True
    visit.says(1)
    await until(lambda: len(disk.calls) >= 2)
    visit.says(2)
    await until(lambda: len(disk.calls) >= 4)
    assert visit.got == []
    assert caplog.text.count("Readings can't be written") == 1
    assert [issue for _domain, issue in ir.async_get(hass).issues] == ["disk"]
    disk.full = False
    await until(lambda: visit.got)
    assert visit.got == [(BOOT, 2)]
    assert disk.after_crash() == ({NODE: {BOOT: 2}}, [1, 2])
    assert ir.async_get(hass).issues == {}
    visit.says(3)
    await until(lambda: len(visit.got) == 2)


async def test_a_node_that_has_left_keeps_nobody_from_being_told(inbox: Inbox) -> None:
    gone, other = Visit(inbox, gone=True), Visit(inbox, OTHER)
    gone.says(1)
    other.says(1)
    await until(lambda: other.got)
    assert gone.got == []


async def test_a_restart(hass: HomeAssistant, inbox: Inbox, disk: Disk) -> None:
    visit = Visit(inbox)
    visit.says(1, 2, age_ms=100_000, now=1_000_000.0)
    await until(lambda: visit.got)
    await inbox.async_stop()
    again = Inbox(hass, lambda _hardware_id, _index: "m")
    await again.async_start()
    later = Visit(again)
    assert later.says(2, 3) == 1
    await until(lambda: later.got)
    # What no segment has yet been dropped for waits for the statistics again.
    assert {place[0] for place in again._late._waiting} == {NODE}
    await again.async_stop()
    assert disk.after_crash() == ({NODE: {BOOT: 3}}, [1, 2, 3])


async def test_the_latest_readings_outlive_a_crash_and_the_segments_they_came_in(
    hass: HomeAssistant, inbox: Inbox, disk: Disk
) -> None:
    visit = Visit(inbox)
    visit.says(1, value=40.0, now=1_000_000.0)
    inbox.received(OTHER).latest = {3: Reading(7.0, 900.0)}
    visit.says(2, value=10.0, age_ms=90_001, now=1_000_000.0)
    await until(lambda: visit.got)
    inbox.received(NODE).latest = {0: Reading(40.0, 1_000_000.0)}
    await keep_house(inbox)
    assert disk.after_crash()[1] == []
    visit.says(3, value=41.0, now=1_000_020.0)
    await until(lambda: len(visit.got) == 2)
    again = Inbox(hass, lambda _hardware_id, _index: "m")
    await again.async_start()
    assert again.received(NODE).latest == {0: Reading(41.0, 1_000_020.0)}
    assert again.received(OTHER).latest == {3: Reading(7.0, 900.0)}
    again.forget(OTHER)
    assert again.received(OTHER).latest == {}
    await again.async_stop()


async def test_stopping_writes_what_is_left_and_waits_for_no_broken_disk(
    hass: HomeAssistant, inbox: Inbox, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH_S", 60.0)
    monkeypatch.setattr(module, "RETRY_S", 60.0)
    visit = Visit(inbox)
    visit.says(1)
    await asyncio.wait_for(inbox.async_stop(), 2)
    assert disk.after_crash() == ({NODE: {BOOT: 1}}, [1])
    assert visit.got == [(BOOT, 1)]
    disk.full = True
    visit.says(2)
    await asyncio.wait_for(inbox.async_stop(), 2)
    assert disk.after_crash()[1] == [1]


async def test_stopping_in_the_middle_of_a_write(inbox: Inbox, disk: Disk) -> None:
    visit = Visit(inbox)
    disk.flows.clear()
    visit.says(1)
    await until(lambda: disk.calls)
    visit.says(2)
    stopping = asyncio.create_task(inbox.async_stop())
    await asyncio.sleep(0.02)
    disk.flows.set()
    await asyncio.wait_for(stopping, 2)
    assert sorted(disk.after_crash()[1]) == [1, 2]


async def test_only_late_readings_wait_for_the_statistics(inbox: Inbox) -> None:
    visit = Visit(inbox)
    visit.says(1, age_ms=90_000, now=1_000_000.0)
    visit.says(2, age_ms=90_001, now=1_000_000.0)
    await until(lambda: visit.got)
    assert dict(inbox._late._waiting) == {(NODE, 0, 997_200.0): {999_909.999: 41.5}}


async def test_values_that_were_overtaken_wait_too(inbox: Inbox) -> None:
    inbox.overtaken(NODE, 3600.5, {0: 41.5, 1: 20.0})
    assert dict(inbox._late._waiting) == {
        (NODE, 0, 3600.0): {3600.5: 41.5},
        (NODE, 1, 3600.0): {3600.5: 20.0},
    }


async def test_an_unpaired_node_leaves_nothing(inbox: Inbox) -> None:
    visit = Visit(inbox)
    visit.says(1, age_ms=100_000)
    await until(lambda: visit.got)
    inbox.forget(NODE)
    assert dict(inbox._late._waiting) == {}
    assert visit.says(1) == 1


async def test_a_segment_is_dropped_when_everything_is_elsewhere(
    inbox: Inbox, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, gate = Visit(inbox), asyncio.Event()
    visit.says(1)
    await until(lambda: visit.got)
    with slow_recorder(monkeypatch, gate):
        keeping = asyncio.create_task(keep_house(inbox))
        await until((disk.folder / "1.log").exists)
        # The recorder has not committed the states: a crash must leave the readings.
        assert disk.after_crash() == ({NODE: {BOOT: 1}}, [1])
        gate.set()
        await keeping
    assert disk.after_crash() == ({NODE: {BOOT: 1}}, [])
    await keep_house(inbox)
    assert [path.name for path in disk.folder.glob("*.log")] == ["1.log"]


async def test_a_crash_after_a_turn_does_not_make_duplicates_of_what_was_not_written(
    inbox: Inbox, disk: Disk
) -> None:
    visit = Visit(inbox)
    visit.says(1)
    await until(lambda: visit.got)
    disk.full = True
    visit.says(2, 3)
    visit.says(4)
    await until(lambda: len(disk.calls) > 1)
    await keep_house(inbox)
    assert disk.after_crash() == ({NODE: {BOOT: 1}}, [])


async def test_what_came_during_a_write_that_failed_is_not_safe_either(
    inbox: Inbox, disk: Disk
) -> None:
    visit = Visit(inbox)
    visit.says(1)
    await until(lambda: visit.got)
    disk.flows.clear()
    disk.full = True
    visit.says(2)
    await until(lambda: len(disk.calls) == 2)
    visit.says(3)
    disk.flows.set()
    await until(lambda: inbox._failed)
    await keep_house(inbox)
    assert disk.after_crash() == ({NODE: {BOOT: 1}}, [])


async def test_a_turn_waits_for_the_write_at_hand(inbox: Inbox, disk: Disk) -> None:
    visit = Visit(inbox)
    visit.says(1)
    await until(lambda: visit.got)
    disk.flows.clear()
    visit.says(2)
    await until(lambda: len(disk.calls) == 2)
    keeping = asyncio.create_task(keep_house(inbox))
    await asyncio.sleep(0.02)
    visit.says(3)
    disk.flows.set()
    await keeping
    await until(lambda: visit.got[-1] == (BOOT, 3))
    assert disk.after_crash()[0] == {NODE: {BOOT: 3}}


async def test_housekeeping_that_takes_longer_than_its_rhythm(
    inbox: Inbox, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, gate = Visit(inbox), asyncio.Event()
    visit.says(1, age_ms=100_000)
    await until(lambda: visit.got)
    with slow_recorder(monkeypatch, gate):
        keeping = asyncio.create_task(keep_house(inbox))
        await until((disk.folder / "1.log").exists)
        visit.says(2, age_ms=100_000)
        await until(lambda: len(visit.got) == 2)
        await asyncio.wait_for(keep_house(inbox), 1)
        gate.set()
        await keeping
    # The second reading is in the second segment, and in no file of late readings.
    assert disk.after_crash() == ({NODE: {BOOT: 2}}, [2])


@pytest.mark.parametrize(
    ("owner", "name", "error"),
    [
        ("_journal", "start_segment", OSError(errno.ENOSPC, "full")),
        ("_journal", "drop_older", OSError(errno.EIO, "broken")),
        ("_late", "async_save", StoreError("full")),
    ],
)
async def test_housekeeping_on_a_bad_disk_is_done_later(  # noqa: PLR0917 - what goes wrong
    inbox: Inbox,
    disk: Disk,
    monkeypatch: pytest.MonkeyPatch,
    owner: str,
    name: str,
    error: Exception,
) -> None:
    def fail(*_arguments: object) -> None:
        raise error

    visit = Visit(inbox)
    visit.says(1)
    await until(lambda: visit.got)
    with monkeypatch.context() as patch:
        patch.setattr(getattr(inbox, owner), name, fail)
        await keep_house(inbox)
    assert disk.after_crash() == ({NODE: {BOOT: 1}}, [1])
    await keep_house(inbox)
    assert disk.after_crash() == ({NODE: {BOOT: 1}}, [])


async def test_a_disk_that_stays_full_does_not_fill_the_memory(
    inbox: Inbox, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAITING_MAX", 3)
    visit = Visit(inbox)
    disk.full = True
    visit.says(1)
    await until(lambda: disk.calls and inbox._waiting.lines)
    visit.says(2)
    visit.says(3)
    assert visit.closed == []
    visit.says(4, 5)
    await until(lambda: visit.closed)
    assert visit.closed == [1001]
    assert len(inbox._waiting.lines) == 3
    disk.full = False
    await until(lambda: visit.got)
    assert visit.got == [(BOOT, 3)]
    # The node still has what did not fit, and sends it again when it comes back.
    later = Visit(inbox)
    assert later.says(4, 5) == 2
    await until(lambda: later.got)
    assert disk.after_crash() == ({NODE: {BOOT: 5}}, [1, 2, 3, 4, 5])


async def test_late_readings_that_cannot_be_saved_are_not_forgotten(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail() -> None:
        msg = "full"
        raise StoreError(msg)

    monkeypatch.setattr(inbox._late, "async_settle", fail)
    await keep_house(inbox)
    await keep_house(inbox)
    assert not inbox._keeping_house
