"""A photo that was kept: what is known of it, as it stands beside its file."""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Final

from ..model.photo import Greenness, Look, View

VERSION: Final = 1
FINDINGS_MAX: Final = 20
_KINDS: Final = ("identify", "diagnose")
_TITLE_MAX: Final = 128
_TEXT_MAX: Final = 2000
_PROVIDERS_MAX: Final = 8
_ID = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9a-f]{12}")
# What Home Assistant makes (ULIDs), and nothing that means anything to a file system.
_PLANT_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")

type Finding = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptPhoto:
    """One photo of one plant.

    `plant_id` is the id of the plant's subentry. `taken_at` is in Unix seconds. `source` says where
    it came from: an entity id, `media`, `file`, or what a caller wrote. `digest` is that of the
    pixels as they came, `file_digest` the SHA-256 of the JPEG that was made of them. `growth` is by
    how many % the green area has grown since the photo before that shows the same view, None
    without one.
    `complaint` is the key of what is wrong with its quality. `archived_at` is when a copy in the
    archive was verified, None while there is none.
    """

    plant_id: str
    photo_id: str
    taken_at: float
    source: str
    width: int
    height: int
    digest: str
    file_digest: str
    look: Look = field(repr=False)
    complaint: str | None = None
    growth: float | None = None
    findings: tuple[Finding, ...] = ()
    archived_at: float | None = None

    @property
    def green(self) -> float:
        """The share of the picture that is green leaf, in %."""
        return self.look.greenness.area

    @property
    def density(self) -> float | None:
        """How much of the plant's own outline is green, in %; None where there is hardly any."""
        return self.look.greenness.density

    @property
    def yellowing(self) -> float | None:
        """The share of the foliage that is yellow, in %; None where there is hardly any."""
        return self.look.greenness.yellowing


def photo_id(taken_at: float, digest: str) -> str:
    """The name of a photo: sorts by time, and has nothing in it that a person has typed."""
    return f"{datetime.fromtimestamp(taken_at, UTC):%Y%m%dT%H%M%S}-{digest[:12]}"


def is_photo_id(text: str) -> bool:
    """Whether a photo of ours can have this name."""
    return _ID.fullmatch(text) is not None


def is_plant_id(text: str) -> bool:
    """Whether a plant's photos can be in a folder of this name."""
    return _PLANT_ID.fullmatch(text) is not None


def cleaned(findings: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Findings of known kinds, with known keys only and of bounded size."""
    found = []
    for one in findings:
        if one.get("kind") not in _KINDS or not isinstance(one.get("title"), str):
            continue
        confidence, providers = one.get("confidence"), one.get("providers") or ()
        sure = isinstance(confidence, int | float) and isfinite(confidence)
        found.append(
            {
                "kind": one["kind"],
                "title": one["title"][:_TITLE_MAX],
                "confidence": confidence if sure else None,
                "text": str(one.get("text") or "")[:_TEXT_MAX],
                "providers": [str(name)[:_TITLE_MAX] for name in providers][:_PROVIDERS_MAX],
            }
        )
    return tuple(found)


def as_stored(photo: KeptPhoto) -> dict[str, Any]:
    """As JSON types."""
    greenness, view = photo.look.greenness, photo.look.view
    return {
        "version": VERSION,
        "plant_id": photo.plant_id,
        "photo_id": photo.photo_id,
        "taken_at": photo.taken_at,
        "source": photo.source,
        "size": [photo.width, photo.height],
        "digest": photo.digest,
        "file_digest": photo.file_digest,
        "complaint": photo.complaint,
        "growth": photo.growth,
        "findings": [dict(one) for one in photo.findings],
        "archived_at": photo.archived_at,
        "likeness": f"{photo.look.likeness:064x}",
        "green": greenness.area,
        "density": greenness.density,
        "yellowing": greenness.yellowing,
        "threshold": greenness.threshold,
        "luma": base64.b64encode(view.luma).decode(),
        "leaf": base64.b64encode(view.green).decode(),
    }


def from_stored(stored: Mapping[str, Any]) -> KeptPhoto:
    """Raises ValueError for what was not written by `as_stored`."""
    try:
        photo = _read(stored)
    except (AttributeError, LookupError, TypeError, OverflowError, binascii.Error) as error:
        raise ValueError("not a kept photo") from error
    numbers = (photo.taken_at, photo.green, photo.archived_at or 0.0, photo.growth or 0.0)
    if not is_photo_id(photo.photo_id) or not is_plant_id(photo.plant_id):
        raise ValueError("not the name of a photo")
    if not all(isfinite(number) for number in numbers):
        raise ValueError("not the numbers of a photo")
    return photo


def _read(stored: Mapping[str, Any]) -> KeptPhoto:
    width, height = stored["size"]
    greenness = Greenness(
        area=float(stored["green"]),
        density=_number(stored["density"]),
        yellowing=_number(stored["yellowing"]),
        threshold=int(stored["threshold"]),
    )
    view = View(luma=base64.b64decode(stored["luma"]), green=base64.b64decode(stored["leaf"]))
    return KeptPhoto(
        plant_id=str(stored["plant_id"]),
        photo_id=str(stored["photo_id"]),
        taken_at=float(stored["taken_at"]),
        source=str(stored["source"]),
        width=int(width),
        height=int(height),
        digest=str(stored["digest"]),
        # Not written by the first version that kept photos.
        file_digest=str(stored.get("file_digest", "")),
        look=Look(likeness=int(stored["likeness"], 16), greenness=greenness, view=view),
        complaint=None if stored["complaint"] is None else str(stored["complaint"]),
        growth=_number(stored["growth"]),
        findings=cleaned(stored["findings"]),
        archived_at=_number(stored["archived_at"]),
    )


def _number(stored: float | None) -> float | None:
    return None if stored is None else float(stored)
