"""The contents of a new node's flash, as a person prepares them: settings, and an empty ledger."""

import asyncio
import json
from pathlib import Path
from typing import Any

from .chip import find_micropython

PROVISION_S = 20.0


def write_settings(directory: Path, ours: dict[str, Any]) -> None:
    """Put our settings over those the node has kept (its calibration and tuning stay)."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "settings.json"
    kept = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(kept | ours))


async def provision(directory: Path, flash: Path) -> None:
    """Give a new node an empty ledger: without one it counts its day's water as used up."""
    if not (flash / "plantnode" / "ledger.py").exists():
        return
    process = await asyncio.create_subprocess_exec(
        find_micropython(), "-m", "plantnode.ledger",
        cwd=directory,
        env={"MICROPYPATH": f"{flash}:.frozen"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(PROVISION_S):
            await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
