"""Runs pieces of Python under the node's own interpreter, and under this one."""

import json
import subprocess

from tests.firmware import rig


def run(source: str, *, folder=None, port: bool = False):
    """What `source` leaves in `result` under MicroPython; AssertionError with its words."""
    program = f"{source}\nimport json\nprint('result', json.dumps(result))"
    path = f"{rig.PORT}:{rig.FLASH}:.frozen" if port else f"{rig.FLASH}:.frozen"
    done = subprocess.run(
        [rig.micropython(), "-c", program],
        env={"MICROPYPATH": path},
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.split("result ")[-1])


def both(source: str):
    """The same source under CPython and MicroPython; they must agree, and the answer is given."""
    rig.plantnode()
    space: dict = {}
    exec(source, space)
    here = json.loads(json.dumps(space["result"]))
    there = run(source)
    assert _near(here, there), f"CPython {here}, MicroPython {there}"
    return here


def _near(a, b) -> bool:
    if isinstance(a, float) or isinstance(b, float):
        return abs(a - b) <= 1e-9 * max(1.0, abs(a))
    if isinstance(a, list):
        return len(a) == len(b) and all(_near(one, other) for one, other in zip(a, b, strict=True))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(_near(a[key], b[key]) for key in a)
    return a == b
