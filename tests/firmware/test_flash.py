"""scripts/flash with stand-ins for esptool and mpremote.

The board is a folder, its Python the real MicroPython.
"""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.firmware import rig

MPREMOTE = """#!{python}
import json, os, pathlib, shutil, subprocess, sys
words, board = sys.argv[1:], pathlib.Path({board!r})
with open({log!r}, "a") as log:
    log.write(json.dumps(["mpremote", *words]) + "\\n")
if words == ["devs"]:
    print(os.environ.get("DEVS", "/dev/ttyUSB0 0001 10c4:ea60 Silicon_Labs CP2102"))
    print("/dev/ttyS0 None 0000:0000 None None")
    sys.exit()
assert words[0] == "connect" and words[2] == "resume", words
words = words[3:]
if os.environ.get("FAIL") and os.environ["FAIL"] in " ".join(words):
    sys.exit("could not enter raw repl")
if words[0] == "exec":
    env = dict(os.environ, MICROPYPATH=f"{{board}}:{{board}}-chip:.frozen")
    code = words[1].replace("*sys.implementation[1][:2]", os.environ.get("VERSION", "1, 26"))
    sys.exit(subprocess.run([{micropython!r}, "-c", code], cwd=board, env=env).returncode)
if words[:2] == ["fs", "cp"]:
    source = pathlib.Path(words[-2])
    if source.is_dir():
        assert words[2] == "-r"
        shutil.copytree(source, board / source.name)
    else:
        shutil.copy(source, board)
elif words[:3] == ["fs", "rm", "-r"]:
    shutil.rmtree(board / words[3][1:])
elif words[:2] == ["fs", "cat"]:
    sys.stdout.write((board / words[2][1:]).read_text())
elif words != ["reset"]:
    sys.exit(f"what? {{words}}")
"""
ESPTOOL = """#!{python}
import json, sys
with open({log!r}, "a") as log:
    log.write(json.dumps(["esptool", *sys.argv[1:]]) + "\\n")
"""
GOOD = {
    "board": "esp32dev",
    "ssid": "garden",
    "password": "very secret",
    "url": "",
    "name": "Kitchen",
    "battery": "n",
}


class Desk:
    """A desk with a board on it."""

    def __init__(self, tmp_path):
        self.board, self.bin, self.log = tmp_path / "board", tmp_path / "bin", tmp_path / "log"
        self.board.mkdir()
        self.bin.mkdir()
        chip = tmp_path / "board-chip"
        chip.mkdir()
        (chip / "machine.py").write_text(
            "def unique_id():\n    return b'\\xa4\\xcf\\x12\\0\\0\\1'\n"
        )
        for name, text in (("mpremote", MPREMOTE), ("esptool", ESPTOOL)):
            program = self.bin / name
            program.write_text(
                text.format(
                    python=sys.executable,
                    board=str(self.board),
                    log=str(self.log),
                    micropython=rig.micropython(),
                )
            )
            program.chmod(program.stat().st_mode | stat.S_IXUSR)

    def flash(self, *words, env=None, **changed):
        said = [
            f"--{key}={value}" for key, value in {**GOOD, **changed}.items() if value is not None
        ]
        path = {"PATH": f"{self.bin}:{os.environ['PATH']}"}
        return subprocess.run(
            [sys.executable, "-m", "scripts.flashing", *said, *words], cwd=rig.ROOT, check=False,
            env=os.environ | path | (env or {}), stdin=subprocess.DEVNULL,
            capture_output=True, text=True,
        )  # fmt: skip

    def commands(self):
        return (
            [json.loads(line) for line in self.log.read_text().splitlines()]
            if self.log.exists()
            else []
        )

    def settings(self):
        return json.loads((self.board / "settings.json").read_text())


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_a_new_board_becomes_a_node_and_shows_its_code(desk):
    done = desk.flash("--parts=soil,pump")
    assert done.returncode == 0, done.stderr
    kept = json.loads((desk.board / "keys.json").read_text())
    code = kept["code"]
    assert f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:]}" in done.stdout
    assert desk.settings() == {
        "board": "esp32dev", "ssid": "garden", "password": "very secret", "name": "Kitchen",
        "every": 60, "sleep": 0, "parts": ["soil", "pump"],
    }  # fmt: skip
    assert (desk.board / "ledger.json").exists()
    assert {path.name for path in desk.board.iterdir()} >= {"boot.py", "main.py", "plantnode"}
    assert not list(desk.board.rglob("__pycache__"))
    assert desk.commands()[-1] == ["mpremote", "connect", "/dev/ttyUSB0", "resume", "reset"]
    copied = [words[-2].rsplit("/", 1)[-1] for words in desk.commands() if "cp" in words]
    assert copied == ["plantnode", "settings.json", "slots.py", "boot.py", "main.py"]


def test_a_new_firmware_keeps_key_ledger_and_calibration(desk):
    desk.flash(url="http://home:8123")
    changed = desk.settings() | {"cal": {"0": [1, 2]}, "tuning": {"0": {"med": 3}}}
    (desk.board / "settings.json").write_text(json.dumps(changed))
    before = {name: (desk.board / name).read_bytes() for name in ("keys.json", "ledger.json")}
    (desk.board / "plantnode" / "old.py").touch()
    done = desk.flash(battery="y")
    assert done.returncode == 0, done.stderr
    assert {name: (desk.board / name).read_bytes() for name in before} == before
    assert desk.settings()["cal"] == {"0": [1, 2]}
    assert desk.settings()["every"] == 900
    assert desk.settings()["sleep"] == 1
    assert "url" not in desk.settings()
    assert not (desk.board / "plantnode" / "old.py").exists()


