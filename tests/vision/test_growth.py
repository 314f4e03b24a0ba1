from dataclasses import replace

import pytest
from PIL import Image

from custom_components.plant_vita.model.photo import Look, View
from custom_components.plant_vita.vision.growth import SAME_VIEW, growth, same_view
from custom_components.plant_vita.vision.prepare import glance
from scripts.lab.clouds.pictures import jpeg, plant


def look(seed: int, **more: object) -> Look:
    return glance(jpeg(plant(seed, **more)))


def test_a_plant_with_twice_the_leaves_has_grown() -> None:
    before, after = look(5, leaves=12), look(5, leaves=24)
    found = growth(before, after)
    assert found is not None
    expected = 100 * (after.greenness.area / before.greenness.area - 1)
    assert found.area == pytest.approx(expected)
    assert found.area > 20
    shrunk = growth(after, before)
    assert shrunk is not None
    assert shrunk.area < -15


def test_yellow_leaves_are_counted_in_points() -> None:
    found = growth(look(5, yellow=0.0), look(5, yellow=0.5))
    assert found is not None
    assert found.yellowing is not None
    assert found.yellowing > 20


@pytest.mark.parametrize(
    "change", [{"light": 0.6}, {"light": 1.15}, {"moved": (0.03, 0.0)}, {"moved": (0.0, -0.04)}]
)
def test_other_light_or_a_nudged_camera_is_the_same_view(change: dict[str, object]) -> None:
    for seed in range(2):
        assert growth(look(seed), look(seed, leaves=30, **change)) is not None


def test_other_places_are_not_compared() -> None:
    looks = [look(seed) for seed in range(20, 27)]
    pairs = [(a, b) for k, a in enumerate(looks) for b in looks[k + 1 :]]
    compared = [pair for pair in pairs if growth(*pair) is not None]
    assert len(pairs) == 21
    assert compared == []


def test_without_a_plant_before_there_is_no_growth() -> None:
    assert growth(look(5, leaves=0), look(5)) is None


def test_nothing_but_leaf_cannot_be_compared() -> None:
    leaf = glance(jpeg(Image.new("RGB", (640, 480), (60, 130, 50))))
    assert growth(leaf, leaf) is None


def test_a_view_of_another_version_is_not_compared() -> None:
    one = look(5)
    assert same_view(one.view, one.view) > SAME_VIEW
    other = replace(one, view=View(luma=b"\x00" * 9, green=b"\x00" * 9))
    assert growth(one, other) is None
