"""A node that was told no address finds Home Assistant by itself.

mdns_inside.py runs in a network namespace that has nothing but a loopback with multicast: what it
says over mDNS stays there.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

INSIDE = Path(__file__).with_name("mdns_inside.py")
LOOPBACK = (
    "ip link set lo up && ip link set lo multicast on && ip route add 224.0.0.0/4 dev lo"
    ' && exec "$@"'
)
AS_ROOT = ("unshare", "--net")
AS_ANYBODY = ("unshare", "--net", "--user", "--map-root-user")
WITHIN_S = 180


def alone(way: tuple[str, ...], *command: str) -> tuple[str, ...]:
    """The words that run a command in a namespace of its own."""
    return (*way, "sh", "-c", LOOPBACK, "sh", *command)


def possible(way: tuple[str, ...]) -> str:
    """Why there can be no such namespace here; empty if there can."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    try:
        tried = subprocess.run(
            alone(way, "true"),
            env=os.environ | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
    except FileNotFoundError as error:
        return str(error)
    return "" if tried.returncode == 0 else tried.stderr.strip() or "unshare failed"


def test_a_node_without_an_address_finds_home_assistant(tmp_path, figures):
    way = AS_ROOT if os.geteuid() == 0 else AS_ANYBODY
    if why := possible(way):
        pytest.skip(f"no network namespace here: {why}")
    told = tmp_path / "figures"
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    inside = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(INSIDE))
    ran = subprocess.run(
        alone(way, *inside, f"--basetemp={tmp_path / 'inside'}"),
        env=os.environ | {"PATH": path, "PLANT_VITA_FIGURES": str(told)},
        cwd=INSIDE.parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=WITHIN_S,
    )
    assert ran.returncode == 0, ran.stdout
    figures.extend(told.read_text().splitlines())
