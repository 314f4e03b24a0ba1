"""Hours and days of a plant, from what the recorder and the plant itself know."""

import asyncio
import threading
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from sqlalchemy.exc import OperationalError

from custom_components.plant_vita.analysis.lamps import PPFD_PER_LUX, Source as Lamp
from custom_components.plant_vita.analysis.series import NOTHING, series
from custom_components.plant_vita.plants.definition import Input, Scale
from custom_components.plant_vita.plants.past import (
    HEALTH,
    MEASURES,
    PATIENCE_S,
    UNITS,
    Bound,
    Meter,
    Period,
    Span,
    _told,
    async_past,
    span,
)
from custom_components.plant_vita.plants.recorded import Hours, Recorded
from tests.plants.growing import Growing, growing_fixture

growing = growing_fixture()

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 3600.0
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC).timestamp()


def hours_before_noon(count: int) -> Span:
    start = datetime.fromtimestamp(NOON - count * HOUR, UTC)
    return span(start, datetime.fromtimestamp(NOON, UTC), Period.HOUR, UTC)


def told(bound: Bound, cells: Span, **recorded: Hours) -> tuple[list[str], list[tuple[str, ...]]]:
    """Where it comes from, and the hours as (start, mean, min, max)."""
    known = {name.replace("__", "."): hours for name, hours in recorded.items()}
    found = _told([bound], cells, lambda: known)[bound.measure]
    assert found["unit"] == UNITS[bound.measure]
    values = [tuple(row.values()) for row in found["values"]]
    assert all(list(row) == ["start", "mean", "min", "max"] for row in found["values"])
    return found["from"], values


def bound(
    one: Input, *entity_ids: str, noticed=NOTHING, scale: Scale | None = None, lamp=Lamp.SUNLIGHT
) -> Bound:
    meters = tuple(Meter(entity_id=each, scale=scale, lamp=lamp) for each in entity_ids)
    return Bound(measure=one, meters=meters, noticed=noticed)


def rows(*of_hours: tuple[float, ...], unit: str | None = "%") -> Hours:
    return Hours(unit=unit, rows=np.array(of_hours, dtype=np.float64).reshape(-1, 4))


@pytest.mark.parametrize(
    ("day", "length"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-10", 24)]
)
def test_days_are_as_long_as_they_are(day: str, length: int) -> None:
    start = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=BERLIN)
    cells = span(start, start.replace(hour=13), Period.DAY, BERLIN)
    assert cells.names[0].startswith(f"{day}T00:00:00+0")
    assert cells.end - cells.start == length * HOUR
    hours = Hours(
        unit="%", rows=np.array([[cells.start + n * HOUR, n, n - 1, n + 1] for n in range(length)])
    )
    others = rows((cells.start - HOUR, 99, 99, 99), (cells.end, 99, 99, 99))
    both = Hours(unit="%", rows=np.concatenate((others.rows[:1], hours.rows, others.rows[1:])))
    _, values = told(bound(Input.MOISTURE, "a.b"), cells, a__b=both)
    assert values == [(cells.names[0], (length - 1) / 2, -1.0, length)]


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    start = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    cells = span(start, start.replace(hour=2), Period.HOUR, BERLIN)
    assert cells.names == ("2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00")


def test_a_day_without_a_midnight_begins_later() -> None:
    santiago = ZoneInfo("America/Santiago")
    noon = datetime(2026, 9, 6, 12, tzinfo=santiago)
    cells = span(noon, noon.replace(hour=13), Period.DAY, santiago)
    assert cells.end - cells.start == 23 * HOUR


def test_half_an_hour_from_utc_an_hour_belongs_to_the_day_it_begins_on() -> None:
    kolkata = ZoneInfo("Asia/Kolkata")
    noon = datetime(2026, 6, 10, 12, tzinfo=kolkata)
    cells = span(noon, noon.replace(hour=13), Period.DAY, kolkata)
    whole = np.arange(cells.start - 1800 - HOUR, cells.end + 2 * HOUR, HOUR)
    values = np.arange(len(whole), dtype=np.float64)
    hours = Hours(unit="%", rows=np.stack((whole, values, values, values), axis=1))
    _, found = told(bound(Input.MOISTURE, "a.b"), cells, a__b=hours)
    # The first of its hours begins at half past midnight, the last one half an hour before the end.
    assert found == [("2026-06-10T00:00:00+05:30", 13.5, 2.0, 25.0)]


