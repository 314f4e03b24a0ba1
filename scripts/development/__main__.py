"""Set this clone up, then hand over to the laboratory: `scripts/develop [--help]`."""

import argparse
import os
import sys
from typing import NoReturn

from scripts.environment.commands import SetUpError, clean_environment
from scripts.environment.layout import ROOT, VENV
from scripts.environment.prepare import prepare
from scripts.environment.system_packages import ARDUINO

DESCRIPTION = """\
Start a real Home Assistant on this machine's loopback, with the integration of this clone and
three simulated nodes that are paired and send readings. Ctrl-C stops everything. What you set up
in it is kept in .develop/ for the next time.
"""


def main() -> int:
    """Read the options and replace this process by the laboratory's."""
    parser = argparse.ArgumentParser(prog="scripts/develop", description=DESCRIPTION)
    parser.add_argument("--latest", action="store_true", help="run the newest Home Assistant")
    parser.add_argument("--discover", action="store_true", help="leave the nodes unpaired")
    parser.add_argument("--arduino", action="store_true", help="one more node, on a USB cable")
    parser.add_argument("--fresh", action="store_true", help="forget everything of the last time")
    parser.add_argument("--port", type=int, default=8123, help="try this port first (8123)")
    options = parser.parse_args()
    try:
        prepare(latest=options.latest, packages=ARDUINO if options.arduino else ())
    except SetUpError as error:
        print(f"set-up failed: {error}", file=sys.stderr)
        return 1
    return _hand_over(options)


def _hand_over(options: argparse.Namespace) -> NoReturn:
    python = VENV / "bin/python"
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    environment = clean_environment({"PATH": path, "PYTHONPATH": str(ROOT)})
    command = ["python", "-m", "scripts.development.garden"]
    command += ["--port", str(options.port)]
    flags = ("arduino", "latest", "discover", "fresh")
    command += [f"--{name}" for name in flags if getattr(options, name)]
    sys.stdout.flush()
    os.execve(python, command, environment)  # noqa: S606 - this very program goes on


if __name__ == "__main__":
    sys.exit(main())
