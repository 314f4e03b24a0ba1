"""The two clocks that budgets go by (W15)."""

import time
from pathlib import Path
from typing import Final

from ..model.watering import Moment

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
# Counts on while the machine sleeps; where there is none, time asleep is no time.
_CLOCK: Final[int | None] = getattr(time, "CLOCK_BOOTTIME", None)


def read_boot_id() -> str:
    """What names this start of the machine, "" where nothing does. Blocking."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError, ValueError:
        return ""


def steady_s() -> float:
    """Seconds since the machine was started; nobody can set them."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)


def moment(boot_id: str) -> Moment:
    """Now."""
    return Moment(wall=time.time(), steady=steady_s(), boot_id=boot_id)
