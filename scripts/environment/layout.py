"""Where the set-up puts things; every path lies inside this clone."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"

CACHE = ROOT / ".cache"
TOOLS = CACHE / "tools"
DEBIAN = CACHE / "debian"
PYTHONS = CACHE / "pythons"
LOCK = CACHE / "set-up.lock"

VENV = ROOT / ".venv"
VENV_LATEST = ROOT / ".venv-latest"
DEVICE_STUBS = CACHE / "device-stubs"
ESPHOME = CACHE / "esphome"
NODE = CACHE / "node"
FRONTEND = ROOT / "frontend"
