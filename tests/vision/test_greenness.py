import numpy as np
import pytest
from PIL import Image

from custom_components.plant_vita.vision.greenness import LEAST, MOST, foliage, measure
from scripts.lab.clouds.pictures import plant

WALL, LEAF, YELLOW = (200, 195, 190), (60, 130, 50), (190, 180, 50)


def scene(*patches: tuple[tuple[int, int, int, int], tuple[int, int, int]]) -> Image.Image:
    """A wall of 200 × 100 pixels with patches on it."""
    image = Image.new("RGB", (200, 100), WALL)
    for box, colour in patches:
        image.paste(colour, box)
    return image


def test_green_area_is_the_share_of_the_picture() -> None:
    found = measure(scene(((0, 0, 50, 40), LEAF)))
    assert found.area == 10.0
    assert found.density == 100.0
    assert found.yellowing == 0.0


def test_yellowing_is_the_share_of_the_foliage() -> None:
    found = measure(scene(((0, 0, 30, 100), LEAF), ((30, 0, 40, 100), YELLOW)))
    assert found.area == 15.0
    assert found.yellowing == 25.0


def test_density_is_that_of_the_plants_own_box() -> None:
    patches = [((x, 0, x + 10, 100), LEAF) for x in range(0, 200, 20)]
    found = measure(scene(*patches))
    assert found.area == 50.0
    assert found.density == pytest.approx(50, abs=6)


@pytest.mark.parametrize(
    "colour",
    [
        (150, 112, 76),  # wood
        (182, 98, 70),  # terracotta
        (224, 172, 140),  # skin
        (120, 120, 120),
        (90, 60, 40),  # soil
        (90, 120, 200),  # sky
    ],
)
def test_what_is_no_foliage_is_none(colour: tuple[int, int, int]) -> None:
    found = measure(scene(((0, 0, 100, 100), colour)))
    assert found.area == 0.0
    assert found.density is None
    assert found.yellowing is None


@pytest.mark.parametrize("light", [0.5, 0.8, 1.0, 1.15])
def test_light_changes_little(light: float) -> None:
    usual = measure(plant(5)).area
    assert measure(plant(5, light=light)).area == pytest.approx(usual, rel=0.06)


def test_more_leaves_are_more_green() -> None:
    areas = [measure(plant(5, leaves=leaves)).area for leaves in (5, 10, 20, 40)]
    assert areas == sorted(areas)
    assert areas[3] > 2 * areas[0]


def test_the_threshold_stays_within_its_limits() -> None:
    assert measure(scene(((0, 0, 60, 100), (0, 255, 0)))).threshold == MOST
    assert measure(Image.new("RGB", (10, 10), "#00ff00")).threshold == LEAST
    assert measure(Image.new("RGB", (10, 10), "#00ff00")).area == 100.0
    assert measure(Image.new("RGB", (10, 10), "#808080")).threshold == LEAST
    dim = scene(((0, 0, 60, 100), (40, 60, 38)))
    assert LEAST <= measure(dim).threshold <= 42
    assert measure(dim).area == 30.0


def test_the_masks_do_not_overlap() -> None:
    green, yellow, _ = foliage(plant(3, yellow=0.5))
    assert green.shape == yellow.shape == (768, 1024)
    assert not np.any(green & yellow)
    assert np.count_nonzero(yellow) > 1000
