"""Whether two photos show the same plant from the same place, and how it changed between them.

What is not plant tells: the sill, the pot and the wall stay while leaves come and go. So only
cells without leaf in both pictures are compared, whatever the light.
"""

import numpy as np
from PIL import Image

from ..model.photo import Growth, Look, View

SAME_VIEW = 0.6
"""The least correlation of two photos of one view: nudged cameras have 0.66, other rooms 0.55."""
_CELLS = 32
_SHIFT = 2  # cells that a camera may have been moved by
_LEAF = 64  # of 255; a cell with more is plant
_FEW_CELLS = 100
_LEAST_AREA = 0.5


def view_of(image: Image.Image, green: np.ndarray) -> View:
    """The coarse view of a picture whose leaves are `green` (height, width, bool)."""
    size, box = (_CELLS, _CELLS), Image.Resampling.BOX
    leaves = Image.fromarray(green.astype(np.uint8) * 255).resize(size, box)
    return View(luma=image.convert("L").resize(size, box).tobytes(), green=leaves.tobytes())


def growth(before: Look, after: Look) -> Growth | None:
    """How the plant changed; None if the views differ, or there was hardly any plant before."""
    first, second = before.greenness, after.greenness
    if first.area < _LEAST_AREA or same_view(before.view, after.view) < SAME_VIEW:
        return None
    yellowing = None
    if first.yellowing is not None and second.yellowing is not None:
        yellowing = second.yellowing - first.yellowing
    return Growth(area=100 * (second.area / first.area - 1), yellowing=yellowing)


def same_view(one: View, other: View) -> float:
    """The correlation (−1…1) of the surroundings where they fit best; 0 where too little is left.

    A view that is not 32 × 32 cells is that of another version: 0.
    """
    if {len(one.luma), len(one.green), len(other.luma), len(other.green)} != {_CELLS * _CELLS}:
        return 0.0
    steps = range(-_SHIFT, _SHIFT + 1)
    return max(_correlation(one, other, down, right) for down in steps for right in steps)


def _correlation(one: View, other: View, down: int, right: int) -> float:
    """Of the steps between neighbouring cells: what all rooms have in common is smooth light."""
    luma, leaf = _cells(one, down, right)
    other_luma, other_leaf = _cells(other, -down, -right)
    around = (leaf <= _LEAF) & (other_leaf <= _LEAF)
    if np.count_nonzero(around) < _FEW_CELLS:
        return 0.0
    x, y = _steps(luma, around), _steps(other_luma, around)
    size = float(np.sqrt((x * x).sum() * (y * y).sum()))
    return float((x * y).sum()) / size if size else 0.0


def _steps(luma: np.ndarray, around: np.ndarray) -> np.ndarray:
    """The differences between cells that lie beside or below each other and are both `around`."""
    beside = np.diff(luma, axis=1)[around[:, 1:] & around[:, :-1]]
    below = np.diff(luma, axis=0)[around[1:] & around[:-1]]
    return np.concatenate([beside, below])


def _cells(view: View, down: int, right: int) -> tuple[np.ndarray, np.ndarray]:
    """Brightness and leaf without the rows and columns that a shift pushes out of the picture."""
    rows = slice(max(0, down), _CELLS + min(0, down))
    columns = slice(max(0, right), _CELLS + min(0, right))
    luma = np.frombuffer(view.luma, np.uint8).reshape(_CELLS, _CELLS)
    leaf = np.frombuffer(view.green, np.uint8).reshape(_CELLS, _CELLS)
    return luma[rows, columns].astype(np.float64), leaf[rows, columns]
