"""Late readings find their place in Home Assistant's long-term statistics.

States can only be written now; statistics can be written for any full hour. An hour that has late
readings is computed again from them and from the recorded states, once it is over and the recorder
has made its own statistics of it.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from homeassistant.components.recorder import DOMAIN as RECORDER, get_instance
from homeassistant.components.recorder.history import state_changes_during_period
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import (
    StatisticData,
    StatisticMetaData,
    async_import_statistics,
    get_metadata,
)
from homeassistant.components.recorder.tasks import SynchronizeTask
from homeassistant.components.sensor import UNIT_CONVERTERS
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, Platform
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from homeassistant.util.file import WriteError, write_utf8_file_atomic

from ..analysis.hourly import HOUR_S, Sample, hour_of, hour_statistics, merged
from ..const import DOMAIN, LOGGER
from ..model.errors import StoreError
from ..model.quantity import BY_WIRE
from ..model.reading import check_of
from .journal import Kept
from .names import channel_unique_id

# The recorder makes the statistics of an hour within the first minute of the next.
RECORDER_DONE_S = 90.0
# A backlog comes in many messages; settling each of them would be work done many times.
QUIET_S = 15.0
# The entry of a node may be disabled, or not yet set up: its readings wait for it, not for ever.
UNKNOWN_S = 7 * 86_400.0
# A backlog may come in pieces: an hour of which more comes is made again of all its readings.
SETTLED_KEPT_S = 86_400.0
# A day of one reading a minute; a backlog is never denser than its filter lets it be.
READINGS_MAX = 200_000

type Place = tuple[str, int, float]


def has_recorder(hass: HomeAssistant) -> bool:
    """Whether this Home Assistant records anything, or at least still does."""
    return RECORDER in hass.config.components and get_instance(hass).is_alive()


async def async_recorded(hass: HomeAssistant) -> None:
    """Wait until everything that has happened so far is in the recorder's database."""
    if has_recorder(hass):
        # Not `async_block_till_done`: when the queue is empty it returns at once, also while the
        # recorder still works on what it has just taken from there, at its start on everything.
        committed = hass.loop.create_future()
        get_instance(hass).queue_task(SynchronizeTask(committed))
        await committed


@dataclass(frozen=True, slots=True)
class _Target:
    """Where the statistics of one channel go, and in which unit."""

    entity_id: str
    wire: str
    device_class: str | None
    unit: str | None


