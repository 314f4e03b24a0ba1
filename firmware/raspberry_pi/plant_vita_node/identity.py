"""Who this Raspberry Pi is."""

import hashlib
from pathlib import Path

# The serial number of the board. In a container or on another computer there is none, and the
# installation has to do.
SOURCES = (Path("/proc/device-tree/serial-number"), Path("/etc/machine-id"))
BYTES = 6


def unique_id(sources: tuple[Path, ...] = SOURCES) -> bytes:
    """Six bytes that stay; raises OSError where nothing tells one computer from another."""
    for source in sources:
        try:
            text = source.read_text("ascii").strip("\0\n ")
        except (OSError, ValueError):
            continue
        if text:
            # A machine id is not to be told to others as it is (machine-id(5)).
            return hashlib.sha256(b"plant_vita node " + text.encode()).digest()[:BYTES]
    raise OSError("no serial number and no machine id")
