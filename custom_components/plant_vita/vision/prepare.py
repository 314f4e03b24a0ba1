"""From the bytes of a file to what is asked about, measured and kept. Call it in a thread.

Nothing but pixels leaves the house: they are pasted into a fresh picture and compressed again, so
that no byte of the file's metadata (place, time, camera, thumbnail, comments, colour profile) is
left. A wide-gamut photo thereby looks a little duller, which no identification minds.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from ..model.photo import Look, Photo, Quality
from .decode import decode
from .greenness import foliage, of_masks
from .growth import view_of
from .likeness import likeness
from .quality import judge

EDGE = 1024
"""The longest side of what leaves the house, in pixels."""
GLANCE = 400
"""The shortest longer side that greenness is measured on; every reduced size is above it."""
_JPEG_QUALITY = 85
_CELLS = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """All there is to know of one photo; `file_digest` is the SHA-256 of the file it came in."""

    file_digest: str
    photo: Photo
    quality: Quality
    look: Look


def examine(data: bytes) -> Examined:
    """Decode once, rebuild, judge and measure. Raises PhotoError when it cannot be decoded.

    The photo may be no good: `quality.check(examined.quality)` raises what to say then.
    """
    image = _upright(data)
    photo = _rebuilt(image)
    return Examined(
        file_digest=hashlib.sha256(data).hexdigest(),
        photo=photo,
        quality=judge(image),
        look=_look(image, photo.likeness),
    )


def glance(data: bytes) -> Look:
    """Only measure, on an eighth of a large photo: for cameras that take one every hour."""
    image = decode(data, GLANCE)
    return _look(image, likeness(image))


def _upright(data: bytes) -> Image.Image:
    image = decode(data, EDGE)
    longer = max(image.size)
    if longer <= EDGE:
        return image
    size = tuple(max(1, round(side * EDGE / longer)) for side in image.size)
    return image.resize((size[0], size[1]), Image.Resampling.BICUBIC)


def _rebuilt(image: Image.Image) -> Photo:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=_JPEG_QUALITY)
    size = f"{image.width}x{image.height}:".encode()
    return Photo(
        jpeg=buffer.getvalue(),
        width=image.width,
        height=image.height,
        digest=hashlib.sha256(size + image.tobytes()).hexdigest(),
        likeness=likeness(image),
        cells=image.resize((_CELLS, _CELLS), Image.Resampling.BOX).tobytes(),
    )


def _look(image: Image.Image, hashed: int) -> Look:
    green, yellow, threshold = foliage(image)
    return Look(
        likeness=hashed,
        greenness=of_masks(green, yellow, threshold),
        view=view_of(image, green),
    )
