"""What the product imports beyond Home Assistant is asked for in its manifest."""

import ast
import json
import sys
from importlib.metadata import packages_distributions, requires

from .python_files import PRODUCT

MANIFEST = json.loads((PRODUCT / "manifest.json").read_text())


def _imported() -> set[str]:
    found = set()
    for path in PRODUCT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"homeassistant"}


def _name(requirement: str) -> str:
    return requirement.partition(">")[0].partition("=")[0].partition("[")[0].strip().lower()


def test_every_package_comes_with_home_assistant_or_is_asked_for() -> None:
    brought = {_name(one.partition(";")[0]) for one in requires("homeassistant") or ()}
    asked = {_name(one) for one in MANIFEST["requirements"]}
    packages = packages_distributions()
    homeless = {
        module
        for module in _imported()
        if not {name.lower() for name in packages.get(module, ())} & (brought | asked)
    }
    # Home Assistant puts its own validator in the place of voluptuous.
    assert homeless <= {"voluptuous"}


def test_requirements_have_lower_bounds_only() -> None:
    assert [one for one in MANIFEST["requirements"] if ">=" not in one or "==" in one] == []
