"""Which packages a real Home Assistant checks when it starts, read from its own sources.

Each one that is missing offline costs half a minute at every start; without those of the TOTP
module, which is on by default, Home Assistant falls into recovery mode.
"""

import ast
import json
from collections.abc import Iterable
from pathlib import Path


def boot_requirements(homeassistant: Path, domains: Iterable[str]) -> list[str]:
    """Return the pinned requirements behind the domains and behind what always loads.

    homeassistant: the folder of an unpacked `homeassistant` package; nothing in it is run.
    """
    implied = ast.literal_eval(_value(homeassistant / "requirements.py", "DISCOVERY_INTEGRATIONS"))
    always = _value(homeassistant / "bootstrap.py", "DEFAULT_INTEGRATIONS")
    totp = _value(homeassistant / "auth/mfa_modules/totp.py", "REQUIREMENTS")
    found = set(ast.literal_eval(totp))
    waiting = [*_words(always), *_entity_platforms(homeassistant), *domains]
    seen = set()
    while waiting:
        domain = waiting.pop()
        file = homeassistant / "components" / domain / "manifest.json"
        if domain in seen or not file.is_file():
            continue
        seen.add(domain)
        manifest = json.loads(file.read_text())
        found.update(manifest.get("requirements", []))
        waiting += manifest.get("dependencies", []) + manifest.get("after_dependencies", [])
        waiting += [name for name, keys in implied.items() if any(manifest.get(k) for k in keys)]
    return sorted(found, key=str.lower)


def _words(value: ast.expr) -> list[str]:
    constants = [node.value for node in ast.walk(value) if isinstance(node, ast.Constant)]
    return [constant for constant in constants if isinstance(constant, str)]


def _entity_platforms(homeassistant: Path) -> list[str]:
    """List what DEFAULT_INTEGRATIONS adds as BASE_PLATFORMS, which its source does not spell."""
    manifests = (homeassistant / "components").glob("*/manifest.json")
    kinds = {file.parent.name: json.loads(file.read_text()) for file in manifests}
    return [name for name, kind in kinds.items() if kind.get("integration_type") == "entity"]


def _value(file: Path, name: str) -> ast.expr:
    for node in ast.parse(file.read_text()).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            assert isinstance(node, ast.Assign | ast.AnnAssign)
            assert node.value is not None
            return node.value
    raise LookupError(f"{file.name} no longer defines {name}")
