"""Set this clone up: `scripts/setup [--latest] [--esphome] [--with PACKAGE]...`."""

import argparse
import sys

from . import system_packages
from .commands import SetUpError, say
from .prepare import prepare


def main() -> int:
    """Set up as asked; exit code 1 when something is missing, with the reason on stderr."""
    parser = argparse.ArgumentParser(prog="scripts/setup", description=__doc__)
    parser.add_argument("--latest", action="store_true", help="also the newest Home Assistant")
    parser.add_argument("--esphome", action="store_true", help="also ESPHome")
    parser.add_argument(
        "--with",
        dest="packages",
        action="append",
        default=[],
        metavar="PACKAGE",
        choices=sorted(system_packages.KNOWN),
        help="also this system package",
    )
    options = parser.parse_args()
    try:
        prepare(latest=options.latest, esphome=options.esphome, packages=options.packages)
    except SetUpError as error:
        print(f"set-up failed: {error}", file=sys.stderr)
        return 1
    say("ready")
    return 0


if __name__ == "__main__":
    sys.exit(main())
