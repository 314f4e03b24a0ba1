"""Late readings in the statistics of a real recorder, at the hour in which they were measured."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.statistics import get_metadata, statistics_during_period
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from custom_components.plant_vita.const import DOMAIN
from custom_components.plant_vita.glue import statistics
from custom_components.plant_vita.glue.journal import Kept
from custom_components.plant_vita.glue.statistics import LateReadings
from custom_components.plant_vita.model.quantity import BY_WIRE
from custom_components.plant_vita.sensor import CHANNEL_SENSORS

NODE, OTHER = "a4cf12000001", "a4cf12000002"
ENTITY = "sensor.air"
# 2026-03-01, ten o'clock.
HOUR = datetime(2026, 3, 1, 10, tzinfo=UTC).timestamp()
SETTLED = 3600 + 91


@pytest.fixture
def mock_recorder_before_hass(async_test_recorder: object) -> None:
    """Let the database be there before Home Assistant."""


@dataclass
class Greenhouse:
    """One temperature of one node, its entity, and what has become of it; times are after HOUR."""

    hass: HomeAssistant
    clock: FrozenDateTimeFactory
    late: LateReadings
    kinds: dict[tuple[str, int], str] = field(default_factory=lambda: {(NODE, 0): "t"})
    unit: str = "°C"

    def at(self, seconds: float) -> None:
        """It is so late."""
        self.clock.move_to(datetime.fromtimestamp(HOUR + seconds, UTC))

    async def shows(self, seconds: float, state: str) -> None:
        """The entity has shown this since then."""
        self.at(seconds)
        about = {"device_class": "temperature", "state_class": "measurement"}
        self.hass.states.async_set(ENTITY, state, {**about, "unit_of_measurement": self.unit})
        await self.hass.async_block_till_done()

    def measured(self, *readings: tuple[float, float]) -> None:
        """The node has sent (moment, value) late."""
        for seconds, value in readings:
            self.late.add_values(NODE, HOUR + seconds, {0: value})

    async def settle(self, seconds: float = SETTLED) -> None:
        """Do the housekeeping at this time."""
        self.at(seconds)
        await self.late.async_settle()

    async def hour(self, offset: int = 0, entity_id: str = ENTITY) -> dict[str, float] | None:
        """Mean, min and max of one hour, None if there are none."""
        found = await get_instance(self.hass).async_add_executor_job(
            self._during, HOUR + offset, entity_id
        )
        rows = found.get(entity_id, [])
        return {name: round(rows[0][name], 3) for name in ("mean", "min", "max")} if rows else None

    def _during(self, start: float, entity_id: str) -> Any:
        begin, end = (datetime.fromtimestamp(at, UTC) for at in (start, start + 3600))
        return statistics_during_period(
            self.hass, begin, end, {entity_id}, "hour", None, {"mean", "min", "max"}
        )


def make_entity(hass: HomeAssistant, node: str = NODE, wire: str = "t", **about: Any) -> None:
    er.async_get(hass).async_get_or_create(
        "sensor",
        DOMAIN,
        f"{node}_0_{wire}",
        **{
            "suggested_object_id": "air",
            "original_device_class": "temperature",
            "unit_of_measurement": "°C",
            **about,
        },
    )


def readings_of(house: Greenhouse, path: Path) -> LateReadings:
    return LateReadings(
        house.hass, path, lambda hardware_id, index: house.kinds.get((hardware_id, index))
    )


@pytest.fixture
async def house(
    freezer: FrozenDateTimeFactory, recorder_mock: Recorder, hass: HomeAssistant, tmp_path: Path
) -> AsyncGenerator[Greenhouse]:
    assert await async_setup_component(hass, "sensor", {})
    made = Greenhouse(hass, freezer, None)  # type: ignore[arg-type]
    made.late = readings_of(made, tmp_path / "late.json")
    made.at(-3600)
    make_entity(hass)
    yield made
    await async_wait_recording_done(hass)


def stats(mean: float, lowest: float, highest: float) -> dict[str, float]:
    return {"mean": round(mean, 3), "min": lowest, "max": highest}


async def test_an_hour_of_which_nothing_was_recorded(house: Greenhouse) -> None:
    house.measured((900, 20.0), (1800, 30.0), (2700, 10.0))
    await house.settle()
    # What was before the first reading is not known: three quarters count.
    assert await house.hour() == stats(20.0, 10.0, 30.0)


async def test_late_readings_fill_a_gap_among_recorded_states(house: Greenhouse) -> None:
    await house.shows(-600, "20.0")
    await house.shows(1800, "unavailable")
    await house.shows(2700, "10.0")
    house.at(3000)
    house.measured((2400, 16.0), (2000, 40.0))
    await house.settle()
    mean = (2000 * 20 + 400 * 40 + 300 * 16 + 900 * 10) / 3600
    assert await house.hour() == stats(mean, 10.0, 40.0)


async def test_a_gap_after_the_last_late_reading_stays_a_gap(house: Greenhouse) -> None:
    await house.shows(-600, "20.0")
    await house.shows(1800, "unavailable")
    house.at(3000)
    house.measured((900, 40.0))
    await house.settle()
    assert await house.hour() == stats(30.0, 20.0, 40.0)


async def test_what_the_recorder_has_compiled_is_replaced(house: Greenhouse) -> None:
    """And without late readings the recorder's own result would be the same."""
    await house.shows(-600, "20.0")
    await house.shows(1800, "30.0")
    house.at(3600)
    for start in range(0, 3600, 300):
        do_adhoc_statistics(house.hass, start=datetime.fromtimestamp(HOUR + start, UTC))
    await async_wait_recording_done(house.hass)
    compiled = await house.hour()
    assert compiled == stats(25.0, 20.0, 30.0)
    # A reading that says what was recorded already changes nothing.
    house.measured((1800, 30.0))
    await house.settle()
    assert await house.hour() == compiled
    house.measured((2700, 50.0))
    await house.settle(SETTLED + 60)
    assert await house.hour() == stats(30.0, 20.0, 50.0)