class LateReadings:
    """Readings that wait for their hour: {(hardware id, channel, hour): {moment: value}}."""

    def __init__(
        self, hass: HomeAssistant, path: Path, kind_of: Callable[[str, int], str | None]
    ) -> None:
        """`path` is where they survive a restart, `kind_of` knows the kind of a node's channel."""
        self._hass = hass
        self._kind_of = kind_of
        self._path = path
        self._waiting: dict[Place, dict[float, float]] = defaultdict(dict)
        # When an hour was settled, and with how many readings; it stays with the waiting ones.
        self._settled: dict[Place, tuple[float, int]] = {}
        self._dirty = False
        self._uncounted = 0
        self._last_added: dict[str, float] = {}

    async def async_load(self) -> None:
        """Read what waited when Home Assistant stopped."""
        for hardware_id, index, hour, samples in await self._hass.async_add_executor_job(
            _load, self._path
        ):
            self._waiting[hardware_id, index, hour].update(samples)

    async def async_save(self) -> None:
        """Write what waits, if it has changed; raises `StoreError`."""
        if not self._dirty:
            return
        rows = [[*place, list(samples.items())] for place, samples in self._waiting.items()]
        # What comes while this is being written makes it dirty again.
        self._dirty = False
        try:
            await self._hass.async_add_executor_job(_save, self._path, rows)
        except WriteError as error:
            self._dirty = True
            msg = "late readings"
            raise StoreError(msg) from error

    @callback
    def add(self, entries: Iterable[Kept]) -> None:
        """Let readings wait for their hours; the same reading twice is one reading."""
        for entry in entries:
            for _number, age_ms, values in entry.sets:
                self.add_values(entry.hardware_id, entry.received_at - age_ms / 1000, values)

    @callback
    def add_values(
        self, hardware_id: str, moment: float, values: Mapping[int, float | str]
    ) -> None:
        """Let what was measured at one `moment` (Unix time in seconds) wait for its hour."""
        self._dirty = True
        self._last_added[hardware_id] = time.time()
        moment, hour = round(moment, 3), hour_of(moment)
        for index, value in values.items():
            if isinstance(value, int | float):
                self._waiting[hardware_id, index, hour][moment] = float(value)
                self._uncounted += 1
        if self._uncounted > READINGS_MAX // 10:
            self._drop_beyond_limit()

    def _drop_beyond_limit(self) -> None:
        self._uncounted = 0
        count = sum(map(len, self._waiting.values()))
        while count > READINGS_MAX:
            oldest = min(self._waiting, key=lambda place: place[2])
            count -= len(self._waiting.pop(oldest))
            self._settled.pop(oldest, None)

    @callback
    def forget(self, hardware_id: str) -> None:
        """Nobody wants to know any more what this node has measured."""
        for place in [place for place in self._waiting if place[0] == hardware_id]:
            self._drop(place)
        self._last_added.pop(hardware_id, None)

    async def async_settle(self) -> None:
        """Write the statistics of every hour that is over and has late readings."""
        self._drop_settled(time.time())
        due = self._due(time.time())
        if not due:
            return
        await async_recorded(self._hass)
        settled = {}
        for place in due:
            hardware_id, index, hour = place
            late = dict(self._waiting.get(place, {}))
            if has_recorder(self._hass) and (target := self._target(hardware_id, index)):
                settled[place] = len(late)
                holds_on = await self._async_import(target, hour, late)
                # A value carried into an hour is not carried on: somebody has to measure again.
                if holds_on and (last := max(late)) > hour:
                    self._carry((hardware_id, index, hour + HOUR_S), late[last])
            else:
                self._drop(place)
        # Only what the database has committed is settled.
        await async_recorded(self._hass)
        now = time.time()
        # If more has come meanwhile, the count tells, and the hour is settled again.
        self._settled |= {
            place: (now, count) for place, count in settled.items() if place in self._waiting
        }
        self._dirty = True
        await self.async_save()

    def _carry(self, following: Place, value: float) -> None:
        """Begin an hour with what was measured last in the one before."""
        if self._waiting[following].get(following[2]) != value:
            self._waiting[following][following[2]] = value
            # The hour before may have been settled with less: then this one began with another.
            self._settled.pop(following, None)

    def _drop(self, place: Place) -> None:
        self._waiting.pop(place, None)
        self._settled.pop(place, None)
        self._dirty = True

    def _drop_settled(self, now: float) -> None:
        for place, (when, count) in list(self._settled.items()):
            if now - when > SETTLED_KEPT_S and len(self._waiting[place]) == count:
                self._drop(place)

    def _due(self, now: float) -> list[Place]:
        """The hours that are over, of nodes that are quiet and known."""
        return sorted(
            (hardware_id, index, hour)
            for (hardware_id, index, hour), readings in self._waiting.items()
            if self._settled.get((hardware_id, index, hour), (0.0, 0))[1] != len(readings)
            and hour + HOUR_S + RECORDER_DONE_S < now
            and now - self._last_added.get(hardware_id, 0.0) >= QUIET_S
            and (self._kind_of(hardware_id, index) or now - hour > UNKNOWN_S)
        )

    def _target(self, hardware_id: str, index: int) -> _Target | None:
        wire = self._kind_of(hardware_id, index)
        if wire not in BY_WIRE:
            return None
        registry = er.async_get(self._hass)
        entity_id = registry.async_get_entity_id(
            Platform.SENSOR, DOMAIN, channel_unique_id(hardware_id, index, wire)
        )
        entity = registry.async_get(entity_id) if entity_id else None
        if entity is None or entity.disabled:
            return None
        return _Target(
            entity_id=entity.entity_id,
            wire=wire,
            device_class=entity.device_class or entity.original_device_class,
            unit=entity.unit_of_measurement,
        )

    async def _async_import(self, target: _Target, hour: float, late: dict[float, float]) -> bool:
        """Replace the statistics of one hour.

        True if its last value is a late one: the recorder begins the next hour with another.
        """
        recorder = get_instance(self._hass)
        known = await recorder.async_add_executor_job(
            partial(get_metadata, self._hass, statistic_ids={target.entity_id})
        )
        unit = known[target.entity_id][1]["unit_of_measurement"] if known else target.unit
        if not _fits(target, unit):
            # Of something else that bore this name. The recorder leaves them alone, too, and asks a
            # person to decide; a refused import would hold up the hours of everybody else.
            LOGGER.debug("Statistics of %s are in %s: left alone", target.entity_id, unit)
            return False
        states = await recorder.async_add_executor_job(_states, self._hass, target.entity_id, hour)
        recorded = [_sample(target, unit, state) for state in states]
        measured = BY_WIRE[target.wire]
        check = check_of(measured)
        readings = [
            (moment, _converted(target, value, measured.unit, unit))
            for moment, raw in late.items()
            if isinstance(value := check(raw), float)
        ]
        statistics = hour_statistics(merged(recorded, readings), hour)
        if statistics is None:
            return False
        async_import_statistics(
            self._hass,
            _metadata(target, unit),
            [
                StatisticData(
                    start=dt_util.utc_from_timestamp(hour),
                    mean=statistics.mean,
                    min=statistics.minimum,
                    max=statistics.maximum,
                )
            ],
        )
        LOGGER.debug("Statistics of %s completed for %s", target.entity_id, hour)
        if not readings:
            return False
        last, value = max(readings)
        return not recorded or (last > recorded[-1][0] and value != recorded[-1][1])


