"""What was booked is on the disk, whatever happens; what cannot be read is never read as dry."""

import os
import resource
import signal
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from custom_components.plant_vita.watering import ledger_file
from custom_components.plant_vita.watering.ledger_file import Found, LedgerFile, line_of, read

A, B, C = {"id": "a", "ml": 100.0}, {"id": "b", "ml": 50.5}, {"id": "c", "ml": 25.0}


HEAD_SUM = zlib.crc32(b'[0,{"plant_vita_ledger":1}]')


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "storage" / "ledger"


def written(path: Path, *records: dict[str, object]) -> LedgerFile:
    file = LedgerFile(path)
    file.load()
    for record in records:
        file.append(record)
    return file


def loaded(path: Path) -> tuple[Found, list[object]]:
    found = LedgerFile(path).load()
    return found.found, list(found.records)


def test_what_is_not_there_is_missing_and_stays_so_until_something_is_written(path: Path) -> None:
    assert loaded(path) == (Found.MISSING, [])
    assert not path.parent.exists()
    written(path, A)
    assert loaded(path) == (Found.GOOD, [A])


def test_records_are_read_back_in_their_order_and_appended_to(path: Path) -> None:
    written(path, A, B).close()
    written(path, C)
    assert loaded(path) == (Found.GOOD, [A, B, C])
    assert path.read_bytes().startswith(b'%08x [0,{"plant_vita_ledger":1}]\n' % HEAD_SUM)
    assert path.stat().st_mode & 0o777 == 0o600


def test_every_record_is_synced_before_it_counts(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(path, A)
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(path.stat().st_size))
    file.append(B)
    assert synced == [path.stat().st_size]


@given(st.data())
def test_no_damage_goes_unnoticed(data: st.DataObject) -> None:
    whole = b"".join(line_of(n, one) for n, one in enumerate([{"plant_vita_ledger": 1}, A, B, C]))
    at = data.draw(st.integers(0, len(whole) - 1))
    harm = data.draw(st.sampled_from(["cut", "flip", "zero"]))
    if harm == "cut":
        hurt = whole[:at]
    elif harm == "flip":
        hurt = whole[:at] + bytes([whole[at] ^ 1 << data.draw(st.integers(0, 7))]) + whole[at + 1 :]
    else:
        hurt = whole[:at] + bytes(len(whole) - at)
    ends = [sum(map(len, whole.splitlines(keepends=True)[:n])) for n in range(1, 5)]
    if harm == "cut" and at in ends:
        # Whole lines that are gone from the end leave no trace: the disk had confirmed them.
        assert read(hurt).found is Found.GOOD
    elif hurt != whole:
        assert read(hurt).found is Found.DAMAGED


