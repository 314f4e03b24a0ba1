"""The image that comes with the integration holds the firmware that is in this repository."""

import json
import zlib

from custom_components.plant_vita.protocol.updating import read_image
from scripts.firmware_image import IMAGE, PACKAGE, image


def opened(data: bytes) -> tuple[dict[str, object], bytes]:
    """What an image says, and what is in it: compressed bytes differ between versions of zlib."""
    head, _, packed = data.partition(b"\n")
    return json.loads(head), zlib.decompress(packed)


def test_the_image_is_what_would_be_written() -> None:
    assert opened(IMAGE.read_bytes()) == opened(image()), "run python -m scripts.firmware_image"


def test_it_holds_the_files_as_they_are() -> None:
    head, contents = opened(image())
    assert head["img"] == "esp32"
    assert head["fw"] == read_image(IMAGE.read_bytes()).version
    files = head["files"]
    assert isinstance(files, list)
    assert ["app.py", (PACKAGE / "app.py").stat().st_size] in files
    assert len(files) == len(list(PACKAGE.rglob("*.py")))
    for name, size in files:
        assert contents[:size] == (PACKAGE / name).read_bytes()
        contents = contents[size:]
    assert contents == b""
