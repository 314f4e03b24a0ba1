"""How much of a picture is leaf, and how much of that is yellow.

Excess green, 2G − R − B (Woebbecke and others, 1995), with the threshold that separates best (Otsu,
1979) within the limits in which foliage is found; brown, wood, terracotta and skin lie below them.
Yellow flowers count as yellow, and what is green and no plant counts as plant.
"""

import numpy as np
from PIL import Image

from ..model.photo import Greenness

LEAST, MOST = 18, 48
"""The limits of the threshold."""
_LEVELS = 1021  # of 2G − R − B: −510 … 510
_FEW = 0.005


def foliage(image: Image.Image) -> tuple[np.ndarray, np.ndarray, int]:
    """Two masks (height, width): green leaf and yellow leaf; and the threshold of both."""
    pixels = np.asarray(image)
    red, green, blue = (pixels[:, :, k].astype(np.int16) for k in range(3))
    excess = 2 * green - red - blue
    threshold = _threshold(excess)
    leaf = excess > threshold
    # Chlorophyll gone, red rises towards green: a hue below about 66°.
    yellow = leaf & (10 * red > 9 * green)
    return leaf & ~yellow, yellow, threshold


def measure(image: Image.Image) -> Greenness:
    """Measure a picture; see `Greenness` for what and in which units."""
    return of_masks(*foliage(image))


def of_masks(green: np.ndarray, yellow: np.ndarray, threshold: int) -> Greenness:
    """The same of masks that are there already."""
    greens, yellows = int(np.count_nonzero(green)), int(np.count_nonzero(yellow))
    enough = greens + yellows >= _FEW * green.size
    return Greenness(
        area=100 * greens / green.size,
        density=_density(green, greens) if enough else None,
        yellowing=100 * yellows / (greens + yellows) if enough else None,
        threshold=threshold,
    )


def _threshold(excess: np.ndarray) -> int:
    counts = np.bincount((excess + 510).ravel(), minlength=_LEVELS).astype(np.float64)
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * np.arange(_LEVELS))
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = sums / below - (sums[-1] - sums) / above
        between = np.nan_to_num(below * above * apart**2)
    # Where nobody is between two levels they separate equally well: the middle is meant.
    best = np.flatnonzero(between >= between.max() * (1 - 1e-12))
    if not between.any():
        return LEAST
    return min(MOST, max(LEAST, int(best.mean()) - 510))


def _density(green: np.ndarray, greens: int) -> float:
    """% of green in the box that holds all of it but the outermost fiftieth on each side."""
    if not greens:
        return 0.0
    inside = [_middle(np.count_nonzero(green, axis=axis)) for axis in (1, 0)]
    box = green[inside[0], inside[1]]
    return 100 * float(np.count_nonzero(box)) / box.size


def _middle(counts: np.ndarray) -> slice:
    share = np.cumsum(counts) / counts.sum()
    return slice(int(np.searchsorted(share, 0.02)), int(np.searchsorted(share, 0.98)) + 1)
