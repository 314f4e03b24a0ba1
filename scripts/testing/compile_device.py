"""Compile every file of the device's code with mpy-cross, as the device itself would."""

import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.environment.layout import ROOT

FOLDER = ROOT / "firmware" / "esp32"


def main() -> int:
    """Name every file that MicroPython does not accept; exit code 1 when there is one."""
    sources = sorted(FOLDER.rglob("*.py"))
    with tempfile.TemporaryDirectory(prefix="plant-vita-") as folder:
        output = Path(folder) / "out.mpy"
        refused = [source for source in sources if not _compiles(source, output)]
    print(f"mpy-cross accepts {len(sources) - len(refused)} of {len(sources)} files")
    return 1 if refused or not sources else 0


def _compiles(source: Path, output: Path) -> bool:
    command = ["mpy-cross", "-o", str(output), str(source.relative_to(ROOT))]
    return subprocess.run(command, check=False, cwd=ROOT).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