def test_several_sensors_are_one_measure() -> None:
    cells = hours_before_noon(2)
    first, second = NOON - 2 * HOUR, NOON - HOUR
    source, found = told(
        bound(Input.MOISTURE, "a.wet", "a.dry", "a.unknown"),
        cells,
        a__wet=rows((first, 60, 59, 62), (second, 58, 57, 59)),
        a__dry=rows((first, 40, 35, 41)),
    )
    assert source == ["statistics"]
    assert found == [
        ("2026-06-10T10:00:00+00:00", 50.0, 35.0, 62.0),
        ("2026-06-10T11:00:00+00:00", 58.0, 57.0, 59.0),
    ]


@pytest.mark.parametrize(
    ("one", "unit", "scale", "row", "expected"),
    [
        (Input.TEMPERATURE, "°F", None, (68.0, 50.0, 86.0), (20.0, 10.0, 30.0)),
        (Input.TEMPERATURE, "°C", None, (20.0, 10.0, 30.0), (20.0, 10.0, 30.0)),
        (Input.HUMIDITY, None, None, (0.5, 0.4, 0.6), (50.0, 40.0, 60.0)),
        (Input.CONDUCTIVITY, "mS/cm", None, (1.5, 1.0, 2.0), (1500.0, 1000.0, 2000.0)),
        (Input.LIGHT, "W/m²", None, (100.0, 0.0, 200.0), (205.65, 0.0, 411.3)),
        # A probe whose voltage falls as the soil gets wetter: the least is the most.
        (Input.MOISTURE, "V", Scale(dry=3.0, wet=1.0), (2.0, 1.5, 2.5), (50.0, 25.0, 75.0)),
    ],
)
def test_units_are_the_plants_own(one, unit, scale, row, expected) -> None:
    cells = hours_before_noon(1)
    found = rows((NOON - HOUR, *row), unit=unit)
    _, values = told(bound(one, "a.b", scale=scale), cells, a__b=found)
    assert values == [("2026-06-10T11:00:00+00:00", *expected)]


def test_light_is_of_the_lamp_that_shines() -> None:
    found = rows((NOON - HOUR, 1000.0, 0.0, 2000.0), unit="lx")
    light = bound(Input.LIGHT, "a.b", lamp=Lamp.LED_WHITE)
    _, values = told(light, hours_before_noon(1), a__b=found)
    assert values[0][1] == round(1000 * PPFD_PER_LUX[Lamp.LED_WHITE], 2)
    assert PPFD_PER_LUX[Lamp.LED_WHITE] != PPFD_PER_LUX[Lamp.SUNLIGHT]


@pytest.mark.parametrize(
    ("one", "unit", "mean"),
    [(Input.TEMPERATURE, "bananas", 20.0), (Input.TEMPERATURE, "°C", 300.0)],
)
def test_what_cannot_be_is_left_out(one: Input, unit: str, mean: float) -> None:
    found = rows((NOON - HOUR, mean, mean, mean), unit=unit)
    assert told(bound(one, "a.b"), hours_before_noon(1), a__b=found) == ([], [])


def test_where_the_recorder_knows_nothing_the_plant_tells() -> None:
    at = NOON - 3 * HOUR
    noticed = series([at + 60, at + 120, at + 7300, at + 7400], [30.0, 34.0, 20.0, 26.0])
    source, found = told(
        bound(Input.MOISTURE, "a.b", noticed=noticed),
        hours_before_noon(3),
        a__b=rows((NOON - 2 * HOUR, 50, 49, 51)),
    )
    assert source == ["statistics", "plant"]
    assert found == [
        ("2026-06-10T09:00:00+00:00", 32.0, 30.0, 34.0),
        ("2026-06-10T10:00:00+00:00", 50.0, 49.0, 51.0),
        ("2026-06-10T11:00:00+00:00", 23.0, 20.0, 26.0),
    ]