def test_every_single_bit_is_guarded() -> None:
    whole = b"".join(line_of(n, one) for n, one in enumerate([{"plant_vita_ledger": 1}, A]))
    for bit in range(len(whole) * 8):
        hurt = bytearray(whole)
        hurt[bit // 8] ^= 1 << bit % 8
        assert read(bytes(hurt)).found is Found.DAMAGED, bit


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_line_that_is_missing_is_noticed_and_the_others_count(gone: int) -> None:
    lines = [line_of(n, one) for n, one in enumerate([{"plant_vita_ledger": 1}, A, B, C])]
    del lines[gone]
    left = read(b"".join(lines))
    assert left.found is Found.DAMAGED
    assert [one for one in left.records if "id" in one] == [
        one for n, one in enumerate([A, B, C], 1) if n != gone
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"null\n",
        line_of(0, {"plant_vita_ledger": 2}),
        line_of(0, A),
        line_of(0, {"plant_vita_ledger": 1})[:-1],
        line_of(0, {"plant_vita_ledger": 1}) + bytes(512),
    ],
)
def test_what_is_not_our_file_is_damaged_and_kept(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    file = LedgerFile(path)
    assert file.load().found is Found.DAMAGED
    assert file.damaged_path.read_bytes() == content
    file.append(C)
    found, records = loaded(path)
    assert (found, records[-1]) == (Found.GOOD, C)


def test_what_is_no_file_and_what_is_far_too_large_is_damaged(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.mkdir(parents=True)
    assert loaded(path) == (Found.DAMAGED, [])
    path.with_name("ledger.damaged").rmdir()
    written(path, A)
    monkeypatch.setattr(ledger_file, "_BYTES_MAX", 10)
    assert loaded(path) == (Found.DAMAGED, [])


def test_a_full_disk_is_told_and_harms_nothing(path: Path) -> None:
    file = written(path, A)
    assert file._descriptor is not None
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, file._descriptor)
    os.close(full)
    with pytest.raises(OSError, match="No space left"):
        file.append(B)
    path.with_name("ledger.new").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        file.append(B)
    assert loaded(path) == (Found.GOOD, [A])
    file.append(C)
    assert loaded(path) == (Found.GOOD, [A, C])


def test_where_nothing_can_be_written_every_record_is_refused() -> None:
    file = LedgerFile(Path("/sys/plant_vita/ledger"))
    assert file.load().found is Found.MISSING
    for _ in range(2):
        with pytest.raises(OSError, match="plant_vita"):
            file.append(A)


def test_a_file_that_was_deleted_meanwhile_is_written_anew(path: Path) -> None:
    file = written(path, A, B)
    path.unlink()
    file.append(C)
    assert loaded(path) == (Found.GOOD, [A, B, C])


def test_compacting_forgets_what_is_old_and_nothing_else(path: Path) -> None:
    file = written(path, A, B)
    file.compact([B])
    assert loaded(path) == (Found.GOOD, [B])
    file.append(C)
    assert loaded(path) == (Found.GOOD, [B, C])
    assert [one.name for one in path.parent.iterdir()] == ["ledger"]


def test_compacting_a_full_disk_leaves_the_older_file(path: Path) -> None:
    file = written(path, A, B)
    path.with_name("ledger.new").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        file.compact([B])
    assert loaded(path) == (Found.GOOD, [A, B])
    file.append(C)
    assert loaded(path) == (Found.GOOD, [A, B, C])


WRITER = """
import importlib.util, itertools, pathlib, sys
spec = importlib.util.spec_from_file_location("ledger_file", sys.argv[1])
module = importlib.util.module_from_spec(spec)
sys.modules["ledger_file"] = module
spec.loader.exec_module(module)
file = module.LedgerFile(pathlib.Path(sys.argv[2]))
print(file.load().found, flush=True)
for number in itertools.count():
    try:
        file.append({"id": number, "text": "x" * 200})
    except OSError as error:
        print(f"refused {error.errno}", flush=True)
        break
    if number % 50 == 49:
        file.compact([{"id": n, "text": ""} for n in range(number + 1)])
    print(number, flush=True)
"""


def _writer(path: Path, limit: int | None = None) -> subprocess.Popen[str]:
    def small() -> None:
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-c", WRITER, ledger_file.__file__, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=small,  # noqa: PLW1509 - nothing else runs in this test
    )


@pytest.mark.parametrize("after", [1, 37, 50, 73, 130])
def test_a_kill_loses_nothing_that_was_promised(path: Path, after: int) -> None:
    with _writer(path) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "missing\n"
        for _ in range(after):
            promised = int(writer.stdout.readline())
        writer.kill()
        promised = max([promised, *map(int, writer.stdout.read().split()[:-1])])
    found, records = loaded(path)
    assert found is Found.GOOD
    ids = [record["id"] for record in records if isinstance(record, dict)]
    assert ids == list(range(len(ids)))
    assert len(ids) >= promised + 1


def test_a_line_that_only_half_fits_on_the_disk_is_refused_and_taken_back(path: Path) -> None:
    with _writer(path, limit=1000) as writer:
        said = writer.communicate(timeout=30)[0].split("\n")
    assert said[-2].startswith("refused")
    found, records = loaded(path)
    assert found is Found.GOOD
    assert len(records) == len(said) - 3
