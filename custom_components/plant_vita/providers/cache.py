"""Answers that were paid for once are not paid for again.

The same photo is found by the digest of its pixels; one that was resized or compressed again since
by its perceptual hash, which differs in a few bits then, and its mean colours, in a few levels.
"""

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from ..model.finding import Reply, Task
from ..model.photo import Photo
from .names import parse_name
from .provider import Ask, Spec
from .stored import as_stored, from_stored

VERSION = 1
LIVES_S = {Task.IDENTIFY: 86_400.0, Task.DIAGNOSE: 1800.0, Task.ENRICH: 30 * 86_400.0}
LIVES_S |= {Task.ADVISE: 1800.0}
NEAR = 12
"""Of 256 bits: photos that were only resized or compressed again differ in 8 at most."""
ALIKE = 7
"""Of 255 levels: the same photos differ in 6 at most, in whichever cell they differ most."""
_SHAPE = 0.02
_MOST = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class _Picture:
    """What of a photo is needed to know it again; `shape` is its width to its height."""

    digest: str
    likeness: int
    shape: float
    cells: bytes

    def near(self, other: _Picture) -> bool:
        return (
            (self.likeness ^ other.likeness).bit_count() <= NEAR
            and abs(self.shape / other.shape - 1) <= _SHAPE
            and len(self.cells) == len(other.cells)
            and all(abs(a - b) <= ALIKE for a, b in zip(self.cells, other.cells, strict=True))
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    group: str
    until: float
    pictures: tuple[_Picture, ...]
    reply: Reply


def group_of(spec: Spec, ask: Ask, options: dict[str, str]) -> str:
    """What two questions must share beside their photos to have the same answer."""
    name = parse_name(ask.name) if ask.name else None
    about: list[object] = [spec.kind, spec.api, ask.task, ask.language, sorted(options.items())]
    about.append(name.key if name else ask.name.casefold())
    if ask.organs:
        about.append(list(ask.organs))
    if spec.general:
        about += [sorted(ask.names), sorted(ask.context.items()), ask.question]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()


class Cache:
    """At most 300 answers, the least recently used going first."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, _Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, group: str, photos: tuple[Photo, ...], now: float) -> Reply | None:
        """The answer that still holds, to the same photos or to near ones."""
        pictures = _pictures(photos)
        key = key_of(group, photos)
        found = self._entries.get(key)
        if found is None or found.until < now:
            key, found = self._near(group, pictures, now) if pictures else (key, None)
        if found is None or found.until < now:
            return None
        self._entries.move_to_end(key)
        return found.reply

    def _near(
        self, group: str, pictures: tuple[_Picture, ...], now: float
    ) -> tuple[str, _Entry | None]:
        for key, entry in self._entries.items():
            if entry.group != group or entry.until < now or len(entry.pictures) != len(pictures):
                continue
            if all(a.near(b) for a, b in zip(pictures, entry.pictures, strict=True)):
                return key, entry
        return "", None

    def keep(self, group: str, ask: Ask, reply: Reply, now: float) -> None:
        """Keep an answer for as long as its task allows."""
        key = key_of(group, ask.photos)
        self._entries[key] = _Entry(
            group=group,
            until=now + LIVES_S[ask.task],
            pictures=_pictures(ask.photos),
            reply=reply,
        )
        self._entries.move_to_end(key)
        while len(self._entries) > _MOST:
            self._entries.popitem(last=False)

    def as_stored(self, now: float) -> dict[str, Any]:
        """What still holds, as JSON types."""
        entries = {
            key: {
                "group": entry.group,
                "until": entry.until,
                "pictures": [
                    [one.digest, f"{one.likeness:x}", one.shape, one.cells.hex()]
                    for one in entry.pictures
                ],
                "reply": as_stored(entry.reply),
            }
            for key, entry in self._entries.items()
            if entry.until >= now
        }
        return {"version": VERSION, "entries": entries}

    def restore(self, stored: dict[str, Any] | None, now: float) -> None:
        """Take over what `as_stored` returned; entries that cannot be read are left out."""
        if not stored or stored.get("version") != VERSION:
            return
        for key, fields in stored["entries"].items():
            try:
                entry = _Entry(
                    group=fields["group"],
                    until=float(fields["until"]),
                    pictures=tuple(
                        _Picture(
                            digest=digest,
                            likeness=int(likeness, 16),
                            shape=float(shape),
                            cells=bytes.fromhex(cells),
                        )
                        for digest, likeness, shape, cells in fields["pictures"]
                    ),
                    reply=from_stored(fields["reply"]),
                )
            except KeyError, TypeError, ValueError:
                continue
            # A clock that was ahead when it was kept must not make an answer hold for years.
            if now <= entry.until <= now + max(LIVES_S.values()):
                self._entries[key] = entry


def key_of(group: str, photos: tuple[Photo, ...]) -> str:
    """One key for a question with its photos."""
    return hashlib.sha256(":".join((group, *(p.digest for p in photos))).encode()).hexdigest()


def _pictures(photos: tuple[Photo, ...]) -> tuple[_Picture, ...]:
    return tuple(
        _Picture(
            digest=one.digest,
            likeness=one.likeness,
            shape=one.width / one.height,
            cells=one.cells,
        )
        for one in photos
    )
