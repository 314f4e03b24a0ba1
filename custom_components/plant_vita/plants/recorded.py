"""Hours of the recorder's long-term statistics, kept in memory because they hardly ever change.

Thirty days of six sensors are 4,320 rows that lie all over the table: reading them takes longer
than everything else that an answer needs. What was read once is therefore kept, and used again
until a statement goes by that adds or changes hours: the recorder itself tells nobody. After hours
were added, as every hour does, the database is asked, from its index alone, whether as many of the
older ones are there as before, and for the newer ones. After hours were changed, as a backlog does
or an import, everything is read again.
"""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final

import numpy as np
from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.const import SupportedDialect
from homeassistant.components.recorder.db_schema import Statistics
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import get_metadata_with_session
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import session_scope
from homeassistant.helpers.singleton import singleton
from sqlalchemy import CursorResult, Engine, bindparam, event, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.exc import SQLAlchemyError
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
_CHANGING = ("UPDATE statistics", "DELETE FROM statistics")
# Those of five minutes go by all the time, and are of no interest here.
_ADDING = re.compile(r"INSERT INTO statistics(_meta)?\b")
# After hours were added the newest are read again: the recorder may still be at work on them.
_NEW_S = 2 * HOUR_S
_NEVER = 1e12
# Made once, of columns and not of attributes: to put a statement together, and an object around
# each row of its answer, takes longer than to ask for a few hours with it.
_HOURS: Final = Statistics.__table__.c
_THESE = (
    _HOURS.metadata_id.in_(bindparam("ids", expanding=True)),
    _HOURS.start_ts >= bindparam("start"),
    _HOURS.start_ts < bindparam("end"),
)
_READ = (
    select(
        _HOURS.metadata_id,
        _HOURS.start_ts,
        _HOURS.mean,
        # Whoever imports statistics may leave these out.
        func.coalesce(_HOURS.min, _HOURS.mean),
        func.coalesce(_HOURS.max, _HOURS.mean),
    )
    .where(*_THESE, _HOURS.mean.is_not(None))
    .order_by(_HOURS.metadata_id, _HOURS.start_ts)
)
# PostgreSQL writes each number as a text that has to be read again; as bytes it need not.
_PACKED_READ = (
    select(
        _HOURS.metadata_id,
        func.string_agg(
            func.float8send(_HOURS.start_ts)
            .concat(func.float8send(_HOURS.mean))
            .concat(func.float8send(func.coalesce(_HOURS.min, _HOURS.mean)))
            .concat(func.float8send(func.coalesce(_HOURS.max, _HOURS.mean))),
            aggregate_order_by(literal_column("''::bytea"), _HOURS.start_ts),
        ),
    )
    .where(*_THESE, _HOURS.mean.is_not(None))
    .group_by(_HOURS.metadata_id)
)
_COUNT = select(_HOURS.metadata_id, func.count()).where(*_THESE).group_by(_HOURS.metadata_id)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Hours:
    """Statistics of one entity in `unit`: `rows` (n, 4) are start, mean, minimum and maximum.

    Starts are Unix seconds and rise; hours of which nothing is known are missing.
    """

    unit: str | None
    rows: Floats


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Named:
    """What the recorder called an entity at a time; no id is that of one without statistics."""

    at: float
    metadata_id: int | None
    unit: str | None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Kept:
    """The rows of one entity from `since` on.

    Those before `until` are as they were at `read_at`, all of them as they were at `asked_at`.
    """

    since: float
    until: float
    read_at: float
    asked_at: float
    rows: Floats


