"""What was confirmed is read back, whatever the disk does and whenever the power goes."""

import errno
import os
import threading
from pathlib import Path

import pytest

from custom_components.plant_vita.glue.journal import Journal, Kept, journal_line
from custom_components.plant_vita.model.node import Fault, Reading
from custom_components.plant_vita.protocol.messages import ReadingSet

NODE, OTHER, BOOT = "a4cf12000001", "a4cf12000002", "0badf00d"


def kept(first: int, count: int = 1, *, node: str = NODE, boot: str = BOOT) -> Kept:
    """So many sets in one message."""
    return Kept(
        hardware_id=node,
        boot=boot,
        received_at=1_780_000_000.25,
        sets=[(number, 1500, {0: 41.5, 63: "open"}) for number in range(first, first + count)],
    )


def as_lines(*entries: Kept) -> list[bytes]:
    """As they are written."""
    return [
        journal_line(
            entry.hardware_id,
            entry.boot,
            entry.received_at,
            [
                ReadingSet(number=number, age_ms=age_ms, values=values)
                for number, age_ms, values in entry.sets
            ],
        )
        for entry in entries
    ]


def read(folder: Path) -> tuple[dict[str, dict[str, int]], list[Kept]]:
    """What Home Assistant would find after a restart."""
    left = Journal(folder).load()
    return left.highest, left.kept


def remembered(folder: Path) -> dict[str, dict[int, tuple[float | str, float]]]:
    """The readings that would be shown after a restart, and their moments."""
    latest = Journal(folder).load().latest
    return {
        hardware_id: {index: tuple(reading) for index, reading in known.items()}
        for hardware_id, known in latest.items()
    }


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    made = Journal(tmp_path)
    made.load()
    return made


def test_nothing_was_there(tmp_path: Path) -> None:
    assert read(tmp_path / "deep" / "er") == ({}, [])


def test_it_is_read_back_as_it_was(journal: Journal, tmp_path: Path) -> None:
    entry = Kept(
        hardware_id=NODE,
        boot=BOOT,
        received_at=1.5,
        sets=[(7, 0, {0: 41.5, 63: Fault.OPEN}), (8, 90_001, {})],
    )
    journal.append(as_lines(entry, kept(1, boot="00000001")))
    journal.append(as_lines(kept(3, 2, node=OTHER)))
    highest, entries = read(tmp_path)
    assert highest == {NODE: {BOOT: 8, "00000001": 1}, OTHER: {BOOT: 4}}
    assert entries == [
        Kept(
            hardware_id=NODE,
            boot=BOOT,
            received_at=1.5,
            sets=[(7, 0, {0: 41.5, 63: "open"}), (8, 90_001, {})],
        ),
        kept(1, boot="00000001"),
        kept(3, 2, node=OTHER),
    ]


def test_a_power_cut_at_every_byte(journal: Journal, tmp_path: Path) -> None:
    path = tmp_path / "0.log"
    journal.start_segment({OTHER: {BOOT: 99}}, {})
    confirmed = [(path.stat().st_size, 0)]
    for number in range(1, 6):
        journal.append(as_lines(kept(2 * number - 1, 2)))
        confirmed.append((path.stat().st_size, number))
    journal.close()
    whole = path.read_bytes()
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        highest, entries = read(tmp_path)
        # The line feed at the end of a line is nothing that can be missed.
        safe = max((count for size, count in confirmed if size - 1 <= length), default=-1)
        assert entries == [kept(2 * number - 1, 2) for number in range(1, safe + 1)]
        assert highest.get(NODE, {}).get(BOOT, 0) == 2 * max(safe, 0)
        assert highest.get(OTHER) == ({BOOT: 99} if safe >= 0 else None)


def test_a_power_cut_and_then_on(journal: Journal, tmp_path: Path) -> None:
    journal.append(as_lines(kept(1)))
    journal.append(as_lines(kept(2)))
    journal.close()
    path = tmp_path / "0.log"
    path.write_bytes(path.read_bytes()[:-20])
    again = Journal(tmp_path)
    again.load()
    again.append(as_lines(kept(2)))
    again.close()
    assert read(tmp_path) == ({NODE: {BOOT: 2}}, [kept(1), kept(2)])