def test_a_value_holds_for_three_hours_and_not_for_ever() -> None:
    noticed = series([NOON - 8 * HOUR + 60, NOON - HOUR + 60], [30.0, 20.0])
    source, found = told(bound(Input.MOISTURE, "a.b", noticed=noticed), hours_before_noon(9))
    assert source == ["plant"]
    assert [(row[0][11:13], row[1]) for row in found] == [
        ("04", 30.0),
        ("05", 30.0),
        ("06", 30.0),
        ("07", 30.0),
        ("11", 20.0),
    ]


def test_nothing_is_known() -> None:
    assert told(bound(Input.MOISTURE, "a.b"), hours_before_noon(3), a__b=rows()) == ([], [])
    assert told(bound(Input.LIGHT), hours_before_noon(3)) == ([], [])


async def test_without_a_recorder(growing: Growing) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})
    await growing.pass_time(minutes=20)
    growing.say("sensor.soil", 30)
    await growing.hass.async_block_till_done()
    cells = span(
        datetime.fromtimestamp(NOON - HOUR, UTC),
        datetime.fromtimestamp(NOON + 1200, UTC),
        Period.HOUR,
        UTC,
    )
    found = await async_past(growing.hass, growing.plant(plant_id), cells, MEASURES)
    assert found == {
        "moisture": {
            "unit": "%",
            "from": ["plant"],
            "values": [
                {"start": "2026-06-10T12:00:00+00:00", "mean": 35.0, "min": 30.0, "max": 40.0}
            ],
        },
        "health": {"unit": "%", "from": [], "values": []},
    }
    assert set(await async_past(growing.hass, growing.plant(plant_id), cells, [HEALTH])) == {HEALTH}


@pytest.fixture
def mock_recorder_before_hass(async_test_recorder: object) -> None:
    """Let the database be there before Home Assistant."""


@pytest.mark.parametrize(
    "trouble", [OperationalError("locked", None, Exception()), RuntimeError("not connected")]
)
async def test_a_recorder_in_trouble_is_no_reason_to_say_nothing(
    recorder_mock: Recorder,
    growing: Growing,
    trouble: Exception,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})

    def fail(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(Recorded, "read", fail)
    cells = span(
        datetime.fromtimestamp(NOON, UTC),
        datetime.fromtimestamp(NOON + 60, UTC),
        Period.HOUR,
        UTC,
    )
    found = await async_past(growing.hass, growing.plant(plant_id), cells, ["moisture"])
    assert found["moisture"]["from"] == ["plant"]
    assert found["moisture"]["values"][0]["mean"] == 40.0
    assert "Statistics cannot be read" in caplog.text


async def test_a_recorder_that_has_stopped_is_not_asked(
    recorder_mock: Recorder, hass: HomeAssistant, growing: Growing
) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})
    await recorder_mock._async_shutdown(None)
    moment = datetime.fromtimestamp(NOON, UTC)
    cells = span(moment, moment.replace(minute=1), Period.HOUR, UTC)
    found = await async_past(hass, growing.plant(plant_id), cells, ["moisture"])
    assert found["moisture"]["from"] == ["plant"]


async def test_a_database_that_does_not_answer_is_not_waited_for(
    recorder_mock: Recorder, growing: Growing, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing.say("sensor.soil", 40)
    plant_id = await growing.grow({"moisture": ["sensor.soil"]})
    answered = threading.Event()
    monkeypatch.setattr(Recorded, "read", lambda *_: answered.wait(30) and {})
    moment = datetime.fromtimestamp(NOON, UTC)
    cells = span(moment, moment.replace(minute=1), Period.HOUR, UTC)
    asking = asyncio.create_task(
        async_past(growing.hass, growing.plant(plant_id), cells, ["moisture"])
    )
    await asyncio.sleep(0)
    growing.freezer.tick(PATIENCE_S + 1)
    found = await asking
    answered.set()
    assert found["moisture"]["from"] == ["plant"]
    assert found["moisture"]["values"][0]["mean"] == 40.0


def test_every_measure_has_its_unit() -> None:
    assert set(UNITS) == set(MEASURES)
