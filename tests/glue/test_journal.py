"""What was confirmed is read back, whatever the disk does and whenever the power goes."""

import errno
import os
import threading
from pathlib import Path

import pytest

from custom_components.plant_vita.glue.journal import Journal, Kept
from custom_components.plant_vita.model.node import Fault

NODE, OTHER, BOOT = "a4cf12000001", "a4cf12000002", "0badf00d"


def kept(first: int, count: int = 1, *, node: str = NODE, boot: str = BOOT) -> Kept:
    """So many sets in one message."""
    return Kept(
        hardware_id=node,
        boot=boot,
        received_at=1_780_000_000.25,
        sets=[(number, 1500, {0: 41.5, 63: "open"}) for number in range(first, first + count)],
    )


def read(folder: Path) -> tuple[dict[str, dict[str, int]], list[Kept]]:
    """What Home Assistant would find after a restart."""
    return Journal(folder).load()


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
    journal.append([entry, kept(1, boot="00000001")])
    journal.append([kept(3, 2, node=OTHER)])
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
    journal.start_segment({OTHER: {BOOT: 99}})
    confirmed = [(path.stat().st_size, 0)]
    for number in range(1, 6):
        journal.append([kept(2 * number - 1, 2)])
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
    journal.append([kept(1)])
    journal.append([kept(2)])
    journal.close()
    path = tmp_path / "0.log"
    path.write_bytes(path.read_bytes()[:-20])
    again = Journal(tmp_path)
    again.load()
    again.append([kept(2)])
    again.close()
    assert read(tmp_path) == ({NODE: {BOOT: 2}}, [kept(1), kept(2)])


@pytest.mark.parametrize("flip", [b"\x00", b"\n", b"7", b"}"])
def test_a_damaged_line_costs_itself(journal: Journal, tmp_path: Path, flip: bytes) -> None:
    for number in range(1, 4):
        journal.append([kept(number)])
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
                    journal.append([kept(number)])
                except OSError:
                    break
                confirmed.append(kept(number))
        failed = len(confirmed) + 1
        # There is room again: everything that was not confirmed is written, and is safe.
        journal.append([kept(failed)])
        journal.append([kept(failed + 1)])
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

    journal.append([kept(1)])
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", sync)
        with pytest.raises(OSError, match="Input/output"):
            journal.append([kept(2)])
    journal.append([kept(2)])
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
    journal.start_segment({})
    # A file that nobody can find by its name is not safe either.
    assert synced == ["fdatasync 0.log", f"fsync {tmp_path.name}"]
    journal.append([kept(1)])
    assert synced[2:] == ["fdatasync 0.log"]


def test_a_folder_that_is_gone_is_an_error(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "gone")
    with pytest.raises(OSError, match="gone"):
        journal.append([kept(1)])
    (tmp_path / "gone").mkdir()
    journal.append([kept(1)])
    assert read(tmp_path / "gone")[1] == [kept(1)]


def test_segments(journal: Journal, tmp_path: Path) -> None:
    journal.append([kept(1, 4)])
    journal.start_segment({NODE: {BOOT: 4}})
    journal.append([kept(5)])
    assert read(tmp_path) == ({NODE: {BOOT: 5}}, [kept(1, 4), kept(5)])
    journal.drop_older()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.log"]
    # What the older one held is known by its numbers.
    assert read(tmp_path) == ({NODE: {BOOT: 5}}, [kept(5)])
    journal.start_segment({NODE: {BOOT: 5}})
    journal.drop_older()
    assert read(tmp_path) == ({NODE: {BOOT: 5}}, [])


def test_the_tenth_segment_is_newer_than_the_ninth(tmp_path: Path) -> None:
    for number in range(12):
        journal = Journal(tmp_path)
        journal.load()
        journal.append([kept(number + 1)])
        journal.close()
    assert [entry.sets[0][0] for entry in read(tmp_path)[1]] == list(range(1, 13))
    journal = Journal(tmp_path)
    journal.load()
    journal.start_segment({})
    assert (tmp_path / "12.log").exists()


def test_what_is_not_ours_stays(journal: Journal, tmp_path: Path) -> None:
    for name in ("1a.log", "late.json", "x.log", "notes.txt"):
        (tmp_path / name).write_text("mine")
    journal.append([kept(1)])
    assert read(tmp_path)[1] == [kept(1)]
    journal.start_segment({})
    journal.drop_older()
    assert len(list(tmp_path.iterdir())) == 5


def test_an_old_head_does_not_lower_a_number(journal: Journal, tmp_path: Path) -> None:
    journal.append([kept(9)])
    journal.start_segment({NODE: {BOOT: 3, "00000001": 7}})
    assert read(tmp_path)[0] == {NODE: {BOOT: 9, "00000001": 7}}


def test_only_home_assistant_reads_it(journal: Journal, tmp_path: Path) -> None:
    journal.append([kept(1)])
    assert (tmp_path / "0.log").stat().st_mode & 0o777 == 0o600


def test_closing_twice_and_going_on(journal: Journal, tmp_path: Path) -> None:
    journal.append([kept(1)])
    journal.close()
    journal.close()
    journal.append([kept(2)])
    assert read(tmp_path)[1] == [kept(1), kept(2)]


def test_a_call_that_nobody_waits_for_any_more_disturbs_no_other(
    journal: Journal, tmp_path: Path
) -> None:
    def write(first: int) -> None:
        for number in range(first, first + 50):
            journal.append([kept(number)])
            if number % 10 == 0:
                journal.start_segment({})
            if number % 17 == 0:
                journal.close()

    threads = [threading.Thread(target=write, args=(1000 * k,)) for k in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = {entry.sets[0][0] for entry in read(tmp_path)[1]}
    assert found == {1000 * k + number for k in range(1, 5) for number in range(50)}
