"""The project's own Python files, as the house tests see them."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "custom_components" / "plant_vita"
FOLDERS = ("benchmarks", "custom_components", "firmware", "scripts", "tests")


def python_files(*folders: str) -> Iterator[Path]:
    """Give the Python files in these folders of the project, in a stable order."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def shown(path: Path) -> str:
    """Write a path as one would type it in the clone."""
    return path.relative_to(ROOT).as_posix()
