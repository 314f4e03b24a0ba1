"""Draw the pictures of the brand: `.venv/bin/python -m scripts.draw_brand`.

A leaf whose vein is a heartbeat. It is drawn several times too large and made smaller, so that its
edges are smooth at every size.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

FOLDER = Path(__file__).resolve().parents[1] / "custom_components" / "plant_vita" / "brand"
NAME = "Plant Vita"
SIDE = 2048
ICON = 256
CURVE_STEPS = 96

type Point = tuple[float, float]
type Colour = tuple[int, int, int]

# Points in shares of the side, the origin at the upper left. The tip of the leaf is upper right.
STEM_END, BASE, TIP = (0.047, 0.953), (0.14, 0.86), (0.965, 0.035)
UPPER_EDGE = (BASE, (-0.10, 0.42), (0.25, 0.045), TIP)
LOWER_EDGE = (TIP, (0.985, 0.74), (0.57, 1.10), BASE)
STEM = (STEM_END, (0.09, 0.92), (0.14, 0.87), (0.2, 0.81))
STEM_WIDTH, PULSE_WIDTH = 0.072, 0.064
PULSE = (
    (-0.05, 0.575),
    (0.295, 0.575),
    (0.382, 0.415),
    (0.508, 0.765),
    (0.612, 0.495),
    (0.658, 0.575),
    (0.785, 0.575),
)


@dataclass(frozen=True, kw_only=True)
class Palette:
    """The colours on one kind of background: the leaf from base to tip, and the name."""

    base: Colour
    tip: Colour
    name: Colour


LIGHT = Palette(base=(0, 122, 98), tip=(146, 210, 68), name=(22, 66, 52))
DARK = Palette(base=(22, 160, 124), tip=(176, 230, 98), name=(236, 246, 238))


def _bezier(curve: tuple[Point, Point, Point, Point]) -> Iterator[Point]:
    for step in range(CURVE_STEPS + 1):
        t = step / CURVE_STEPS
        shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        x, y = (
            sum(share * point[axis] for share, point in zip(shares, curve, strict=True))
            for axis in (0, 1)
        )
        yield x, y


def _stroke(mask: Image.Image, points: list[Point], width: float, value: int) -> None:
    """Draw a line with round ends and round corners."""
    draw, scaled = ImageDraw.Draw(mask), [(x * SIDE, y * SIDE) for x, y in points]
    radius = width * SIDE / 2
    for (x, y), (to_x, to_y) in pairwise(scaled):
        length = math.hypot(to_x - x, to_y - y) or 1.0  # where two curves meet
        aside = ((y - to_y) / length * radius, (to_x - x) / length * radius)
        draw.polygon(
            [
                (x + aside[0], y + aside[1]),
                (to_x + aside[0], to_y + aside[1]),
                (to_x - aside[0], to_y - aside[1]),
                (x - aside[0], y - aside[1]),
            ],
            fill=value,
        )
    for x, y in scaled:
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=value)


def _shape() -> Image.Image:
    mask = Image.new("L", (SIDE, SIDE))
    edge = [*_bezier(UPPER_EDGE), *_bezier(LOWER_EDGE)]
    ImageDraw.Draw(mask).polygon([(x * SIDE, y * SIDE) for x, y in edge], fill=255)
    # A line around the edge rounds its two points a little.
    _stroke(mask, edge, 0.02, 255)
    _stroke(mask, list(PULSE), PULSE_WIDTH, 0)
    _stroke(mask, list(_bezier(STEM)), STEM_WIDTH, 255)
    return mask


def _along_diagonal() -> Image.Image:
    """From black at the lower left to white at the upper right."""
    across = Image.linear_gradient("L").rotate(90).resize((SIDE, SIDE))
    upwards = Image.linear_gradient("L").rotate(180).resize((SIDE, SIDE))
    return ImageChops.add(across, upwards, scale=2)


def draw_mark(palette: Palette) -> Image.Image:
    """Draw the leaf, `SIDE` pixels square, on nothing."""
    size = (SIDE, SIDE)
    colours = Image.composite(
        Image.new("RGB", size, palette.tip), Image.new("RGB", size, palette.base), _along_diagonal()
    )
    colours.putalpha(_shape())
    return colours


def draw_logo(palette: Palette) -> Image.Image:
    """Draw the leaf and the name beside it, `SIDE` pixels high."""
    font = ImageFont.load_default(SIDE * 0.56)
    weight = SIDE * 0.011
    left, top, right, bottom = font.getbbox(NAME, stroke_width=weight)
    gap = SIDE * 0.16
    logo = Image.new("RGBA", (math.ceil(SIDE + gap + right - left), SIDE))
    logo.paste(draw_mark(palette))
    # Written on its own: an empty background would mix into the edges of the letters.
    written = Image.new("L", logo.size)
    ImageDraw.Draw(written).text(
        (SIDE + gap - left, (SIDE - top - bottom) / 2),
        NAME,
        fill=255,
        font=font,
        stroke_width=weight,
        stroke_fill=255,
    )
    logo.paste(Image.new("RGB", logo.size, palette.name), mask=written)
    return logo


def save(picture: Image.Image, name: str, height: int) -> None:
    """Write one file. Made smaller with its colours weighted, so that its edges stay clean."""
    size = (round(picture.width * height / picture.height), height)
    small = picture.convert("RGBa").resize(size, Image.Resampling.LANCZOS).convert("RGBA")
    small.save(FOLDER / name, optimize=True)


def main() -> None:
    """Write every picture."""
    FOLDER.mkdir(exist_ok=True)
    for prefix, palette in (("", LIGHT), ("dark_", DARK)):
        for kind, picture in (("icon", draw_mark(palette)), ("logo", draw_logo(palette))):
            save(picture, f"{prefix}{kind}.png", ICON)
            save(picture, f"{prefix}{kind}@2x.png", ICON * 2)


if __name__ == "__main__":
    main()
