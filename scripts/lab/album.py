"""Photos that a plant has had for a while: nobody waits for a laboratory's plant to grow."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.photos.album import INDEX
from custom_components.plant_vita.photos.decoding import thumbnail
from custom_components.plant_vita.photos.files import Files
from custom_components.plant_vita.photos.index import Index
from custom_components.plant_vita.photos.kept import KeptPhoto, photo_id
from custom_components.plant_vita.photos.shelf import Shelf
from custom_components.plant_vita.vision.prepare import examine


def keep(
    folder: Path,
    plant_id: str,
    photos: Sequence[tuple[float, bytes, Sequence[Mapping[str, Any]]]],
) -> None:
    """Put photos into the album of a Home Assistant that does not run.

    photos: when each was taken in Unix seconds, its file, and what was found in it; oldest first.
    """
    files = Files(folder / "media" / DOMAIN)
    index = folder / ".storage" / INDEX
    index.parent.mkdir(exist_ok=True)
    shelf = Shelf(files, Index(index))
    for taken_at, data, findings in photos:
        seen = examine(data)
        photo = seen.photo
        kept = KeptPhoto(
            plant_id=plant_id,
            photo_id=photo_id(taken_at, photo.digest),
            taken_at=taken_at,
            source="file",
            width=photo.width,
            height=photo.height,
            digest=photo.digest,
            file_digest=hashlib.sha256(photo.jpeg).hexdigest(),
            look=seen.look,
            findings=tuple(findings),
        )
        shelf.keep(kept, photo.jpeg, thumbnail(photo.jpeg), seen.file_digest)
