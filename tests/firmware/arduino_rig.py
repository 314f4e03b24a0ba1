"""What the tests of the Arduino need: its real program, a board to run it, and lines to talk in.

The lines are read and written by the integration's own package, so that both ends check each other.
"""

import subprocess
from pathlib import Path

from tests.firmware.rig import ROOT

PROBE = ROOT / "tests" / "firmware" / "arduino_probe.c"


def probe(folder: Path) -> Path:
    """Compile the small program that tests the simulator."""
    made = folder / "probe.elf"
    words = ["avr-gcc", "-mmcu=atmega328p", "-DF_CPU=16000000L", "-Os", "-o", made, PROBE]
    subprocess.run(words, check=True, timeout=60)
    return made
