"""The Arduino's firmware under libFuzzer: the bytes of its cable, and the whole board behind it.

Some seconds of each target are a sample; PLANT_VITA_FULL=1 tries ten million inputs together, and
plants all faults. What the targets assert stands in firmware/arduino/fuzz. That they would see a
fault is shown by faults planted in a copy of the firmware.
"""

import os
import shutil
import sys

import pytest

from firmware.arduino.fuzz import fuzzer

FULL = os.environ.get("PLANT_VITA_FULL") == "1"
EXECUTIONS = 10_000_000
SAMPLE_S = 4
FOUND_S = 10


@pytest.fixture(scope="session")
def programs(tmp_path_factory):
    """Each target, built once."""
    folder = tmp_path_factory.mktemp("fuzz")
    built = {}

    def program(target):
        if target not in built:
            built[target] = fuzzer.build(target, folder)
        return built[target]

    return program


@pytest.mark.parametrize("target", ["lines", "commands"])
@pytest.mark.timeout(7200 if FULL else 300)
def test_nothing_is_found(programs, tmp_path, target):
    if FULL:
        wanted = round(EXECUTIONS * fuzzer.SHARES[target])
        outcome = fuzzer.run(programs(target), tmp_path, executions=wanted)
        assert outcome.finding or outcome.executions >= wanted
    else:
        outcome = fuzzer.run(programs(target), tmp_path, seconds=SAMPLE_S)
        # Far below what a busy machine reaches, far above what seeds alone would be.
        assert outcome.finding or outcome.executions > (2_000 if target == "lines" else 200)
    sys.stdout.write(f"{target}: {outcome}\n")
    assert not outcome.finding, f"{outcome.finding}\ninput: {outcome.crash!r}"


REFUSED_BUT_ON = """if (refusal == Error::kBudget) outputs_.run_pump(slot, 1, m.id);
  if (refusal != Error::kNone) return refusal;"""

FAULTS = {
    "a line buffer with room for one byte more than it has": (
        "lines", "line_reader.cpp", "fill_ < sizeof line_", "fill_ <= sizeof line_",
        "index 262 out of bounds",
    ),
    "surrogates are letters": (
        "lines", "line_reader.cpp", "if (byte == 0xED) high = 0x9F;", "",
        "result == plant::LineReader::kMore",
    ),
    "an escape read beyond the end of the text": (
        "lines", "json.cpp", "if (end - at < 4) return -1;", "", "heap-buffer-overflow",
    ),
    "a line is judged by its length only": (
        "lines", "line_reader.cpp", "return crc == said;", "return crc == said || size == 40;",
        "result == plant::LineReader::kMore",
    ),
    "no longest watering": (
        "commands", "outputs.cpp",
        "if (ms.value > kPumpMsMax) return Error::kTooLong;", "", "ms <= kLongest",
    ),
    "a second pump beside the first": (
        "commands", "outputs.cpp",
        "if (pump_ != kNone) return Error::kBusy;", "", "!running",
    ),
    "no pause between two waterings": (
        "commands", "outputs.cpp", "if (*wait) return Error::kSoak;", "", ">= kSoak",
    ),
    "no budget for a day": (
        "commands", "outputs.cpp",
        "return *wait ? Error::kBudget : Error::kNone;", "return Error::kNone;", "sum <= kMost",
    ),
    "refused, but on": (
        "commands", "commands.cpp", "if (refusal != Error::kNone) return refusal;",
        REFUSED_BUT_ON, "granted || started == 0",
    ),
    "an empty tank is noticed only before the start": (
        "commands", "outputs.cpp", "} else if (lock != Interlock::kFree) {",
        "} else if (lock != lock) {", "> kAlarm",
    ),
    "stop stops lights only": (
        "commands", "outputs.cpp",
        "void Outputs::stop_all(Why why, const Id *id) {\n  end_pump(why, id);",
        "void Outputs::stop_all(Why why, const Id *id) {", "!board_.running",
    ),
}  # fmt: skip


SAMPLE = (
    "a line buffer with room for one byte more than it has",
    "an escape read beyond the end of the text",
    "no budget for a day",
    "refused, but on",
)


def test_every_fault_can_still_be_planted():
    sources = {name: (fuzzer.FIRMWARE / name).read_text() for _, name, *_ in FAULTS.values()}
    gone = [
        fault for fault, (_, name, right, *_) in FAULTS.items() if sources[name].count(right) != 1
    ]
    assert gone == []


@pytest.mark.parametrize("fault", FAULTS if FULL else SAMPLE)
@pytest.mark.timeout(300)
def test_a_planted_fault_is_found_soon(tmp_path, fault):
    target, name, right, wrong, seen = FAULTS[fault]
    copy = tmp_path / "src"
    shutil.copytree(fuzzer.FIRMWARE, copy, ignore=shutil.ignore_patterns("avr"))
    source = (copy / name).read_text()
    assert source.count(right) == 1, f"{name} has changed: plant this fault anew"
    (copy / name).write_text(source.replace(right, wrong))
    outcome = fuzzer.run(fuzzer.build(target, tmp_path, copy), tmp_path, seconds=FOUND_S)
    assert outcome.finding
    assert seen in outcome.finding
    assert outcome.crash


def test_without_clang_it_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FileNotFoundError, match="apt-get install clang libclang-rt-dev"):
        fuzzer.compiler()


def test_a_firmware_that_does_not_compile_is_no_success(tmp_path):
    (tmp_path / "crc16.cpp").write_text("no C++")
    with pytest.raises(RuntimeError, match="error:"):
        fuzzer.build("lines", tmp_path, tmp_path)


@pytest.mark.parametrize("target", ["lines", "commands"])
def test_the_seeds_are_made_from_the_golden_vectors(tmp_path, target):
    assert fuzzer.write_seeds(target, tmp_path) == len(list(tmp_path.iterdir())) > 60
    contents = {file.read_bytes() for file in tmp_path.iterdir()}
    if target == "lines":
        assert b"123456789*29B1\n" in contents
    else:
        assert b'{"t":"cmd","c":"c3","op":"stop"}' in contents
