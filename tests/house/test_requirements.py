"""The pinned requirement files are complete, and say nothing about where a file came from."""

import re
from pathlib import Path

import pytest

from tests.house.python_files import ROOT, shown

FILES = sorted((ROOT / "requirements").glob("*.txt"))
ENTRY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[a-z0-9,_-]+\])?==\S+( ; [^\\]+)?( \\)?")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def problems(text: str) -> list[str]:
    """List the lines that are neither a pin nor a hash, and the pins without any hash."""
    found = []
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    for number, line in enumerate(lines):
        if ENTRY.fullmatch(line):
            following = lines[number + 1] if number + 1 < len(lines) else ""
            if not HASH.fullmatch(following):
                found.append(f"no hash: {line}")
        elif not HASH.fullmatch(line):
            found.append(f"neither pin nor hash: {line}")
    return found


@pytest.mark.parametrize("file", [pytest.param(f, id=shown(f)) for f in FILES])
def test_only_pins_with_hashes(file: Path) -> None:
    assert not problems(file.read_text())


def test_every_input_is_locked() -> None:
    written = {file.stem for file in FILES}
    assert written == {
        "device-stubs",
        "esphome",
        "forecast",
        "forecast-data",
        "latest",
        "node",
        "photos",
        "test",
        "tools",
    }


@pytest.mark.parametrize(
    "line",
    [
        "--find-links /srv/wheels",
        "--index-url https://example.org/simple",
        "thing @ file:" + "///srv/thing.whl",
        "thing>=1.0",
        "thing==1.0",
    ],
)
def test_what_must_not_be_there_is_found(line: str) -> None:
    assert problems(line)


def test_both_releases_of_home_assistant_are_pinned() -> None:
    test = (ROOT / "requirements/test.txt").read_text()
    assert re.search(r"^homeassistant==2026\.10\.\d+ ", test, re.MULTILINE)
    assert re.search(r"^pytest-homeassistant-custom-component==0\.13\.\d+ ", test, re.MULTILINE)
    latest = (ROOT / "requirements/latest.txt").read_text()
    assert re.search(r"^homeassistant==2026\.11\.\d+ ", latest, re.MULTILINE)
    assert "pytest" not in latest
