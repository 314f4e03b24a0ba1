"""Thirty days of a plant, hour by hour, on SQLite and on PostgreSQL, beside the recorder's own."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import (
    async_import_statistics,
    statistics_during_period,
)
from homeassistant.components.recorder.tasks import SynchronizeTask
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import session_scope
from homeassistant.util import dt as dt_util
from sqlalchemy import text

from custom_components.plant_vita.plants.entry import device_of

from .configuration import DOMAIN
from .garden_cost import SENSORS, entity_id, garden_entry
from .house import house, watched
from .postgresql import server
from .process import BenchmarkError
from .results import Report, Table, Target, percentile, ratio

PLANTS, DAYS = 40, 30
_ROUNDS, _SAMPLE_ROUNDS = 10, 2
_SAMPLE_PLANTS = 4
_FILLED_DAYS, _SAMPLE_FILLED_DAYS = 365, 62
_HOUR_S = 3600.0
_MOST_MS = 10.0
# The same statement for both: hour by hour, as the recorder writes, and the database makes it up.
_HOURS = """\
INSERT INTO statistics (metadata_id, start_ts, created_ts, mean, min, max)
WITH RECURSIVE hours(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM hours WHERE n < :last),
    readings AS (
        SELECT id, n, 20 + ((n * 37 + id * 11) % 4001) / 100.0 AS mean
        FROM hours CROSS JOIN statistics_meta
    )
SELECT id, n * 3600.0, n * 3600.0 + 3600.0, mean, mean - 1, mean + 1 FROM readings ORDER BY n, id
"""
_SUMMARY = f"""\
{DAYS} days hourly of one plant with six sensors (five measures of 720 values), in a database with
{{days}} days of statistics of all of {{plants}} plants, in the order in which the recorder writes.
A call is the action `get_history` in the event loop of a real Home Assistant, from the call to the
answer. Beside it the recorder's own `statistics_during_period` for the same six sensors and hours,
in its own thread, plant for plant in the same run. "First" is the first time that anybody asks for
a plant, "again" every further time: then the hours are in memory, and the database is only asked
after the recorder has written. On a machine that others use, too, the CPU says more than the
clock."""


@dataclass(kw_only=True)
class Times:
    """Milliseconds of each call: by the clock, and of CPU in all threads of the process."""

    first: list[tuple[float, float]] = field(default_factory=list)
    again: list[tuple[float, float]] = field(default_factory=list)
    recorder: list[tuple[float, float]] = field(default_factory=list)
    step: float = 0.0
    version: str = ""


async def _recorded(recorder: Recorder, hass: HomeAssistant) -> None:
    committed = hass.loop.create_future()
    recorder.queue_task(SynchronizeTask(committed))
    await committed


async def _fill(hass: HomeAssistant, plants: int, days: int) -> None:
    """Statistics of all sensors, an hour of all of them after the other."""
    recorder = get_instance(hass)
    sensors = [(entity_id(plant, one), unit) for plant in range(plants) for one, _, unit in SENSORS]
    for _ in range(2):
        # The second time the recorder takes note of what it calls them, as every hour does.
        for name, unit in sensors:
            hass.states.async_set(name, "40", {"unit_of_measurement": unit})
            async_import_statistics(
                hass,
                {
                    "mean_type": StatisticMeanType.ARITHMETIC,
                    "has_sum": False,
                    "name": None,
                    "source": "recorder",
                    "statistic_id": name,
                    "unit_class": None,
                    "unit_of_measurement": unit,
                },
                [],
            )
        await _recorded(recorder, hass)
    now = int(dt_util.utcnow().timestamp() // _HOUR_S)
    await recorder.async_add_executor_job(_write, hass, now - 24 * days, now - 1)


def _write(hass: HomeAssistant, first: int, last: int) -> None:
    """From one hour to another, counted since 1970."""
    with session_scope(hass=hass) as session:
        session.execute(text(_HOURS), {"first": first, "last": last})
    # What the database does by itself sooner or later.
    with session_scope(hass=hass) as session:
        session.execute(text("ANALYZE"))


async def _timed(times: list[tuple[float, float]], action: Callable[[], Awaitable[Any]]) -> Any:
    begin, cpu = time.perf_counter(), time.process_time()
    found = await action()
    took = time.perf_counter() - begin, time.process_time() - cpu
    times.append((1000 * took[0], 1000 * took[1]))
    return found


def _devices(hass: HomeAssistant) -> list[str]:
    """The devices of the plants, in the order of their numbers."""
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    found = [device_of(hass, entry, plant_id) for plant_id in entry.runtime_data.garden.plants]
    return [device.id for device in found if device is not None]


class _Asking:
    """One house, asked for its plants; the last one only warms it up."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._recorder = get_instance(hass)
        self._devices = _devices(hass)

    async def _history(self, plant: int) -> Any:
        return await self._hass.services.async_call(
            DOMAIN,
            "get_history",
            {"device_id": self._devices[plant], "days": DAYS},
            blocking=True,
            return_response=True,
        )

    async def _own(self, plant: int) -> Any:
        end = dt_util.utcnow()
        return await self._recorder.async_add_executor_job(
            statistics_during_period,
            self._hass,
            end - timedelta(days=DAYS),
            end,
            {entity_id(plant, sensor) for sensor, _, _ in SENSORS},
            "hour",
            None,
            {"mean", "min", "max"},
        )

    async def measure(self, rounds: int) -> Times:
        """Ask for every plant once, and then again and again."""
        times, last = Times(), len(self._devices) - 1
        # What is imported and compiled once is not what a plant's first history costs.
        for _ in range(2):
            _check(last, await self._history(last), await self._own(last))
        async with watched() as loop:
            for number in range(rounds + 1):
                for plant in range(last):
                    kept = times.again if number else times.first
                    answer = await _timed(kept, partial(self._history, plant))
                    found = await _timed(times.recorder, partial(self._own, plant))
                    _check(plant, answer, found)
        times.step = 1000 * loop.longest
        return times


