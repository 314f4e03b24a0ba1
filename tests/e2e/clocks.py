"""Another time for Home Assistant: its process is told it by libfaketime."""

from pathlib import Path

LIBRARIES = ("/usr/lib", "/usr/local/lib")
NAME = "libfaketimeMT.so.1"


def faked(*, ahead_s: float = 0.0, speed: int = 1) -> dict[str, str]:
    """The variables for a process whose clocks are `ahead_s` ahead, or run `speed` times as fast.

    Raises FileNotFoundError where the library is not installed (Debian: libfaketime).
    """
    found = [path for root in LIBRARIES for path in Path(root).glob(f"*/faketime/{NAME}")]
    found += [path for root in LIBRARIES for path in Path(root).glob(f"faketime/{NAME}")]
    if not found:
        raise FileNotFoundError(f"{NAME} is not installed")
    pace = f" x{speed}" if speed != 1 else ""
    return {"LD_PRELOAD": str(found[0]), "FAKETIME": f"+{ahead_s:.3f}s{pace}"}
