"""An Arduino in the laboratory: its program built, and its port named to Home Assistant."""

import fcntl
import subprocess
from pathlib import Path

from firmware.simulator.avr.boards import BUILT, ROOT, built

from .api import Api, Json

_DOMAIN = "plant_vita"
_BUILD_S = 300


def build(board: str = "uno") -> Path:
    """Build the program of a board with its own Makefile; one builds, others wait.

    Raises `RuntimeError` with what the compiler says.
    """
    BUILT.mkdir(parents=True, exist_ok=True)
    with (BUILT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(
            ["make", "-s", "-C", ROOT / "firmware" / "arduino", f"BOARD={board}"],
            check=False,
            timeout=_BUILD_S,
            capture_output=True,
            text=True,
        )
    if done.returncode:
        raise RuntimeError(f"the Arduino's program does not build:\n{done.stderr}")
    return built(board)


async def bring_in(api: Api, port: Path) -> Json:
    """What a person does by hand: choose "on a cable" and type the port. The result of the step."""
    form = await api.begin(_DOMAIN, "cable")
    return await api.flow_step(form["flow_id"], {"device": str(port)})