def _check(plant: int, answer: Any, own: Any) -> None:
    """Both must have said the same."""
    measures = answer["plants"][0]["measures"]
    for sensor, one, _ in SENSORS:
        values, rows = measures[one]["values"], own[entity_id(plant, sensor)]
        if len(rows) < 24 * DAYS - 1 or len(values) < len(rows):
            raise BenchmarkError(f"{one}: {len(values)} values, {len(rows)} rows of the recorder")
    told = {
        datetime.fromisoformat(row["start"]).timestamp(): row
        for row in measures["humidity"]["values"]
    }
    for row in own[entity_id(plant, "damp")]:
        if abs(told[row["start"]]["mean"] - row["mean"]) > 0.006:
            raise BenchmarkError(f"{told[row['start']]} is not {row}")


async def _run(url: str | None, *, plants: int, days: int, rounds: int) -> Times:
    parts: dict[str, Any] = {"recorder": {"db_url": url} if url else {}}
    async with house(entries=[garden_entry(plants + 1)], parts=parts) as hass:
        await _fill(hass, plants + 1, days)
        times = await _Asking(hass).measure(rounds)
        times.version = get_instance(hass).dialect_name or "?"
        return times


def run(*, sample: bool) -> Report:
    """Measure both databases, one after the other."""
    plants, rounds = (_SAMPLE_PLANTS, _SAMPLE_ROUNDS) if sample else (PLANTS, _ROUNDS)
    days = _SAMPLE_FILLED_DAYS if sample else _FILLED_DAYS
    summary = _SUMMARY.format(plants=plants, days=days)
    report = Report(name="history", summary=summary, sample=sample)
    table = Table(
        title=f"{DAYS} days hourly of one plant, ms",
        columns=("database", "who", "calls", "p50", "p95", "longest", "CPU p50", "CPU p95"),
    )
    report.tables.append(table)
    with server() as url:
        for name, address in (("SQLite", None), ("PostgreSQL", url)):
            times = asyncio.run(_run(address, plants=plants, days=days, rounds=rounds))
            if times.version != name.lower():
                raise BenchmarkError(f"{name} was to be measured, and {times.version} was")
            _add(report, table, name, times)
    return report


def _add(report: Report, table: Table, name: str, times: Times) -> None:
    kinds = (
        ("Plant Vita, first", times.first),
        ("Plant Vita, again", times.again),
        ("the recorder's own", times.recorder),
    )
    for who, each in kinds:
        clock, cpu = ([one[kind] for one in each] for kind in (0, 1))
        figures = [percentile(took, share) for took in (clock, cpu) for share in (0.5, 0.95)]
        table.rows.append((name, who, len(each), *figures[:2], max(clock), *figures[2:]))
    report.targets += [
        Target(
            text=f"{name}: p95 of a history of {DAYS} days, {who}, under {_MOST_MS:.0f} ms",
            measured=percentile([clock for clock, _ in each], 0.95),
            most=_MOST_MS,
        )
        for who, each in (("asked for again", times.again), ("for the first time", times.first))
    ]
    ours, own = (percentile([cpu for _, cpu in one], 0.5) for one in (times.again, times.recorder))
    report.notes.append(
        f"{name}: again takes {ratio(ours, own):.2f} of the CPU of the recorder's own query; the "
        f"loop's longest step was {times.step:.1f} ms."
    )
