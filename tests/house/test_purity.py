"""The packages that do not know Home Assistant can be imported where there is none.

import-linter reads the sources; this runs them, and so also finds what is imported by name.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.python_files import PRODUCT, ROOT, shown

NO_HOME_ASSISTANT = (
    "analysis",
    "care",
    "model",
    "node",
    "protocol",
    "providers",
    "species",
    "transport",
    "vision",
)

# Importing a sub-package runs the integration's own __init__.py, hence Home Assistant: an empty
# package with the same name and folder stands in for it.
PROGRAM = """
import importlib, pathlib, sys, types
folder, name = sys.argv[1:]
sys.modules["homeassistant"] = None
for parent, place in (("custom_components", pathlib.Path(folder).parent),
                      ("custom_components.plant_vita", pathlib.Path(folder))):
    stub = types.ModuleType(parent)
    stub.__path__ = [str(place)]
    sys.modules[parent] = stub
importlib.import_module("custom_components.plant_vita." + name)
"""


def modules() -> list[str]:
    """Every module under the packages above that exist, in dotted form."""
    files = [file for name in NO_HOME_ASSISTANT for file in sorted((PRODUCT / name).rglob("*.py"))]
    parts = [file.relative_to(PRODUCT).with_suffix("").parts for file in files]
    return [".".join(p for p in path if p != "__init__") for path in parts]


def problem_with(module: str, folder: Path = PRODUCT) -> str:
    """The last line that importing a module without Home Assistant prints, if it fails."""
    command = [sys.executable, "-c", PROGRAM, str(folder), module]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""


def test_there_is_something_to_import() -> None:
    assert {"model", "protocol", "transport", "node"} <= set(modules())


@pytest.mark.parametrize("module", modules())
def test_module_imports_without_home_assistant(module: str) -> None:
    assert not problem_with(module)


def test_an_import_of_home_assistant_is_found(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text("import importlib\nimportlib.import_module('homeassistant')")
    assert "homeassistant" in problem_with("model", tmp_path)


def test_the_names_match_the_import_contracts() -> None:
    contracts = (ROOT / "pyproject.toml").read_text()
    section = contracts.split("Below the coordinator nothing knows Home Assistant")[1]
    sources = section.split("forbidden_modules")[0]
    absent = [n for n in NO_HOME_ASSISTANT if f"custom_components.plant_vita.{n}" not in sources]
    assert not absent, f"{absent} missing in {shown(ROOT / 'pyproject.toml')}"
