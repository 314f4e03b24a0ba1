"""What a plant must not forget over a restart: one file for each, removed with the plant."""

from bisect import insort
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from ..analysis import health, stored as pots
from ..analysis.drydown import DryDown, untaught
from ..analysis.health import Remembered
from ..const import DOMAIN, LOGGER
from ..model.plant import Direction, Trend
from . import suspicion
from .definition import Input
from .sources import Sources, StoredSource
from .state import Care
from .suspicion import Suspicions
from .track import Days, Track

VERSION = 1
# What was done in some years; more is not looked back on.
LOG_KEPT = 500


@dataclass(kw_only=True, slots=True)
class Memory:
    """Grows while the plant lives; `sources` is as they were stored, for those that are bound.

    `log` holds what was done for the plant and when (Unix seconds), the oldest first; `since` is
    when the plant was first seen here. `growth` is None as long as there never was a photo.
    """

    tracks: dict[Input, Track] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, StoredSource]] = field(default_factory=dict)
    remembered: Remembered = field(default_factory=Remembered)
    model: DryDown = field(default_factory=untaught)
    last: dict[Care, float] = field(default_factory=dict)
    log: list[tuple[float, Care]] = field(default_factory=list)
    seen_until: float = 0.0
    suspicions: Suspicions = field(default_factory=dict)
    scores: Days = field(default_factory=Days)
    direction: Direction = Direction.UNKNOWN
    growth: Trend | None = None
    since: float | None = None

    def heard(self, one: Input, at: float, value: float) -> None:
        """Take in what an input said at a moment (Unix seconds)."""
        if one not in self.tracks:
            self.tracks[one] = Track()
        self.tracks[one].add(at, value)

    def note(self, care: Care, at: float) -> None:
        """Write down what was done; it may have been done before what is known already."""
        if (at, care) not in self.log:
            insort(self.log, (at, care))
        del self.log[:-LOG_KEPT]

    def as_stored(self, sources: Sources, now: float) -> dict[str, Any]:
        """As JSON types; thinned first."""
        for track in self.tracks.values():
            track.thin(now)
        return {
            "tracks": {one: track.as_stored() for one, track in self.tracks.items()},
            "sources": sources.as_stored(now),
            "health": health.as_stored(self.remembered),
            "pot": pots.as_stored(self.model),
            "last": dict(self.last),
            "log": [[at, care] for at, care in self.log],
            "seen_until": self.seen_until,
            "suspicions": suspicion.as_stored(self.suspicions),
            "scores": self.scores.as_stored(),
            "direction": self.direction,
            "growth": None if self.growth is None else asdict(self.growth),
            "since": self.since,
        }


def from_stored(stored: Mapping[str, Any]) -> Memory:
    """Raises `KeyError`, `TypeError`, `ValueError` or `AttributeError` for what is no memory."""
    last = {Care(care): float(at) for care, at in stored["last"].items()}
    log = stored.get("log", [[at, care] for care, at in last.items()])
    return Memory(
        tracks={Input(one): Track(**track) for one, track in stored["tracks"].items()},
        sources=stored["sources"],
        remembered=health.from_stored(stored["health"]),
        # What cannot be read is learnt again from the tracks.
        model=pots.from_stored(stored.get("pot", {})) or untaught(),
        last=last,
        log=sorted((float(at), Care(care)) for at, care in log),
        seen_until=float(stored["seen_until"]),
        # What only later versions wrote.
        suspicions=suspicion.from_stored(stored.get("suspicions", {})),
        scores=Days(stored.get("scores", ())),
        direction=Direction(stored.get("direction", Direction.UNKNOWN)),
        growth=_trend(stored.get("growth")),
        since=stored.get("since"),
    )


def _trend(stored: Mapping[str, Any] | None) -> Trend | None:
    if stored is None:
        return None
    ends = {name: stored[name] for name in ("weekly", "low", "high")}
    return Trend(
        direction=Direction(stored["direction"]),
        **{name: None if end is None else float(end) for name, end in ends.items()},
    )


def store_of(hass: HomeAssistant, plant_id: str) -> Store[dict[str, Any]]:
    """The file of one plant; a kill while it is written leaves the older one."""
    return Store(hass, VERSION, f"{DOMAIN}.plant.{plant_id}", atomic_writes=True)


async def async_recall(store: Store[dict[str, Any]], name: str) -> Memory:
    """What was written, or a new memory if nothing was, or nothing that can be used."""
    stored = await store.async_load()
    if stored is None:
        return Memory()
    try:
        return from_stored(stored)
    except KeyError, TypeError, ValueError, AttributeError:
        LOGGER.warning("What was known of %s cannot be read; it is learnt anew", name)
        return Memory()
