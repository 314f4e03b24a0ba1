"""Hours of a real recorder's statistics, and what is kept of them in memory."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.db_schema import StatisticsShortTerm
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import async_import_statistics, get_metadata
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import session_scope
from homeassistant.util import dt as dt_util
from sqlalchemy import event, insert
from sqlalchemy.exc import SQLAlchemyError

from custom_components.plant_vita.glue.statistics import async_recorded
from custom_components.plant_vita.plants import recorded
from custom_components.plant_vita.plants.recorded import Recorded, get_recorded

NOW = "2026-06-10 12:20:00+00:00"
HOUR = 3600.0
DAY = 24 * HOUR

type Rows = Mapping[float, tuple[float, float, float]]


def at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


LAST = at("2026-06-10 11:00:00+00:00")


@pytest.fixture
def mock_recorder_before_hass(async_test_recorder: object) -> None:
    """Let the database be there before Home Assistant."""


@pytest.fixture
def table(recorder_mock: Recorder, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Table:
    freezer.move_to(NOW)
    return Table(hass, recorder_mock, freezer)


class Table:
    """The statistics of a house, and who reads them."""

    def __init__(
        self, hass: HomeAssistant, recorder: Recorder, freezer: FrozenDateTimeFactory
    ) -> None:
        self.hass, self.recorder, self.freezer = hass, recorder, freezer
        self.recorded = Recorded()
        self.statements: list[str] = []
        event.listen(recorder.engine, "after_cursor_execute", self._heard)

    def _heard(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        self.statements.append(statement)

    async def write(self, entity_id: str, rows: Rows, unit: str | None = "%", **meta: Any) -> None:
        async_import_statistics(
            self.hass,
            {
                "mean_type": StatisticMeanType.ARITHMETIC,
                "has_sum": False,
                "name": None,
                "source": "recorder",
                "statistic_id": entity_id,
                "unit_class": None,
                "unit_of_measurement": unit,
                **meta,
            },
            [
                {"start": dt_util.utc_from_timestamp(hour), "mean": mean, "min": least, "max": most}
                for hour, (mean, least, most) in rows.items()
            ],
        )
        await async_recorded(self.hass)

    async def read(self, *entity_ids: str, start: float, end: float | None = None) -> Any:
        self.statements.clear()
        return await self.recorder.async_add_executor_job(
            self.recorded.read,
            self.hass,
            self.recorder,
            entity_ids,
            start,
            time.time() if end is None else end,
        )

    @property
    def rows_were_read(self) -> bool:
        """Whether values of before the newest hours were asked for, or only how many there are."""
        asked = " ".join(self.statements)
        return "coalesce(" in asked and "count(" not in asked


def hours(count: int, value: float = 40.0) -> dict[float, tuple[float, float, float]]:
    """The last `count` hours, each a little more than the one before."""
    first = LAST - (count - 1) * HOUR
    return {first + n * HOUR: (value + n / 10, value - 1, value + 1) for n in range(count)}


def means(found: Any, entity_id: str) -> Sequence[float]:
    numbers: Sequence[float] = found[entity_id].rows[:, 1].tolist()
    return numbers


async def test_hours_are_as_the_recorder_has_them(table: Table) -> None:
    await table.write("sensor.soil", {LAST - HOUR: (40.0, 38.0, 41.0), LAST: (39.0, 37.5, 40.0)})
    await table.write("sensor.air", {LAST: (70.0, 69.0, 71.0)}, unit="°F")
    found = await table.read("sensor.soil", "sensor.air", "sensor.nobody", start=LAST - DAY)
    assert set(found) == {"sensor.soil", "sensor.air"}
    assert found["sensor.soil"].unit == "%"
    assert found["sensor.soil"].rows.tolist() == [
        [LAST - HOUR, 40.0, 38.0, 41.0],
        [LAST, 39.0, 37.5, 40.0],
    ]
    assert (found["sensor.air"].unit, means(found, "sensor.air")) == ("°F", [70.0])


async def test_only_what_was_asked_for(table: Table) -> None:
    await table.write("sensor.soil", hours(48))
    found = await table.read("sensor.soil", start=LAST - 3 * HOUR, end=LAST)
    assert found["sensor.soil"].rows[:, 0].tolist() == [LAST - n * HOUR for n in (3, 2, 1)]


async def test_what_was_read_is_not_read_again(table: Table) -> None:
    await table.write("sensor.soil", hours(48))
    first = await table.read("sensor.soil", start=LAST - DAY)
    assert table.rows_were_read
    again = await table.read("sensor.soil", start=LAST - DAY)
    assert not table.rows_were_read
    assert np.array_equal(first["sensor.soil"].rows, again["sensor.soil"].rows)
    assert len(again["sensor.soil"].rows) == 25
    # More than is kept is read; less is a part of it.
    assert len((await table.read("sensor.soil", start=LAST - 40 * HOUR))["sensor.soil"].rows) == 41
    assert table.rows_were_read
    assert len((await table.read("sensor.soil", start=LAST - 5 * HOUR))["sensor.soil"].rows) == 6
    assert not table.rows_were_read


async def test_while_nothing_is_written_the_database_is_not_asked(table: Table) -> None:
    names = "sensor.soil", "sensor.nobody"
    await table.write("sensor.soil", hours(48))
    table.freezer.tick(recorded.COMMITTED_S + 1)
    first = await table.read(*names, start=LAST - DAY)
    assert table.rows_were_read
    for _ in range(2):
        again = await table.read(*names, start=LAST - DAY)
        assert table.statements == []
        assert set(again) == {"sensor.soil"}
        assert np.array_equal(first["sensor.soil"].rows, again["sensor.soil"].rows)
    # Nor are those of five minutes of any interest, which are written all the time.
    known = get_metadata(table.hass, statistic_ids={"sensor.soil"})
    metadata_id, _ = known["sensor.soil"]
    with session_scope(hass=table.hass) as session:
        row = {"metadata_id": metadata_id, "start_ts": LAST + 300, "mean": 1.0}
        session.execute(insert(StatisticsShortTerm), [row])
    assert any("INSERT INTO statistics_short_term" in one for one in table.statements)
    await table.read(*names, start=LAST - DAY)
    assert table.statements == []


async def test_statistics_that_come_are_seen_at_once(table: Table) -> None:
    await table.write("sensor.soil", hours(48))
    table.freezer.tick(recorded.COMMITTED_S + 1)
    names = "sensor.soil", "sensor.new"
    for _ in range(2):
        assert set(await table.read(*names, start=LAST - DAY)) == {"sensor.soil"}
    await table.write("sensor.new", {LAST: (7.0, 6.0, 8.0)})
    found = await table.read(*names, start=LAST - DAY)
    assert means(found, "sensor.new") == [7.0]


async def test_another_unit_is_seen_at_once(table: Table) -> None:
    await table.write("sensor.air", hours(48), unit="°C")
    table.freezer.tick(recorded.COMMITTED_S + 1)
    assert (await table.read("sensor.air", start=LAST - DAY))["sensor.air"].unit == "°C"
    await table.write("sensor.air", {}, unit="°F")
    assert (await table.read("sensor.air", start=LAST - DAY))["sensor.air"].unit == "°F"


async def test_an_hour_that_has_passed_since_is_seen(table: Table) -> None:
    await table.write("sensor.soil", hours(48))
    await table.read("sensor.soil", start=LAST - DAY)
    table.freezer.tick(1500)
    table.freezer.tick(1500)
    await table.write("sensor.soil", {LAST + HOUR: (10.0, 9.0, 11.0)})
    found = await table.read("sensor.soil", start=LAST - DAY)
    assert not table.rows_were_read
    assert means(found, "sensor.soil")[-2:] == [44.7, 10.0]


async def test_an_hour_that_was_missing_is_seen_once_a_backlog_has_filled_it(table: Table) -> None:
    known = hours(48)
    gap = LAST - 10 * HOUR
    late = known.pop(gap)
    await table.write("sensor.soil", known)
    await table.write("sensor.other", hours(48))
    before = await table.read("sensor.soil", "sensor.other", start=LAST - DAY)
    assert len(before["sensor.soil"].rows) == 24
    await table.write("sensor.soil", {gap: late})
    after = await table.read("sensor.soil", "sensor.other", start=LAST - DAY)
    assert after["sensor.soil"].rows[14].tolist() == [gap, *late]
    assert len(after["sensor.other"].rows) == 25


async def test_an_hour_that_is_written_anew_is_seen_at_once(table: Table) -> None:
    await table.write("sensor.soil", hours(48))
    await table.read("sensor.soil", start=LAST - DAY)
    await table.read("sensor.soil", start=LAST - DAY)
    assert not table.rows_were_read
    await table.write("sensor.soil", {LAST - 10 * HOUR: (1.0, 0.5, 2.0)})
    found = await table.read("sensor.soil", start=LAST - DAY)
    assert found["sensor.soil"].rows[14].tolist() == [LAST - 10 * HOUR, 1.0, 0.5, 2.0]
    # What is read before the writer may have come to its end is not believed for long.
    await table.read("sensor.soil", start=LAST - DAY)
    assert table.rows_were_read
    table.freezer.tick(recorded.COMMITTED_S + 1)
    await table.read("sensor.soil", start=LAST - DAY)
    await table.read("sensor.soil", start=LAST - DAY)
    assert not table.rows_were_read


async def test_statistics_that_were_removed_are_gone(table: Table) -> None:
    await table.write("sensor.soil", hours(48))
    await table.read("sensor.soil", start=LAST - DAY)
    table.recorder.async_clear_statistics(["sensor.soil"])
    await async_recorded(table.hass)
    assert await table.read("sensor.soil", start=LAST - DAY) == {}
    await table.write("sensor.new", hours(2, value=7.0))
    found = await table.read("sensor.new", start=LAST - DAY)
    assert means(found, "sensor.new") == [7.0, 7.1]


async def test_however_it_was_changed_it_is_read_again_after_an_hour(table: Table) -> None:
    await table.write("sensor.soil", hours(48))
    await table.read("sensor.soil", start=LAST - DAY)
    table.freezer.tick(recorded.TRUSTED_S + 1)
    await table.read("sensor.soil", start=LAST - DAY)
    assert table.rows_were_read


async def test_memory_has_an_end(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "MOST_ROWS", 50)
    for name in ("a", "b", "c"):
        await table.write(f"sensor.{name}", hours(30))
        await table.read(f"sensor.{name}", start=LAST - DAY)
    await table.read("sensor.c", start=LAST - DAY)
    assert not table.rows_were_read
    await table.read("sensor.a", start=LAST - DAY)
    assert table.rows_were_read


async def test_years_are_read_and_not_kept(table: Table) -> None:
    await table.write("sensor.soil", {LAST - 200 * DAY: (5.0, 5.0, 5.0), LAST: (6.0, 6.0, 6.0)})
    for _ in range(2):
        found = await table.read("sensor.soil", start=LAST - 300 * DAY)
        assert means(found, "sensor.soil") == [5.0, 6.0]
        assert table.rows_were_read
    found = await table.read("sensor.soil", start=LAST - 300 * DAY, end=LAST - 100 * DAY)
    assert means(found, "sensor.soil") == [5.0]


async def test_what_has_no_mean_or_no_extremes(table: Table) -> None:
    async_import_statistics(
        table.hass,
        {
            "mean_type": StatisticMeanType.ARITHMETIC,
            "has_sum": True,
            "name": None,
            "source": "recorder",
            "statistic_id": "sensor.odd",
            "unit_class": None,
            "unit_of_measurement": "%",
        },
        [
            {"start": dt_util.utc_from_timestamp(LAST - HOUR), "sum": 3.0},
            {"start": dt_util.utc_from_timestamp(LAST), "mean": 4.0},
        ],
    )
    await table.write(
        "sensor.wind", {LAST: (90.0, 80.0, 99.0)}, mean_type=StatisticMeanType.CIRCULAR, unit="°"
    )
    found = await table.read("sensor.odd", "sensor.wind", start=LAST - DAY)
    assert {one: hours.rows.tolist() for one, hours in found.items()} == {
        "sensor.odd": [[LAST, 4.0, 4.0, 4.0]]
    }


async def test_a_database_that_fails_half_way_says_so_like_any_other(table: Table) -> None:
    if table.recorder.dialect_name != "sqlite":
        return  # others have sent everything before the first row is looked at
    await table.write("sensor.soil", hours(48))

    def interrupted() -> None:
        with session_scope(hass=table.hass, read_only=True) as session:
            connection = session.connection()
            asked = {"ids": [1], "start": 0.0, "end": 1e12}
            result = connection.execute(recorded._READ, asked)
            connection.connection.dbapi_connection.interrupt()
            with pytest.raises(SQLAlchemyError, match="interrupted"):
                recorded._parts(result)

    await table.recorder.async_add_executor_job(interrupted)


async def test_it_is_one_for_all_plants(hass: HomeAssistant) -> None:
    assert get_recorded(hass) is get_recorded(hass)
