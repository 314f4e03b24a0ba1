"""scripts/flash: ask, copy, start, and show the pairing code."""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from . import answers
from .device import CAMERAS, SECRET, Device, DeviceError

WHERE = "https://micropython.org/download/ (ESP32_GENERIC for esp32dev, …_C3, …_S3)"


def arguments(words: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="scripts/flash", description="Make a Plant Vita node.")
    parser.add_argument("--port", help="serial port (default: the only board there is)")
    parser.add_argument(
        "--image",
        type=Path,
        help=f"MicroPython to write first, from {WHERE}; for a camera from {CAMERAS}",
    )
    parser.add_argument("--board", help=", ".join(answers.boards()))
    parser.add_argument("--ssid", help="Wi-Fi name")
    parser.add_argument("--password", help="Wi-Fi password (better: leave it out and be asked)")
    parser.add_argument("--url", help="Home Assistant's address; empty: the node looks for it")
    parser.add_argument("--name", help="where the node stands")
    parser.add_argument("--battery", help="y or n: deep sleep between readings")
    parser.add_argument("--bluetooth", help="y, n, or only: without any Wi-Fi (default: as it is)")
    parser.add_argument("--updates", help="y or n: firmware over the air (default: as it is)")
    parser.add_argument("--every", type=int, help="seconds between readings")
    parser.add_argument("--parts", help="what is fitted, for example soil,dht22,pump,tank")
    parser.add_argument("--mpy", action="store_true", help="compile with mpy-cross first")
    parser.add_argument("--dry-run", action="store_true", help="show the commands, run nothing")
    return parser.parse_args(words)


def stage(folder: Path, device: Device, *, compiled: bool) -> None:
    """Lay the firmware out in `folder` as it will lie on the board."""
    ignore = shutil.ignore_patterns("__pycache__", "*.md")
    shutil.copytree(answers.FIRMWARE / "plantnode", folder / "plantnode", ignore=ignore)
    for name in ("slots.py", "boot.py", "main.py"):
        shutil.copy(answers.FIRMWARE / name, folder)
    if compiled:
        for path in sorted((folder / "plantnode").rglob("*.py")):
            device.run("mpy-cross", str(path))
            if not device.dry:
                path.unlink()


def flash(given: argparse.Namespace) -> str:
    """Do it all; the pairing code, or an empty text for a node that is paired already."""
    settings = answers.settings(given)
    if given.image is not None and not given.image.is_file():
        raise DeviceError(f"no file {given.image}. MicroPython for ESP32: {WHERE}")
    device = Device(given.port, dry=given.dry_run)
    if given.image is not None:
        device.write_image(given.image, str(settings["board"]))
    device.check_micropython()
    asked = {key for key, _, _ in answers.QUESTIONS}
    kept = {key: value for key, value in device.kept_settings().items() if key not in asked}
    settings = kept | settings
    if answers.has_camera(settings):
        device.check_camera()
    with tempfile.TemporaryDirectory(prefix="plantnode-") as name:
        folder = Path(name)
        stage(folder, device, compiled=given.mpy)
        (folder / "settings.json").write_text(json.dumps(settings))
        if given.dry_run:
            shown = settings | ({"password": SECRET} if "password" in settings else {})
            print(f"# settings.json: {json.dumps(shown, ensure_ascii=False)}")
        device.copy(folder)
    code = device.pairing_code()
    device.reset()
    return code


def main() -> int:
    """Exit code 0 when the node runs, 1 when the board and 2 when an answer was wrong."""
    given = arguments(sys.argv[1:])
    try:
        code = flash(given)
    except answers.WrongAnswerError as error:
        print(f"scripts/flash: {error}", file=sys.stderr)
        return 2
    except (DeviceError, OSError) as error:
        print(f"scripts/flash: {error}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):
        return 1
    if given.dry_run:
        return 0
    if code:
        print(f"\nThe node runs. Its pairing code:\n\n    {code}\n")
        print(
            "Home Assistant → Settings → Devices & services shows it as discovered. "
            "Type the code there."
        )
    else:
        print("\nThe node runs, and is paired already. Hold its button for 10 s for a new code.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
