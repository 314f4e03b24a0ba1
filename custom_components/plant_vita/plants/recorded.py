"""Hours of the recorder's long-term statistics, kept in memory because they hardly ever change.

Thirty days of six sensors are 4,320 rows that lie all over the table: reading them takes longer
than everything else that an answer needs. What was read once is therefore kept, and before it is
used again the database is asked, from its index alone, whether as many hours are there as then.
Hours that are changed afterwards, as a backlog does or an import, are seen as the statements that
do it go by: the recorder itself tells nobody.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final

import numpy as np
from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.db_schema import Statistics
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import get_metadata_with_session
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import session_scope
from homeassistant.helpers.singleton import singleton
from sqlalchemy import Engine, bindparam, event, func, select
from sqlalchemy.orm import Session

from ..analysis.hourly import hour_of
from ..analysis.series import DAY_S, HOUR_S, Floats
from ..const import DOMAIN

# 40 plants of six sensors for 30 days; 32 bytes each, 6 MB in all.
MOST_ROWS: Final = 200_000
# Older and longer is read again each time: nobody looks at it often.
KEPT_S: Final = 62 * DAY_S
# However it may have been changed unseen: after this long it is read again.
TRUSTED_S: Final = 3600.0
# A statement goes by before its transaction is committed: what is read meanwhile is not kept.
COMMITTED_S: Final = 10.0
_TELLING = ("UPDATE statistics", "DELETE FROM statistics")
# The newest hours are read each time: the recorder may still be at work on them.
_NEW_S = 2 * HOUR_S
_NEVER = 1e12
# Made once: to put a statement together takes longer than to ask for a few hours with it.
_THESE = (
    Statistics.metadata_id.in_(bindparam("ids", expanding=True)),
    Statistics.start_ts >= bindparam("start"),
    Statistics.start_ts < bindparam("end"),
)
_READ = (
    select(
        Statistics.metadata_id,
        Statistics.start_ts,
        Statistics.mean,
        # Whoever imports statistics may leave these out.
        func.coalesce(Statistics.min, Statistics.mean),
        func.coalesce(Statistics.max, Statistics.mean),
    )
    .where(*_THESE, Statistics.mean.is_not(None))
    .order_by(Statistics.metadata_id, Statistics.start_ts)
)
_COUNT = (
    select(Statistics.metadata_id, func.count()).where(*_THESE).group_by(Statistics.metadata_id)
)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Hours:
    """Statistics of one entity in `unit`: `rows` (n, 4) are start, mean, minimum and maximum.

    Starts are Unix seconds and rise; hours of which nothing is known are missing.
    """

    unit: str | None
    rows: Floats


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Kept:
    """The rows of one entity from `since` to `until`, as they were at `read_at`."""

    since: float
    until: float
    read_at: float
    rows: Floats


class Recorded:
    """Reads statistics, and keeps what it has read; any thread may use it."""

    def __init__(self) -> None:
        """Nothing is kept."""
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._engine: Engine | None = None
        self._changed_at = float("-inf")

    def read(
        self,
        hass: HomeAssistant,
        recorder: Recorder,
        entity_ids: Collection[str],
        start: float,
        end: float,
    ) -> dict[str, Hours]:
        """The hours of these entities from `start` to `end`; those without statistics are missing.

        Blocks: call it in the recorder's executor. Raises `SQLAlchemyError` if the database cannot
        be read, and `RuntimeError` if it is not connected yet.
        """
        self._watch(recorder)
        keep = end - start <= KEPT_S and start >= time.time() - KEPT_S
        with session_scope(hass=hass, read_only=True) as session:
            known = {
                entity_id: (metadata_id, meta["unit_of_measurement"])
                for entity_id, (metadata_id, meta) in get_metadata_with_session(
                    recorder, session, statistic_ids=set(entity_ids)
                ).items()
                if meta["mean_type"] is StatisticMeanType.ARITHMETIC
            }
            ids = [metadata_id for metadata_id, _ in known.values()]
            rows = (
                self._through_memory(session, ids, start)
                if keep
                else _of_each(session, ids, start, end)
            )
        return {
            entity_id: Hours(unit=unit, rows=_within(rows[metadata_id], start, end))
            for entity_id, (metadata_id, unit) in known.items()
        }

    def _watch(self, recorder: Recorder) -> None:
        """Listen to the statements of the database, of the present one if it was changed."""
        with self._lock:
            if recorder.engine is self._engine or recorder.engine is None:
                return
            self._engine = recorder.engine
            self._kept.clear()
        event.listen(recorder.engine, "after_cursor_execute", self._heard)

    def _heard(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(_TELLING):
            self._changed_at = time.monotonic()

    def _through_memory(
        self, session: Session, ids: Collection[int], start: float
    ) -> dict[int, Floats]:
        now, until = time.monotonic(), hour_of(time.time()) - _NEW_S
        kept = self._trusted(session, ids, start, now)
        read = _of_each(session, [one for one in ids if one not in kept], start, None)
        fresh = {
            one: _Kept(since=start, until=until, read_at=now, rows=rows)
            for one, rows in read.items()
        }
        if kept:
            least = min(one.until for one in kept.values())
            newer = _of_each(session, list(kept), least, None)
            for one, before in kept.items():
                rows = np.concatenate((_within(before.rows, before.since, least), newer[one]))
                fresh[one] = replace(before, until=until, rows=rows)
        with self._lock:
            for one, found in fresh.items():
                kept_rows = _within(found.rows, found.since, until)
                self._keep(one, replace(found, rows=kept_rows))
        return {one: found.rows for one, found in fresh.items()}

    def _trusted(
        self, session: Session, ids: Collection[int], start: float, now: float
    ) -> dict[int, _Kept]:
        """What is kept of these and can be believed."""
        oldest = max(self._changed_at + COMMITTED_S, now - TRUSTED_S)
        with self._lock:
            found = {one: kept for one in ids if (kept := self._kept.get(one))}
        known = {
            one: kept
            for one, kept in found.items()
            if kept.since <= start and kept.read_at > oldest
        }
        if not known:
            return {}
        until = min(kept.until for kept in known.values())
        counted = _counted(session, list(known), start, until)
        return {
            one: kept
            for one, kept in known.items()
            if len(_within(kept.rows, start, until)) == counted.get(one, 0)
        }

    def _keep(self, one: int, kept: _Kept) -> None:
        """Keep it, and drop what was asked for longest ago; the lock is held."""
        self._kept[one] = kept
        self._kept.move_to_end(one)
        total = sum(len(each.rows) for each in self._kept.values())
        while total > MOST_ROWS:
            total -= len(self._kept.popitem(last=False)[1].rows)


@singleton(f"{DOMAIN}_recorded")
def get_recorded(hass: HomeAssistant) -> Recorded:
    """The one that is shared by all plants."""
    return Recorded()


def _within(rows: Floats, start: float, end: float) -> Floats:
    """Those that begin from `start` on and before `end`."""
    first, last = np.searchsorted(rows[:, 0], (start, end))
    return rows[first:last]


def _counted(session: Session, ids: Collection[int], start: float, end: float) -> dict[int, int]:
    """How many hours there are, from the index alone."""
    rows = session.execute(_COUNT, {"ids": list(ids), "start": start, "end": end})
    return {int(one): int(count) for one, count in rows}


def _of_each(
    session: Session, ids: Collection[int], start: float, end: float | None
) -> dict[int, Floats]:
    """(n, 4) for each of these; hours without a mean are left out."""
    found: Mapping[int, Floats] = {}
    if ids:
        asked = {"ids": list(ids), "start": start, "end": _NEVER if end is None else end}
        found = _parts(session.execute(_READ, asked).all())
    nothing = np.empty((0, 4))
    return {one: found.get(one, nothing) for one in ids}


def _parts(rows: Collection[Any]) -> dict[int, Floats]:
    table = np.fromiter(chain.from_iterable(rows), np.float64, 5 * len(rows)).reshape(-1, 5)
    ids, first = np.unique(table[:, 0], return_index=True)
    parts = np.split(table[:, 1:], first[1:])
    return {int(one): part for one, part in zip(ids, parts, strict=False)}
