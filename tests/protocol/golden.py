"""The golden vectors, as every implementation of the protocol reads them."""

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[2] / "firmware" / "vectors" / "pv1.json"
VECTORS: dict[str, Any] = json.loads(FILE.read_text())


def named(section: str) -> dict[str, Any]:
    """A section whose cases have names."""
    return {case["name"]: case for case in VECTORS[section]}
