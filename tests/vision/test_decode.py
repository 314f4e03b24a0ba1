import json
import subprocess
import sys
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from custom_components.plant_vita.model.errors import PhotoError
from custom_components.plant_vita.vision.decode import decode
from tests.house.python_files import ROOT
from tests.vision import hostile


@pytest.fixture(scope="module")
def examined(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """Every hostile file, examined by a fresh process."""
    folder = tmp_path_factory.mktemp("hostile")
    for k, (name, data) in enumerate(hostile.files()):
        (folder / f"{k:03} {name}").write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-m", "tests.vision.examine_hostile", str(folder)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=240,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_two_hundred_hostile_files_end_as_photos_or_as_photo_errors(
    examined: list[dict[str, object]],
) -> None:
    assert len(examined) == 200
    # Whatever else was raised ended the process.
    assert {line["outcome"] for line in examined} == {
        "examined",
        "photo_type",
        "photo_too_large",
        "photo_unreadable",
    }
    refused = [line for line in examined if "×" in str(line["file"])]
    assert {line["outcome"] for line in refused} == {"photo_too_large"}


def test_none_of_them_takes_150_mb(examined: list[dict[str, object]]) -> None:
    assert examined[-1]["peak_kib"] <= 150 * 1024, _heaviest(examined)


def test_none_of_them_takes_long(examined: list[dict[str, object]]) -> None:
    slow = [line for line in examined if float(str(line["s"])) > 10]
    assert not slow


def _heaviest(examined: list[dict[str, object]]) -> list[str]:
    """Where the peak rose."""
    rises = [(a, b) for a, b in pairwise(examined) if b["peak_kib"] != a["peak_kib"]]
    return [f"{b['file']}: {b['peak_kib']}" for _, b in rises]


def corners(image: Image.Image) -> str:
    """The colours of the four corners, clockwise from the top left, by their first letters."""
    names = {(True, False, False): "r", (False, True, False): "g"}
    names |= {(False, False, True): "b", (True, True, False): "y"}
    right, bottom = image.width - 4, image.height - 4
    pixels = np.asarray(image)
    places = ((3, 3), (3, right), (bottom, right), (bottom, 3))
    return "".join(names[tuple(bool(level > 128) for level in pixels[place])] for place in places)


def flag() -> Image.Image:
    """Red, green / yellow, blue: wider than high."""
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:20, :30] = (255, 0, 0)
    pixels[:20, 30:] = (0, 255, 0)
    pixels[20:, :30] = (255, 255, 0)
    pixels[20:, 30:] = (0, 0, 255)
    return Image.fromarray(pixels)


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        (1, "rgby"),
        (2, "gryb"),
        (3, "byrg"),
        (4, "ybgr"),
        (5, "rybg"),
        (6, "yrgb"),
        (7, "bgry"),
        (8, "gbyr"),
        (9, "rgby"),
    ],
)
def test_orientation_of_the_camera_is_applied(orientation: int, expected: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = BytesIO()
    flag().save(buffer, "JPEG", quality=95, exif=exif)
    image = decode(buffer.getvalue(), 1024)
    assert corners(image) == expected
    assert image.size == ((40, 60) if orientation in {5, 6, 7, 8} else (60, 40))


@pytest.mark.parametrize("kind", hostile.FORMATS)
def test_each_format_is_read(kind: str) -> None:
    assert corners(decode(hostile.saved(flag(), kind), 1024)) == "rgby"


def test_a_cut_out_plant_stands_on_white() -> None:
    clear = Image.new("RGBA", (50, 50), (10, 20, 30, 0))
    clear.paste((0, 200, 0, 255), (0, 0, 25, 50))
    image = decode(hostile.saved(clear, "PNG"), 1024)
    assert image.mode == "RGB"
    assert image.getpixel((5, 5)) == (0, 200, 0)
    assert image.getpixel((40, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "I;16"])
def test_grey_and_palettes_are_read(mode: str) -> None:
    grey = np.tile(np.linspace(0, 255, 200).astype(np.uint8), (100, 1))
    if mode == "I;16":
        source = Image.fromarray(grey.astype(np.uint16) * 257)
    else:
        source = Image.fromarray(grey).convert(mode)
    image = decode(hostile.saved(source, "PNG"), 1024)
    assert image.mode == "RGB"
    dark, light = image.getpixel((2, 50)), image.getpixel((197, 50))
    assert isinstance(dark, tuple)
    assert isinstance(light, tuple)
    assert max(dark) < 20
    assert min(light) > 230


@pytest.mark.parametrize(
    ("kind", "size", "edge", "expected"),
    [
        ("JPEG", (3648, 2736), 400, (456, 342)),
        ("JPEG", (3648, 2736), 1024, (1824, 1368)),
        ("PNG", (3648, 2736), 400, (456, 342)),
        ("WEBP", (2000, 1500), 400, (500, 375)),
        ("JPEG", (300, 200), 400, (300, 200)),
        ("JPEG", (4096, 8), 1024, (1024, 2)),
    ],
)
def test_large_pictures_are_reduced_while_they_stay_above_the_edge(
    kind: str, size: tuple[int, int], edge: int, expected: tuple[int, int]
) -> None:
    data = hostile.saved(Image.new("RGB", size, "green"), kind)
    assert decode(data, edge).size == expected


def test_an_error_tells_nothing_of_the_file() -> None:
    data = hostile.saved(flag(), "PNG")
    data = data[:60] + b"GPS 52.370216" + data[73:]
    with pytest.raises(PhotoError) as caught:
        decode(data, 1024)
    assert "52.37" not in str(caught.value)
    assert caught.value.__context__ is None


def test_the_hostile_files_are_the_same_every_time() -> None:
    first = next(hostile.bent(1))
    assert first == next(hostile.bent(1))
    assert Path(hostile.__file__).is_file()
