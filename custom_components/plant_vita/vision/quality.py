"""Whether a photo is good enough to ask anybody about it."""

import numpy as np
from PIL import Image

from ..model.errors import PhotoBlurredError, PhotoBrightError, PhotoDarkError, PhotoError
from ..model.photo import Complaint, Quality

TOO_DARK = 45.0
"""The brightest twentieth of the picture is darker than this (0–255)."""
TOO_BRIGHT = 225.0
"""The darkest twentieth of the picture is brighter than this."""
BLURRED = 0.57
"""Sharp photos come to 0.1–0.35, those out of focus by 4 pixels of 1024 to 0.58 and more."""
_FLAT = 12.0  # less between dark and light is fog, a lens cap, or a wall
_EDGE = 512  # pixels; where the noise of a sensor has averaged out and a lack of focus has not
_WINDOW = 9
_FEW = 0.02  # levels a pixel; less than this in all steps together, and there is no edge at all

_ERRORS: dict[Complaint, type[PhotoError]] = {
    Complaint.TOO_DARK: PhotoDarkError,
    Complaint.TOO_BRIGHT: PhotoBrightError,
    Complaint.BLURRED: PhotoBlurredError,
}


def judge(image: Image.Image) -> Quality:
    """Judge a picture of about 1024 pixels; a smaller one looks sharper than it is."""
    small = image.convert("L")
    if (longer := max(small.size)) > _EDGE:
        width, height = (max(1, round(side * _EDGE / longer)) for side in small.size)
        small = small.resize((width, height), Image.Resampling.BOX)
    grey = np.asarray(small, dtype=np.float32)
    dark, light = (float(level) for level in np.percentile(grey, (5, 95)))
    # Smaller steps than this are noise, which is sharp in any photo.
    step = min(12.0, max(8.0, 0.1 * (light - dark)))
    blur = max(_blur(grey, step), _blur(grey.T, step))
    complaint = None
    if light < TOO_DARK:
        complaint = Complaint.TOO_DARK
    elif dark > TOO_BRIGHT:
        complaint = Complaint.TOO_BRIGHT
    elif blur > BLURRED or light - dark < _FLAT:
        complaint = Complaint.BLURRED
    return Quality(dark=dark, light=light, blur=blur, complaint=complaint)


def check(quality: Quality) -> None:
    """Raise the PhotoError that tells a person what to do better, if the photo is no good."""
    if quality.complaint is not None:
        raise _ERRORS[quality.complaint](quality.complaint.value)


def _blur(grey: np.ndarray, step: float) -> float:
    """How little a blur along the rows changes the steps between neighbours: 0 sharp, 1 blurred.

    Only steps above `step` levels are looked at.
    """
    if grey.shape[1] <= 2 * _WINDOW:
        return 1.0
    before = np.abs(np.diff(grey[:, _WINDOW // 2 : -(_WINDOW // 2)], axis=1))
    sums = np.cumsum(np.pad(grey, ((0, 0), (1, 0))), axis=1, dtype=np.float64)
    after = np.abs(np.diff((sums[:, _WINDOW:] - sums[:, :-_WINDOW]) / _WINDOW, axis=1))
    edges = before > step
    total = float(before[edges].sum())
    if total < _FEW * grey.size:
        return 1.0
    return 1.0 - float(np.maximum(0.0, before - after)[edges].sum()) / total
