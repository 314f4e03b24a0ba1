import os
from io import BytesIO

import pytest
from PIL import Image

from custom_components.plant_vita.vision.likeness import distance, likeness
from custom_components.plant_vita.vision.prepare import examine
from scripts.lab.clouds.pictures import jpeg, plant

MANY = 200 if os.environ.get("PLANT_VITA_FULL") == "1" else 30
SAME = 12  # bits; the limit that the cache of answers uses, beside that of the colours


def likeness_of(picture: Image.Image, quality: int = 90) -> int:
    return examine(jpeg(picture, quality)).photo.likeness


@pytest.mark.parametrize("seed", range(12))
def test_the_same_photo_smaller_or_compressed_again_is_the_same(seed: int) -> None:
    picture = plant(seed)
    first = likeness_of(picture)
    assert distance(first, likeness_of(picture.resize((512, 384)))) <= SAME
    again = Image.open(BytesIO(jpeg(picture)))
    assert distance(first, likeness_of(again, quality=70)) <= SAME


def test_who_looks_alike_is_not_the_same() -> None:
    """Thirty by default, two hundred with PLANT_VITA_FULL=1; so it is in tests/providers, too."""
    picture = likeness_of(plant(7))
    alike = [plant(7, leaves=26 + k) for k in (-4, -3, -2, 2, 3, 4)]
    alike += [plant(7, moved=(x / 100, y / 100)) for x in range(-3, 4) for y in (-2, 2)]
    alike += [plant(seed) for seed in range(100, 100 + MANY - len(alike))]
    assert len(alike) == MANY
    nearest = min(distance(picture, likeness(other)) for other in alike)
    assert nearest > SAME


def test_a_hash_has_256_bits_and_few_of_a_flat_picture() -> None:
    assert likeness(plant(1)).bit_length() <= 256
    assert distance(0, (1 << 256) - 1) == 256
    assert distance(5, 5) == 0
