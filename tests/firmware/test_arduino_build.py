"""The Arduino's firmware builds for every board, fits, and its parts hold on a computer as well."""

import fcntl
import re
import subprocess
from pathlib import Path

import pytest

from tests.firmware.arduino_rig import Node

ROOT = Path(__file__).parents[2]
FIRMWARE = ROOT / "firmware" / "arduino"
BUILT = ROOT / ".cache" / "arduino"
PAINT = 0xC5
# What an ATmega328P has, less the boot loader and a stack; RAM of a Mega is four times as much.
LARGEST = {"uno": (24_576, 1_228), "nano": (24_576, 1_228), "mega": (28_672, 5_120)}


def make(*words: str, folder: Path = BUILT) -> subprocess.CompletedProcess[str]:
    """Run make; others who build into the same folder wait."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return subprocess.run(
            ["make", "-s", "-C", FIRMWARE, *words],
            check=False, capture_output=True, text=True, timeout=280,
        )  # fmt: skip


def sizes(said: str) -> tuple[int, int]:
    """The bytes of flash and RAM that make has printed."""
    [(flash, ram)] = re.findall(r"flash (\d+) of \d+ bytes, RAM (\d+) of", said)
    return int(flash), int(ram)


@pytest.mark.parametrize("board", LARGEST)
def test_it_builds_and_fits(board):
    done = make(f"BOARD={board}")
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    flash, ram = sizes(done.stdout)
    most_flash, most_ram = LARGEST[board]
    assert 10_000 < flash <= most_flash
    assert 500 < ram <= most_ram
    assert (BUILT / board / "plant_node.hex").read_text().startswith(":10000000")


def test_what_is_too_large_is_refused():
    done = make("BOARD=uno", "FLASH_MAX_uno=10000")
    assert done.returncode != 0
    assert "too large" in done.stdout


def test_an_unknown_board_is_refused():
    done = make("BOARD=due")
    assert done.returncode != 0
    assert "BOARD is uno, nano or mega" in done.stderr


def test_its_parts_hold_on_a_computer():
    done = make("host-tests", f"BUILD={BUILT}/host")
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]


def test_the_sketch_needs_no_library():
    includes = set()
    for source in sorted((FIRMWARE / "plant_node").rglob("*.[chi]*")):
        includes |= set(re.findall(r"^#include <(.+)>", source.read_text(), re.MULTILINE))
    allowed = {"Arduino.h", "stdint.h", "stddef.h", "string.h"}
    assert {name for name in includes if not name.startswith(("avr/", "util/"))} <= allowed


def test_the_sketch_lies_where_the_ide_looks_for_it():
    assert (FIRMWARE / "plant_node" / "plant_node.ino").is_file()
    outside = [f.name for f in (FIRMWARE / "plant_node").iterdir() if f.name != "src"]
    assert outside == ["plant_node.ino"]


def test_files_stay_small_enough_to_be_read():
    sources = sorted((FIRMWARE / "plant_node").rglob("*.[ch]*"))
    assert len(sources) > 40
    assert not [f.name for f in sources if len(f.read_text().splitlines()) > 400]


def end_of_variables(elf: Path) -> int:
    """Where in the RAM the stack would meet them."""
    listed = subprocess.run(["avr-nm", elf], capture_output=True, check=True, text=True, timeout=60)
    [place] = re.findall(r"^00(80\w{4}) \w _end$", listed.stdout, re.MULTILINE)
    return int(place, 16) - 0x800000


def test_the_stack_stays_off_the_variables():
    # An Uno has 2 KB for both, and nothing that would notice where they meet.
    with Node() as node:
        begin, top = end_of_variables(node.elf), 0x0900
        data = node.board.chip.data
        data[begin:top] = [PAINT] * (top - begin)
        node.greet()
        label = {"k": "light", "at": "!D10", "lb": "🌱" * 4}
        node.contact("D3", 0)
        node.run(14_000)
        for number, (op, fields) in enumerate(
            {
                "on": {"ch": 1, "ms": 1000},
                "stop": {},
                "wire": {"ch": 7, "set": label},
                "config": {"ch": 0, "set": {"med": 31, "db": 0.5, "hb": 60}},
                "cal": {"ch": 0, "set": {"at": "wet"}},
                "level": {"ch": 7, "lv": 30},
            }.items()
        ):
            node.command(f"{number:016}", op, **fields)
        node.raw_send(b'{"x":[[],{"a":"' + b"\\u00e9" * 30 + b'"}]}*0000\n' * 2)
        node.run(7000)
        left = next(at for at in range(begin, top) if data[at] != PAINT) - begin
    assert 0 < left < top - begin
    assert left >= 200, f"{left} bytes between the variables and the deepest stack"
