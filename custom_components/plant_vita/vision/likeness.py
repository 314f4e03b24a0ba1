"""Tell the same photo, resized or compressed again, from another one.

A discrete cosine transform of the brightness (the usual perceptual hash), but with 16 × 16
frequencies instead of 8 × 8: two photos of one window sill differ in what 64 bits do not show.
"""

import math

import numpy as np
from PIL import Image

_EDGE = 64
_KEPT = 16


def _cosines() -> np.ndarray:
    frequency = np.arange(_KEPT)[:, None]
    place = np.arange(_EDGE)[None, :] + 0.5
    found: np.ndarray = np.cos(math.pi / _EDGE * frequency * place).astype(np.float32)
    return found


_COSINES = _cosines()


def likeness(image: Image.Image) -> int:
    """The perceptual hash of a picture: 256 bits, one for each of the lowest frequencies."""
    grey = image.convert("L").resize((_EDGE, _EDGE), Image.Resampling.BOX)
    waves = _COSINES @ np.asarray(grey, dtype=np.float32) @ _COSINES.T
    # The brightness as a whole is much larger than any wave, and says nothing.
    bits = waves > np.median(waves.ravel()[1:])
    bits[0, 0] = False
    return int.from_bytes(np.packbits(bits).tobytes())


def distance(one: int, other: int) -> int:
    """In how many of the 256 bits two hashes differ; unrelated photos in about 128."""
    return (one ^ other).bit_count()
