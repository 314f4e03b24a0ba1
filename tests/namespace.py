"""Tests that run in a network namespace of their own: what they say over any network stays there.

A file `…_inside.py` holds them, which pytest does not collect by itself.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOOPBACK = (
    "ip link set lo up && ip link set lo multicast on && ip route add 224.0.0.0/4 dev lo"
    ' && exec "$@"'
)
AS_ROOT = ("unshare", "--net")
AS_ANYBODY = ("unshare", "--net", "--user", "--map-root-user")


def _alone(way: tuple[str, ...], *command: str) -> tuple[str, ...]:
    """The words that run a command where there is nothing but a loopback with multicast."""
    return (*way, "sh", "-c", LOOPBACK, "sh", *command)


def _environment(**more: str) -> dict[str, str]:
    return os.environ | {"PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"} | more


def _impossible(way: tuple[str, ...]) -> str:
    """Why there can be no such namespace here; empty if there can."""
    try:
        tried = subprocess.run(
            _alone(way, "true"),
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
    except FileNotFoundError as error:
        return str(error)
    return "" if tried.returncode == 0 else tried.stderr.strip() or "unshare failed"


def run_inside(inside: Path, tmp_path: Path, figures: list[str], within: float = 270) -> None:
    """Run the tests of a file in a namespace; what they measure is added to `figures`."""
    way = AS_ROOT if os.geteuid() == 0 else AS_ANYBODY
    if why := _impossible(way):
        pytest.skip(f"no network namespace here: {why}")
    told, failures = tmp_path / "figures", tmp_path / "failures"
    words = (sys.executable, "-m", "pytest", "-q", "-p", "no:homeassistant")
    ran = subprocess.run(
        _alone(way, *words, str(inside), f"--basetemp={tmp_path / 'inside'}"),
        env=_environment(PLANT_VITA_FIGURES=str(told), PLANT_VITA_FAILURES=str(failures)),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=within,
    )
    if ran.returncode == 1 and not json.loads(failures.read_text())["wrong"]:
        raise TimeoutError(ran.stdout)  # as late here as it was in there: see tests/lateness
    assert ran.returncode == 0, ran.stdout
    if told.is_file():
        figures.extend(told.read_text().splitlines())


def tell(figures: list[str]) -> None:
    """What was measured inside, for whoever runs this; each file once."""
    if told := os.environ.get("PLANT_VITA_FIGURES"):
        Path(told).write_text("\n".join(figures))