@pytest.mark.parametrize("flip", [b"\x00", b"\n", b"7", b"}"])
def test_a_damaged_line_costs_itself(journal: Journal, tmp_path: Path, flip: bytes) -> None:
    for number in range(1, 4):
        journal.append(as_lines(kept(number)))
    journal.close()
    path = tmp_path / "0.log"
    lines = path.read_bytes().splitlines(keepends=True)
    for at in range(len(lines[2]) - 1):
        if lines[2][at : at + 1] == flip:
            continue
        damaged = lines[2][:at] + flip + lines[2][at + 1 :]
        path.write_bytes(b"".join([*lines[:2], damaged, *lines[3:]]))
        found = read(tmp_path)[1]
        # Only what the blank behind the checksum is does not matter.
        assert found == (
            [kept(1), kept(2), kept(3)] if at == 8 and flip != b"\n" else [kept(1), kept(3)]
        )


def full_disk(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    """From now on so many bytes fit, then none; as a file system does it."""
    really = os.write

    def write(descriptor: int, data: bytes) -> int:
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = really(descriptor, data[:room])
        room -= written
        return written

    monkeypatch.setattr(os, "write", write)


def test_a_disk_that_fills_up_at_every_byte(tmp_path: Path) -> None:
    length = 400
    for room in range(length):
        folder = tmp_path / str(room)
        journal = Journal(folder)
        journal.load()
        confirmed = []
        with pytest.MonkeyPatch.context() as patch:
            full_disk(patch, room)
            for number in range(1, 5):
                try:
                    journal.append(as_lines(kept(number)))
                except OSError:
                    break
                confirmed.append(kept(number))
        failed = len(confirmed) + 1
        # There is room again: everything that was not confirmed is written, and is safe.
        journal.append(as_lines(kept(failed)))
        journal.append(as_lines(kept(failed + 1)))
        journal.close()
        found = read(folder)[1]
        assert [one for one in found if one in confirmed] == confirmed
        assert found[-2:] == [kept(failed), kept(failed + 1)]
    assert len(confirmed) >= 2


def test_a_write_that_does_not_reach_the_disk_is_an_error(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sync(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    journal.append(as_lines(kept(1)))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", sync)
        with pytest.raises(OSError, match="Input/output"):
            journal.append(as_lines(kept(2)))
    journal.append(as_lines(kept(2)))
    journal.close()
    # It may be there twice: that is no harm, and once is certain.
    assert read(tmp_path)[1] == [kept(1), kept(2), kept(2)]
    assert (tmp_path / "1.log").exists()


def test_nothing_is_safe_before_it_is_synced(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []

    def note(sync: str) -> None:
        really = getattr(os, sync)

        def noting(descriptor: int) -> None:
            synced.append(f"{sync} {Path(f'/proc/self/fd/{descriptor}').resolve().name}")
            really(descriptor)

        monkeypatch.setattr(os, sync, noting)

    note("fdatasync")
    note("fsync")
    journal.start_segment({}, {})
    # A file that nobody can find by its name is not safe either.
    assert synced == ["fdatasync 0.log", f"fsync {tmp_path.name}"]
    journal.append(as_lines(kept(1)))
    assert synced[2:] == ["fdatasync 0.log"]


def test_a_folder_that_is_gone_is_an_error(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "gone")
    with pytest.raises(OSError, match="gone"):
        journal.append(as_lines(kept(1)))
    (tmp_path / "gone").mkdir()
    journal.append(as_lines(kept(1)))
    assert read(tmp_path / "gone")[1] == [kept(1)]


def test_segments(journal: Journal, tmp_path: Path) -> None:
    journal.append(as_lines(kept(1, 4)))
    journal.start_segment({NODE: {BOOT: 4}}, {})
    journal.append(as_lines(kept(5)))
    assert read(tmp_path) == ({NODE: {BOOT: 5}}, [kept(1, 4), kept(5)])
    journal.drop_older()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.log"]
    # What the older one held is known by its numbers.
    assert read(tmp_path) == ({NODE: {BOOT: 5}}, [kept(5)])
    journal.start_segment({NODE: {BOOT: 5}}, {})
    journal.drop_older()
    assert read(tmp_path) == ({NODE: {BOOT: 5}}, [])


def test_the_tenth_segment_is_newer_than_the_ninth(tmp_path: Path) -> None:
    for number in range(12):
        journal = Journal(tmp_path)
        journal.load()
        journal.append(as_lines(kept(number + 1)))
        journal.close()
    assert [entry.sets[0][0] for entry in read(tmp_path)[1]] == list(range(1, 13))
    journal = Journal(tmp_path)
    journal.load()
    journal.start_segment({}, {})
    assert (tmp_path / "12.log").exists()


def test_what_is_not_ours_stays(journal: Journal, tmp_path: Path) -> None:
    for name in ("1a.log", "late.json", "x.log", "notes.txt"):
        (tmp_path / name).write_text("mine")
    journal.append(as_lines(kept(1)))
    assert read(tmp_path)[1] == [kept(1)]
    journal.start_segment({}, {})
    journal.drop_older()
    assert len(list(tmp_path.iterdir())) == 5


def test_an_old_head_does_not_lower_a_number(journal: Journal, tmp_path: Path) -> None:
    journal.append(as_lines(kept(9)))
    journal.start_segment({NODE: {BOOT: 3, "00000001": 7}}, {})
    assert read(tmp_path)[0] == {NODE: {BOOT: 9, "00000001": 7}}


def test_only_home_assistant_reads_it(journal: Journal, tmp_path: Path) -> None:
    journal.append(as_lines(kept(1)))
    assert (tmp_path / "0.log").stat().st_mode & 0o777 == 0o600


def test_closing_twice_and_going_on(journal: Journal, tmp_path: Path) -> None:
    journal.append(as_lines(kept(1)))
    journal.close()
    journal.close()
    journal.append(as_lines(kept(2)))
    assert read(tmp_path)[1] == [kept(1), kept(2)]


def test_a_call_that_nobody_waits_for_any_more_disturbs_no_other(
    journal: Journal, tmp_path: Path
) -> None:
    def write(first: int) -> None:
        for number in range(first, first + 50):
            journal.append(as_lines(kept(number)))
            if number % 10 == 0:
                journal.start_segment({}, {})
            if number % 17 == 0:
                journal.close()

    threads = [threading.Thread(target=write, args=(1000 * k,)) for k in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = {entry.sets[0][0] for entry in read(tmp_path)[1]}
    assert found == {1000 * k + number for k in range(1, 5) for number in range(50)}


def test_the_newest_reading_of_each_channel_is_remembered(journal: Journal, tmp_path: Path) -> None:
    def told(number: int, age_ms: int, **values: float | str) -> None:
        by_index = {int(name.removeprefix("ch")): value for name, value in values.items()}
        entry = Kept(
            hardware_id=NODE,
            boot=BOOT,
            received_at=1000.0 + number,
            sets=[(number, age_ms, by_index)],
        )
        journal.append(as_lines(entry))

    told(1, 0, ch0=40.0, ch1=20.0)
    told(2, 500, ch0=41.0)
    told(3, 90_001, ch0=10.0, ch1=11.0)  # history, not state
    told(4, 90_000, ch63="open")
    assert remembered(tmp_path) == {
        NODE: {0: (41.0, 1001.5), 1: (20.0, 1001.0), 63: ("open", 914.0)}
    }


def test_what_is_remembered_outlives_the_segment_it_came_in(
    journal: Journal, tmp_path: Path
) -> None:
    journal.append(as_lines(kept(1)))
    journal.start_segment(
        {NODE: {BOOT: 1}},
        {
            NODE: {0: Reading(41.5, 1000.0), 63: Reading(Fault.OPEN, 1000.0)},
            OTHER: {2: Reading(7.0, 900.5)},
        },
    )
    journal.drop_older()
    assert remembered(tmp_path) == {
        NODE: {0: (41.5, 1000.0), 63: ("open", 1000.0)},
        OTHER: {2: (7.0, 900.5)},
    }
    entry = Kept(hardware_id=NODE, boot=BOOT, received_at=2000.0, sets=[(2, 0, {0: 42.0})])
    journal.append(as_lines(entry))
    assert remembered(tmp_path)[NODE] == {0: (42.0, 2000.0), 63: ("open", 1000.0)}


def test_a_journal_of_an_older_version_remembers_what_its_lines_say(tmp_path: Path) -> None:
    (tmp_path / "3.log").write_bytes(
        b'1c6db4e6 {"highest":{"a4cf12000001":{"0badf00d":6}}}\n'
        b'878ecec5 {"id":"a4cf12000001","b":"0badf00d","at":1000.0,"s":[[7,500,{"0":41.5}]]}\n'
    )
    assert read(tmp_path)[0] == {NODE: {BOOT: 7}}
    assert remembered(tmp_path) == {NODE: {0: (41.5, 999.5)}}


def test_a_fault_of_a_newer_version_is_passed_over(journal: Journal, tmp_path: Path) -> None:
    entry = Kept(
        hardware_id=NODE, boot=BOOT, received_at=1000.0, sets=[(1, 0, {0: 40.0, 1: "melted"})]
    )
    journal.append(as_lines(entry))
    assert remembered(tmp_path) == {NODE: {0: (40.0, 1000.0)}}
