"""The golden vectors on the node's own code.

In MicroPython, which runs on the device, and in CPython.
"""

import json
import os
import subprocess
import sys

import pytest

from tests.firmware import rig

RUNNER = rig.ROOT / "firmware" / "vectors" / "run_vectors.py"
FILE = RUNNER.with_name("pv1.json")
LINES = RUNNER.with_name("lines.json")

rig.plantnode()

from plantnode import seal  # noqa: E402


def run(interpreter: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if key != "MICROPYPATH"}
    return subprocess.run(
        [interpreter, str(RUNNER), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env=env,
        check=False,
    )


@pytest.mark.parametrize("which", ["micropython", "cpython"])
def test_golden_vectors(which):
    done = run(rig.micropython() if which == "micropython" else sys.executable)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = {
        group: len(cases)
        for group, cases in json.loads(FILE.read_text()).items()
        if group != "session"
    }
    counts["lines"] = len(json.loads(LINES.read_text()))
    assert done.stdout.split() == [
        word for group in sorted(counts) for word in (group, str(counts[group]), "ok")
    ]


@pytest.mark.parametrize(
    "group", ["hmac", "hkdf", "aead", "code", "handshake", "frames", "from_home", "pieces"]
)
def test_the_runner_sees_a_difference(group, tmp_path):
    vectors = json.loads(FILE.read_text())
    case = vectors[group][0]
    field = {
        "hmac": "mac",
        "hkdf": "out",
        "aead": "tag",
        "code": "key",
        "handshake": "proof_node",
        "pieces": "frame",
    }.get(group)
    if field:
        case[field] = ("1" if case[field][0] == "0" else "0") + case[field][1:]
    elif group == "frames":
        case["steps"][0]["text"] += " "
    else:
        vectors[group][3]["err"] = "busy"
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(vectors))
    done = run(rig.micropython(), str(changed))
    assert done.returncode == 1
    assert f"{group} {len(vectors[group])} WRONG" in done.stdout


@pytest.mark.parametrize("field", ["messages", "dropped"])
def test_the_runner_sees_a_difference_in_the_lines(field, tmp_path):
    vectors = json.loads(LINES.read_text())
    assert len(vectors) >= 43
    if field == "messages":
        vectors[2]["messages"][0] += " "
    else:
        vectors[2]["dropped"]["crc"] += 1
    changed = tmp_path / "lines.json"
    changed.write_text(json.dumps(vectors, ensure_ascii=False))
    done = run(rig.micropython(), str(FILE), str(changed))
    assert done.returncode == 1
    assert f"lines {len(vectors)} WRONG [2]" in done.stdout


def test_every_flipped_bit_is_refused():
    about = (b"\x11" * 32, seal.TO_HOME, b"NODE0001", 0, bytes(32), b"SESSION1")
    frame = seal.Session(*about).seal(b'{"m":41.5}')
    receiver = seal.Session(about[0], seal.TO_NODE, *about[2:])
    for bit in range(len(frame) * 8):
        changed = bytearray(frame)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(seal.FrameError):
            receiver.open(bytes(changed))
    assert receiver.open(frame) == b'{"m":41.5}'


def test_a_used_up_counter_ends_the_session():
    session = seal.Session(bytes(32), seal.TO_HOME, b"NODE0001", 0, bytes(32), b"SESSION1")
    session.out.sequence = 2**32 - 1
    session.seal(b"last")
    with pytest.raises(seal.FrameError):
        session.seal(b"one too many")
