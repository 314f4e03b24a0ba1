"""A photo of a plant: what may leave the house, whether it is good enough, what can be measured."""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, kw_only=True, slots=True)
class Photo:
    """A photo rebuilt from its pixels alone: nothing else of the file it came from is left.

    `jpeg` is at most 1024 pixels wide and high. `digest` is the SHA-256 of the pixels, in hex.
    `likeness` is a perceptual hash of 256 bits: few bits differ between a photo and the same photo
    resized or compressed again. `cells` are its 16 × 16 mean colours, three bytes each: they tell
    a photo from one of the same plant with another yellow leaf, which the hash may not.
    """

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    digest: str
    likeness: int
    cells: bytes = field(repr=False)


class Complaint(StrEnum):
    """Why a photo is not good enough; the key of the text that says what to do about it."""

    TOO_DARK = "photo_too_dark"
    TOO_BRIGHT = "photo_too_bright"
    BLURRED = "photo_blurred"


@dataclass(frozen=True, kw_only=True, slots=True)
class Quality:
    """How good a photo is.

    `dark` and `light` are the 5 % and 95 % quantiles of the brightness (0–255). `blur` is 0 where
    every edge is sharp and 1 where there is none (perceptual blur after Crété-Roffet and others,
    "The blur effect", 2007). `complaint` is None when the photo can be used.
    """

    dark: float
    light: float
    blur: float
    complaint: Complaint | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Greenness:
    """What of a photo is plant, all in %.

    `area` is the share of the picture that is green leaf, `density` how much of the plant's own
    outline box is, `yellowing` the share of the foliage that is yellow. The latter two are None
    where less than half a percent of the picture is foliage. `threshold` is the excess green
    (2G − R − B) from which a pixel counts as foliage.
    """

    area: float
    density: float | None
    yellowing: float | None
    threshold: int


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A coarse picture of 32 × 32 cells, to tell whether two photos show the same place.

    `luma` is the brightness of each cell, `green` how much of it is leaf; a byte each, row by row.
    """

    luma: bytes = field(repr=False)
    green: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What is kept of a photo to compare later ones with; see `vision.growth`."""

    likeness: int
    greenness: Greenness
    view: View


@dataclass(frozen=True, kw_only=True, slots=True)
class Growth:
    """How a plant changed between two photos of one view.

    `area` is by how many % the green area grew (negative: shrank), `yellowing` by how many points
    the share of yellow rose, None if it is unknown in one of them.
    """

    area: float
    yellowing: float | None
