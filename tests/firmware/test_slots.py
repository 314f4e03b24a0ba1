"""Which firmware starts: the cable's, a confirmed one, or a new one that is tried once."""

import asyncio
import json
import shutil

import pytest

from tests.firmware import rig

RESET = 71


def slot(folder, name, version, spoil=None):
    """A firmware of another version in one of the slots; `spoil` is put in the place of a file."""
    package = folder / "slots" / name / "plantnode"
    shutil.copytree(rig.FLASH / "plantnode", package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "__init__.py").write_text(f'VERSION = "{version}"\n')
    if spoil:
        (package / spoil).write_text("this is no Python\n")


def state(folder):
    return json.loads((folder / "slots.json").read_text())


def node(tmp_path, kept, *, works=False, spoil=None):
    """A board with 7.0.0 in slot a, 8.0.0 in slot b, and this written down."""
    board = rig.Board(tmp_path / "node")
    board.settings(parts=["soil", "pump"])
    board.provision()
    slot(board.folder, "a", "7.0.0")
    slot(board.folder, "b", "8.0.0", spoil)
    if kept is not None:
        text = kept if isinstance(kept, str) else json.dumps(kept)
        (board.folder / "slots.json").write_text(text)
    board.change("import slots\nslots.confirm()\n" if works else "")
    return board


async def runs(board, version):
    """Start, and see which firmware it is; its pump is off before anything else."""
    await board.start()
    await board.printed(f"plantnode {version} ")
    assert board.pins[0].number == rig.PUMP_PIN
    assert board.level(rig.PUMP_PIN) == 0


@pytest.mark.parametrize(
    ("kept", "version"),
    [
        (None, "0.1.0"),
        ("{broken", "0.1.0"),
        ({"run": "../a"}, "0.1.0"),
        ({"run": "a"}, "7.0.0"),
        ({"run": "b"}, "8.0.0"),
    ],
)
async def test_what_is_written_down_runs_and_anything_else_is_the_cables(tmp_path, kept, version):
    board = node(tmp_path, kept)
    await runs(board, version)
    await board.kill()


async def test_a_new_firmware_is_tried_once_and_then_undone(tmp_path):
    board = node(tmp_path, {"run": "a", "try": "b"})
    await runs(board, "8.0.0")
    await board.kill()
    await runs(board, "7.0.0")
    await board.kill()
    assert state(board.folder) == {"run": "a", "undone": "b"}
    await runs(board, "7.0.0")
    await board.kill()


async def test_a_new_firmware_that_says_that_it_works_stays(tmp_path):
    board = node(tmp_path, {"run": "a", "try": "b"}, works=True)
    await runs(board, "8.0.0")
    await board.kill()
    assert state(board.folder) == {"run": "b"}
    await runs(board, "8.0.0")
    await board.kill()


async def test_a_new_firmware_that_never_says_so_is_reset_in_its_time(tmp_path):
    board = node(tmp_path, {"try": "b"})
    board.env["PLANTNODE_SPEED"] = "300"  # ten minutes in two seconds
    await board.start()
    assert await asyncio.wait_for(board.process.wait(), 60) == RESET
    assert state(board.folder) == {"try": "b", "begun": 1}
    await board.kill()
    await runs(board, "0.1.0")
    await board.kill()


@pytest.mark.parametrize(
    ("before", "after"), [({"run": "a", "try": "b"}, "7.0.0"), ({"run": "b"}, "0.1.0")]
)
async def test_what_cannot_even_be_imported_is_left_at_once(tmp_path, before, after):
    board = node(tmp_path, before, spoil="board.py")
    await board.start()
    assert await asyncio.wait_for(board.process.wait(), 60) == RESET
    await board.kill()
    await runs(board, after)
    await board.kill()


async def test_a_trial_that_cannot_be_written_down_does_not_begin(tmp_path):
    board = node(tmp_path, {"run": "a", "try": "b"})
    (board.folder / "slots.json.new").mkdir()
    await runs(board, "7.0.0")
    await board.kill()
