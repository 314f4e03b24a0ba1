import numpy as np
import pytest
from PIL import Image, ImageFilter

from custom_components.plant_vita.model.errors import (
    PhotoBlurredError,
    PhotoBrightError,
    PhotoDarkError,
)
from custom_components.plant_vita.model.photo import Complaint
from custom_components.plant_vita.vision.quality import check, judge
from scripts.lab.clouds.pictures import plant


def noisy(picture: Image.Image, levels: float) -> Image.Image:
    pixels = np.asarray(picture, dtype=np.float32)
    pixels = pixels + np.random.default_rng(1).standard_normal(pixels.shape) * levels
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("noise", [0.0, 4.0, 8.0])
def test_a_sharp_photo_in_good_light_is_fine(seed: int, noise: float) -> None:
    quality = judge(plant(seed, noise=noise))
    assert quality.complaint is None
    assert quality.blur < 0.35
    check(quality)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("radius", [5, 8, 16, 40])
@pytest.mark.parametrize("noise", [0.0, 4.0])
def test_out_of_focus_is_blurred_though_the_sensor_is_noisy(
    seed: int, radius: int, noise: float
) -> None:
    picture = plant(seed, noise=0).filter(ImageFilter.GaussianBlur(radius))
    quality = judge(noisy(picture, noise))
    assert quality.complaint is Complaint.BLURRED
    with pytest.raises(PhotoBlurredError):
        check(quality)


def test_shaken_sideways_is_blurred() -> None:
    pixels = np.asarray(plant(2, noise=0), dtype=np.float32)
    shaken = np.mean([np.roll(pixels, k, axis=1) for k in range(24)], axis=0)
    assert judge(Image.fromarray(shaken.astype(np.uint8))).complaint is Complaint.BLURRED


@pytest.mark.parametrize("light", [0.02, 0.1, 0.2])
def test_the_dark_says_so(light: float) -> None:
    quality = judge(plant(1, light=light))
    assert quality.complaint is Complaint.TOO_DARK
    with pytest.raises(PhotoDarkError) as caught:
        check(quality)
    assert caught.value.key == "photo_too_dark"


def test_into_the_sun_says_so() -> None:
    quality = judge(plant(1, light=5.0))
    assert quality.complaint is Complaint.TOO_BRIGHT
    with pytest.raises(PhotoBrightError):
        check(quality)


def test_dim_light_is_no_reason_to_refuse() -> None:
    assert judge(plant(1, light=0.4)).complaint is None
    assert judge(plant(1, light=0.4, noise=8)).complaint is None


@pytest.mark.parametrize("colour", ["#808080", "#503020"])
def test_a_wall_is_not_sharp(colour: str) -> None:
    assert judge(Image.new("RGB", (1024, 768), colour)).complaint is Complaint.BLURRED


def test_a_tiny_picture_is_not_good_enough() -> None:
    assert judge(plant(1, (16, 16))).complaint is Complaint.BLURRED