class Recorded:
    """Reads statistics, and keeps what it has read; any thread may use it."""

    def __init__(self) -> None:
        """Nothing is kept."""
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._named: dict[str, _Named] = {}
        self._engine: Engine | None = None
        self._added_at = self._changed_at = float("-inf")

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
        found = self._remembered(entity_ids, start) if keep else None
        if found is None:
            with session_scope(hass=hass, read_only=True) as session:
                units = self._name(recorder, session, entity_ids)
                ids = [metadata_id for metadata_id, _ in units.values()]
                rows = (
                    self._through_memory(session, ids, start)
                    if keep
                    else _of_each(session, ids, start, end)
                )
            found = {
                entity_id: Hours(unit=unit, rows=rows[metadata_id])
                for entity_id, (metadata_id, unit) in units.items()
            }
        return {
            entity_id: replace(hours, rows=_within(hours.rows, start, end))
            for entity_id, hours in found.items()
        }

    def _remembered(self, entity_ids: Collection[str], start: float) -> dict[str, Hours] | None:
        """All of it from memory if nothing can have become of it since, else None."""
        oldest = _oldest(time.monotonic(), max(self._added_at, self._changed_at))
        found = {}
        with self._lock:
            for entity_id in entity_ids:
                named = self._named.get(entity_id)
                if named is None or named.at <= oldest:
                    return None
                if named.metadata_id is None:
                    continue
                kept = self._kept.get(named.metadata_id)
                if kept is None or kept.since > start or min(kept.read_at, kept.asked_at) <= oldest:
                    return None
                self._kept.move_to_end(named.metadata_id)
                found[entity_id] = Hours(unit=named.unit, rows=kept.rows)
        return found

    def _name(
        self, recorder: Recorder, session: Session, entity_ids: Collection[str]
    ) -> dict[str, tuple[int, str | None]]:
        """What the recorder calls those of them that have statistics, and their units."""
        now = time.monotonic()
        units = {
            entity_id: (metadata_id, meta["unit_of_measurement"])
            for entity_id, (metadata_id, meta) in get_metadata_with_session(
                recorder, session, statistic_ids=set(entity_ids)
            ).items()
            if meta["mean_type"] is StatisticMeanType.ARITHMETIC
        }
        with self._lock:
            for entity_id in entity_ids:
                metadata_id, unit = units.get(entity_id, (None, None))
                self._named[entity_id] = _Named(at=now, metadata_id=metadata_id, unit=unit)
        return units

    def _watch(self, recorder: Recorder) -> None:
        """Listen to the statements of the database, of the present one if it was changed."""
        with self._lock:
            if recorder.engine is self._engine or recorder.engine is None:
                return
            self._engine = recorder.engine
            self._kept.clear()
            self._named.clear()
        event.listen(recorder.engine, "after_cursor_execute", self._heard)

    def _heard(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(_CHANGING):
            self._changed_at = time.monotonic()
        elif _ADDING.match(statement):
            self._added_at = time.monotonic()

    def _through_memory(
        self, session: Session, ids: Collection[int], start: float
    ) -> dict[int, Floats]:
        now, until = time.monotonic(), hour_of(time.time()) - _NEW_S
        kept = self._trusted(session, ids, start, now)
        read = _of_each(session, [one for one in ids if one not in kept], start, None)
        fresh = {
            one: _Kept(since=start, until=until, read_at=now, asked_at=now, rows=rows)
            for one, rows in read.items()
        }
        if kept:
            least = min(one.until for one in kept.values())
            newer = _of_each(session, list(kept), least, None)
            for one, before in kept.items():
                rows = np.concatenate((_within(before.rows, before.since, least), newer[one]))
                fresh[one] = replace(before, until=until, asked_at=now, rows=rows)
        with self._lock:
            for one, found in fresh.items():
                self._keep(one, found)
        return {one: found.rows for one, found in fresh.items()}

    def _trusted(
        self, session: Session, ids: Collection[int], start: float, now: float
    ) -> dict[int, _Kept]:
        """What is kept of these and can be believed."""
        oldest = _oldest(now, self._changed_at)
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


def _oldest(now: float, happened_at: float) -> float:
    """When something must have been read at least, to be believed after what has happened."""
    return max(happened_at + COMMITTED_S, now - TRUSTED_S)


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
        connection = session.connection()
        if connection.dialect.name == SupportedDialect.POSTGRESQL:
            found = {
                int(one): np.frombuffer(packed, ">f8").astype(np.float64).reshape(-1, 4)
                for one, packed in connection.execute(_PACKED_READ, asked)
            }
        else:
            found = _parts(connection.execute(_READ, asked))
    nothing = np.empty((0, 4))
    return {one: found.get(one, nothing) for one in ids}


def _parts(result: CursorResult[Any]) -> dict[int, Floats]:
    """The rows by their first column, by which they are sorted."""
    driver: Any = result.dialect.dbapi
    cursor: Any = result.cursor
    try:
        # One after the other as the driver has them: numbers they are anyway.
        table = np.fromiter(chain.from_iterable(cursor), np.float64).reshape(-1, 5)
    except driver.Error as error:
        raise SQLAlchemyError(f"{error}") from error
    finally:
        result.close()
    if not len(table):
        return {}
    first = np.flatnonzero(np.diff(table[:, 0], prepend=np.nan))
    parts = np.split(table[:, 1:], first[1:])
    return {int(table[at, 0]): part for at, part in zip(first, parts, strict=True)}