@pytest.mark.parametrize("times", [1, 2])
async def test_the_same_readings_twice_are_the_same_once(house: Greenhouse, times: int) -> None:
    readings = ((900, 20.0), (1800, 30.0))
    expected = stats((900 * 20 + 1800 * 30) / 2700, 20.0, 30.0)
    for _ in range(times):
        house.measured(*readings, *readings)
        await house.settle()
        assert await house.hour() == expected
        house.at(SETTLED + 20)
        house.measured(*readings)
        await house.settle(SETTLED + 60)
        assert await house.hour() == expected


async def test_a_backlog_in_two_parts(house: Greenhouse) -> None:
    """The link was lost meanwhile, for longer than a backlog is waited for."""
    house.measured((0, 20.0))
    await house.settle()
    assert await house.hour() == stats(20.0, 20.0, 20.0)
    house.measured((1800, 30.0))
    await house.settle(SETTLED + 60)
    assert await house.hour() == stats(25.0, 20.0, 30.0)


async def test_the_last_late_value_begins_the_next_hour(house: Greenhouse) -> None:
    await house.shows(-600, "20.0")
    await house.shows(3600 + 1800, "40.0")
    house.at(3600 + 1810)
    house.measured((900, 30.0))
    await house.settle(3600 + SETTLED)
    await house.settle(3600 + SETTLED + 60)
    assert await house.hour(3600) == stats(35.0, 30.0, 40.0)
    # The rest of the backlog comes when both hours have been settled.
    house.measured((2700, 50.0))
    await house.settle(3600 + SETTLED + 120)
    await house.settle(3600 + SETTLED + 180)
    assert await house.hour(3600) == stats(45.0, 40.0, 50.0)


async def test_an_hour_is_settled_when_the_recorder_has_done_it(house: Greenhouse) -> None:
    house.measured((900, 20.0))
    await house.settle(3600 + 90)
    assert await house.hour() is None
    await house.settle(3600 + 91)
    assert await house.hour() == stats(20.0, 20.0, 20.0)


