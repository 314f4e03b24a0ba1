"""Examine every file of a folder in a process of its own; say what came of it, and the memory.

Writes a JSON line for each file, then the peak of the memory above what it was before the first.
"""

import json
import resource
import sys
import time
from pathlib import Path

from custom_components.plant_vita.model.errors import PhotoError
from custom_components.plant_vita.vision import prepare
from scripts.lab.clouds.pictures import jpeg, plant


def peak_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def outcome(data: bytes) -> str:
    try:
        prepare.examine(data)
        prepare.glance(data)
    except PhotoError as error:
        return error.key
    return "examined"


def main() -> None:
    prepare.examine(jpeg(plant(1, (64, 64))))
    before = peak_kib()
    for path in sorted(Path(sys.argv[1]).iterdir()):
        data = path.read_bytes()
        begun = time.monotonic()
        found = outcome(data)
        line = {"file": path.name, "outcome": found, "s": time.monotonic() - begun}
        sys.stdout.write(json.dumps({**line, "peak_kib": peak_kib() - before}) + "\n")


if __name__ == "__main__":
    main()
