"""Write the image of the ESP32's firmware that comes with the integration.

`python -m scripts.firmware_image` puts what is in `firmware/esp32/plantnode` into one file, which
Home Assistant offers to its nodes (docs/protocol.md §11). A test fails when the file in the
repository differs from what would be written: nodes take an image only if its version, in
`plantnode/__init__.py`, is higher than theirs.
"""

import hashlib
import json
import runpy
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "firmware" / "esp32" / "plantnode"
WINDOW_BITS = 12  # a node has 4 KiB to spare for it
IMAGE = ROOT / "custom_components" / "plant_vita" / "firmware" / "esp32.img"


def image(package: Path = PACKAGE) -> bytes:
    """The bytes of the image: a line that says what is in it, and the files, compressed."""
    files = {
        path.relative_to(package).as_posix(): path.read_bytes() for path in package.rglob("*.py")
    }
    names = sorted(files)
    head = {
        "img": "esp32",
        "fw": runpy.run_path(str(package / "__init__.py"))["VERSION"],
        "files": [[name, len(files[name])] for name in names],
        "sum": hashlib.sha256(b"".join(files[name] for name in names)).hexdigest(),
    }
    line = json.dumps(head, separators=(",", ":")).encode() + b"\n"
    press = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, WINDOW_BITS)
    return line + press.compress(b"".join(files[name] for name in names)) + press.flush()


def main() -> None:
    """Write the file."""
    IMAGE.parent.mkdir(exist_ok=True)
    IMAGE.write_bytes(image())
    print(f"{IMAGE.relative_to(ROOT)} written")


if __name__ == "__main__":
    main()
