"""What must be known of lamps after a restart: whose they are, when they shone, how bright.

One file for the garden, replaced as a whole and synced: a lamp is ours on the disk before it is
switched on, or nobody would switch it off after a power cut.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.json import save_json
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util.json import load_json_object

from ..care.custody import Custody
from ..care.grow_light import STEPS_KEPT
from ..const import DOMAIN, LOGGER
from .needs import Run

FILE: Final = f"{DOMAIN}.lamps"
_VERSION: Final = 1
# As far back as anybody looks for what the sun gave.
_RUNS_KEPT_S: Final = 4 * 86_400.0


@dataclass(slots=True)
class Record:
    """One lamp: whose it is, when it shone, and since when it shines if it does (Unix seconds).

    `steps` are what it gave each plant: when it was switched on, the light just before and after.
    """

    custody: Custody = field(default_factory=Custody)
    runs: list[Run] = field(default_factory=list)
    since: float | None = None
    steps: dict[str, dict[float, tuple[float, float]]] = field(default_factory=dict)

    def shone(self, now: float) -> list[Run]:
        """Every run that is remembered, the present one up to now."""
        return [*self.runs, *([Run(start=self.since, end=now)] if self.since is not None else ())]

    def begin(self, now: float) -> None:
        """It is on: since now, unless it was on already."""
        if self.since is None or self.since > now:
            self.since = now

    def end(self, now: float) -> None:
        """It is off, or nobody knows."""
        if self.since is not None and self.since < now:
            self.runs.append(Run(start=self.since, end=now))
        self.since = None
        self.runs = [run for run in self.runs if now - _RUNS_KEPT_S < run.end <= now]

    def steps_of(self, plant_id: str) -> list[tuple[float, float]]:
        """What it gave a plant each time it was switched on, the newest last."""
        return [step for _, step in sorted(self.steps.get(plant_id, {}).items())]

    def keep_step(self, plant_id: str, start: float, step: tuple[float, float]) -> None:
        """One more, of the newest that are kept."""
        kept = {**self.steps.get(plant_id, {}), start: step}
        self.steps[plant_id] = dict(sorted(kept.items())[-STEPS_KEPT:])


class Register:
    """Every lamp by what it is bound by."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Nothing is known before `async_load`."""
        self._hass = hass
        self._path = Path(hass.config.path(STORAGE_DIR, FILE))
        self._writing = asyncio.Lock()
        self._records: dict[str, Record] = {}

    def record(self, reference: str) -> Record:
        """What is known of a lamp."""
        return self._records.setdefault(reference, Record())

    def forget(self, reference: str) -> None:
        """No plant stands under this lamp any more."""
        self._records.pop(reference, None)

    async def async_load(self) -> None:
        """Read the file; what cannot be read is as if it had never been."""
        try:
            stored = await self._hass.async_add_executor_job(load_json_object, self._path)
            if stored:
                self._records = _from_stored(stored, time.time())
        except HomeAssistantError, AttributeError, KeyError, TypeError, ValueError:
            LOGGER.warning("What was known of the grow lights cannot be read; it is learnt anew")

    async def async_save(self) -> bool:
        """Have all of it on the disk, synced; False if the disk refuses."""
        async with self._writing:
            try:
                await self._hass.async_add_executor_job(self._write, self._as_stored(time.time()))
            except HomeAssistantError, OSError:
                return False
        return True

    def _write(self, stored: dict[str, Any]) -> None:
        self._path.parent.mkdir(exist_ok=True)
        save_json(str(self._path), stored, atomic_writes=True)

    async def async_remove(self) -> None:
        """The garden is gone for good."""
        await self._hass.async_add_executor_job(lambda: self._path.unlink(missing_ok=True))

    def _as_stored(self, now: float) -> dict[str, Any]:
        return {
            "version": _VERSION,
            "at": now,
            "lamps": {
                reference: {
                    "ours": one.custody.ours,
                    "rests_until": one.custody.rests_until,
                    "since": one.since,
                    "runs": [[run.start, run.end] for run in one.runs],
                    "steps": {
                        plant_id: [[start, *step] for start, step in steps.items()]
                        for plant_id, steps in one.steps.items()
                    },
                }
                for reference, one in self._records.items()
            },
        }


def _from_stored(stored: Mapping[str, Any], now: float) -> dict[str, Record]:
    """Raises `AttributeError`, `KeyError`, `TypeError` or `ValueError` for what is none of ours.

    A lamp that shone when this was written shone until then at least.
    """
    at = min(float(stored["at"]), now)
    return {reference: _record(kept, at) for reference, kept in stored["lamps"].items()}


def _record(kept: Mapping[str, Any], at: float) -> Record:
    rests, since = kept["rests_until"], kept["since"]
    record = Record(
        custody=Custody(
            ours=bool(kept["ours"]), rests_until=None if rests is None else float(rests)
        ),
        runs=[Run(start=float(start), end=float(end)) for start, end in kept["runs"]],
        since=None if since is None else float(since),
        steps={
            plant_id: {float(start): (float(before), float(after)) for start, before, after in all_}
            for plant_id, all_ in kept["steps"].items()
        },
    )
    record.end(at)
    return record