def _fits(target: _Target, unit: str | None) -> bool:
    measured, converter = BY_WIRE[target.wire].unit, UNIT_CONVERTERS.get(target.device_class)
    return {unit, measured} <= converter.VALID_UNITS if converter else unit == measured


def _metadata(target: _Target, unit: str | None) -> StatisticMetaData:
    converter = UNIT_CONVERTERS.get(target.device_class)
    return StatisticMetaData(
        mean_type=StatisticMeanType.ARITHMETIC,
        has_sum=False,
        name=None,
        source="recorder",
        statistic_id=target.entity_id,
        unit_class=converter.UNIT_CLASS if converter else None,
        unit_of_measurement=unit,
    )


def _save(path: Path, rows: list[Any]) -> None:
    write_utf8_file_atomic(str(path), orjson.dumps(rows).decode(), private=True)


def _load(path: Path) -> list[tuple[str, int, float, list[tuple[float, float]]]]:
    try:
        return [
            (
                str(hardware_id),
                int(index),
                float(hour),
                [(float(at), float(one)) for at, one in samples],
            )
            for hardware_id, index, hour, samples in orjson.loads(path.read_bytes())
        ]
    except FileNotFoundError:
        return []
    except (OSError, TypeError, ValueError) as error:
        LOGGER.warning("Late readings of an earlier run could not be read: %s", error)
        return []


def _states(hass: HomeAssistant, entity_id: str, hour: float) -> list[State]:
    found = state_changes_during_period(
        hass,
        dt_util.utc_from_timestamp(hour),
        dt_util.utc_from_timestamp(hour + HOUR_S),
        entity_id,
    )
    return found.get(entity_id, [])


def _sample(target: _Target, unit: str | None, state: State) -> Sample:
    try:
        value = float(state.state)
    except ValueError:
        return state.last_updated_timestamp, None
    return state.last_updated_timestamp, _converted(
        target, value, state.attributes.get(ATTR_UNIT_OF_MEASUREMENT), unit
    )


def _converted(target: _Target, value: float, unit: str | None, wanted: str | None) -> float:
    converter = UNIT_CONVERTERS.get(target.device_class)
    if unit == wanted or converter is None or not {unit, wanted} <= converter.VALID_UNITS:
        return value
    return converter.convert(value, unit, wanted)
