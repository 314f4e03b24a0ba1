"""Photos of potted plants that never were: the same seed gives the same scene at any size."""

import math
import random
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

type Point = tuple[float, float]
type Colour = tuple[int, int, int]


def plant(
    seed: int,
    size: tuple[int, int] = (1024, 768),
    *,
    leaves: int = 26,
    yellow: float = 0.1,
    light: float = 1.0,
    moved: Point = (0.0, 0.0),
    noise: float = 4.0,
) -> Image.Image:
    """Draw a plant in a pot on a sill.

    `seed` is the scene; `leaves` how many there are, the first ones staying where they are when
    there are more; `yellow` the share of yellow ones (0–1); `light` multiplies the brightness;
    `moved` shifts the camera, in shares of the picture; `noise` is the sensor's, in levels.
    """
    scene = _Scene(seed, size, moved)
    scene.room()
    for k in range(leaves):
        scene.leaf(k, yellow=yellow)
    return _photographed(scene.image, seed, light=light, noise=noise)


def jpeg(image: Image.Image, quality: int = 90, **more: bytes) -> bytes:
    """Compress a picture; `more` are Pillow's (exif, icc_profile, comment)."""
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality, **more)
    return buffer.getvalue()


class _Scene:
    """A room that is being drawn; places are shares of the picture's width and height."""

    def __init__(self, seed: int, size: tuple[int, int], moved: Point) -> None:
        self.image = Image.new("RGB", size)
        self._seed, self._size, self._moved = seed, size, moved
        self._dice = random.Random(seed)  # noqa: S311
        self._draw = ImageDraw.Draw(self.image)
        self._centre = self._dice.uniform(0.4, 0.6)
        self._rim = self._dice.uniform(0.6, 0.68)
        self._hue = self._dice.uniform(-0.5, 0.5)

    def _at(self, x: float, y: float) -> Point:
        return (
            (x + self._moved[0]) * self._size[0],
            (y + self._moved[1]) * self._size[1],
        )

    def _box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        self._draw.rectangle((*self._at(left, top), *self._at(right, bottom)), colour)

    def room(self) -> None:
        """Draw a wall with things on it, a sill, and the pot."""
        dice = self._dice
        warm = dice.randint(-12, 12)
        for k in range(40):
            tone = 215 - 2 * k
            self._box(-0.2, k / 40 - 0.2, 1.2, 1.2, (tone + warm, tone, tone - warm))
        for _ in range(dice.randint(3, 7)):
            x, y, tone = dice.uniform(0, 0.9), dice.uniform(0, 0.5), dice.randint(60, 230)
            wide, high = dice.uniform(0.03, 0.2), dice.uniform(0.03, 0.3)
            self._box(x, y, x + wide, y + high, (tone, tone - 6, tone - dice.randint(0, 30)))
        self._box(-0.2, dice.uniform(0.8, 0.9), 1.2, 1.3, (150, 112, 76))
        x, y, clay = self._centre, self._rim, dice.randint(-25, 25)
        corners = [(x - 0.12, y), (x + 0.12, y), (x + 0.085, y + 0.26), (x - 0.085, y + 0.26)]
        self._draw.polygon([self._at(*corner) for corner in corners], (182 + clay, 98 + clay, 70))
        self._box(x - 0.13, y, x + 0.13, y + 0.045, (196 + clay, 110 + clay, 80))

    def leaf(self, k: int, *, yellow: float) -> None:
        """Draw one leaf on its stalk, with its midrib."""
        dice = random.Random(self._seed * 1000 + k)  # noqa: S311
        angle = dice.uniform(-1.35, 1.35) * (0.6 + 0.4 * dice.random())
        reach = dice.uniform(0.12, 0.42)
        x, y = self._centre + reach * math.sin(angle) * 0.8, self._rim - reach * math.cos(angle)
        long, wide = dice.uniform(0.07, 0.13), dice.uniform(0.025, 0.05)
        green = dice.randint(95, 170)
        is_yellow = dice.random() < yellow
        colour = (
            (green + 55, green + 45, 50)
            if is_yellow
            else (int(green * (0.45 + 0.15 * self._hue)), green, int(green * 0.38))
        )
        stalk = [self._at(self._centre, self._rim), self._at(x, y)]
        self._draw.line(stalk, (70, 105, 45), max(1, self._size[0] // 250))
        turn = angle + dice.uniform(-0.7, 0.7)
        outline = [
            self._around(x, y, turn, long * (t - 0.5), side * wide * math.sin(math.pi * t) ** 0.8)
            for side in (1, -1)
            for t in (np.linspace(0, 1, 24) if side > 0 else np.linspace(1, 0, 24))
        ]
        self._draw.polygon(outline, colour)
        rib = [self._around(x, y, turn, long * (t - 0.5), 0) for t in (0.0, 1.0)]
        lighter = (colour[0] + 18, colour[1] + 22, colour[2] + 12)
        self._draw.line(rib, lighter, max(1, self._size[0] // 400))

    def _around(self, x: float, y: float, turn: float, along: float, across: float) -> Point:
        return self._at(
            x + along * math.sin(turn) + across * math.cos(turn),
            y - along * math.cos(turn) + across * math.sin(turn),
        )


def _photographed(image: Image.Image, seed: int, *, light: float, noise: float) -> Image.Image:
    """A lens softens, a sensor adds noise, and the light is what it is."""
    soft = image.filter(ImageFilter.GaussianBlur(max(0.5, image.width / 2000)))
    levels = np.asarray(soft, dtype=np.float32) * np.float32(light)
    dice = np.random.default_rng(seed)
    levels += dice.standard_normal(levels.shape, dtype=np.float32) * np.float32(noise)
    return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))
