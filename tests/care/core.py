"""The decision core under test: the product's own, or a copy with a fault planted in it."""

import importlib
import shutil
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

PRODUCT = Path(__file__).parents[2] / "custom_components" / "plant_vita"


class Core(SimpleNamespace):
    """`Arbiter`, `Ledger`, and the modules `events` and `model` that belong to them."""


def _core(package: str) -> Core:
    def module(name: str) -> ModuleType:
        return importlib.import_module(f"{package}.{name}")

    return Core(
        Arbiter=module("care.arbiter").Arbiter,
        Ledger=module("care.ledger").Ledger,
        events=module("care.events"),
        model=module("model.watering"),
    )


def product() -> Core:
    """What is shipped."""
    return _core("custom_components.plant_vita")


def planted(folder: Path, name: str, changes: tuple[tuple[str, str, str], ...]) -> Core:
    """A copy under `folder`, in which each text that stands once in a file was replaced."""
    home = folder / name
    for part in ("care", "model"):
        shutil.copytree(PRODUCT / part, home / part, ignore=shutil.ignore_patterns("__pycache__"))
    (home / "__init__.py").touch()
    for file, before, after in changes:
        text = (home / file).read_text()
        assert text.count(before) == 1, f"{file} has no {before!r}: say anew what is broken here"
        (home / file).write_text(text.replace(before, after))
    sys.path.insert(0, str(folder))
    try:
        importlib.invalidate_caches()
        return _core(name)
    finally:
        sys.path.remove(str(folder))
