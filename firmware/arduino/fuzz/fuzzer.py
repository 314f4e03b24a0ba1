"""Builds and runs the fuzz targets of the Arduino's firmware.

    python -m firmware.arduino.fuzz.fuzzer --executions 10000000

Needs clang with libFuzzer. Says how many inputs were tried and how fast; the input of a finding
stays in the folder it names.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import override

HERE = Path(__file__).resolve().parent
FIRMWARE = HERE.parent / "plant_node" / "src"
VECTORS = HERE.parents[1] / "vectors"
SOURCES = {"lines": ("lines.cpp",), "commands": ("commands.cpp", "bench.cpp")}
# What a target needs of the firmware: only the parser, or everything behind the hardware's line.
NEEDED = {
    "lines": [f"{name}.cpp" for name in (
        "crc16", "json", "line_reader", "line_writer", "message", "place", "tables",
    )],
    "commands": ["*.cpp"],
}  # fmt: skip
# Most inputs go where one costs microseconds; one of the other is a board's whole day.
SHARES = {"lines": 0.95, "commands": 0.05}
LONGEST = {"lines": 700, "commands": 1500}  # bytes of an input
FLAGS = ("-std=c++17", "-g", "-O2", "-fsanitize=fuzzer,address,undefined")
BUILD_S = 300
SEED = 20_261_121
# Freed blocks wait less long for somebody who still uses them: three times as fast.
ENVIRONMENT = {"ASAN_OPTIONS": "quarantine_size_mb=16", "UBSAN_OPTIONS": "print_stacktrace=1"}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run came to.

    executions: inputs tried. seconds: of the wall clock. finding: what libFuzzer printed when it
    found something, else empty. crash: the input that did it.
    """

    executions: int
    seconds: float
    finding: str
    crash: bytes

    @override
    def __str__(self) -> str:
        """One line for a table."""
        return (
            f"{self.executions} executions in {self.seconds:.0f} s, "
            f"{self.executions / self.seconds:.0f} a second, "
            f"{'FOUND SOMETHING' if self.finding else 'nothing found'}"
        )


def compiler() -> str:
    """clang++ under any of its names; raises FileNotFoundError."""
    for name in ("clang++", *(f"clang++-{version}" for version in range(22, 13, -1))):
        if found := shutil.which(name):
            return found
    raise FileNotFoundError("clang++ is missing: apt-get install clang libclang-rt-dev")


def build(target: str, folder: Path, firmware: Path = FIRMWARE) -> Path:
    """Compile a target against a copy of the firmware; raises RuntimeError with what clang says."""
    program = folder / target
    sources = [HERE / name for name in SOURCES[target]]
    sources += sorted(file for needed in NEEDED[target] for file in firmware.glob(needed))
    command = [compiler(), *FLAGS, "-fno-sanitize-recover=all", f"-I{firmware}"]
    done = subprocess.run(
        [*command, *map(str, sources), "-o", str(program)],
        check=False, capture_output=True, text=True, timeout=BUILD_S,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-4000:])
    return program


def _messages() -> Iterable[str]:
    """What Home Assistant may say, in the golden vectors and beyond them."""
    vectors = json.loads((VECTORS / "pv1.json").read_text())
    yield from (case["text"] for case in vectors["from_home"])
    yield from (case["text"] for case in vectors["from_node"] if case["ok"])
    for line in json.loads((VECTORS / "lines.json").read_text()):
        yield from line["messages"]
    for name, word in enumerate((HERE / "messages.txt").read_text().splitlines()):
        yield word.replace("?", f"m{name}")


def write_seeds(target: str, folder: Path) -> int:
    """The first inputs, made from the golden vectors; gives how many."""
    folder.mkdir(parents=True, exist_ok=True)
    seeds = []
    if target == "lines":
        streams = json.loads((VECTORS / "lines.json").read_text())
        seeds += [bytes.fromhex(one["bytes"])[: LONGEST[target]] for one in streams]
        # The target makes the checksums right when it changes something.
        seeds += [text.encode() + b"*0000\n" for text in _messages()]
    else:
        seeds += [text.encode() for text in _messages() if text.startswith("{")]
        seeds += (HERE / "games.txt").read_bytes().split(b"\n\n")
    for number, seed in enumerate(seeds):
        (folder / f"{number:03}").write_bytes(seed)
    return len(seeds)


def run(
    program: Path, folder: Path, *, executions: int = -1, seconds: int = 0, timeout: float = 7200
) -> Outcome:
    """Run a target on seeds and what grows from them, until so many inputs or seconds."""
    target = program.name
    write_seeds(target, folder / f"{target}-seeds")
    grown = folder / f"{target}-grown"
    grown.mkdir(exist_ok=True)
    crash = folder / f"{target}-finding"
    command = [
        str(program), f"-runs={executions}", f"-max_total_time={seconds}", f"-seed={SEED}",
        f"-max_len={LONGEST[target]}", f"-dict={HERE / 'words.dict'}",
        f"-exact_artifact_path={crash}",
        "-timeout=20", "-rss_limit_mb=1024", "-print_final_stats=1", "-reload=0",
        str(grown), str(folder / f"{target}-seeds"),
    ]  # fmt: skip
    began = time.monotonic()
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, errors="replace",
        timeout=timeout, env=os.environ | ENVIRONMENT,
    )  # fmt: skip
    spent = time.monotonic() - began
    counted = re.findall(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
    return Outcome(
        executions=int(counted[-1]) if counted else 0,
        seconds=spent,
        finding=done.stderr[-20_000:] if done.returncode else "",
        crash=crash.read_bytes() if crash.exists() else b"",
    )


def main() -> int:
    """Fuzz as the command line says; 1 when something was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--executions", type=int, default=100_000, help="of all targets together")
    parser.add_argument("--target", choices=sorted(SOURCES), help="only this one")
    parser.add_argument("--folder", type=Path, help="for programs, inputs and findings")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="plant-vita-fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    found = 0
    for target in [options.target] if options.target else SOURCES:
        share = 1 if options.target else SHARES[target]
        outcome = run(build(target, folder), folder, executions=round(options.executions * share))
        sys.stdout.write(f"{target}: {outcome}\n")
        sys.stdout.flush()
        if outcome.finding:
            found = 1
            sys.stdout.write(f"{outcome.finding}\ninput in {folder}: {outcome.crash!r}\n")
    return found


if __name__ == "__main__":
    sys.exit(main())