async def test_a_backlog_that_is_still_coming_is_not_settled(house: Greenhouse) -> None:
    house.at(2 * 3600)
    house.measured((900, 20.0))
    await house.settle(2 * 3600 + 14)
    assert await house.hour() is None
    await house.settle(2 * 3600 + 15)
    assert await house.hour() == stats(20.0, 20.0, 20.0)


async def test_what_comes_while_an_hour_is_settled_is_settled_next(
    house: Greenhouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.measured((900, 20.0))
    imported = statistics.async_import_statistics

    def and_one_more(*args: Any) -> None:
        imported(*args)
        monkeypatch.undo()
        house.measured((900, 20.0), (2700, 40.0))

    monkeypatch.setattr(statistics, "async_import_statistics", and_one_more)
    await house.settle()
    await house.settle(SETTLED + 60)
    assert await house.hour() == stats((1800 * 20 + 900 * 40) / 2700, 20.0, 40.0)


async def test_the_hours_of_a_long_backlog(house: Greenhouse) -> None:
    for hour in range(-24, 0):
        house.measured((hour * 3600 + 0.5, float(hour)), (hour * 3600 + 1800.5, hour + 1.0))
    await house.settle(91)
    for hour in range(-24, 0):
        found = await house.hour(hour * 3600)
        assert found is not None
        assert (found["min"], found["max"]) == (max(hour, -24), hour + 1)


async def test_what_was_recorded_last_begins_the_next_hour(house: Greenhouse) -> None:
    house.measured((900, 30.0))
    await house.shows(1800, "20.0")
    await house.shows(3600 + 1800, "40.0")
    await house.settle(3600 + SETTLED)
    house.measured((3600 + 1800, 40.0))
    await house.settle(3600 + SETTLED + 60)
    assert await house.hour(3600) == stats(30.0, 20.0, 40.0)


# --- units ----------------------------------------------------------------------------------------


async def test_statistics_are_in_the_unit_of_the_entity(house: Greenhouse) -> None:
    er.async_get(house.hass).async_update_entity(ENTITY, unit_of_measurement="°F")
    house.unit = "°F"
    await house.shows(-600, "50.0")
    house.measured((1800, 20.0))
    await house.settle()
    assert await house.hour() == stats((50 + 68) / 2, 50.0, 68.0)


async def test_an_entity_that_has_changed_its_unit_keeps_that_of_its_statistics(
    house: Greenhouse,
) -> None:
    house.measured((-1800, 10.0))
    await house.settle(91)
    er.async_get(house.hass).async_update_entity(ENTITY, unit_of_measurement="°F")
    await house.shows(100, "50.0")
    house.unit = "°F"
    await house.shows(900, "86.0")
    house.measured((1800, 20.0))
    await house.settle()
    # 10 °C from the hour before, 50 °C, 86 °F, and 20 °C; shown as the entity is shown now.
    mean = (100 * 10 + 800 * 50 + 900 * 30 + 1800 * 20) / 3600
    assert await house.hour() == stats(mean * 1.8 + 32, 50.0, 122.0)
    known = await get_instance(house.hass).async_add_executor_job(
        lambda: get_metadata(house.hass, statistic_ids={ENTITY})
    )
    assert known[ENTITY][1]["unit_of_measurement"] == "°C"


async def test_old_statistics_in_another_unit_are_left_alone_and_hold_up_nobody(
    house: Greenhouse,
) -> None:
    house.measured((-1800, 10.0))
    await house.settle(91)
    # What is called so now measures something else.
    er.async_get(house.hass).async_remove(ENTITY)
    make_entity(house.hass, NODE, "m", original_device_class="moisture", unit_of_measurement="%")
    make_entity(house.hass, OTHER, "t", suggested_object_id="other")
    house.kinds = {(NODE, 0): "m", (OTHER, 0): "t"}
    house.measured((900, 50.0))
    house.late.add_values(OTHER, HOUR + 900, {0: 20.0})
    await house.settle()
    assert await house.hour() is None
    assert await house.hour(entity_id="sensor.other") == stats(20.0, 20.0, 20.0)


@pytest.mark.parametrize("wire", BY_WIRE)
async def test_every_quantity_has_statistics(house: Greenhouse, wire: str) -> None:
    description = CHANNEL_SENSORS[wire]
    er.async_get(house.hass).async_remove(ENTITY)
    make_entity(
        house.hass,
        NODE,
        wire,
        original_device_class=description.device_class,
        unit_of_measurement=description.native_unit_of_measurement,
    )
    house.kinds = {(NODE, 0): wire}
    value = BY_WIRE[wire].maximum
    house.measured((900, value))
    await house.settle()
    assert await house.hour() == stats(value, value, value)


async def test_a_value_that_cannot_be_true_is_not_in_the_statistics(house: Greenhouse) -> None:
    house.measured((900, 20.0), (1800, 86.0))
    house.late.add_values(NODE, HOUR + 2000, {0: "open"})
    await house.settle()
    assert await house.hour() == stats(20.0, 20.0, 20.0)


# --- whom they belong to --------------------------------------------------------------------------


async def test_a_disabled_entity_gets_none(house: Greenhouse) -> None:
    er.async_get(house.hass).async_update_entity(ENTITY, disabled_by=er.RegistryEntryDisabler.USER)
    house.measured((900, 20.0))
    await house.settle()
    er.async_get(house.hass).async_update_entity(ENTITY, disabled_by=None)
    await house.settle(SETTLED + 60)
    assert await house.hour() is None


async def test_a_channel_without_entity_gets_none(house: Greenhouse) -> None:
    er.async_get(house.hass).async_remove(ENTITY)
    house.measured((900, 20.0))
    house.kinds[NODE, 1] = "tank"
    house.late.add_values(NODE, HOUR + 900, {1: 1.0})
    await house.settle()
    assert house.late._waiting == {}


async def test_an_unknown_node_is_waited_for_a_week(house: Greenhouse) -> None:
    """Its entry may be disabled, or not yet set up."""
    kinds, house.kinds = house.kinds, {}
    house.measured((900, 20.0))
    await house.settle(7 * 86_400)
    assert await house.hour() is None
    house.kinds = kinds
    await house.settle(7 * 86_400 + 60)
    assert await house.hour() == stats(20.0, 20.0, 20.0)
    house.kinds = {}
    house.measured((4000, 20.0))
    await house.settle(3600 + 7 * 86_400 + 1)
    house.kinds = kinds
    await house.settle(3600 + 7 * 86_400 + 60)
    assert await house.hour(3600) is None


async def test_a_forgotten_node_has_none(house: Greenhouse) -> None:
    house.measured((900, 20.0))
    house.late.add_values(OTHER, HOUR + 900, {0: 1.0})
    house.late.forget(NODE)
    assert [hardware_id for hardware_id, *_ in house.late._waiting] == [OTHER]


def kept(*sets: tuple[int, int, dict[int, float | str]]) -> Kept:
    return Kept(hardware_id=NODE, boot="0badcafe", received_at=HOUR + 3600, sets=list(sets))


async def test_the_age_of_a_reading_counts_from_when_it_came(house: Greenhouse) -> None:
    house.late.add([kept((1, 2_700_000, {0: 20.0}), (2, 900_000, {0: 40.0, 1: "open"}))])
    await house.settle()
    assert await house.hour() == stats((1800 * 20 + 900 * 40) / 2700, 20.0, 40.0)


async def test_the_oldest_hours_are_dropped_beyond_the_limit(
    house: Greenhouse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(statistics, "READINGS_MAX", 100)
    for hour in range(20):
        house.measured(*((hour * 3600 + 60.0 * minute, 1.0) for minute in range(10)))
    hours = sorted((hour - HOUR) / 3600 for _id, _index, hour in house.late._waiting)
    count = sum(map(len, house.late._waiting.values()))
    assert hours == list(range(int(hours[0]), 20))
    assert 80 <= count <= 110
