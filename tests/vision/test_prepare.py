import os
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from custom_components.plant_vita.model.errors import PhotoError
from custom_components.plant_vita.vision.prepare import EDGE, examine, glance
from scripts.lab.clouds.pictures import jpeg, plant
from tests.vision import hostile

CANARY = b"canary-52.370216-4.895168"
# What a JPEG needs to be one: start, JFIF, tables, frame, scan.
NEEDED = {0xD8, 0xE0, 0xDB, 0xC0, 0xC4, 0xDA}


def markers(data: bytes) -> list[int]:
    """The markers up to the scan."""
    found, at = [0xD8], 2
    while found[-1] != 0xDA:
        assert data[at] == 0xFF
        found.append(data[at + 1])
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return found


def with_metadata(kind: str) -> bytes:
    """A photo with the canary in everything that a file of its kind can carry."""
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = CANARY.decode()
    exif.get_ifd(0x8825)[29] = CANARY.decode()
    more: dict[str, object] = {"exif": exif, "icc_profile": b"profile" + CANARY}
    if kind == "PNG":
        note = PngInfo()
        note.add_text("Comment", CANARY.decode())
        note.add_itxt("XML:com.adobe.xmp", CANARY.decode(), zip=False)
        more["pnginfo"] = note
    else:
        more["xmp"] = b"<x:xmpmeta>" + CANARY
    if kind == "JPEG":
        more["comment"] = CANARY
    data = hostile.saved(plant(3, (800, 600)), kind, **more)
    return data + CANARY  # behind the end, as some cameras do


@pytest.mark.parametrize("kind", hostile.FORMATS)
def test_nothing_but_pixels_leaves_the_house(kind: str) -> None:
    data = with_metadata(kind)
    assert data.count(CANARY) >= 4
    photo = examine(data).photo
    assert CANARY not in photo.jpeg
    assert CANARY[7:12] not in photo.jpeg
    assert set(markers(photo.jpeg)) == NEEDED
    again = Image.open(BytesIO(photo.jpeg))
    assert dict(again.getexif()) == {}
    assert set(again.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert photo.jpeg.endswith(b"\xff\xd9")


def test_metadata_survives_in_none_of_two_hundred() -> None:
    looked_at = 0
    for name, data in hostile.bent(200):
        try:
            photo = examine(data + CANARY).photo
        except PhotoError:
            continue
        looked_at += 1
        assert CANARY not in photo.jpeg, name
        assert set(markers(photo.jpeg)) == NEEDED, name
    assert looked_at >= 10


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((3648, 2736), (1024, 768)),
        ((2736, 3648), (768, 1024)),
        ((1024, 1024), (1024, 1024)),
        ((640, 480), (640, 480)),
        ((3000, 2), (1024, 1)),
    ],
)
def test_the_longest_side_is_1024(size: tuple[int, int], expected: tuple[int, int]) -> None:
    photo = examine(jpeg(Image.new("RGB", size, "green"))).photo
    assert (photo.width, photo.height) == expected
    assert Image.open(BytesIO(photo.jpeg)).size == expected
    assert max(expected) <= EDGE


def test_the_digest_is_that_of_the_pixels_and_their_shape() -> None:
    picture = plant(4, (640, 480))
    one = examine(hostile.saved(picture, "PNG")).photo
    same = examine(hostile.saved(picture, "PNG", compress_level=1)).photo
    assert one.digest == same.digest
    assert len(one.digest) == 64
    pixels = np.asarray(picture).copy()
    pixels[0, 0, 0] ^= 1
    other = examine(hostile.saved(Image.fromarray(pixels), "PNG")).photo
    assert other.digest != one.digest
    white, turned = (examine(jpeg(Image.new("RGB", s, "white"))) for s in ((40, 20), (20, 40)))
    assert white.photo.digest != turned.photo.digest


def test_a_photo_does_not_print_itself() -> None:
    examined = examine(jpeg(plant(1, (320, 240))))
    assert "\\x" not in repr(examined)
    assert len(repr(examined)) < 1000


@pytest.mark.parametrize("seed", range(4 if os.environ.get("PLANT_VITA_FULL") == "1" else 1))
def test_a_glance_measures_what_the_full_picture_does(seed: int) -> None:
    picture = plant(seed, (3648, 2736), yellow=0.3)
    data = jpeg(picture)
    quick, whole = glance(data), examine(data)
    full = examine(hostile.saved(picture, "PNG")).look.greenness
    assert quick.greenness.area == pytest.approx(full.area, abs=0.5)
    assert whole.look.greenness.area == pytest.approx(full.area, abs=0.5)
    assert quick.greenness.yellowing == pytest.approx(full.yellowing, abs=2)
    assert (quick.likeness ^ whole.look.likeness).bit_count() <= 6
    assert whole.look.likeness == whole.photo.likeness
    assert full.area > 3
