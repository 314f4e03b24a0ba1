"""The board at the other end of the cable, through esptool and mpremote."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

OFFSETS = {
    "esp32dev": "0x1000",
    "esp32cam": "0x1000",
}  # of MicroPython's image; the newer chips begin at 0
MICROPYTHON = (1, 26)
CAMERAS = "https://github.com/cnadler86/micropython-camera-API/releases (the one for your board)"
SECRET = "********"  # noqa: S105 - what is shown in its place


class DeviceError(Exception):
    """The board did not do what it should; the text says what to try."""


class Device:
    """Runs the tools, or with `dry` only shows what would be run."""

    def __init__(self, port: str | None, *, dry: bool) -> None:
        self.dry = dry
        self.port = port or ("PORT" if dry else self._only_port())

    def _only_port(self) -> str:
        found = self.run("mpremote", "devs").split("\n")
        ports = [line.split()[0] for line in found if line.strip() and "None None" not in line]
        if len(ports) == 1:
            return ports[0]
        listed = f": {', '.join(ports)}" if ports else " (is the cable one for data?)"
        raise DeviceError(f"{len(ports)} boards found{listed}. Name one with --port")

    def run(self, program: str, *words: str, quiet: bool = False) -> str:
        """The output of one command; raises DeviceError with the end of it when it fails."""
        if self.dry:
            print(shlex.join([program, *words]))
            return ""
        path = shutil.which(program, path=f"{os.environ['PATH']}:{Path(sys.executable).parent}")
        if path is None:
            raise DeviceError(f"{program} is missing: python3 -m pip install {program}")
        done = subprocess.run([path, *words], capture_output=True, text=True, check=False)
        if done.returncode and not quiet:
            last = (done.stdout + done.stderr).strip().splitlines()[-8:]
            raise DeviceError(f"{program} {words[0]} failed:\n" + "\n".join(last))
        return "" if done.returncode else done.stdout

    def remote(self, *words: str, quiet: bool = False) -> str:
        """One mpremote command. `resume`: a soft reset would let the watchdog bite half-way."""
        return self.run("mpremote", "connect", self.port, "resume", *words, quiet=quiet)

    def write_image(self, image: Path, board: str) -> None:
        """Erase the chip and put MicroPython on it."""
        self.run("esptool", "--port", self.port, "erase_flash")
        offset = OFFSETS.get(board, "0x0")
        self.run(
            "esptool", "--port", self.port, "--baud", "460800", "write_flash", offset, str(image)
        )

    def check_micropython(self) -> None:
        """Is there a MicroPython, and is it new enough?"""
        said = self.remote("exec", "import sys; print('version', *sys.implementation[1][:2])")
        if self.dry:
            return
        match = re.search(r"version (\d+) (\d+)", said)
        if match is None:
            raise DeviceError("the board did not answer as MicroPython does; give --image")
        version = (int(match[1]), int(match[2]))
        if version < MICROPYTHON:
            raise DeviceError(
                f"MicroPython {match[1]}.{match[2]} is too old: 1.26 or newer; give --image"
            )

    def check_camera(self) -> None:
        """Does its MicroPython know cameras?"""
        said = self.remote(
            "exec", "import camera; print('camera', hasattr(camera, 'Camera'))", quiet=True
        )
        if not self.dry and "camera True" not in said:
            raise DeviceError(f"this MicroPython knows no cameras; give --image, from {CAMERAS}")

    def kept_settings(self) -> dict[str, object]:
        """What the node knows already: its calibration and tuning survive a new firmware."""
        try:
            kept = json.loads(self.remote("fs", "cat", ":settings.json", quiet=True) or "{}")
        except ValueError:
            return {}
        return kept if isinstance(kept, dict) else {}

    def copy(self, folder: Path) -> None:
        """Put everything in `folder` at the root of the board's flash, the package afresh."""
        self.remote("fs", "rm", "-r", ":plantnode", quiet=True)
        # What the cable brings is what shall run.
        self.remote("fs", "rm", "-r", ":slots.json", quiet=True)
        # main.py last: a copy that breaks off leaves a node that does nothing.
        last = ("settings.json", "slots.py", "boot.py", "main.py")
        paths = {path.name: path for path in folder.iterdir()}
        for path in [paths[name] for name in (*sorted(set(paths) - set(last)), *last)]:
            where = folder.name if self.dry else str(folder)
            flags = ("-r",) if path.is_dir() else ()
            self.remote("fs", "cp", *flags, f"{where}/{path.name}", ":")

    def pairing_code(self) -> str:
        """Make the ledger of a new node, and give its code; empty if it is paired."""
        self.remote("exec", "from plantnode import ledger; ledger.main()")
        said = self.remote(
            "exec",
            "import machine; from plantnode import pairing, seal; "
            "keys = pairing.Keys(seal.to_hex(machine.unique_id())); "
            "print('code:', pairing.spelled(keys.code) if keys.code else 'paired')",
        )
        match = re.search(r"code: ((?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}|paired)", said)
        if match is None and not self.dry:
            raise DeviceError("the node did not tell its pairing code:\n" + said[-400:])
        return "" if match is None or match[1] == "paired" else match[1]

    def reset(self) -> None:
        """Start the node."""
        self.remote("reset")