def test_bluetooth_is_there_for_who_asks_for_it(desk):
    desk.flash(bluetooth="y")
    assert (desk.settings()["ble"], desk.settings()["ssid"]) == (1, "garden")
    desk.flash()
    assert desk.settings()["ble"] == 1  # as it was
    done = desk.flash(bluetooth="only", ssid=None, password=None, url=None)
    assert done.returncode == 0, done.stderr
    assert desk.settings()["ble"] == 1
    assert "ssid" not in desk.settings()
    desk.flash(bluetooth="n")
    assert desk.settings()["ble"] == 0


def test_a_node_takes_firmware_over_its_cable_only_if_somebody_wants_that(desk):
    desk.flash()
    assert "updates" not in desk.settings()
    desk.flash(updates="n")
    assert desk.settings()["updates"] == 0
    desk.flash()
    assert desk.settings()["updates"] == 0  # as it was
    desk.flash(updates="y")
    assert desk.settings()["updates"] == 1


def test_the_image_is_written_where_the_chip_wants_it(desk, tmp_path):
    image = tmp_path / "image.bin"
    image.touch()
    assert desk.flash(f"--image={image}").returncode == 0
    assert desk.flash(f"--image={image}", board="esp32c3").returncode == 0
    tool = [words[1:] for words in desk.commands() if words[0] == "esptool"]
    port = ["--port", "/dev/ttyUSB0"]
    assert tool == [
        [*port, "erase_flash"],
        [*port, "--baud", "460800", "write_flash", "0x1000", str(image)],
        [*port, "erase_flash"],
        [*port, "--baud", "460800", "write_flash", "0x0", str(image)],
    ]


def test_a_camera_needs_a_micropython_that_knows_it(desk):
    done = desk.flash(board="esp32cam")
    assert done.returncode == 1
    assert "this MicroPython knows no cameras" in done.stderr
    assert not (desk.board / "plantnode").exists()
    chip = desk.board.with_name("board-chip")
    (chip / "camera.py").write_text("class Camera:\n    pass\n")
    assert desk.flash(board="esp32cam").returncode == 0
    assert "parts" not in desk.settings()
    (chip / "camera.py").unlink()
    assert desk.flash(board="esp32s3cam", parts="soil").returncode == 0
    # Its parts are kept, and none of them is a camera.
    assert desk.flash(board="esp32cam").returncode == 0


def test_dry_run_shows_and_does_nothing(desk):
    done = desk.flash("--dry-run", "--port=/dev/ttyACM0")
    assert done.returncode == 0
    assert desk.commands() == []
    lines = done.stdout.splitlines()
    assert (
        sum(line.startswith("mpremote connect /dev/ttyACM0 resume ") for line in lines)
        == len(lines) - 1
    )
    assert "very secret" not in done.stdout


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"board": "esp99"}, "--board: the boards are: esp32c3, esp32cam, esp32dev"),
        ({"ssid": ""}, "--ssid: a Wi-Fi name has 1 to 32 bytes"),
        ({"ssid": "é" * 17}, "--ssid: "),
        ({"password": "short"}, "--password: "),
        ({"url": "ftp://x"}, "--url: an address looks like"),
        ({"url": "http://user:pw@x"}, "--url: "),
        ({"url": "http://x:99999"}, "--url: "),
        ({"name": "x" * 33}, "--name: "),
        ({"battery": "maybe"}, "--battery: say y or n"),
        ({"every": "1"}, "--every: "),
        ({"bluetooth": "perhaps"}, "--bluetooth: say y, n, or only"),
        ({"updates": "perhaps"}, "--updates: say y or n"),
        ({"ssid": None}, "--ssid is missing"),
    ],
)
def test_bad_answers_are_told_before_anything_is_touched(desk, changed, words):
    done = desk.flash(**changed)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert desk.commands() == []


@pytest.mark.parametrize(
    ("env", "words"),
    [
        (
            {"DEVS": "/dev/ttyS0 None 0000:0000 None None"},
            "0 boards found (is the cable one for data?)",
        ),
        (
            {"DEVS": "/dev/a 1 1:1 x y\n/dev/b 1 1:1 x y"},
            "2 boards found: /dev/a, /dev/b. Name one with --port",
        ),
        ({"VERSION": "1, 22"}, "MicroPython 1.22 is too old"),
        ({"FAIL": "exec"}, "mpremote connect failed"),
        ({"FAIL": "fs cp"}, "could not enter raw repl"),
    ],
)
def test_what_goes_wrong_with_the_board_is_told(desk, env, words):
    done = desk.flash(env=env)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_image_is_told(desk, tmp_path):
    done = desk.flash(f"--image={tmp_path}/none.bin")
    assert done.returncode == 1
    assert "micropython.org/download" in done.stderr


@pytest.mark.skipif(
    (Path(sys.executable).parent / "mpremote").exists(), reason="the tool is beside Python"
)
def test_a_missing_tool_is_told(desk):
    (desk.bin / "mpremote").unlink()
    done = desk.flash(env={"PATH": str(desk.bin)})
    assert done.returncode == 1
    assert "python3 -m pip install mpremote" in done.stderr
