"""Hold the coverage that the unit group measured against the floors in pyproject.toml.

pytest-cov knows one floor for everything; here single folders have higher ones.
"""

import json
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.environment.layout import CACHE, ROOT


@dataclass(frozen=True, kw_only=True)
class Floor:
    """A file or folder under custom_components/plant_vita, and the least percentages there."""

    path: str
    lines: float = 0.0
    branches: float = 0.0


def shortfalls(files: Mapping[str, Mapping[str, int]], floors: Iterable[Floor]) -> list[str]:
    """Return one sentence for every floor that is not reached.

    files: path → coverage.py's summary of that file. A floor that matches no file is a shortfall
    too, since it would guard nothing.
    """
    found = []
    for floor in floors:
        inside = [
            summary
            for path, summary in files.items()
            if path == floor.path or path.startswith(floor.path.rstrip("/") + "/")
        ]
        if not inside:
            found.append(f"{floor.path}: no measured file there")
            continue
        for kind, covered, total, least in (
            ("lines", "covered_lines", "num_statements", floor.lines),
            ("branches", "covered_branches", "num_branches", floor.branches),
        ):
            reached = _percentage(sum(s[covered] for s in inside), sum(s[total] for s in inside))
            if reached < least:
                found.append(f"{floor.path}: {reached:.2f} % of {kind}, {least:g} % wanted")
    return found


def _percentage(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 100.0


def read_floors(pyproject: Path) -> list[Floor]:
    """Read the floors from [tool.plant_vita.coverage]."""
    table = tomllib.loads(pyproject.read_text())["tool"]["plant_vita"]["coverage"]
    return [Floor(path=path, **least) for path, least in table.items()]


def main() -> int:
    """Print every shortfall; exit code 1 when there is one."""
    report = CACHE / "coverage.json"
    if not report.is_file():
        print("the unit tests left no coverage report")
        return 1
    measured = json.loads(report.read_text())["files"]
    report.unlink()  # so that the next run cannot be judged by this one
    files = {path: entry["summary"] for path, entry in measured.items()}
    floors = read_floors(ROOT / "pyproject.toml")
    found = shortfalls(files, floors)
    print("\n".join(found) or f"all {len(floors)} coverage floors are reached")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
