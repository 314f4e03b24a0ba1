"""No file names a machine that the project was written on, nor holds a secret."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.house.python_files import ROOT, shown

LARGEST = 1_000_000
# Spelled in pieces, so that this file does not find itself.
FORBIDDEN = {
    "a folder of somebody's machine": re.compile(
        r"(?<![\w.~}])/(?:work|opt|home|root|mnt|Users)/\w"
    ),
    "a temporary folder": re.compile(r"(?<![\w.~}])/tm" + r"p/\w"),
    "a local package address": re.compile(r"file:///[a-z]"),
    "a private key": re.compile("BEGIN [A-Z ]*PRIVATE " + "KEY"),
    "an access token": re.compile(r"\beyJ[\w-]{15,}\.[\w-]{15,}\.[\w-]{15,}"),
    "an API key": re.compile(r"\b(?:sk-[A-Za-z0-9]{20,}|AIza[\w-]{30,}|gh[pousr]_\w{30,})"),
}


def findings(text: str) -> list[str]:
    """Say what a text holds that it should not, and on which line."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        for what, pattern in FORBIDDEN.items():
            if pattern.search(line):
                found.append(f"line {number}: {what}")
    return found


def committed() -> list[Path]:
    """Every text file that git knows."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file() and file.stat().st_size <= LARGEST]


def test_there_are_files_to_read() -> None:
    assert Path(__file__).parents[2] / "pyproject.toml" in committed()


def test_no_file_names_a_machine_or_holds_a_secret() -> None:
    found = []
    for file in committed():
        content = file.read_bytes()
        if b"\0" not in content:
            found += [f"{shown(file)} {what}" for what in findings(content.decode())]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "see /ho" + "me/anna/wheels",
        "cd /tm" + "p/build",
        "--find-links file:///" + "srv/wheels",
        "key = 'sk-" + "a" * 24 + "'",
        "-----BEGIN RSA PRIVATE " + "KEY-----",
    ],
)
def test_each_kind_is_found(line: str) -> None:
    assert findings(line)


@pytest.mark.parametrize(
    "line", ["config/home/x", "{tmp}/x", "/api/plant_vita/v1/node", "~/work/x"]
)
def test_ordinary_paths_are_not(line: str) -> None:
    assert not findings(line)
