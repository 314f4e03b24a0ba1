"""The command of a Raspberry Pi node; `start.py --help` says what it can do."""

import sys
from pathlib import Path

from plant_vita_node.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], (sys.executable, str(Path(__file__).resolve()))))
